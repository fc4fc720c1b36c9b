"""Where figures come from: a list of sources that every figure refers to by id."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml


class SourceEntry(Record):
    """One source as it stands in a file, under its id."""

    text: Annotated[str, Field(min_length=1)]
    """Author, title, year and page, as one would cite it."""
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None
    """Where it can be read; null for a source on paper."""
    licence: Annotated[str, Field(min_length=1)]
    """The terms under which its figures are used here."""
    note: str = ""
    """What a reader should know about it."""


class Source(SourceEntry):
    """One source, with its id."""

    id: str


class SourcesFile(Record):
    """A file of sources: ``sources: {id: {text, url, licence, note}}``."""

    sources: dict[Code, SourceEntry]


class Sources(Mapping[str, Source]):
    """Sources by id; an id that does not exist is refused with the nearest one.

    Examples
    --------
    >>> icio = Source(id="icio-2025", text="OECD ICIO, 2025", url=None, licence="attribution")
    >>> Sources([icio])["icio-2025"].text
    'OECD ICIO, 2025'
    >>> Sources([icio])["icio-2052"]
    Traceback (most recent call last):
    tumen.errors.InvalidInput: no source "icio-2052"; did you mean "icio-2025"?
    """

    def __init__(
        self, sources: Iterable[Source] = (), places: Mapping[str, str] | None = None
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._places = dict(places or {})

    def __getitem__(self, key: str) -> Source:
        if key not in self._sources:
            raise InvalidInput(Problem("", self._unknown(key)))
        return self._sources[key]

    def __contains__(self, key: object) -> bool:
        return key in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def place(self, key: str) -> str:
        """Return ``file:line`` where a source stands; empty when it comes from no file."""
        return self._places.get(key, "")

    def missing(self, references: Iterable[tuple[str, str]]) -> list[Problem]:
        """Return a problem for every reference, given as (place, id), to a source unknown here."""
        return [Problem(place, self._unknown(key)) for place, key in references if key not in self]

    def merged(self, *others: Sources) -> Sources:
        """Return these sources and others together.

        The same id with the same words is one source; with different words all
        conflicts are refused at once.
        """
        together = dict(self._sources)
        places = dict(self._places)
        problems: list[Problem] = []
        for other in others:
            for key, source in other.items():
                if together.setdefault(key, source) != source:
                    first = places.get(key) or "another file"
                    message = f'source "{key}" differs from the one in {first}: rename one'
                    problems.append(Problem(other.place(key), message))
                places.setdefault(key, other.place(key))
        if problems:
            raise InvalidInput(problems)
        return Sources(together.values(), places)

    def _unknown(self, key: str) -> str:
        return f'no source "{key}"; {did_you_mean(key, self._sources)}'


def load_sources(path: str | os.PathLike[str], text: str | None = None) -> Sources:
    """Read a file of sources.

    Examples
    --------
    >>> words = "sources: {bok: {text: Bank of Korea, url: null, licence: quotation}}"
    >>> list(load_sources("sources.yaml", words))
    ['bok']
    """
    located = load_yaml(path, text)
    entries = parse(SourcesFile, located).sources
    places = {key: located.place(("sources", key)) for key in entries}
    return Sources((Source(id=key, **entry.model_dump()) for key, entry in entries.items()), places)
