"""Records of a target that are its look-alike's: one name ticked in the place of the other.

Two marks: the same shipment stands with both (equal weight or value in a year), and prices no
trader would pay. A look-alike that buys there year after year is the reason one would expect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tumen.codes.area_labels import taken_for
from tumen.monitor.calibration import combined, share_interval
from tumen.monitor.finding import Finding
from tumen.monitor.panel import Panel
from tumen.monitor.unit_values import IMPLAUSIBLE, SMALLEST

if TYPE_CHECKING:
    import pandas as pd

EQUAL = 0.002
"""Two weights or values this near, relative, are one shipment."""
BY_CHANCE = 0.003
"""Chance that two of a partner's flows are as near: twice ``EQUAL`` times the density at 0 of the
log of their ratio, spread 1 or more, for weight and value."""
IMPLAUSIBLE_BY_CHANCE = 0.02
"""Share of honest rows whose price is as far off, or that of the target's other rows if larger."""
BEARS = 0.1
"""Share of a partner's value that must bear a mark."""
ALARM = 0.01
"""Partners with a smaller p are set apart as suspected misreporting."""
TOLD = 0.1
"""Partners with a larger p are not told."""
LEAST = 1.0
"""Million USD in all: partners with less are left out."""


def marks(panel: Panel, other: str) -> pd.DataFrame:
    """Set the target's records beside the look-alike's with the same partners and products.

    Returns
    -------
    DataFrame with partner, flow, product, year, musd, tonnes, other_musd, other_tonnes (0 where
    there is none), twin, implausible (True, False, or None where no weight is known).
    """
    mine = panel.own
    mine = mine[mine.partner != other]
    theirs = panel.of(other)[["partner", "flow", "product", "year", "musd", "tonnes"]]
    joined = mine.merge(
        theirs.rename(columns={"musd": "other_musd", "tonnes": "other_tonnes"}),
        how="left", on=["partner", "flow", "product", "year"],
    )  # fmt: skip
    near = [
        (joined[name] - joined[f"other_{name}"]).abs() <= EQUAL * joined[name]
        for name in ("tonnes", "musd")
    ]
    joined["twin"] = (near[0] | near[1]) & (joined.musd >= SMALLEST)
    price = np.log((joined.musd * 1e6 / joined.tonnes).where(joined.tonnes > 0))
    usual = _usual(panel)
    gap = price - joined.merge(usual, how="left", on=["product", "year"])["usual"]
    known = gap.notna() & (joined.musd >= SMALLEST)
    joined["implausible"] = (gap.abs() > IMPLAUSIBLE).where(known)
    return joined


def _usual(panel: Panel) -> pd.DataFrame:
    """Median log price of a product in a year and the two beside it, the target left out."""
    return panel.ask(
        f"""
        WITH mine AS (SELECT DISTINCT product FROM flows WHERE $1 IN (origin, destination)),
        priced AS (
            SELECT product, year, ln(musd * 1e6 / tonnes) AS price
            FROM flows SEMI JOIN mine USING (product)
            WHERE tonnes > 0 AND musd >= {SMALLEST} AND $1 NOT IN (origin, destination)
        ), near AS (
            SELECT product, year + shift AS year, price
            FROM priced, (SELECT unnest([-1, 0, 1]) AS shift)
        )
        SELECT product, year, median(price) AS usual FROM near GROUP BY ALL HAVING count(*) >= 3
        """,
        [panel.asked.target],
    )


def confusion_findings(panel: Panel) -> Iterator[Finding]:
    """Yield every partner whose records of the target look like those of a look-alike."""
    for other in taken_for(panel.asked.target):
        table = marks(panel, other)
        for (partner, flow), rows in table.groupby(["partner", "flow"]):
            if rows.musd.sum() >= LEAST:
                rest = table[table.partner != partner].implausible.dropna()
                usual = max(IMPLAUSIBLE_BY_CHANCE, float(rest.mean()) if len(rest) else 0.0)
                found = _finding(str(partner), str(flow), rows, other, usual, panel)
                if found is not None:
                    yield found


def _finding(
    partner: str, flow: str, rows: pd.DataFrame, other: str, usual: float, panel: Panel
) -> Finding | None:
    both, priced = rows.other_musd.notna(), rows.implausible.notna()
    twins, odd = int(rows.twin.sum()), int(rows.implausible.fillna(False).sum())
    if not both.any() or not twins + odd:
        return None
    p_value = combined(
        [
            _at_least(twins, int(both.sum()), BY_CHANCE),
            _at_least(odd, int(priced.sum()), usual),
        ]
    )
    doubtful = rows[rows.twin | rows.implausible.fillna(False)]
    share = float(doubtful.musd.sum() / rows.musd.sum())
    if p_value > TOLD or share < BEARS:
        return None
    years = sorted(rows.year)
    low, high = share_interval(len(doubtful), len(rows))
    return Finding(
        "confusion", partner, flow, years[0], years[-1], len(doubtful) / len(rows), low, high,
        "share of rows that bear a mark", None, p_value, float(doubtful.musd.sum()),
        f"{panel.described}; {len(rows)} rows of the target, {int(both.sum())} beside {other}'s",
        f"{twins} stand with {other} as well, {odd} have prices five times off, "
        f"{100 * share:.0f} % of the value; {partner} trades these with {other} in "
        f"{rows.other_musd.notna().groupby(rows.year).any().sum()} of "
        f"{len(set(years))} years",
    )  # fmt: skip


def _at_least(count: int, of: int, chance: float) -> float:
    """Chance of so many or more."""
    from scipy.special import bdtrc

    return 1.0 if count == 0 else float(bdtrc(count - 1, of, chance))


def misreported(findings: list[Finding]) -> set[tuple[str, str]]:
    """Partner and flow of records that are probably the look-alike's."""
    return {
        (each.partner, each.flow)
        for each in findings
        if each.signal == "confusion" and each.p_value is not None and each.p_value < ALARM
    }
