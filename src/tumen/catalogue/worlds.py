"""Loading a world by name or path."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from pathlib import Path

from pydantic import Field

from tumen.catalogue.bundled import data
from tumen.catalogue.inserts import entrant, load_insert
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml
from tumen.world.insert import inserted
from tumen.world.world import World

LEVELS: tuple[Level, ...] = ("low", "central", "high")


class CatalogueEntry(Record):
    """One bundled world."""

    note: str
    """What it is."""
    file: str | None = None
    """A NetCDF file beside the catalogue."""
    base: Code | None = None
    """Another world that this one extends."""
    sources: list[Code] = Field(default_factory=list)
    """Ids of the sources of its figures."""
    insert: Code | None = None
    """The insert that extends it."""


class Catalogue(Record):
    """The file of bundled worlds."""

    default: Code
    """The world that is loaded when none is named."""
    worlds: dict[Code, CatalogueEntry]


@cache
def catalogue() -> Catalogue:
    """Read the catalogue of bundled worlds."""
    return parse(Catalogue, load_yaml(data("worlds", "catalogue.yaml")))


def load_world(
    name_or_path: str | Path | None = None,
    gdp_basis: Level = "central",
    input_template: str | None = None,
) -> World:
    """Load a bundled world by name, or a NetCDF file that ``World.save`` wrote.

    Parameters
    ----------
    name_or_path
        None: the bundled default, which has North Korea on its accounts of 2016.
    gdp_basis
        "low", "central" or "high": the GDP of an inserted economy.
    input_template
        The economy whose cost structure an inserted one borrows; None: the insert's first.

    Returns
    -------
    World; the same object again for the same bundled name and options.

    Raises
    ------
    InvalidInput
        If there is no such world, the options are unknown or do not fit it, or the file is
        damaged.

    Notes
    -----
    The bundled default extends the world by :func:`tumen.world.insert.inserted`.

    Examples
    --------
    >>> import tumen
    >>> tumen.load_world("world-2022")
    World('World of 2022: 80 economies, 49 sectors', 80 economies, 49 sectors)
    """
    name = str(name_or_path) if name_or_path is not None else catalogue().default
    if gdp_basis not in LEVELS:
        known = did_you_mean(str(gdp_basis), LEVELS)
        raise InvalidInput(Problem("gdp_basis", f"is {gdp_basis!r}; {known}"))
    entry = catalogue().worlds.get(name)
    plain = gdp_basis == "central" and input_template is None
    if not plain and (entry is None or entry.insert is None):
        raise InvalidInput(
            Problem(name, "gdp_basis and input_template are for bundled worlds with an insert")
        )
    if entry is not None:
        return _bundled(name, gdp_basis, input_template)
    path = Path(name)
    if path.suffix or len(path.parts) > 1:
        return World.load(path)
    known = did_you_mean(name, catalogue().worlds)
    raise InvalidInput(Problem(name, f"is no bundled world and no .nc file; {known}"))


@lru_cache(maxsize=16)
def _bundled(name: str, gdp_basis: Level, input_template: str | None) -> World:
    entry = catalogue().worlds[name]
    if entry.file is not None:
        return World.load(data("worlds", entry.file))
    if entry.base is None or entry.insert is None:
        raise InvalidInput(Problem(f"world {name}", "needs a file, or a base and an insert"))
    base = load_world(entry.base)
    insert = load_insert(entry.insert)
    world = inserted(base, entrant(insert, base, gdp_basis, input_template))
    titled = world.dataset
    accounts = insert.accounts
    gdp = float(world.accounts.value_added[-1])
    titled.attrs["title"] = f"{base.dataset.attrs['title']}, with {accounts.name} ({accounts.year})"
    titled.attrs["insert"] = f"{insert.name}: GDP basis {gdp_basis}, {gdp:.0f} million USD"
    return World(titled)


@cache
def central_elasticities() -> dict[str, float]:
    """Sector of the ICIO → the central trade elasticity that the bundled worlds have.

    Examples
    --------
    >>> central_elasticities()["A01"]
    5.15
    """
    with data("worlds", "trade_elasticities.csv").open(encoding="utf-8", newline="") as file:
        return {row["sector"]: float(row["theta_central"]) for row in csv.DictReader(file)}
