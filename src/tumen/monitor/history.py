"""Trade above its own past.

The forecast is the mean of the years before; how wrong it may be is seen where the same rule was
used on earlier years and other partners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.monitor.calibration import Judged, Reference
from tumen.monitor.finding import Finding
from tumen.monitor.panel import FLOWS, Panel, series

Array = NDArray[np.float64]
PAST = 5
"""Years of which the forecast is the mean."""
AHEAD = 3
"""Years that are judged together."""
LEAST = 0.5
"""Million USD a year that is expected of everybody: a forecast of nothing is no scale."""


@dataclass(frozen=True)
class Past:
    """What was expected of a partner's trade, and what came."""

    partner: str
    flow: str
    expected: float
    actual: float
    judged: Judged | None
    reference: Reference


def forecasts(values: Array, past: int = PAST, ahead: int = AHEAD) -> tuple[Array, Array]:
    """Forecast every window of some series from the years before it.

    Parameters
    ----------
    values
        Array (series, year), million USD.

    Returns
    -------
    expected, actual
        Arrays (window): means of ``past`` years and of the ``ahead`` years that follow.

    Examples
    --------
    >>> forecasts(np.arange(8.0)[None], past=3, ahead=2)
    (array([1., 2., 3., 4.]), array([3.5, 4.5, 5.5, 6.5]))
    """
    starts = range(values.shape[1] - past - ahead + 1)
    if not starts:
        return np.empty(0), np.empty(0)
    expected = [values[:, s : s + past].mean(axis=1) for s in starts]
    actual = [values[:, s + past : s + past + ahead].mean(axis=1) for s in starts]
    return np.maximum(np.concatenate(expected), LEAST), np.concatenate(actual)


def pasts(panel: Panel) -> list[Past]:
    """Judge every partner's exports and imports since the year asked about."""
    since = panel.asked.since
    until = min(panel.last, since + AHEAD - 1)
    table = series(panel.own, panel.first, panel.last)
    before = table.loc[:, [year for year in table.columns if year < since]]
    reference = Reference(*forecasts(before.to_numpy(), ahead=until - since + 1))
    recent = before.iloc[:, -PAST:].mean(axis=1)
    now = table.loc[:, [year for year in table.columns if since <= year <= until]].mean(axis=1)
    return [
        Past(str(partner), str(flow), float(recent[partner, flow]), float(now[partner, flow]),
             reference.judge(float(now[partner, flow]), max(LEAST, float(recent[partner, flow]))),
             reference)
        for partner, flow in table.index
        if flow in FLOWS
    ]  # fmt: skip


def history_findings(panel: Panel) -> Iterator[Finding]:
    """Yield what each partner trades above the mean of its past years."""
    until = min(panel.last, panel.asked.since + AHEAD - 1)
    for past in pasts(panel):
        if past.judged is None:
            continue
        judged = past.judged
        yield Finding(
            "history", past.partner, past.flow, panel.asked.since, until, judged.excess,
            judged.low, judged.high, "million USD a year", judged.error, judged.p_value,
            judged.excess, f"{panel.described}; errors of {judged.compared} earlier forecasts",
            f"expected {past.expected:.1f} as in the {PAST} years before; a trend is no support",
        )  # fmt: skip
