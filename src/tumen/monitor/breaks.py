"""Years in which the level of a partner's trade breaks (library: ruptures).

ruptures finds any number of breaks exactly and in milliseconds; statsmodels has no dating of
breaks. It gives no p-value, which comes from permuting the years here (sup-F).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tumen.monitor.finding import Finding
from tumen.monitor.panel import Panel, series

Array = NDArray[np.float64]
SHORTEST = 3
"""Years of a level."""
MOST = 5
"""Breaks of a series."""
LEAST = 5.0
"""Million USD a year: partners that never traded more are left out."""
DRAWS = 999
LIKELY = 0.1
"""Breaks that chance brings about more often are not told."""


@dataclass(frozen=True, slots=True)
class Break:
    """A change of level."""

    at: int
    """Position of the first value of the new level."""
    change: float
    error: float
    p_value: float


def breaks(values: Array, seed: int = 0) -> list[Break]:
    """Find the breaks of a series.

    Parameters
    ----------
    values
        Array (year).

    Notes
    -----
    Exact segmentation by dynamic programming; their number has the least criterion of Liu, Wu and
    Zidek (1997), log(RSS / (n − p)) + 0.299 p (log n)^2.1 / n with p = 2 · breaks + 1. Each is
    tested within its two levels by the largest F of any year, against permuted years (serial
    correlation makes p too small: a break is a date to look at, no test of a cause).

    Examples
    --------
    >>> series = np.array([10.0, 11, 9, 10, 11, 3, 2, 3, 2, 3])
    >>> [(each.at, round(each.change, 1)) for each in breaks(series)]
    [(5, -7.6)]
    """
    import ruptures

    if values.size < 2 * SHORTEST or not np.ptp(values):
        return []
    search = ruptures.Dynp(model="l2", min_size=SHORTEST, jump=1).fit(values)
    most = min(MOST, values.size // SHORTEST - 1)
    tried = [[0, values.size], *([0, *search.predict(n_bkps=k)] for k in range(1, most + 1))]
    edges = min(tried, key=lambda each: _criterion(values, each))
    random = np.random.default_rng(seed)
    found = []
    for start, middle, end in zip(edges, edges[1:], edges[2:]):
        before, after = values[start:middle], values[middle:end]
        freedom = before.size + after.size - 2
        pooled = (before.var() * before.size + after.var() * after.size) / freedom
        error = float(np.sqrt(pooled * (1 / before.size + 1 / after.size)))
        p_value = _sup_f(values[start:end], random)
        found.append(Break(middle, float(after.mean() - before.mean()), error, p_value))
    return found


def _criterion(values: Array, edges: list[int]) -> float:
    count, p = values.size, 2 * len(edges) - 3
    squares = sum(values[a:b].var() * (b - a) for a, b in pairwise(edges))
    floor = 1e-12 * float(values.var()) * count
    fit = np.log(max(squares, floor) / max(1, count - p))
    return float(fit + 0.299 * p * np.log(count) ** 2.1 / count)


def _sup_f(values: Array, random: np.random.Generator) -> float:
    drawn = random.permuted(np.tile(values, (DRAWS, 1)), axis=1)
    statistics = _largest_f(np.vstack([values, drawn]))
    return float((1 + (statistics[1:] >= statistics[0] * (1 - 1e-9)).sum()) / (1 + DRAWS))


def _largest_f(rows: Array) -> Array:
    """Largest share of the variance that any single break takes away."""
    count = rows.shape[1]
    left = np.cumsum(rows, axis=1)[:, SHORTEST - 1 : count - SHORTEST]
    sizes = np.arange(SHORTEST, count - SHORTEST + 1)
    total = rows.sum(axis=1, keepdims=True)
    between = left**2 / sizes + (total - left) ** 2 / (count - sizes) - total**2 / count
    largest: Array = between.max(axis=1)
    return largest


def break_findings(panel: Panel) -> Iterator[Finding]:
    """Yield the breaks of every partner's exports and imports."""
    table = series(panel.own, panel.first, panel.last)
    for (partner, flow), values in table[table.max(axis=1) >= LEAST].iterrows():
        for each in breaks(values.to_numpy(dtype=float)):
            if each.p_value > LIKELY:
                continue
            half = 1.96 * each.error
            year = panel.first + each.at
            yield Finding(
                "breaks", str(partner), str(flow), year, panel.last, each.change,
                each.change - half, each.change + half, "million USD a year", each.error,
                None, each.change, panel.described,
                f"the level changes in {year} (p {each.p_value:.3f} by permutation)",
            )  # fmt: skip
