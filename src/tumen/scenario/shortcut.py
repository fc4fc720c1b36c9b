"""Whether a case may run with economies merged, held against its ladder with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tumen.errors import TumenError
from tumen.scenario.baseline import scenario_world
from tumen.scenario.ladder import Rung, ladder
from tumen.scenario.merging import merged
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from tumen.scenario.result import StepResult

NEGLIGIBLE = 0.005
"""Per cent: income, output and earnings may differ by as many points, trade by as much of itself;
tables print two decimals of a per cent at most."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """The case as runs beside its ladder may take it."""

    scenario: Scenario
    economies: int
    """Of its world."""
    difference_pct: float
    """The most that a step of the ladder differs by from that with all economies."""


def shortcut(scenario: Scenario, rungs: Sequence[Rung] | None = None) -> Shortcut:
    """Return the case with alike economies merged, if no step of its ladder shows it.

    Parameters
    ----------
    rungs
        The ladder with all economies; None: it is solved here.

    Returns
    -------
    Shortcut; the case itself, with a difference of 0, where merging shows.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> shortcut(load_scenario("dprk-2017")).economies
    11
    """
    world = scenario_world(scenario)
    as_it_is = Shortcut(scenario, len(world.economies), 0.0)
    case = merged(scenario, world)
    if case is scenario:
        return as_it_is
    if rungs is None:
        rungs = list(ladder(scenario, world, "central", quick=True))
    small = scenario_world(case)
    try:
        found = [
            _difference(rung.result(case.target), other.result(case.target))
            for rung, other in zip(rungs, ladder(case, small, "central", quick=True), strict=True)
        ]
    except TumenError:
        return as_it_is
    if max(found) > NEGLIGIBLE:
        return as_it_is
    return Shortcut(case, len(small.economies), max(found))


def _difference(one: StepResult, other: StepResult) -> float:
    """Largest difference of two readings of a step: points, or per cent of the larger flow."""
    points = ("real_income_pct", "real_output_pct", "real_earnings_pct")
    flows = ("exports_musd", "imports_musd", "hidden_musd")
    scale = 100 / max(abs(one.exports_musd), abs(one.imports_musd), 1e-12)
    weights = {**dict.fromkeys(points, 1.0), **dict.fromkeys(flows, scale)}
    apart = [w * abs(getattr(one, name) - getattr(other, name)) for name, w in weights.items()]
    return float(max(apart))
