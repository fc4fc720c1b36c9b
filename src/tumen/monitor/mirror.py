"""Mirror gaps: what left according to one side and did not arrive according to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.monitor.finding import Finding
from tumen.monitor.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
FEWEST = 20
"""Pairs and years of others that a gap is compared with."""


@dataclass(frozen=True, slots=True)
class Slope:
    """By how many log points the gap rises with a point of tariff."""

    per_point: float
    low: float
    high: float
    error: float
    rows: int
    products: int


@dataclass(frozen=True, slots=True)
class Margin:
    """What freight and insurance put between the two reports, and how far pairs scatter."""

    cif: float
    """Log of imports (c.i.f.) over exports (f.o.b.), median of the pairs."""
    spread: float
    pairs: int


def gaps(reports: pd.DataFrame, cif: float) -> pd.DataFrame:
    """Sum products by pair and year: gap = log exports (with freight) less log imports."""
    sums = reports.groupby(["origin", "destination", "year"], as_index=False).agg(
        exported=("exported", "sum"), imported=("imported", "sum"), rows=("product", "size")
    )
    return sums.assign(gap=np.log(sums.exported) + cif - np.log(sums.imported))


def margin(reports: pd.DataFrame, target: str) -> Margin | None:
    """Measure freight and scatter where the target has no part; None if there is too little."""
    clean = reports[(reports.origin != target) & (reports.destination != target)]
    table = gaps(clean, 0.0)
    if len(table) < FEWEST:
        return None
    middle = float(table.gap.median())
    spread = float((table.gap - middle).abs().median() * 1.4826)
    return Margin(-middle, spread, len(table))


def mirror_findings(panel: Panel) -> Iterator[Finding]:
    """Yield the target's gaps since the year asked about, with each partner and direction."""
    target = panel.asked.target
    usual = margin(panel.reports, target)
    if usual is None:
        return
    clean = panel.reports
    others = gaps(clean[(clean.origin != target) & (clean.destination != target)], usual.cif).gap
    mine = panel.reports[(clean.origin == target) | (clean.destination == target)]
    table = gaps(mine[mine.year >= panel.asked.since], usual.cif)
    for (origin, destination), rows in table.groupby(["origin", "destination"]):
        flow, partner = ("export", destination) if origin == target else ("import", origin)
        effect = float(rows.gap.mean())
        drift = float(rows.gap.std(ddof=1)) if len(rows) > 1 else 0.0
        error = max(usual.spread, drift) / np.sqrt(len(rows))
        rank = (1 + float((others.abs() >= abs(effect)).sum())) / (1 + len(others))
        missing = float((rows.exported * np.exp(usual.cif) - rows.imported).mean())
        yield Finding(
            "mirror gap", str(partner), flow, int(rows.year.min()), int(rows.year.max()), effect,
            effect - 1.96 * error, effect + 1.96 * error, "log of shipped over arrived", error,
            rank, missing,
            f"{panel.described}; {int(rows.rows.sum())} flows with both reports, c.i.f. margin "
            f"{100 * np.expm1(usual.cif):.1f} % from {usual.pairs} pairs of others",
            "above 0: what one side shipped the other did not record; below 0: it arrived from "
            "elsewhere. Transit and valuation do the same",
        )  # fmt: skip


def slope_finding(panel: Panel, tariffs: Mapping[str, float]) -> Finding:
    """Return how gaps in what the target buys rise with its tariff: goods smuggled past a duty."""
    table = panel.reports[panel.reports.destination == panel.asked.target]
    found = gap_slope(table, tariffs)
    years = table[table["product"].isin(list(tariffs))].year
    return Finding(
        "tariff slope", "all", "import", int(years.min()), int(years.max()), found.per_point,
        found.low, found.high, "log of the gap a point of tariff", found.error, None, None,
        f"{panel.described}; {found.rows} flows of {found.products} products with both reports",
        "above 0: the higher the duty, the more of what was shipped is not recorded on arrival",
    )  # fmt: skip


def gap_slope(reports: pd.DataFrame, tariffs: Mapping[str, float]) -> Slope:
    """Regress the gap of products on their tariff (Fisman and Wei 2004).

    Parameters
    ----------
    reports
        origin, destination, product, year, exported, imported: flows with both reports.
    tariffs
        Product → per cent.

    Returns
    -------
    The slope per point of tariff, pair and year differenced out, with an error that allows the
    rows of a product to depend on each other.

    Raises
    ------
    InvalidInput
        If fewer than ten products have a tariff and both reports.

    Notes
    -----
    Fisman and Wei (2004), *Tax Rates and Tax Evasion*: 3 % a point, China and Hong Kong.
    """
    table = reports[reports["product"].isin(list(tariffs))]
    products = table["product"].nunique()
    if products < 10:
        message = f"has {products} products with a tariff and both reports, needs 10"
        raise InvalidInput(Problem("tariffs", message))
    gap = np.log(table.exported) - np.log(table.imported)
    rate = table["product"].map(dict(tariffs)).astype(float)
    cells = [table.origin, table.destination, table.year]
    y = (gap - gap.groupby(cells).transform("mean")).to_numpy(dtype=float)
    x = (rate - rate.groupby(cells).transform("mean")).to_numpy(dtype=float)
    spread = float(x @ x)
    slope = float(x @ y) / spread
    residual = y - slope * x
    codes = table["product"].astype("category").cat.codes.to_numpy()
    meat = np.bincount(codes, weights=x * residual) ** 2
    error = float(np.sqrt(meat.sum() * products / (products - 1))) / spread
    return Slope(slope, slope - 1.96 * error, slope + 1.96 * error, error, len(table), products)
