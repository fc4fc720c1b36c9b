"""The world that a scenario runs on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tumen.catalogue.worlds import load_world
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level

if TYPE_CHECKING:
    from tumen.scenario.schema import Scenario
    from tumen.world import World


def scenario_world(scenario: Scenario) -> World:
    """Load the scenario's world with its elasticities, without deficits if it asks for none.

    Raises
    ------
    InvalidInput
        If there is no such world, or it has no range of elasticities.
    """
    choice = scenario.world
    world = load_world(choice.name, choice.gdp_basis, choice.input_template)
    world = at_horizon(at_elasticity(world, scenario.elasticity), scenario.horizon_months)
    if scenario.deficits != "zero":
        return world
    return type(world).equilibrate(world.dataset, deficits="zero")


def at_elasticity(world: World, level: Level) -> World:
    """Return ``world`` with the low, central or high trade elasticities.

    The baseline is the same equilibrium whatever the elasticities are.

    Raises
    ------
    InvalidInput
        If the world has no range of elasticities.
    """
    if level == "central":
        return world
    if not has_elasticity_range(world):
        message = f'the world has no trade_elasticity_{level}; use elasticity "central"'
        raise InvalidInput(Problem("", message))
    data = world.dataset
    return type(world)(data.assign(trade_elasticity=data[f"trade_elasticity_{level}"]))


def has_elasticity_range(world: World) -> bool:
    """Say whether the world knows low and high elasticities."""
    return {"trade_elasticity_low", "trade_elasticity_high"} <= set(world.dataset.data_vars)


SHORT_RUN = 0.38
"""κ0: ratio of the one-year to the long-run trade elasticity (.25 to .6), Boehm, Levchenko and
Pandalai-Nayar (2023)."""
FIRST_MONTHS = 12
"""Months over which the elasticity stays at its short-run part."""
ADJUSTMENT = 36
"""Months of the exponential that leads from the short to the long run; judgement."""


def horizon_factor(months: int, short_run: float = SHORT_RUN) -> float:
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


def at_horizon(world: World, months: int | None) -> World:
    """Return ``world`` with the trade elasticities that hold some months after a change.

    The baseline is the same equilibrium. None: the long run.
    """
    if months is None:
        return world
    factor = horizon_factor(months)
    names = [name for name in world.dataset.data_vars if str(name).startswith("trade_elasticity")]
    data = world.dataset
    return type(world)(data.assign({name: data[name] * factor for name in names}))
