"""The target's trade with each economy, step by step: recorded, unrecorded and hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tumen.scenario import measure
from tumen.scenario.result import PartnerTrade

if TYPE_CHECKING:
    from tumen.scenario.ladder import Rung

LEAST = 1e-6
"""Million USD a year: who trades less with the target at every step is left out."""


def partner_trade(rungs: Sequence[Rung], target: str) -> Iterator[PartnerTrade]:
    """Yield a row for each step and each economy that trades with ``target`` at some step.

    The rows of a step sum to what :class:`~tumen.scenario.result.StepResult` says of it.
    """
    economies = rungs[0].outcome.world.economies
    n = economies.index(target)
    found = [measure.foreign_parts(rung.outcome, rung.arrangement, n) for rung in rungs]
    sums = np.array(
        [
            [
                way.sum(axis=1)
                for part in ("recorded", "unrecorded", "hidden")
                for way in parts[part]
            ]
            for parts in found
        ]
    )
    trading = np.flatnonzero(sums.sum(axis=1).max(axis=0) > LEAST)
    for rung, values in zip(rungs, sums, strict=True):
        for partner in trading:
            yield PartnerTrade(
                rung.id, economies[partner], *(float(value) for value in values[:, partner])
            )
