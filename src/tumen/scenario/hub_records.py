"""What goes round by hubs, as their customs and those of the direct way record it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tumen.scenario import measure
from tumen.scenario.cells import DIRECTIONS
from tumen.scenario.result import HubRow
from tumen.scenario.settings import Arrangement

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome


def hub_rows(step: str, outcome: Outcome, arrangement: Arrangement, target: str) -> list[HubRow]:
    """Return what each hub passes on of the target's exports and imports at a step.

    Notes
    -----
    The hub's customs record the goods as its own imports and exports; the customs of the direct
    way record them no longer.
    """
    return list(_rows(step, outcome, arrangement, target)) if arrangement.by_hubs else []


def _rows(step: str, outcome: Outcome, arrangement: Arrangement, target: str) -> Iterator[HubRow]:
    world = outcome.world
    n = world.economies.index(target)
    parts = measure.trade_parts(outcome, arrangement)
    before = world.accounts.trade.transpose(2, 1, 0) * measure.recorded_share(world)
    shares = world.accounts.shares.transpose(2, 1, 0)
    strength = shares * (arrangement.legal + arrangement.hidden)
    strength += arrangement.opened + arrangement.opened_hidden
    scale = np.divide(
        outcome.trade.values, strength, out=np.zeros_like(strength), where=strength > 0
    )
    passed = {hub: scale * shares * route.share for hub, route in arrangement.by_hubs.items()}
    served = np.any([values > 0 for values in passed.values()], axis=0)
    for direction in DIRECTIONS:
        side = (n,) if direction == "export" else (slice(None), n)
        cells = served[side]
        for hub, route in arrangement.by_hubs.items():
            h = world.economies.index(hub)
            diverted = float(passed[hub][side].sum())
            if diverted <= 0:
                continue
            through = float(passed[hub].sum())
            guessed = (route.fitted & (passed[hub] > 0))[side].any(axis=0)
            abroad = np.arange(len(world.economies)) != h
            yield HubRow(
                step=step,
                flow=direction,
                hub=hub,
                diverted_musd=diverted,
                hub_imports_musd=float(parts["recorded"][abroad, h].sum()) + through,
                hub_exports_musd=float(parts["recorded"][h, abroad].sum()) + through,
                direct_before_musd=float(before[side][cells].sum()),
                direct_musd=float(parts["recorded"][side][cells].sum()),
                fitted=" ".join(np.array(world.sectors)[guessed]),
            )
