"""Running a case: the ladder, and all that is said about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tumen.scenario import foundations
from tumen.scenario.backtest import Replay, backtest
from tumen.scenario.backtest_errors import backtest_drivers, backtest_figures, backtest_goods
from tumen.scenario.baseline import scenario_world
from tumen.scenario.closures import closures
from tumen.scenario.decision import BRIEF, Depth, decision
from tumen.scenario.decomposition import Contribution, contributions
from tumen.scenario.endured import endurance_jobs, endured
from tumen.scenario.holding import on_steps
from tumen.scenario.labels import refuse_unknown
from tumen.scenario.ladder import LADDER_TOLERANCE, Rung, ladder, solved
from tumen.scenario.partner_trade import partner_trade
from tumen.scenario.result import Result, Sensitivity
from tumen.scenario.schema import Scenario
from tumen.scenario.sensitivity import banded, both_ends, gdp_elasticity, run_variant, variants
from tumen.scenario.settings import Settings, arrange
from tumen.scenario.shortcut import shortcut
from tumen.scenario.spread import Job, Progress, silent, spread
from tumen.scenario.stepping_in import compensations, stepping_in

if TYPE_CHECKING:
    from tumen.lifeline.support import Compensation


def run(
    scenario: Scenario,
    progress: Progress = silent,
    sensitivity: bool = True,
    workers: int = 1,
    depth: Depth = BRIEF,
) -> Result:
    """Run every step of ``scenario`` and return its result.

    Parameters
    ----------
    scenario
        From :func:`tumen.scenario.load.load_scenario`.
    progress
        Called as work goes on.
    sensitivity
        False leaves out the runs under other assumptions, and all bands.
    workers
        Processes for what does not depend on one another. With more than one, a script needs the
        usual guard ``if __name__ == "__main__":``.
    depth
        How much is asked of the decision.

    Raises
    ------
    InvalidInput, Infeasible, NotConverged
        With the step named.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> result = run(load_scenario("dprk-2017"), sensitivity=False)
    >>> [step.id for step in result.steps][:3]
    ['baseline', 'law', 'enforced']
    """
    world = scenario_world(scenario)
    refuse_unknown(scenario, world)
    rungs = list(ladder(scenario, world, "central", progress))
    short = shortcut(scenario, rungs)
    answers = spread(_jobs(scenario, short.scenario, sensitivity, depth), workers, progress)
    tests = [each for each in answers.values() if isinstance(each, Sensitivity)]
    target = scenario.target
    lasting = endured(scenario, answers)
    steps = banded([rung.result(target) for rung in rungs], tests)
    return Result(
        scenario=scenario.id,
        title=scenario.title,
        target=target,
        as_of=scenario.as_of,
        steps=tuple(on_steps(steps, lasting.get("holding", ()))),
        closures=tuple(closures(scenario, world, LADDER_TOLERANCE)),
        horizons=tuple(answers.get("both ends", ())),
        sensitivity=tuple(tests),
        partners=tuple(effect for rung in rungs for effect in rung.partners(target)),
        sectors=tuple(row for rung in rungs for row in rung.sectors(target)),
        partner_trade=tuple(partner_trade(rungs, target)),
        hubs=tuple(row for rung in rungs for row in rung.hubs(target)),
        contributions=tuple(answers.get("contributions", ())),
        **answers["backtest"],
        **lasting,
        decision=answers.get("decision"),
        stepping_in=stepping_in(scenario, rungs[-1].outcome, rungs[-1].arrangement),
        compensation=tuple(answers.get("compensation", ())),
        convergence=tuple(rung.convergence() for rung in rungs),
        sources=tuple(foundations.cited(scenario)),
        world=foundations.world_facts(scenario, world)
        | {"economies_beside": short.economies, "merging_difference_pct": short.difference_pct},
        versions=foundations.versions(),
        notes=tuple(step.note for step in scenario.steps if step.note),
        elasticity_of_headline=gdp_elasticity(tests),
    )


def _jobs(
    scenario: Scenario, short: Scenario, sensitivity: bool, depth: Depth = BRIEF
) -> dict[str, Job]:
    """What a result needs beside its ladder; the longest first."""
    jobs = endurance_jobs(short, sensitivity)
    if sensitivity:
        if scenario.statecraft is not None:
            jobs = {"decision": partial(decision, short, depth), **jobs}
        jobs["compensation"] = partial(_compensations, short)
        jobs["contributions"] = partial(_contributions, short)
        jobs["both ends"] = partial(both_ends, short)
        jobs |= {
            f"{each.assumption} {each.value}": partial(run_variant, each)
            for each in variants(short)
        }
    jobs["backtest"] = partial(_backtested, scenario)
    return jobs


def _backtested(scenario: Scenario) -> dict[str, Any]:
    """Fields of the result about the backtest; none without one."""
    replay = Replay.of(scenario, scenario_world(scenario)) if scenario.backtest else None
    if replay is None:
        return {}
    return {
        "backtest": tuple(backtest(replay)),
        "backtest_figures": tuple(backtest_figures(replay)),
        "backtest_goods": tuple(backtest_goods(replay)),
        "backtest_drivers": tuple(backtest_drivers(replay)),
    }


def _compensations(scenario: Scenario) -> list[Compensation]:
    """Support as it would have to be, at the last step before any is given."""
    rungs = ladder(scenario, scenario_world(scenario), "central", quick=True)
    before = [rung for rung in rungs if not rung.settings.support and rung.id != "support"][-1]
    return compensations(scenario, before.outcome, before.arrangement)


def _contributions(scenario: Scenario) -> list[Contribution]:
    """Take the steps apart with solves of the central settings."""
    world, last = scenario_world(scenario), None

    def answer(settings: Settings) -> tuple[float, float, float]:
        nonlocal last
        arrangement = arrange(scenario, world, settings, "central")
        last = outcome = solved(scenario, world, arrangement, last)
        rung = Rung("part", "", settings, arrangement, outcome).result(scenario.target)
        return rung.real_income_pct, rung.exports_musd, rung.imports_musd

    return contributions(scenario, answer)
