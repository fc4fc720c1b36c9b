"""Records that stop: a partner who publishes nothing any more, or trade that went dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tumen.monitor.calibration import share_interval
from tumen.monitor.finding import Finding
from tumen.monitor.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

STEADY = 3
"""Years in a row that make a flow steady."""
MOST = 0.5
"""Share of steady flows that is told."""
FEWEST = 2
"""Steady flows below which a share means little."""
LIKELY = 0.05
"""Shares that chance brings about more often are not told."""


def vanished(own: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Count the steady flows of each partner, and those that have no record in the next year.

    Returns
    -------
    DataFrame with partner, flow, year, steady, gone, musd (what the gone ones were worth a year).
    """
    import pandas as pd

    table = own.pivot_table(index=["partner", "flow", "product"], columns="year", values="musd",
                            aggfunc="sum")  # fmt: skip
    table = table.reindex(columns=range(first, last + 1))
    found = []
    for year in range(first + STEADY, last + 1):
        past = table[list(range(year - STEADY, year))]
        steady = past.notna().all(axis=1)
        gone = steady & table[year].isna()
        counts = pd.DataFrame(
            {"steady": steady, "gone": gone, "musd": past.mean(axis=1).where(gone, 0.0)}
        )
        sums = counts.groupby(level=["partner", "flow"]).sum().reset_index()
        found.append(sums[sums.steady > 0].assign(year=year))
    return pd.concat(found, ignore_index=True)


def vanishing_findings(panel: Panel) -> Iterator[Finding]:
    """Yield the partners most of whose steady flows stopped in one year, against what is usual."""
    from scipy.special import bdtrc

    if panel.last - panel.first <= STEADY:
        return
    table = vanished(panel.own, panel.first, panel.last)
    usual = float(table.gone.sum() / table.steady.sum())
    for row in table.sort_values(["year", "partner"]).itertuples(index=False):
        if row.steady < FEWEST or row.gone < MOST * row.steady:
            continue
        low, high = share_interval(int(row.gone), int(row.steady))
        chance = float(bdtrc(row.gone - 1, row.steady, usual))
        if chance > LIKELY:
            continue
        yield Finding(
            "vanishing", str(row.partner), str(row.flow), int(row.year), int(row.year),
            float(row.gone / row.steady), low, high, "share of steady flows", None, None,
            -float(row.musd), f"{panel.described}; {row.gone} of {row.steady} flows",
            f"usual is {usual:.0%} (p {chance:.1g}); records stop, whether trade did is not seen",
        )  # fmt: skip
