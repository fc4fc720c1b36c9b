"""The ladder again with one assumption changed at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tumen.catalogue.inserts import load_insert
from tumen.catalogue.worlds import catalogue
from tumen.errors import TumenError
from tumen.evidence.quantity import LEVELS, Level
from tumen.scenario import measure
from tumen.scenario.baseline import has_elasticity_range, scenario_world
from tumen.scenario.enforcement import at_end
from tumen.scenario.horizon import FIRST_MONTHS
from tumen.scenario.ladder import ladder
from tumen.scenario.result import HorizonRow, Sensitivity, StepResult
from tumen.scenario.schema import Scenario

ELASTICITIES = "trade elasticities"
GDP_BASIS = "GDP basis"
ENDS: tuple[Level, Level] = ("low", "high")


@dataclass(frozen=True, slots=True)
class Variant:
    """The scenario with one assumption changed."""

    assumption: str
    value: str
    scenario: Scenario
    level: Level = "central"
    number: float | None = None


def run_variant(variant: Variant) -> Sensitivity:
    """Run the ladder of a variant; one without a solution says why and keeps the steps before."""
    case, found, problem = variant.scenario, {}, ""
    try:
        for rung in ladder(case, scenario_world(case), variant.level, quick=True):
            income = rung.outcome.real_income.sel(economy=case.target)
            found[rung.id] = measure.percent(float(income))
    except TumenError as error:
        problem = " ".join(str(error).split())
    return Sensitivity(variant.assumption, variant.value, variant.number, found, problem)


def both_ends(scenario: Scenario) -> list[HorizonRow]:
    """Every step in the short run of the scenario and in the long run; none without a short run."""
    if scenario.short_run is None:
        return []
    rows = []
    for end, months in (("short run", FIRST_MONTHS), ("long run", None)):
        case = scenario.model_copy(update={"horizon_months": months})
        inputs = scenario.short_run.inputs if months is not None else "smooth"
        for rung in ladder(case, scenario_world(case), "central", quick=True):
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


def variants(scenario: Scenario) -> list[Variant]:
    """The ends of the elasticities and of the steps' ranges, and other readings of the world."""
    plain = scenario.model_copy(update={"elasticity": "central"})
    elasticities = [
        Variant(ELASTICITIES, end, scenario.model_copy(update={"elasticity": end}))
        for end in ENDS
        if has_elasticity_range(scenario_world(plain))
    ]
    return [
        *elasticities,
        *(Variant("step settings", end, scenario, end) for end in ENDS),
        *_of_enforcement(scenario),
        *_of_horizon(scenario),
        *_of_inserted(scenario),
    ]


def _of_enforcement(scenario: Scenario) -> list[Variant]:
    """All enforcement at the low and at the high end of its ranges, nothing else changed."""
    if not any(step.enforcement for step in scenario.steps):
        return []
    return [Variant("enforcement", end, at_end(scenario, end)) for end in ENDS]


def _of_horizon(scenario: Scenario) -> list[Variant]:
    """The other end of the horizon, and the ends of what is stiff in the short run."""
    if scenario.horizon_months is None:
        soon = scenario.model_copy(update={"horizon_months": FIRST_MONTHS})
        return [Variant("horizon", f"{FIRST_MONTHS} months", soon)]
    found = [Variant("horizon", "long run", scenario.model_copy(update={"horizon_months": None}))]
    stiff = scenario.short_run
    if stiff is not None:
        for end in ENDS:
            other = stiff.model_copy(update={"reading": end})
            changed = scenario.model_copy(update={"short_run": other})
            found.append(Variant("inputs and wage floor", end, changed))
    return found


def _of_inserted(scenario: Scenario) -> list[Variant]:
    """Other GDP bases and input templates, where the world has an inserted economy."""
    choice = scenario.world
    entry = catalogue().worlds.get(choice.name or catalogue().default)
    if entry is None or entry.insert is None:
        return []
    accounts = load_insert(entry.insert).accounts
    found = []
    for level in LEVELS:
        if level != choice.gdp_basis:
            gdp = accounts.gdp_musd.at(level)
            other = _with_world(scenario, gdp_basis=level)
            found.append(Variant(GDP_BASIS, f"{level}, {gdp:,.0f} musd", other, number=gdp))
    chosen = choice.input_template or accounts.input_templates[0].economy
    for template in accounts.input_templates:
        if template.economy != chosen:
            other = _with_world(scenario, input_template=template.economy)
            found.append(Variant("input template", template.economy, other))
    return found


def _with_world(scenario: Scenario, **changed: str) -> Scenario:
    return scenario.model_copy(update={"world": scenario.world.model_copy(update=changed)})


def banded(steps: Sequence[StepResult], tests: Sequence[Sensitivity]) -> list[StepResult]:
    """Put the elasticity range beside the real income of each step that both ends have."""
    ends = [test.real_income_pct for test in tests if test.assumption == ELASTICITIES]
    result = []
    for step in steps:
        values = [step.real_income_pct, *(end[step.id] for end in ends if step.id in end)]
        if len(values) == 1 + len(ENDS):
            low, high = min(values), max(values)
            step = replace(step, real_income_pct_low=low, real_income_pct_high=high)
        result.append(step)
    return result


def gdp_elasticity(tests: Sequence[Sensitivity]) -> float | None:
    """Per cent change of the first step's loss with 1 % more GDP, between the ends of its range.

    None where the world has one GDP only, or where the loss changes its sign in between.
    """
    points = []
    for test in tests:
        steps = [step for step in test.real_income_pct if step != "baseline"]
        if test.assumption == GDP_BASIS and test.number and steps:
            points.append((test.number, test.real_income_pct[steps[0]]))
    if len(points) < 2:
        return None
    (small, before), (large, after) = min(points), max(points)
    if before * after <= 0:
        return None
    return float(np.log(after / before) / np.log(large / small))
