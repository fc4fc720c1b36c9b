"""The world that a scenario runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.catalogue.worlds import load_world
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.scenario.horizon import at_horizon
from tumen.scenario.merging import merged_into, merged_world

if TYPE_CHECKING:
    import xarray as xr

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
    into = merged_into(scenario)
    if into:
        world = merged_world(world, into)
    world = at_horizon(
        at_elasticity(world, scenario.elasticity),
        scenario.horizon_months,
        scenario.short_run,
        scenario.target,
    )
    if scenario.deficits != "zero":
        return world
    return type(world).equilibrate(world.dataset, deficits="zero")


def at_elasticity(world: World, level: Level | float) -> World:
    """Return ``world`` with the low, central or high trade elasticities.

    Parameters
    ----------
    level
        A number lies between: 0 low, 0.5 central, 1 high; all sectors move together.

    The baseline is the same equilibrium whatever the elasticities are.

    Raises
    ------
    InvalidInput
        If the world has no range of elasticities.
    """
    if level in ("central", 0.5):
        return world
    if not has_elasticity_range(world):
        name = f"trade_elasticity_{level}" if isinstance(level, str) else "range of elasticities"
        raise InvalidInput(Problem("", f'the world has no {name}; use elasticity "central"'))
    if not isinstance(level, str):
        return world.with_behaviour(trade_elasticity=_between(world, level))
    return world.with_behaviour(trade_elasticity=world.dataset[f"trade_elasticity_{level}"])


def _between(world: World, part: float) -> xr.DataArray:
    """Elasticities between low and central, or central and high."""
    data = world.dataset
    end, weight = ("low", 1 - 2 * part) if part < 0.5 else ("high", 2 * part - 1)
    return data["trade_elasticity"] * (1 - weight) + data[f"trade_elasticity_{end}"] * weight


def has_elasticity_range(world: World) -> bool:
    """Say whether the world knows low and high elasticities."""
    return {"trade_elasticity_low", "trade_elasticity_high"} <= set(world.dataset.data_vars)
