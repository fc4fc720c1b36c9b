"""Running a case: the ladder of steps, the closures apart, and what the answer hangs on."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from tumen.catalogue.inserts import load_insert
from tumen.catalogue.worlds import catalogue, load_world
from tumen.errors import InvalidInput, NotConverged, Problem
from tumen.evidence.quantity import LEVELS, Level
from tumen.scenario import measure
from tumen.scenario.load import quantities, scenario_sources
from tumen.scenario.result import (
    CitedSource,
    ClosureResult,
    Convergence,
    PartnerEffect,
    Result,
    SectorRow,
    Sensitivity,
    StepResult,
)
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement, Settings, accumulated, arrange

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.world import World

Progress = Callable[[str, int, int], None]
"""(what, done, of how many)."""

LADDER_TOLERANCE = 1e-10


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def scenario_world(scenario: Scenario) -> World:
    """Load the scenario's world with its elasticity level.

    Raises
    ------
    InvalidInput
        If there is no such world, or it has no range of elasticities.
    """
    choice = scenario.world
    world = load_world(choice.name, choice.gdp_basis, choice.input_template)
    world = at_elasticity(world, scenario.elasticity)
    if scenario.deficits != "zero":
        return world
    return type(world).equilibrate(world.dataset, deficits="zero")


def at_elasticity(world: World, level: Level) -> World:
    """Return ``world`` with the low, central or high trade elasticities.

    The baseline is the same equilibrium whatever the elasticities are.
    """
    from tumen.world import World as Baseline

    if level == "central":
        return world
    name = f"trade_elasticity_{level}"
    data = world.dataset
    if name not in data:
        raise InvalidInput(Problem("elasticity", f"the world has no {name}; use central"))
    return Baseline(data.assign(trade_elasticity=data[name]))


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
    """
    world = scenario_world(scenario)
    plans = list(accumulated(scenario))
    solved: list[tuple[str, Outcome]] = []
    steps: list[StepResult] = []
    partners: list[PartnerEffect] = []
    sectors: list[SectorRow] = []
    for done, (step, label, settings) in enumerate(plans):
        progress(label, done, len(plans))
        arrangement = arrange(scenario, world, settings, "central")
        outcome = _solved(scenario, world, arrangement, step)
        solved.append((step, outcome))
        steps.append(
            measure.step_result(step, label, settings, outcome, arrangement, scenario.target)
        )
        sectors += measure.sector_rows(step, outcome, arrangement, scenario.target)
        if step != "baseline":
            partners += measure.partner_effects(step, outcome, scenario.target)
    tests = _sensitivities(scenario, progress) if sensitivity else []
    steps = _banded(steps, tests)
    return Result(
        scenario=scenario.id,
        title=scenario.title,
        target=scenario.target,
        as_of=scenario.as_of,
        steps=tuple(steps),
        closures=tuple(closures(scenario, world)),
        sensitivity=tuple(tests),
        partners=tuple(partners),
        sectors=tuple(sectors),
        convergence=tuple(
            Convergence(step, outcome.iterations, outcome.worst_imbalance, outcome.tolerance)
            for step, outcome in solved
        ),
        sources=tuple(_cited(scenario)),
        world=_world_facts(scenario, world),
        versions=_versions(),
        notes=tuple(step.note for step in scenario.steps if step.note),
        elasticity_of_headline=_gdp_elasticity(tests),
    )


def _solved(scenario: Scenario, world: World, arrangement: Arrangement, step: str) -> Outcome:
    from tumen.equilibrium import solve

    # A world without deficits was solved first; transfers are then all that D' consists of.
    closure = "income" if scenario.deficits == "income" else "keep"
    try:
        return solve(world, arrangement.shock, closure, LADDER_TOLERANCE)
    except NotConverged as error:
        error.add_note(f"in step {step} of scenario {scenario.id}")
        raise


def closures(scenario: Scenario, world: World) -> list[ClosureResult]:
    """Law with the deficit kept, the deficit removed with no law, and both."""
    from tumen.equilibrium import solve
    from tumen.world import Shock

    plans = {step: settings for step, _, settings in accumulated(scenario)}
    law = plans.get("law", Settings())
    shock = arrange(scenario, world, law, "central").shock
    freeness = Shock(freeness=shock.freeness, opening=shock.opening)
    gone = _without_deficit(scenario, world)
    both = replace(freeness, deficit=gone)
    cases = [
        ("law_deficit_kept", "Law, deficit kept (trade loss)", freeness),
        ("no_law_deficit_removed", "No law, deficit removed (financing loss)", Shock(deficit=gone)),
        ("law_deficit_removed", "Law and deficit removed (both)", both),
    ]
    return [
        measure.closure_result(
            name, label, solve(world, case, "keep", LADDER_TOLERANCE), scenario.target
        )
        for name, label, case in cases
    ]


