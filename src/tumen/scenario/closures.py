"""Trade loss and financing loss apart: the law, the deficit, and both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import Infeasible, NotConverged
from tumen.scenario import measure
from tumen.scenario.result import ClosureResult
from tumen.scenario.settings import Settings, accumulated, arrange

if TYPE_CHECKING:
    import xarray as xr

    from tumen.scenario.schema import Scenario
    from tumen.world import World


def closures(scenario: Scenario, world: World, tolerance: float) -> list[ClosureResult]:
    """Law with the deficit kept, the deficit removed with no law, and both.

    What the law step does to money is left out, transfers and remittances: it is financing.

    Parameters
    ----------
    world
        The scenario's baseline.
    tolerance
        Of each solve.

    Raises
    ------
    Infeasible, NotConverged
        With the case named.
    """
    from tumen.equilibrium import solve
    from tumen.world import Shock

    plans = {step: settings for step, _, settings in accumulated(scenario)}
    law = plans.get("law", Settings())
    shock = replace(arrange(scenario, world, law, "central").shock, deficit=None)
    gone = _without_deficit(scenario, world)
    own = world.accounts.deficit[world.economies.index(scenario.target)]
    surplus = own < -1e-9 * world.accounts.imports[world.economies.index(scenario.target)]
    word, loss = ("surplus", "") if surplus else ("deficit", " (financing loss)")
    cases = [
        ("law_deficit_kept", f"Law, {word} kept (trade loss)", shock),
        ("no_law_deficit_removed", f"No law, {word} removed{loss}", Shock(deficit=gone)),
        ("law_deficit_removed", f"Law and {word} removed (both)", replace(shock, deficit=gone)),
    ]
    results = []
    for name, label, case in cases:
        try:
            outcome = solve(world, case, "keep", tolerance)
        except (Infeasible, NotConverged) as error:
            error.add_note(f"in the case {name} of scenario {scenario.id}")
            raise
        results.append(measure.closure_result(name, label, outcome, scenario.target))
    return results


def _without_deficit(scenario: Scenario, world: World) -> xr.DataArray:
    """Deficits with the target's set to zero; the others bear it in proportion to value added."""
    deficit = np.array(world.accounts.deficit)
    n = world.economies.index(scenario.target)
    weight = np.array(world.accounts.value_added)
    weight[n] = 0.0
    deficit += deficit[n] * weight / weight.sum()
    deficit[n] = 0.0
    return world.labelled(deficit, ("economy",))
