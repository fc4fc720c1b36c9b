"""Bans and caps by partner and sector: what the law is to a world that knows sectors only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from tumen.evidence.quantity import Level
from tumen.regime.consistency import BANS, CAPS
from tumen.regime.law import Array, Law, Sense
from tumen.regime.measure import Cap, Measure
from tumen.sources.product_trade import FLOWS, REMITTANCE, RowFlow

if TYPE_CHECKING:
    import xarray as xr

Grouping = Literal["measure", "act"]
"""How a total is taken apart."""


@dataclass(frozen=True, slots=True)
class CappedCell:
    """A cell of the world, or remittances from a partner, that a cap reaches."""

    flow: RowFlow
    partner: str
    sector: str
    """Empty for remittances."""
    share: float
    """The part of the cell's value that it reaches and that is not banned as well."""
    musd: float
    """The baseline value of that part, million USD a year."""


@dataclass(frozen=True, slots=True)
class CapInForce:
    """A cap on a day, with the cells that share it."""

    name: str
    measure: Measure
    cap: Cap
    cells: tuple[CappedCell, ...]

    @property
    def on_trade(self) -> bool:
        """False for a cap on work abroad."""
        return self.measure.flow != "labour"

    @property
    def musd(self) -> float:
        """Baseline value under the cap, million USD a year."""
        return sum(cell.musd for cell in self.cells)


def banned_shares(
    law: Law,
    date: datetime.date,
    sense: Sense = "law",
    level: Level = "central",
    judged: bool = True,
) -> xr.DataArray:
    """Return the share b of each cell's value that is under a ban on a day.

    Parameters
    ----------
    sense
        "law" counts from a measure's first day; "bites" leaves out what old contracts may
        still move.
    level
        Reading of stated parts; where a part is not known, low and central take none of it,
        high takes all.
    judged
        True: rows whose product is judgement count by that product. False: they count as
        not banned.

    Returns
    -------
    DataArray (flow, partner, sector), share between 0 and 1; services are in it. 0 where the
    table has no trade.

    Notes
    -----
    b = Σ_rows value × union of bans / Σ_rows value.

    Examples
    --------
    >>> from tumen.regime.coverage import bundled_law
    >>> b = banned_shares(bundled_law("un-dprk"), datetime.date(2017, 12, 31))
    >>> float(b.sel(flow="export", partner="CHN", sector="C13T15"))
    1.0
    """
    return _by_cell(law, law.banned(date, sense, level)[None, :], ["all"], judged).isel(
        part=0, drop=True
    )


def banned_remittances(
    law: Law, date: datetime.date, sense: Sense = "law", level: Level = "central"
) -> dict[str, float]:
    """Return the share of the pay from each partner that is under a ban on work abroad.

    Parameters
    ----------
    sense, level
        As for :func:`banned_shares`.

    Examples
    --------
    >>> from tumen.regime.coverage import bundled_law
    >>> law, day = bundled_law("un-dprk"), datetime.date(2018, 1, 31)
    >>> banned_remittances(law, day)["RUS"], banned_remittances(law, day, "bites")["RUS"]
    (1.0, 0.0)
    """
    total: dict[str, float] = {}
    found: dict[str, float] = {}
    for row, share in zip(law.trade.rows, law.banned(date, sense, level), strict=True):
        if row.flow == REMITTANCE:
            total[row.partner] = total.get(row.partner, 0.0) + row.musd
            found[row.partner] = found.get(row.partner, 0.0) + row.musd * float(share)
    return {partner: found[partner] / total[partner] for partner in total if total[partner] > 0}


def banned_parts(
    law: Law,
    date: datetime.date,
    sense: Sense = "law",
    by: Grouping = "act",
    level: Level = "central",
    judged: bool = True,
) -> xr.DataArray:
    """Return what each measure or act adds to the ban of each cell, in order of first days.

    Returns
    -------
    DataArray (part, flow, partner, sector); its sum over ``part`` is ``banned_shares`` exactly,
    so that a measure which only repeats an earlier one adds nothing.

    Examples
    --------
    >>> from tumen.regime.coverage import bundled_law
    >>> law = bundled_law("un-dprk")
    >>> parts = banned_parts(law, datetime.date(2017, 12, 31))
    >>> whole = banned_shares(law, datetime.date(2017, 12, 31))
    >>> bool(abs(parts.sum("part") - whole).max() < 1e-12)
    True
    """
    kept = law.kept(BANS, date)
    names = [law.name(k) if by == "measure" else law.measures[k].act for k in kept]
    rows = added(law.reached(kept, date, sense, level))
    labels = list(dict.fromkeys(names))
    grouped = np.zeros((len(labels), rows.shape[1]))
    for name, row in zip(names, rows, strict=True):
        grouped[labels.index(name)] += row
    return _by_cell(law, grouped, labels, judged)


