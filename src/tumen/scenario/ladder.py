"""Running a case: every step of the ladder, computed anew from the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tumen.errors import Infeasible, InvalidInput, NotConverged
from tumen.evidence.quantity import Level
from tumen.scenario import foundations, measure
from tumen.scenario.backtest import Replay, backtest
from tumen.scenario.backtest_errors import backtest_drivers, backtest_figures, backtest_goods
from tumen.scenario.baseline import scenario_world
from tumen.scenario.closures import closures
from tumen.scenario.decomposition import Contribution, contributions
from tumen.scenario.endured import endured
from tumen.scenario.holding import on_steps
from tumen.scenario.horizon import FIRST_MONTHS
from tumen.scenario.labels import refuse_unknown
from tumen.scenario.result import (
    Convergence,
    HorizonRow,
    PartnerEffect,
    Result,
    SectorRow,
    StepResult,
)
from tumen.scenario.schema import Scenario
from tumen.scenario.sensitivity import Progress, banded, gdp_elasticity, sensitivities
from tumen.scenario.settings import Arrangement, Settings, accumulated, arrange
from tumen.scenario.stepping_in import compensations, stepping_in

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.equilibrium.closures import Closure
    from tumen.lifeline.support import Compensation
    from tumen.world import World

LADDER_TOLERANCE = 1e-10
"""Largest residual that a step's solution may have."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step, solved."""

    id: str
    label: str
    settings: Settings
    arrangement: Arrangement
    outcome: Outcome

    def result(self, target: str) -> StepResult:
        """Return what the step does to ``target``."""
        return measure.step_result(
            self.id, self.label, self.settings, self.outcome, self.arrangement, target
        )

    def sectors(self, target: str) -> list[SectorRow]:
        """Return the target's trade and prices sector by sector."""
        return measure.sector_rows(self.id, self.outcome, self.arrangement, target)

    def partners(self, target: str) -> list[PartnerEffect]:
        """Return what the step does to others; nothing for the baseline."""
        if self.id == "baseline":
            return []
        return measure.partner_effects(self.id, self.outcome, target)

    def convergence(self) -> Convergence:
        """Return how well the step was solved."""
        outcome = self.outcome
        return Convergence(self.id, outcome.iterations, outcome.worst_imbalance, outcome.tolerance)


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def run(scenario: Scenario, progress: Progress = silent, sensitivity: bool = True) -> Result:
    """Run every step of ``scenario`` and return its result.

    Parameters
    ----------
    scenario
        From :func:`tumen.scenario.load.load_scenario`.
    progress
        Called as work goes on.
    sensitivity
        False leaves out the runs under other assumptions, and the elasticity band.

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
    tests = sensitivities(scenario, _incomes, progress) if sensitivity else []
    target = scenario.target
    lasting = endured(scenario, _climbed, progress, sensitivity)
    steps = banded([rung.result(target) for rung in rungs], tests)
    return Result(
        scenario=scenario.id,
        title=scenario.title,
        target=target,
        as_of=scenario.as_of,
        steps=tuple(on_steps(steps, lasting.get("holding", ()))),
        closures=tuple(closures(scenario, world, LADDER_TOLERANCE)),
        horizons=tuple(both_ends(scenario)) if sensitivity else (),
        sensitivity=tuple(tests),
        partners=tuple(effect for rung in rungs for effect in rung.partners(target)),
        sectors=tuple(row for rung in rungs for row in rung.sectors(target)),
        contributions=tuple(_contributions(scenario, world)) if sensitivity else (),
        **_backtested(scenario, world),
        **lasting,
        stepping_in=stepping_in(scenario, rungs[-1].outcome, rungs[-1].arrangement),
        compensation=tuple(_compensations(scenario, rungs)) if sensitivity else (),
        convergence=tuple(rung.convergence() for rung in rungs),
        sources=tuple(foundations.cited(scenario)),
        world=foundations.world_facts(scenario, world),
        versions=foundations.versions(),
        notes=tuple(step.note for step in scenario.steps if step.note),
        elasticity_of_headline=gdp_elasticity(tests),
    )


def _climbed(scenario: Scenario) -> Iterator[Rung]:
    """The ladder of a variant of the case."""
    return ladder(scenario, scenario_world(scenario), "central")


def _backtested(scenario: Scenario, world: World) -> dict[str, Any]:
    """Fields of the result about the backtest; none without one."""
    replay = Replay.of(scenario, world)
    if replay is None:
        return {}
    return {
        "backtest": tuple(backtest(replay)),
        "backtest_figures": tuple(backtest_figures(replay)),
        "backtest_goods": tuple(backtest_goods(replay)),
        "backtest_drivers": tuple(backtest_drivers(replay)),
    }


def _compensations(scenario: Scenario, rungs: Sequence[Rung]) -> list[Compensation]:
    """Support as it would have to be, at the last step before any is given."""
    before = [rung for rung in rungs if not rung.settings.support and rung.id != "support"][-1]
    return compensations(scenario, before.outcome, before.arrangement)


def ladder(
    scenario: Scenario, world: World, level: Level, progress: Progress = silent
) -> Iterator[Rung]:
    """Solve the baseline and every step on ``world``, at one end of the settings' ranges."""
    plans = list(accumulated(scenario))
    for done, (step, label, settings) in enumerate(plans):
        progress(label, done, len(plans))
        try:
            arrangement = arrange(scenario, world, settings, level)
            outcome = _solved(scenario, world, arrangement)
        except (InvalidInput, Infeasible, NotConverged) as error:
            error.add_note(f"in step {step} of scenario {scenario.id}")
            raise
        yield Rung(step, label, settings, arrangement, outcome)


