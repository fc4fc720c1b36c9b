"""Short run and long run: what can be replaced, and who can move, some months after a measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from pydantic import model_validator

from tumen.catalogue.presets import with_preset
from tumen.errors import NotConverged
from tumen.evidence.quantity import Level, Quantity
from tumen.files.schema import Code, Record
from tumen.scenario.rules import between
from tumen.world.short_run import Mobility, with_labour

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.equilibrium.closures import Closure
    from tumen.world import Shock, World

SHORT_RUN = 0.38
"""κ0: ratio of the one-year to the long-run trade elasticity (.25 to .6), Boehm, Levchenko and
Pandalai-Nayar (2023)."""
FIRST_MONTHS = 12
"""Months over which everything stays as in the short run."""
ADJUSTMENT = 36
"""Months of the exponential that leads trade elasticities to the long run; judgement."""
LAST_MONTHS = 36
"""Months after which workers move and inputs replace one another as in the long run; judgement."""

WageFloor = Annotated[Quantity, between(0.01, 0.99, "share of the mean wage")]
"""The least that a sector pays."""


class ShortRun(Record):
    """How stiff the target's economy is within 12 months; after 36 months it is as published."""

    inputs: Code = "smooth"
    """Elasticities of inputs and final demand: a preset, "smooth", "rigid" or "bottleneck"."""
    labour: Mobility = "mobile"
    """Whether workers can change sectors; "idle": they cannot, and wages have a floor."""
    wage_floor: WageFloor | None = None
    """With labour "idle": the least that a sector pays, of the mean wage."""
    reading: Level = "central"
    """Which end of the ranges of the preset and of the floor."""

    @model_validator(mode="after")
    def _floor_where_idle(self) -> ShortRun:
        if (self.labour == "idle") != (self.wage_floor is not None):
            raise ValueError('labour "idle" needs a wage_floor, and only it has one')
        return self


def horizon_factor(months: float, short_run: float = SHORT_RUN) -> float:
    """Return κ(h), the part of the long-run trade elasticity that holds after some months.

    Notes
    -----
    κ(h) = 1 − (1 − κ0) exp(−max(h − 12, 0) / 36).

    Examples
    --------
    >>> horizon_factor(6), round(horizon_factor(48), 3)
    (0.38, 0.772)
    """
    return float(1 - (1 - short_run) * math.exp(-max(months - FIRST_MONTHS, 0) / ADJUSTMENT))


def stiffness(months: float) -> float:
    """Return how much of the short run is left: 1 within 12 months, 0 after 36, linear between.

    Examples
    --------
    >>> stiffness(6), stiffness(24), stiffness(60)
    (1.0, 0.5, 0.0)
    """
    return min(1.0, max(0.0, (LAST_MONTHS - months) / (LAST_MONTHS - FIRST_MONTHS)))


def at_horizon(
    world: World, months: float | None, short_run: ShortRun | None = None, target: str = ""
) -> World:
    """Return ``world`` as it answers some months after a change.

    Parameters
    ----------
    months
        Since the measures bit; None: the long run.
    short_run
        How stiff the target's economy is; None: trade elasticities alone follow the horizon.
    target
        Whose economy it is.

    Notes
    -----
    Elasticities of inputs move towards 1, and the wage floor towards none, in the line of
    :func:`stiffness`; workers change sectors from 36 months on. The baseline is the same
    equilibrium at every horizon.
    """
    if months is None:
        return world
    factor = horizon_factor(months)
    names = [name for name in world.dataset.data_vars if str(name).startswith("trade_elasticity")]
    data = world.dataset
    world = world.with_behaviour(**{str(name): data[name] * factor for name in names})
    weight = stiffness(months)
    if short_run is None or weight == 0:
        return world
    world = with_preset(world, short_run.inputs, [target], short_run.reading, weight)
    if short_run.wage_floor is None:
        return with_labour(world, short_run.labour, [target])
    floor = weight * short_run.wage_floor.at(short_run.reading)
    return with_labour(world, "idle", [target], floor)


def solved_or_mobile(
    world: World, shock: Shock, closure: Closure, tolerance: float, near: Outcome | None = None
) -> Outcome:
    """Solve; where workers who cannot move leave no solution, they move.

    The outcome's world tells which: steps and months carry it as ``labour``.
    """
    from tumen.equilibrium import solve

    try:
        return solve(world, shock, closure, tolerance, start=near)
    except NotConverged:
        if not world.accounts.stuck.any():
            raise
        return solve(with_labour(world, "mobile"), shock, closure, tolerance)