def added(shares: Array) -> Array:
    """Return what each measure adds to the union of those before it (measure, row)."""
    running = np.maximum.accumulate(shares, axis=0)
    return np.diff(running, axis=0, prepend=np.zeros((1, shares.shape[1])))


def _by_cell(law: Law, shares: Array, parts: list[str], judged: bool) -> xr.DataArray:
    """Average shares (part, row) over the trade rows of each cell, by value."""
    import xarray as xr

    rows = [(n, row) for n, row in enumerate(law.trade.rows) if row.flow in FLOWS]
    partners = sorted({row.partner for _, row in rows})
    sectors = sorted({row.sector for _, row in rows})
    total = np.zeros((len(FLOWS), len(partners), len(sectors)))
    found = np.zeros((len(parts), *total.shape))
    for number, row in rows:
        cell = FLOWS.index(row.flow), partners.index(row.partner), sectors.index(row.sector)
        total[cell] += row.musd
        if judged or row.priced:
            found[(slice(None), *cell)] += row.musd * shares[:, number]
    coords = {"part": parts, "flow": list(FLOWS), "partner": partners, "sector": sectors}
    values = np.divide(found, total, out=np.zeros_like(found), where=total > 0)
    return xr.DataArray(values, coords, ("part", "flow", "partner", "sector"), attrs={"units": "1"})


def duties(
    law: Law, date: datetime.date, sense: Sense = "law", level: Level = "central"
) -> list[tuple[float, xr.DataArray]]:
    """Return (rate, share of each cell's value that owes it) of the tariffs on a day.

    Returns
    -------
    Rates from the highest down, with DataArray (part, flow, partner, sector); part is "free" for
    what is not banned and "banned" for what is. A value owes one rate, the highest that reaches it.

    Examples
    --------
    >>> from tumen.regime.coverage import bundled_law
    >>> found = duties(bundled_law("russia-2022"), datetime.date(2023, 2, 28))
    >>> rate, shares = found[0]
    >>> rate, float(shares.sel(part="free", flow="export", partner="USA", sector="C20"))
    (0.35, 0.4)
    """
    return [
        (rate, _by_cell(law, np.stack([free, banned]), ["free", "banned"], judged=True))
        for rate, free, banned in law.duties(date, sense, level)
    ]


def caps_in_force(
    law: Law,
    date: datetime.date,
    sense: Sense = "law",
    level: Level = "central",
    judged: bool = True,
) -> list[CapInForce]:
    """Return the caps on a day that reach flows not also banned, in one sense for both.

    Examples
    --------
    >>> from tumen.regime.coverage import bundled_law
    >>> caps = caps_in_force(bundled_law("un-dprk"), datetime.date(2018, 2, 1))
    >>> [(cap.name, cap.cap.limits[0].limit) for cap in caps]
    [('2397-4', 4000000.0), ('2375-14b', 2000000.0), ('2397-5', 500000.0)]
    """
    banned = law.banned(date, sense, level)
    kept = law.kept(CAPS, date)
    found = []
    for index, reached in zip(kept, law.reached(kept, date, sense, level), strict=True):
        measure = law.measures[index]
        share = np.maximum(reached - banned, 0.0)
        cells = _cells(law, share, judged)
        if cells and measure.cap is not None:
            found.append(CapInForce(law.name(int(index)), measure, measure.cap, cells))
    return found


def _cells(law: Law, share: Array, judged: bool) -> tuple[CappedCell, ...]:
    total: dict[tuple[RowFlow, str, str], float] = {}
    under: dict[tuple[RowFlow, str, str], float] = {}
    for row, part in zip(law.trade.rows, share, strict=True):
        cell = row.flow, row.partner, row.sector
        total[cell] = total.get(cell, 0.0) + row.musd
        if judged or row.priced:
            under[cell] = under.get(cell, 0.0) + row.musd * float(part)
    return tuple(
        CappedCell(*cell, share=value / total[cell], musd=value)
        for cell, value in under.items()
        if value > 0
    )
