"""Where figures come from: a list of sources that every figure refers to by id."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import Field

from tumen.evidence.listed import Listed
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


class Sources(Listed[Source]):
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

    noun = "source"


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
