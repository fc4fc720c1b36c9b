"""Bundled accounts of economies that the input-output tables leave out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from tumen.catalogue.bundled import BundledClaims, data
from tumen.catalogue.processing import Processing
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level, Quantity
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml
from tumen.world.insert import Entrant

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.world import World


class InputTemplate(Record):
    """An economy whose cost structure may stand in for an unknown one."""

    economy: Code
    """Its label in the world."""
    note: str
    """Why it is a candidate."""


class InsertAccounts(Record):
    """The file ``accounts.yaml`` of an insert."""

    economy: Code
    """Label of the economy."""
    name: str
    """Its name."""
    year: int
    """The year of its accounts."""
    gdp_musd: Quantity
    """GDP; low, central and high are the bases to choose from."""
    input_templates: list[InputTemplate]
    """The first is the default."""
    remittances_musd: Quantity
    """Pay of its workers abroad: no domestic product, but money that finances imports."""
    services_exports_musd: dict[str, Quantity]
    """Services it sells, by name."""
    services_sectors: dict[str, Code]
    """The sector each of them is booked in."""
    unrecorded_imports_musd: dict[str, Quantity]
    """Imports that no customs record shows."""
    processing: list[Processing] = Field(default_factory=list)
    """Sectors that are known by volumes, not by a template's cost shares."""

    @property
    def quantities(self) -> list[Quantity]:
        """All its figures."""
        named = (*self.services_exports_musd.values(), *self.unrecorded_imports_musd.values())
        volumes = (quantity for each in self.processing for quantity in each.quantities)
        return [self.gdp_musd, self.remittances_musd, *named, *volumes]


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One flow of the insert's trade table; a remittance has no sector."""

    flow: str
    partner: str
    sector: str
    musd: float
    recorded: bool
    kind: str
    basis: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Insert:
    """Everything known about an economy that can be inserted."""

    name: str
    accounts: InsertAccounts
    trade: tuple[TradeRow, ...]
    value_added_pct: dict[str, float]
    """Sector → per cent of GDP."""
    value_added_sources: dict[str, str]


def insert_names() -> list[str]:
    """Names of the bundled inserts."""
    return sorted(path.name for path in data("worlds", "inserts").iterdir() if path.is_dir())


def load_insert(name: str) -> Insert:
    """Read a bundled insert.

    Raises
    ------
    InvalidInput
        If the name is unknown or a file is wrong.
    """
    if name not in insert_names():
        raise InvalidInput(
            Problem(f"insert {name}", f"is not bundled; {did_you_mean(name, insert_names())}")
        )
    folder = data("worlds", "inserts", name)
    accounts = parse(InsertAccounts, load_yaml(folder / "accounts.yaml"), context=BundledClaims())
    shares = _read(folder / "value_added.csv")
    return Insert(
        name,
        accounts,
        tuple(
            TradeRow(
                row["flow"],
                row["partner"],
                row["sector"],
                float(row["musd"]),
                row["recorded"] == "true",
                row["kind"],
                row["basis"],
                row["source"],
                row["note"],
            )
            for row in _read(folder / "trade.csv")
        ),
        {row["sector"]: float(row["share_pct"]) for row in shares},
        {row["sector"]: row["source"] for row in shares},
    )


def entrant(
    insert: Insert, world: World, gdp_basis: Level, template: str | None, scale: float = 1.0
) -> Entrant:
    """Return the accounts of ``insert`` on the labels of ``world``.

    Parameters
    ----------
    gdp_basis
        Which reading of GDP.
    template
        One of the insert's templates; None: its first.
    scale
        Factor on all money, for a year of other prices.

    Raises
    ------
    InvalidInput
        If the template is none of the insert's.
    """
    known = [candidate.economy for candidate in insert.accounts.input_templates]
    chosen = template or known[0]
    if chosen not in known:
        raise InvalidInput(
            Problem(
                "input_template", f"{chosen!r} is none of {known}; {did_you_mean(chosen, known)}"
            )
        )
    gdp = scale * insert.accounts.gdp_musd.at(gdp_basis)
    shares = np.array([insert.value_added_pct.get(sector, 0.0) for sector in world.sectors])
    pay = np.zeros(len(world.economies))
    for row in insert.trade:
        if row.flow == "remittance":
            pay[world.economies.index(row.partner)] += scale * row.musd
    made = np.zeros(len(world.sectors))
    for sector in insert.accounts.processing:
        made[world.sectors.index(sector.sector)] = scale * sector.output_musd
    exports, recorded_exports = _flows(insert, world, "export", scale)
    imports, recorded_imports = _flows(insert, world, "import", scale)
    import xarray as xr

    sectors = {"sector": list(world.sectors)}
    return Entrant(
        economy=insert.accounts.economy,
        exports=exports,
        imports=imports,
        value_added=xr.DataArray(gdp * shares / shares.sum(), sectors, ("sector",)),
        template=chosen,
        output=xr.DataArray(made, sectors, ("sector",)),
        sole_users={each.input: each.sector for each in insert.accounts.processing},
        remittances=xr.DataArray(pay, {"economy": list(world.economies)}, ("economy",)),
        recorded_exports=recorded_exports,
        recorded_imports=recorded_imports,
    )


def _flows(
    insert: Insert, world: World, flow: str, scale: float
) -> tuple[xr.DataArray, xr.DataArray]:
    """Value and recorded share of one direction (economy, sector)."""
    import xarray as xr

    value = np.zeros((len(world.economies), len(world.sectors)))
    recorded = np.zeros_like(value)
    for row in insert.trade:
        if row.flow == flow:
            cell = world.economies.index(row.partner), world.sectors.index(row.sector)
            value[cell] += scale * row.musd
            recorded[cell] += scale * row.musd * row.recorded
    share = np.divide(recorded, value, out=np.ones_like(value), where=value > 0)
    coords = {"economy": list(world.economies), "sector": list(world.sectors)}
    dims = ("economy", "sector")
    return xr.DataArray(value, coords, dims), xr.DataArray(share, coords, dims)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
