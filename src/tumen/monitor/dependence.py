"""How much of a target's recorded trade each partner has, and how concentrated it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tumen.monitor.finding import Finding
from tumen.monitor.panel import FLOWS, Panel, series

if TYPE_CHECKING:
    import pandas as pd

YEARS = 5
"""Years whose range stands as the interval."""
SHOWN = 3
"""Partners of each flow."""


def concentration(own: pd.DataFrame) -> pd.DataFrame:
    """Yearly total, Herfindahl index and largest partner of each flow.

    Returns
    -------
    DataFrame with flow, year, musd, concentration (1 is a single partner), partner, share.
    """
    sums = own.groupby(["flow", "year", "partner"], as_index=False)["musd"].sum()
    total = sums.groupby(["flow", "year"])["musd"].transform("sum")
    sums = sums.assign(share=sums["musd"] / total, total=total)
    sums["square"] = sums["share"] ** 2
    index = sums.groupby(["flow", "year"], as_index=False)["square"].sum()
    first = sums.sort_values("share", ascending=False).drop_duplicates(["flow", "year"])
    table = index.rename(columns={"square": "concentration"}).merge(first, on=["flow", "year"])
    table["musd"] = table["total"]
    return table[["flow", "year", "musd", "concentration", "partner", "share"]]


def dependence_findings(panel: Panel) -> Iterator[Finding]:
    """Yield the shares of the largest partners in the year before support is looked for."""
    last = panel.asked.since - 1
    first = max(panel.first, last - YEARS + 1)
    table = series(panel.own, first, last)
    for flow in FLOWS:
        if flow not in table.index.get_level_values("flow"):
            continue
        values = table.xs(flow, level="flow")
        total = values.sum()
        if not total[last] > 0:
            continue
        shares = values / total.where(total > 0)
        for partner in shares[last].nlargest(SHOWN).index:
            own = shares.loc[partner].dropna()
            yield Finding(
                "dependence", str(partner), flow, first, last, float(own[last]),
                float(own.min()), float(own.max()), "share of recorded trade",
                musd=float(values.loc[partner, last]), data=panel.described,
                note="low and high: of the years, as records have no error of sampling",
            )  # fmt: skip