def _solved(scenario: Scenario, world: World, arrangement: Arrangement) -> Outcome:
    """Solve; where workers who cannot move leave no solution, they move, and the result says so."""
    from tumen.equilibrium import solve
    from tumen.world.short_run import with_labour

    # A world without deficits was solved first; transfers are then all that D' consists of.
    closure: Closure = "income" if scenario.deficits == "income" else "keep"
    try:
        return solve(world, arrangement.shock, closure, LADDER_TOLERANCE)
    except NotConverged:
        if not world.accounts.stuck.any():
            raise
        return solve(with_labour(world, "mobile"), arrangement.shock, closure, LADDER_TOLERANCE)


def both_ends(scenario: Scenario) -> list[HorizonRow]:
    """Every step in the short run of the scenario and in the long run; none without a short run."""
    if scenario.short_run is None:
        return []
    rows = []
    for end, months in (("short run", FIRST_MONTHS), ("long run", None)):
        case = scenario.model_copy(update={"horizon_months": months})
        inputs = scenario.short_run.inputs if months is not None else "smooth"
        for rung in ladder(case, scenario_world(case), "central"):
            step = rung.result(scenario.target)
            rows.append(
                HorizonRow(
                    step.id,
                    end,
                    step.labour,
                    inputs,
                    step.exports_musd,
                    step.imports_musd,
                    step.real_income_pct,
                    step.real_output_pct,
                    step.employment_pct,
                )
            )
    return rows


def _incomes(scenario: Scenario, level: Level, found: dict[str, float]) -> None:
    """Fill step id → real income of the target in per cent, for the sensitivities."""
    for rung in ladder(scenario, scenario_world(scenario), level):
        income = rung.outcome.real_income.sel(economy=scenario.target)
        found[rung.id] = measure.percent(float(income))


def _contributions(scenario: Scenario, world: World) -> list[Contribution]:
    """Take the steps apart with solves of the central settings."""

    def answer(settings: Settings) -> tuple[float, float, float]:
        arrangement = arrange(scenario, world, settings, "central")
        outcome = _solved(scenario, world, arrangement)
        rung = Rung("part", "", settings, arrangement, outcome).result(scenario.target)
        return rung.real_income_pct, rung.exports_musd, rung.imports_musd

    return contributions(scenario, answer)
