"""Data that remember the file and line they came from."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.files.scalars import is_ambiguous

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to one value."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands, and how it was written."""

    file: str
    line: int
    text: str | None = None
    """The words of a scalar as they stand in the file; None for a mapping or a list."""
    plain: bool = False
    """True for a scalar without quotes."""
    plain_key: bool = False
    """True when the key in front of the value has no quotes."""

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data (dict, list, str, int, float, bool, None) with a mark for every value."""

    data: Any
    marks: Mapping[Path, Mark]

    def mark(self, path: Path = ()) -> Mark:
        """Return the mark of a value, or of the nearest thing around it that exists."""
        for length in range(len(path), -1, -1):
            found = self.marks.get(path[:length])
            if found is not None:
                return found
        raise KeyError(path)

    def line(self, path: Path = ()) -> int:
        """Return the line of a value, counted from 1."""
        return self.mark(path).line

    def place(self, path: Path = ()) -> str:
        """Return ``file:line`` of a value."""
        return self.mark(path).place

    def text(self, path: Path) -> str | None:
        """Return the words of a scalar as they stand in the file; None for anything else."""
        found = self.marks.get(path)
        return found.text if found else None

    def unquoted(self, path: Path) -> bool:
        """Tell whether a scalar lacks quotes that some YAML reader would need to see text."""
        found = self.marks.get(path)
        return bool(found and found.plain and is_ambiguous(found.text or ""))

    def value(self, path: Path) -> Any:
        """Return the value at a path, or raise KeyError."""
        here = self.data
        for step in path:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                raise KeyError(path) from None
        return here

    def name(self, path: Path) -> str:
        """Write a path as a reader would say it; members of a list go by their ``id``.

        Examples
        --------
        >>> Located({"steps": [{"id": "law"}]}, {}).name(("steps", 0, "label"))
        'steps.law.label'
        """
        words = ""
        for position, step in enumerate(path):
            if isinstance(step, str):
                words += f".{step}" if words else step
                continue
            try:
                member = self.value(path[: position + 1])
            except KeyError:
                member = None
            identity = member.get("id") if isinstance(member, dict) else None
            words += f".{identity}" if isinstance(identity, str) else f"[{step + 1}]"
        return words

    def replaced(self, path: Path, value: Located) -> Located:
        """Return a copy with one value put in place of another, keeping where each came from.

        A last key that does not exist yet is added; everything before it must exist.
        """
        if not path:
            return value
        data = copy.deepcopy(self.data)
        parent = Located(data, self.marks)
        here = self._parent(parent, path, value)
        here[path[-1]] = copy.deepcopy(value.data)
        size = len(path)
        kept = {at: mark for at, mark in self.marks.items() if at[:size] != path}
        new = {path + at: mark for at, mark in value.marks.items()}
        return Located(data, kept | new)

    @staticmethod
    def _parent(located: Located, path: Path, value: Located) -> Any:
        """Find the mapping or list that holds the last step of a path, or say what is near."""
        for length in range(len(path)):
            here = located.value(path[:length])
            step = path[length]
            last = length == len(path) - 1
            if isinstance(here, dict) and isinstance(step, str) and (last or step in here):
                continue
            if isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here):
                continue
            keys = [str(key) for key in here] if isinstance(here, dict) else []
            known = did_you_mean(str(step), keys)
            message = f"nothing stands at {located.name(path[: length + 1])}; {known}"
            raise InvalidInput(Problem(value.place(), message))
        return located.value(path[:-1])
