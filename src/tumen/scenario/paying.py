"""What pays for imports: own financing, savings, and the imports that would be bought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.endurance.currency import runway_months
from tumen.scenario.result import StepResult
from tumen.scenario.settings import Arrangement

if TYPE_CHECKING:
    from tumen.world import Cap, Shock, World

Array = NDArray[np.float64]

MET = 1e-6
"""Imports this close to what is desired, relatively, are paid in full."""


@dataclass(frozen=True, slots=True)
class Payment:
    """How the target can pay, million USD a year."""

    own: float
    """F: all that finances imports beside exports and savings."""
    desired_imports: float
    """M*: the baseline's imports as far as law and hidden routes let them through."""
    draw_limit: float
    """The most that savings can give."""
    least_draw: float = 0.0
    """0 or below: what is saved before more than that is imported."""

    def runway(self, step: StepResult, stock_musd: float, draw: float) -> float | None:
        """Return for how many months a stock pays this draw: 0 where it does not pay for all now.

        None if nothing has to be drawn.
        """
        return 0.0 if self.falls_short(step, draw) else runway_months(stock_musd, draw)

    def falls_short(self, step: StepResult, draw: float) -> bool:
        """Whether savings at their limit leave desired imports unpaid."""
        exports = step.exports_musd + step.exports_unrecorded_musd + step.hidden_exports_musd
        missing = self.desired_imports - exports - self.own - draw
        held = draw >= self.draw_limit * (1 - MET)
        return held and missing > MET * self.desired_imports


def own_financing(
    world: World, arrangement: Arrangement, target: str, baseline_draw: float
) -> float:
    """Return F: the deficit of the baseline less what savings paid of it, and all transfers since.

    Parameters
    ----------
    baseline_draw
        Savings drawn in the baseline year, million USD; below 0 where it added to them.
    """
    deficit = arrangement.shock.deficit
    before = world.accounts.deficit[world.economies.index(target)]
    kept = float(before) if deficit is None else float(deficit.sel(economy=target))
    return kept - baseline_draw


def desired_imports(world: World, arrangement: Arrangement, target: str) -> float:
    """Return M*: baseline imports × the freeness that law and hidden routes leave, at most 1.

    Of what a cap covers, the limit counts, and beyond it what smugglers' prices let through; what
    is opened counts at its value.
    """
    n = world.economies.index(target)
    imports = world.accounts.trade.transpose(2, 1, 0)[:, n].copy()
    imports[n] = 0.0
    free = np.minimum(1.0, arrangement.legal[:, n] + arrangement.hidden[:, n])
    wanted = imports * free
    for cap in arrangement.shock.caps:
        wanted -= _stopped(world, wanted, cap, target)
    opened = (arrangement.opened + arrangement.opened_hidden)[:, n] * world.accounts.spending[:, n]
    return float(wanted.sum() + opened.sum())


def _stopped(world: World, wanted: Array, cap: Cap, target: str) -> Array:
    """Part of the target's wanted imports (origin, sector) that a cap keeps out."""
    covered, counted = np.zeros_like(wanted), 0.0
    for flow, unit in zip(cap.flows, cap.units_of_flows(), strict=True):
        origin, destination, sector, share = flow
        if destination == target:
            cell = world.economies.index(origin), world.sectors.index(sector)
            covered[cell] = share * wanted[cell]
            counted += unit * covered[cell]
    if counted <= cap.limit:
        return np.zeros_like(wanted)
    leaks: Array | float = 0.0
    if cap.max_wedge is not None:
        leaks = cap.max_wedge**-world.accounts.theta
    stopped: Array = covered * (1 - cap.limit / counted) * (1 - leaks)
    return stopped


def financed(arrangement: Arrangement, target: str, paid: Payment) -> Shock:
    """Return the arrangement's shock with the target's deficit as it can be financed.

    Givers pay what they give; what savings bring is a claim on all others, by value added.
    """
    import xarray as xr

    values = {
        "income": paid.own,
        "draw_limit": paid.draw_limit,
        "desired_imports": paid.desired_imports,
        "least_draw": paid.least_draw,
    }
    data = {name: ("economy", [value]) for name, value in values.items()}
    return replace(arrangement.shock, financing=xr.Dataset(data, {"economy": [target]}))
