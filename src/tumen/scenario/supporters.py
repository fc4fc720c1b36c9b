"""Who could step in: every economy's support compared, at the step before any is given."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.errors import InvalidInput, Problem
from tumen.lifeline.dependence import Progress
from tumen.lifeline.givers import USUAL_SUPPORT, Giver, who_could_step_in
from tumen.lifeline.support import Situation
from tumen.scenario.baseline import scenario_world
from tumen.scenario.labels import refuse_unknown
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import accumulated, arrange


@dataclass(frozen=True, slots=True)
class Supporters:
    """The comparison and what it was made with."""

    scenario: str
    target: str
    step: str
    """The step after which everybody is tried."""
    musd: float
    """What each gives, or opens in trade, million USD a year."""
    actors: tuple[str, ...]
    """Those whom the case is about, which tables always show."""
    givers: tuple[Giver, ...]


def supporters(
    scenario: Scenario,
    musd: float = USUAL_SUPPORT,
    told: Progress = lambda what, done, total: None,
) -> Supporters:
    """Try the same support by every economy, at the last step before the scenario's own support.

    Parameters
    ----------
    scenario
        From :func:`tumen.scenario.load.load_scenario`.
    musd
        Million USD a year.
    told
        Hears of progress.

    Raises
    ------
    InvalidInput
        If ``musd`` is not positive, or deficits follow incomes so that nobody can be given money.
    """
    if not musd > 0:
        raise InvalidInput(Problem("--musd", f"is {musd:g}, must be above 0"))
    if scenario.deficits == "income":
        message = 'support needs deficits "keep" or "zero"; --set deficits=keep'
        raise InvalidInput(Problem(f"scenario {scenario.id}", message))
    world = scenario_world(scenario)
    refuse_unknown(scenario, world)
    plans = [plan for plan in accumulated(scenario) if plan[0] != "support" and not plan[2].support]
    step, _, settings = plans[-1]
    shock = arrange(scenario, world, settings, "central").shock
    situation = Situation(world, shock, scenario.target)
    found = who_could_step_in(situation, musd, told)
    actors = (scenario.newcomer, scenario.benefactor, *(each.id for each in scenario.support))
    return Supporters(scenario.id, scenario.target, step, musd, actors, tuple(found))
