"""Prices that are too low or too high: value over weight against others of the same product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tumen.monitor.finding import Finding
from tumen.monitor.panel import FLOWS, Panel

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 5
"""Unit values of others in a year that one is compared with."""
SMALLEST = 0.05
"""Million USD: below it weights are rounding."""
IMPLAUSIBLE = np.log(5.0)
"""A price five times above or below the usual is an error of the record, no bargain."""
ROWS = 4
"""Rows of a partner below which no discount is told."""


def compared(panel: Panel) -> pd.DataFrame:
    """Compare the target's unit values since the year asked about with those of others.

    Returns
    -------
    DataFrame with partner, flow, product, year, musd, tonnes, price (USD a tonne), usual (median
    of the others), gap (log of price over usual), spread (robust, of the others' gaps), others.
    """
    return panel.ask(
        f"""
        WITH priced AS (
            SELECT *, ln(musd * 1e6 / tonnes) AS price FROM flows
            WHERE tonnes > 0 AND musd >= {SMALLEST} AND year BETWEEN $2 AND $3
        ), mine AS (
            SELECT destination AS partner, 'export' AS flow, * FROM priced WHERE origin = $1
            UNION ALL SELECT origin, 'import', * FROM priced WHERE destination = $1
        ), pairs AS (
            SELECT m.partner, m.flow, m.product, m.year, m.musd, m.tonnes, m.price,
                o.price AS other
            FROM mine m JOIN priced o ON m.product = o.product AND m.year = o.year
            WHERE $1 NOT IN (o.origin, o.destination)
        ), usual AS (
            SELECT * EXCLUDE (other), median(other) AS usual, mad(other) * 1.4826 AS spread,
                count(*) AS others
            FROM pairs GROUP BY ALL
        )
        SELECT partner, flow, product, year, musd, tonnes, exp(price) AS price,
            exp(usual) AS usual, price - usual AS gap, spread, others
        FROM usual WHERE others >= {FEWEST} ORDER BY ALL
        """,
        [panel.asked.target, panel.asked.since, panel.last],
    )


def unit_value_findings(panel: Panel) -> Iterator[Finding]:
    """Yield discounts since the year asked about: below 0 the goods cost less than others'."""
    table = compared(panel)
    table = table[table.gap.abs() < IMPLAUSIBLE]
    for flow in FLOWS:
        for partner, rows in table[table.flow == flow].groupby("partner"):
            if len(rows) < ROWS:
                continue
            yield _finding(str(partner), flow, rows, panel)


def _finding(partner: str, flow: str, rows: pd.DataFrame, panel: Panel) -> Finding:
    from scipy.special import stdtr, stdtrit

    weight = rows.musd.to_numpy(dtype=float)
    gap = rows.gap.to_numpy(dtype=float)
    mean = float(np.average(gap, weights=weight))
    by_product = rows.assign(part=weight * (gap - mean)).groupby("product")["part"].sum()
    groups = max(2, len(by_product))
    clusters = float((by_product**2).sum()) * groups / (groups - 1)
    spread = float((weight**2 * (rows.spread.to_numpy(dtype=float) ** 2)).sum())
    error = float(np.sqrt(max(clusters, spread))) / weight.sum()
    half = float(stdtrit(groups - 1, 0.975)) * error
    cheap = float(stdtr(groups - 1, mean / error)) if error > 0 else 0.5
    years = sorted(rows.year)
    return Finding(
        "unit value", partner, flow, years[0], years[-1], mean, mean - half, mean + half,
        "log of the price over others'", error, cheap if flow == "import" else None,
        float(weight.sum() * np.expm1(-mean)) / len(set(years)) if flow == "import" else None,
        f"{panel.described}; {len(rows)} prices, each against {int(rows.others.min())} or more",
        "bought below the usual price is support of its seller; quality differs too",
    )  # fmt: skip
