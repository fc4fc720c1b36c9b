"""What figures refer to by id, and where it stands: sources and claims alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Protocol, Self, TypeVar

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_Entry = TypeVar("_Entry", bound=_Named)


class Listed(Mapping[str, _Entry]):
    """Entries by id; an id that does not exist is refused with the nearest one."""

    noun: ClassVar[str] = "entry"
    """What messages call an entry."""

    def __init__(
        self, entries: Iterable[_Entry] = (), places: Mapping[str, str] | None = None
    ) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._places = dict(places or {})

    def __getitem__(self, key: str) -> _Entry:
        if key not in self._entries:
            raise InvalidInput(Problem("", self._unknown(key)))
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def place(self, key: str) -> str:
        """Return ``file:line`` where an entry stands; empty when it comes from no file."""
        return self._places.get(key, "")

    def missing(self, references: Iterable[tuple[str, str]]) -> list[Problem]:
        """Return a problem for every reference, given as (place, id), to what is unknown here."""
        return [Problem(place, self._unknown(key)) for place, key in references if key not in self]

    def merged(self, *others: Self) -> Self:
        """Return these entries and others together.

        The same id with the same words is one entry; with different words all
        conflicts are refused at once.
        """
        together = dict(self._entries)
        places = dict(self._places)
        problems: list[Problem] = []
        for other in others:
            for key, entry in other.items():
                if together.setdefault(key, entry) != entry:
                    first = places.get(key) or "another file"
                    message = f'{self.noun} "{key}" differs from the one in {first}: rename one'
                    problems.append(Problem(other.place(key), message))
                places.setdefault(key, other.place(key))
        if problems:
            raise InvalidInput(problems)
        return type(self)(together.values(), places)

    def _unknown(self, key: str) -> str:
        return f'no {self.noun} "{key}"; {did_you_mean(key, self._entries)}'
