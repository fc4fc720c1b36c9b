"""Re-exports through hubs: goods that a supplier no longer sells to the target, but a hub does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.monitor.finding import Finding
from tumen.monitor.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
PAST = 3
"""Years before, whose mean stands for what was usual."""
FEWEST = 5
"""Products that a hub sells the target; with fewer there is nothing to permute."""
DRAWS = 999


def changes(panel: Panel) -> pd.DataFrame:
    """Return what changed, hub by hub and product by product, million USD a year.

    Returns
    -------
    DataFrame with hub, product, onward (hub's sales to the target), taken (hub's purchases from
    everybody else), lost (the target's purchases from everybody else).
    """
    since, target = panel.asked.since, panel.asked.target
    years = f"CASE WHEN year >= {since} THEN 'after' ELSE 'before' END"
    table = panel.ask(
        f"SELECT origin, destination, product, {years} AS period, sum(musd) AS musd FROM flows "
        f"WHERE year BETWEEN {since - PAST} AND {panel.last} GROUP BY ALL"
    )
    lengths = {"before": PAST, "after": panel.last - since + 1}
    signed = table.musd / table.period.map(lengths) * table.period.map({"before": -1, "after": 1})
    table = table.assign(change=signed.astype(float))
    to_target = table[table.destination == target]
    onward = to_target.groupby(["origin", "product"])["change"].sum().rename("onward")
    others = table[(table.origin != target) & (table.destination != target)]
    taken = others.groupby(["destination", "product"])["change"].sum().rename("taken")
    bought = to_target.groupby("product")["change"].sum()
    joined = onward.rename_axis(["hub", "product"]).reset_index()
    joined = joined.merge(
        taken.rename_axis(["hub", "product"]).reset_index(), how="inner", on=["hub", "product"]
    )
    joined["lost"] = joined.onward - joined["product"].map(bought).astype(float)
    return joined


def rerouted(onward: Array, taken: Array, lost: Array) -> Array:
    """What may have gone the new way: no more than the hub sold on, took in and others lost.

    Examples
    --------
    >>> rerouted(np.array([5.0, 5.0]), np.array([9.0, -1.0]), np.array([4.0, 4.0]))
    array([4., 0.])
    """
    least: Array = np.minimum(np.minimum(onward, taken), lost)
    return np.maximum(least, 0.0)


def reexport_findings(panel: Panel, seed: int = 0) -> Iterator[Finding]:
    """Yield the hubs through which the target may get what others no longer sell it."""
    table = changes(panel)
    random = np.random.default_rng(seed)
    for hub, rows in table.groupby("hub"):
        if len(rows) < FEWEST or not (rows.onward > 0).any():
            continue
        onward, taken, lost = (rows[name].to_numpy(float) for name in ("onward", "taken", "lost"))
        effect = float(rerouted(onward, taken, lost).sum())
        order = random.permuted(np.tile(np.arange(len(rows)), (DRAWS, 1)), axis=1)
        chance = rerouted(onward, taken[order], lost[order]).sum(axis=1)
        p_value = float((1 + (chance >= effect * (1 - 1e-9)).sum()) / (1 + DRAWS))
        picked = random.integers(0, len(rows), (DRAWS, len(rows)))
        drawn = rerouted(onward[picked], taken[picked], lost[picked]).sum(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        yield Finding(
            "re-export", str(hub), "import", panel.asked.since, panel.last, effect, float(low),
            float(high), "million USD a year", float(drawn.std()), p_value, effect,
            f"{panel.described}; {len(rows)} products that the hub buys and sells on",
            "by product: sold on more, bought more, and others sell the target less; p by "
            "permuting products",
        )  # fmt: skip
