"""Say what is wrong with a value of a file: its line, what was seen, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from tumen.errors import Problem
from tumen.files.fields import allowed_keys
from tumen.files.located import Located, Path
from tumen.files.nearest import did_you_mean

UNQUOTED = "code_unquoted"
"""The type of error of a code that is no quoted text."""
_LONGEST_SHOWN = 60
_Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error of pydantic, at the place in the data that it is about."""

    kind: str
    location: _Location
    path: Path
    words: str
    context: dict[str, Any]

    @property
    def in_branch(self) -> bool:
        """True when the error comes from one branch of a union."""
        return len(self.location) > len(self.path)

    @property
    def about_type(self) -> bool:
        return self.kind.endswith("_type")


def problems_of(
    error: ValidationError | None,
    model: type[BaseModel],
    located: Located,
    at: Path,
    unquoted: Sequence[_Location],
) -> list[Problem]:
    """Turn pydantic's errors into problems with places, in the order of the file.

    ``unquoted`` are the locations of codes that passed as text but lack quotes.
    """
    faults = [_fault(each, located, at) for each in (error.errors() if error else [])]
    faults += [
        _Fault(UNQUOTED, where, _real(where, located, at), "", {})
        for where in unquoted
        if all(fault.location != where for fault in faults)
    ]
    told: dict[tuple[Path, str], tuple[int, Problem]] = {}
    for fault in faults:
        if _is_noise(fault, faults):
            continue
        path = at + fault.path
        place, line = _place(located, path, fault)
        message = _message(fault, faults, model, located, path)
        told.setdefault((fault.path, message), (line, Problem(place, message)))
    return [problem for _, problem in sorted(told.values(), key=lambda pair: pair[0])]


def _fault(error: Any, located: Located, at: Path) -> _Fault:
    location = tuple(error["loc"])
    missing = error["type"] == "missing"
    path = _real(location[:-1] if missing else location, located, at)
    if missing:
        path = (*path, location[-1])
    return _Fault(error["type"], location, path, error["msg"], error.get("ctx", {}))


def _real(location: _Location, located: Located, at: Path) -> Path:
    """Drop the steps of a location that are names of branches and stand nowhere in the data."""
    here, path = located.value(at), at
    for step in location:
        inside = isinstance(here, dict) and step in here
        if inside or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            here = here[step]
            path = (*path, step)
    return path[len(at) :]


def _place(located: Located, path: Path, fault: _Fault) -> tuple[str, int]:
    if not located.marks:
        return "", 0
    tag = fault.context.get("discriminator", "").strip("'")
    mark = located.mark((*path, tag) if tag else path)
    return mark.place, mark.line


def _is_noise(fault: _Fault, faults: Sequence[_Fault]) -> bool:
    """Tell whether another branch of the same union has a better explanation."""
    if not (fault.in_branch and fault.about_type):
        return False
    size = len(fault.path)
    return any(
        other.path[:size] == fault.path and not (other.about_type and other.path == fault.path)
        for other in faults
    )


def _message(
    fault: _Fault,
    faults: Sequence[_Fault],
    model: type[BaseModel],
    located: Located,
    path: Path,
) -> str:
    name = located.name(path) or "the file"
    if fault.location[-1:] == ("[key]",) and path:
        return _about_key(fault, located, path)
    if fault.kind == UNQUOTED:
        return f'{name}: code must be a quoted string: write "{_source(located, path)}"'
    if fault.kind == "missing":
        return f"{name} is missing"
    if fault.kind == "extra_forbidden":
        keys = allowed_keys(model, fault.location[:-1])
        return f"unknown key {name}; {did_you_mean(str(path[-1]), keys)}"
    if fault.kind in ("value_error", "assertion_error", "code_blank"):
        words = fault.words.removeprefix("Value error, ").removeprefix("Assertion failed, ")
        return f"{name}: {words}" if path else words
    seen = f"{name} is {_seen(located, path)}"
    if fault.kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", str(fault.context.get("expected", "")))
        return f"{seen}; {did_you_mean(_source(located, path), allowed)}"
    if fault.kind.startswith("union_tag"):
        return _about_tag(fault, name, located, path)
    return f"{seen}; it {_wanted(fault, faults)}"


def _about_key(fault: _Fault, located: Located, path: Path) -> str:
    name = located.name(path[:-1]) or "the file"
    if fault.kind == UNQUOTED:
        return f'{name}: code must be a quoted string: write "{path[-1]}"'
    return f'{name}: the key "{path[-1]}" {_plain(fault.words)}'


def _about_tag(fault: _Fault, name: str, located: Located, path: Path) -> str:
    key = str(fault.context.get("discriminator", "")).strip("'")
    if fault.kind == "union_tag_not_found":
        return f"{name}.{key} is missing"
    tags = re.findall(r"'([^']*)'", str(fault.context.get("expected_tags", "")))
    tag = str(fault.context.get("tag", ""))
    return f"{located.name((*path, key))} is {tag}; {did_you_mean(tag, tags)}"


def _wanted(fault: _Fault, faults: Sequence[_Fault]) -> str:
    """Say what is allowed; the types of all branches of a union in one sentence."""
    same = [each for each in faults if each.about_type and each.path == fault.path]
    words = [each.words for each in same] if fault.about_type else [fault.words]
    wishes = list(dict.fromkeys(_plain(each) for each in words))
    return " or ".join([wishes[0], *(wish.removeprefix("should be ") for wish in wishes[1:])])


_PLAIN = (
    (r"^Input should be a valid dictionary.*", "should be a mapping"),
    (r"^Input should be an object.*", "should be a mapping"),
    (r"^Input should be a valid (array|list|tuple|set).*", "should be a list"),
    (r"^Input should be a valid string.*", "should be text"),
    (r"^Input should be a valid boolean.*", "should be true or false"),
    (r"^Input should be a valid integer.*", "should be a whole number"),
    (r"^Input should be a valid (number|float).*", "should be a number"),
    (r"^Input should be a finite number.*", "should be a finite number"),
    (r"^Input should be a valid date.*", 'should be a date such as "2017-09-11"'),
    (r"^(Input|String|List|Tuple|Dictionary|Value|Set) should ", "should "),
)


def _plain(words: str) -> str:
    words = re.sub(r" after validation, not \d+$", "", words)
    for pattern, plain in _PLAIN:
        words, changed = re.subn(pattern, plain, words)
        if changed:
            break
    return words


def _source(located: Located, path: Path) -> str:
    text = located.text(path)
    if text is None and path and isinstance(path[-1], str):
        return path[-1]
    return text or ""


def _seen(located: Located, path: Path) -> str:
    """Show a value as it stands in the file, cut where it is long."""
    try:
        value = located.value(path)
    except KeyError:
        return "missing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = located.text(path)
    quoted = isinstance(value, str)
    shown = str(value) if text is None else text
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN] + "…"
    if quoted:
        return f'"{shown}"'
    return shown if shown else "empty"