def _without_deficit(scenario: Scenario, world: World) -> object:
    """Deficits with the target's set to zero; the others bear it in proportion to value added."""
    import xarray as xr

    deficit = np.array(world.accounts.deficit)
    n = world.economies.index(scenario.target)
    weight = np.array(world.accounts.value_added)
    weight[n] = 0.0
    deficit += deficit[n] * weight / weight.sum()
    deficit[n] = 0.0
    return xr.DataArray(deficit, {"economy": list(world.economies)}, ("economy",))


@dataclass(frozen=True, slots=True)
class _Variant:
    """The scenario with one assumption changed."""

    assumption: str
    value: str
    scenario: Scenario
    level: Level = "central"
    number: float | None = None


def _sensitivities(scenario: Scenario, progress: Progress) -> list[Sensitivity]:
    """Run the ladder again with one assumption changed at a time."""
    ends: tuple[Level, Level] = ("low", "high")
    variants = [
        _Variant("trade elasticities", end, scenario.model_copy(update={"elasticity": end}))
        for end in ends
    ]
    variants += [_Variant("step settings", end, scenario, end) for end in ends]
    variants += _world_variants(scenario)
    found = []
    for done, variant in enumerate(variants):
        progress(f"{variant.assumption} {variant.value}", done, len(variants))
        incomes = _incomes(variant.scenario, variant.level)
        found.append(Sensitivity(variant.assumption, variant.value, variant.number, incomes))
    return found


def _world_variants(scenario: Scenario) -> list[_Variant]:
    """Other GDP bases and input templates, where the world has an inserted economy."""
    choice = scenario.world
    entry = catalogue().worlds.get(choice.name or catalogue().default)
    if entry is None or entry.insert is None:
        return []
    accounts = load_insert(entry.insert).accounts
    variants = []
    for level in LEVELS:
        if level != choice.gdp_basis:
            gdp = accounts.gdp_musd.at(level)
            other = scenario.model_copy(
                update={"world": choice.model_copy(update={"gdp_basis": level})}
            )
            text = f"{level}, {gdp:,.0f} musd"
            variants.append(_Variant("GDP basis", text, other, number=gdp))
    chosen = choice.input_template or accounts.input_templates[0].economy
    for template in accounts.input_templates:
        if template.economy != chosen:
            changed = choice.model_copy(update={"input_template": template.economy})
            other = scenario.model_copy(update={"world": changed})
            variants.append(_Variant("input template", template.economy, other))
    return variants


def _gdp_elasticity(tests: list[Sensitivity]) -> float | None:
    """Per cent change of the first step's loss with 1 % more GDP, between the ends of its range."""
    ends = [test for test in tests if test.assumption == "GDP basis" and test.number]
    if len(ends) < 2:
        return None
    first = next(step for step in ends[0].real_income_pct if step != "baseline")
    small, large = min(ends, key=_number), max(ends, key=_number)
    losses = small.real_income_pct[first], large.real_income_pct[first]
    if losses[0] * losses[1] <= 0:
        return None
    return float(np.log(losses[1] / losses[0]) / np.log(_number(large) / _number(small)))


def _number(test: Sensitivity) -> float:
    return test.number or 0.0


def _incomes(scenario: Scenario, level: Level) -> dict[str, float]:
    world = scenario_world(scenario)
    incomes = {}
    for step, _, settings in accumulated(scenario):
        outcome = _solved(scenario, world, arrange(scenario, world, settings, level), step)
        incomes[step] = measure.percent(float(outcome.real_income.sel(economy=scenario.target)))
    return incomes


def _banded(steps: list[StepResult], tests: list[Sensitivity]) -> list[StepResult]:
    """Put the elasticity range beside each step's real income."""
    bands = [test.real_income_pct for test in tests if test.assumption == "trade elasticities"]
    if len(bands) != 2:
        return steps
    return [
        replace(
            step,
            real_income_pct_low=min(step.real_income_pct, *(band[step.id] for band in bands)),
            real_income_pct_high=max(step.real_income_pct, *(band[step.id] for band in bands)),
        )
        for step in steps
    ]


def _cited(scenario: Scenario) -> list[CitedSource]:
    known = scenario_sources()
    ids = dict.fromkeys(quantity.source for _, quantity in quantities(scenario))
    return [CitedSource(key, known[key].text, known[key].url) for key in ids if key in known]


def _world_facts(scenario: Scenario, world: World) -> dict[str, object]:
    n = world.economies.index(scenario.target)
    accounts = world.accounts
    theta = world.dataset["trade_elasticity"].values
    return {
        "title": world.dataset.attrs.get("title", ""),
        "gdp_basis": scenario.world.gdp_basis,
        "input_template": scenario.world.input_template,
        "target_gdp_musd": float(accounts.value_added[n]),
        "target_deficit_musd": float(accounts.deficit[n]),
        "imports_share_of_gdp_pct": float(100 * accounts.imports[n] / accounts.value_added[n]),
        "elasticity": scenario.elasticity,
        "elasticity_range": [float(theta.min()), float(theta.max())],
        "closure": scenario.deficits,
        "economies": len(world.economies),
        "sectors": len(world.sectors),
    }


def _versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("numpy", "scipy", "xarray")}
    from tumen import __version__

    return {"tumen": __version__, "python": platform.python_version(), **packages}
