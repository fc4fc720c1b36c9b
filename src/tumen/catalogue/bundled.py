"""Finding the package's own data files by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tumen.errors import InvalidInput, Problem
from tumen.evidence.ledger import Ledger, load_ledger
from tumen.evidence.sources import Source, SourceEntry, Sources, load_sources
from tumen.files.nearest import did_you_mean


def data(*parts: str) -> Path:
    """Return the path of a file or folder of ``tumen/data``."""
    return Path(str(files("tumen"))).joinpath("data", *parts)


def names(kind: str, suffix: str) -> list[str]:
    """Return the names of the bundled files of one kind, sorted."""
    return list(_names(kind, suffix))


@cache
def _names(kind: str, suffix: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in data(kind).glob(f"*{suffix}")))


def find(name: str, kind: str, suffix: str) -> Path:
    """Return the file for a bundled name or a path.

    Raises
    ------
    InvalidInput
        If it is neither, with the nearest bundled names.
    """
    path = Path(name)
    if path.suffix or len(path.parts) > 1:
        if path.is_file():
            return path
        raise InvalidInput(Problem(name, "no such file"))
    known = names(kind, suffix)
    if name in known:
        return data(kind, name + suffix)
    raise InvalidInput(
        Problem(name, f"is no bundled name in {kind} and no file; {did_you_mean(name, known)}")
    )


@cache
def sources() -> Sources:
    """All sources that bundled data cite."""
    paths = sorted(data().glob("*/sources.yaml")) + sorted(data().glob("sources.yaml"))
    return Sources().merged(*(load_sources(path) for path in paths))


def sources_with(own: Mapping[str, SourceEntry], owner: str) -> Sources:
    """The bundled sources and those of a file.

    Parameters
    ----------
    owner
        What the file is, for messages: ``scenario mine``.

    Raises
    ------
    InvalidInput
        If the file gives a bundled id another meaning.
    """
    listed = (Source(id=key, **entry.model_dump()) for key, entry in own.items())
    places = {key: f"{owner}, sources.{key}" for key in own}
    return sources().merged(Sources(listed, places))


@cache
def ledger() -> Ledger:
    """All claims that come with the package."""
    paths = sorted(path for path in data("claims").glob("*.yaml") if path.stem != "sources")
    return Ledger().merged(*(load_ledger(path, sources())[0] for path in paths))


class BundledClaims:
    """What bundled data may cite; read when the first figure cites something."""

    def completed(self, figure: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields of a figure with what it leaves to the claim that it cites."""
        return ledger().completed(figure)


@cache
def sector_kinds() -> dict[str, str]:
    """ICIO sector code → "goods" or "services"."""
    return {row["sector"]: row["kind"] for row in _rows("sectors.csv")}


@cache
def sector_names() -> dict[str, str]:
    """ICIO sector code → name."""
    return {row["sector"]: row["name"] for row in _rows("sectors.csv")}


@cache
def economy_names() -> dict[str, str]:
    """ISO 3166 alpha-3 code → name."""
    return {row["iso3"]: row["name"] for row in _rows("economies.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    import csv

    with data("codes", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
