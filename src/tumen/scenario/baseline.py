"""The world that a scenario runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.catalogue.worlds import load_world
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.scenario.horizon import at_horizon

if TYPE_CHECKING:
    from tumen.scenario.schema import Scenario
    from tumen.world import World


def scenario_world(scenario: Scenario) -> World:
    """Load the scenario's world at its elasticities and horizon, without deficits if so asked.

    Raises
    ------
    InvalidInput
        If there is no such world, or it has no range of elasticities.
    """
    choice = scenario.world
    world = load_world(choice.name, choice.gdp_basis, choice.input_template)
    world = at_horizon(
        at_elasticity(world, scenario.elasticity),
        scenario.horizon_months,
        scenario.short_run,
        scenario.target,
    )
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
    return world.with_behaviour(trade_elasticity=world.dataset[f"trade_elasticity_{level}"])


def has_elasticity_range(world: World) -> bool:
    """Say whether the world knows low and high elasticities."""
    return {"trade_elasticity_low", "trade_elasticity_high"} <= set(world.dataset.data_vars)
