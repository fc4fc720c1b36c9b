"""Read YAML strictly: plain data, a line for every value, and all problems at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path as FilePath
from typing import Any

from tumen.errors import InvalidInput, Problem
from tumen.files.located import Located, Mark, Path
from tumen.files.scalars import Scalar, resolve

LARGEST_FILE = 2_000_000
"""Bytes; a longer file is refused before it is parsed."""
DEEPEST = 40
"""Levels of nesting; more is refused."""
_MOST_PROBLEMS = 50


def load_yaml(path: str | os.PathLike[str], text: str | None = None) -> Located:
    r"""Read a YAML 1.2 file into plain data that know their lines.

    Refused, with every problem of the file in one ``InvalidInput``: bytes that are
    no UTF-8 text, syntax errors, repeated keys, keys that are no text, anchors,
    aliases, tags, several documents, an empty file, and files that are absurdly
    long or deep.

    Parameters
    ----------
    path
        The file. With ``text`` it only names the place in messages.
    text
        The YAML itself, when it does not come from a file.

    Examples
    --------
    >>> located = load_yaml("example.yaml", "steps:\n  - id: law\n    share: 0.9\n")
    >>> located.data
    {'steps': [{'id': 'law', 'share': 0.9}]}
    >>> located.place(("steps", 0, "share"))
    'example.yaml:3'
    >>> load_yaml("example.yaml", "a: 1\na: 2\n")
    Traceback (most recent call last):
    tumen.errors.InvalidInput: example.yaml:2: "a" appears twice, first on line 1: keep one
    """
    name = os.fspath(path)
    return _Reader(name).read(read_text(path) if text is None else text)


def read_text(path: str | os.PathLike[str]) -> str:
    """Return the text of a UTF-8 file, or refuse it with its name and the reason."""
    name = os.fspath(path)
    try:
        size = FilePath(path).stat().st_size
        if size > LARGEST_FILE:
            raise InvalidInput(Problem(name, _too_long(size)))
        content = FilePath(path).read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInput(Problem(name, f"cannot be read: {reason}")) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:#04x} is no UTF-8 text: save the file as UTF-8"
        raise InvalidInput(Problem(f"{name}:{line}", message)) from None


def _too_long(size: int) -> str:
    return f"{size:,} bytes; at most {LARGEST_FILE:,} are read as YAML: use CSV or Parquet"


class _StopError(Exception):
    """Nothing sensible can be read after this point."""


class _Reader:
    """Builds data from the parser's events; neither anchors nor tags have any effect."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.marks: dict[Path, Mark] = {}

    def read(self, text: str) -> Located:
        data: Any = None
        if len(text) > LARGEST_FILE:
            raise InvalidInput(Problem(self.name, _too_long(len(text))))
        with suppress(_StopError):
            data = self._documents(self._events(text))
        if self.problems:
            raise InvalidInput(self.problems)
        return Located(data, self.marks)

    def _events(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = error.problem or error.context or "cannot be read"
            self._stop(mark.line + 1 if mark else 1, f"no YAML: {reason}")
        except YAMLError as error:
            position = getattr(error, "position", 0)
            line = text.count("\n", 0, position) + 1
            self._stop(line, f"no YAML: {getattr(error, 'reason', None) or error}")
        except (ValueError, IndexError, OverflowError, AttributeError) as error:
            self._stop(1, f"no YAML: {error}")

    def _documents(self, events: Iterator[Any]) -> Any:
        from ruamel.yaml import events as kinds

        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, kinds.DocumentStartEvent):
                documents += 1
                line = event.start_mark.line + 1
                if documents > 1:
                    self._stop(line, "a second document begins: keep one document per file")
                if event.version not in (None, (1, 2)):
                    self._add(line, "only YAML 1.2 is read: remove the %YAML line")
            elif isinstance(event, kinds.NodeEvent):
                line = event.start_mark.line + 1
                self.marks[()] = Mark(self.name, line)
                data = self._node(event, events, (), line)
        if data is None and not self.problems:
            self._stop(1, "the file is empty")
        return data

    def _node(self, event: Any, events: Iterator[Any], path: Path, line: int) -> Any:
        from ruamel.yaml import events as kinds

        if len(path) > DEEPEST:
            self._stop(line, f"nested deeper than {DEEPEST} levels")
        here = event.start_mark.line + 1
        if isinstance(event, kinds.AliasEvent):
            self._add(here, f"the alias *{event.anchor} is not allowed: write the value out")
            return None
        if event.anchor:
            self._add(here, f"the anchor &{event.anchor} is not allowed: write values out")
        tag = getattr(event, "tag", None)
        if tag:
            words = str(tag).replace("tag:yaml.org,2002:", "!!")
            self._add(here, f"the tag {words} is not allowed: remove it")
        if isinstance(event, kinds.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, kinds.SequenceStartEvent):
            return self._sequence(events, path)
        plain = event.style in (None, "")
        self.marks[path] = Mark(self.name, line, event.value, plain, self._plain_key(path))
        return self._scalar(event.value, plain, here)

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        from ruamel.yaml import events as kinds

        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, kinds.MappingEndEvent):
                break
            line = event.start_mark.line + 1
            key = self._key(event, events, path, line)
            if key in result:
                first = self.marks[(*path, key)].line
                self._add(line, f'"{key}" appears twice, first on line {first}: keep one')
            plain = getattr(event, "style", None) in (None, "")
            self.marks[(*path, key)] = Mark(self.name, line, plain_key=plain)
            result[key] = self._node(next(events), events, (*path, key), line)
        return result

    def _key(self, event: Any, events: Iterator[Any], path: Path, line: int) -> str:
        from ruamel.yaml import events as kinds

        if not isinstance(event, kinds.ScalarEvent):
            self._node(event, events, (*path, "?"), line)
            self._add(line, "a key must be text")
            return "?"
        if event.anchor or event.tag:
            self._add(line, f"the key {event.value} has an anchor or a tag: remove it")
        plain = event.style in (None, "")
        if not isinstance(self._scalar(event.value, plain, line), str):
            self._add(line, f'a key must be text: write "{event.value}" in quotes')
        return self._whole(event.value, line)

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        from ruamel.yaml import events as kinds

        result: list[Any] = []
        for event in events:
            if isinstance(event, kinds.SequenceEndEvent):
                break
            line = event.start_mark.line + 1
            at = (*path, len(result))
            self.marks[at] = Mark(self.name, line)
            result.append(self._node(event, events, at, line))
        return result

    def _scalar(self, text: str, plain: bool, line: int) -> Scalar:
        if not plain:
            return self._whole(text, line)
        try:
            return resolve(text)
        except ValueError as error:
            self._add(line, f"{error} is not a figure: shorten it or quote it")
            return None

    def _whole(self, text: str, line: int) -> str:
        """Join the pairs of surrogates that JSON writes for a character; half a pair is no text."""
        if text.isascii():
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._add(line, "half a surrogate pair is no text: write the character itself")
            return ""

    def _plain_key(self, path: Path) -> bool:
        known = self.marks.get(path)
        return bool(known and known.plain_key)

    def _add(self, line: int, message: str) -> None:
        self.problems.append(Problem(f"{self.name}:{line}", message))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise _StopError

    def _stop(self, line: int, message: str) -> None:
        self.problems.append(Problem(f"{self.name}:{line}", message))
        raise _StopError
