"""Rules that stem from a measure of law: they count from its day on, as the economy feels it."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.regime.checks import bundled_measures, regime_names
from tumen.regime.measure import Measure
from tumen.regime.regime import Regime
from tumen.scenario.law_calendar import regime
from tumen.scenario.rules import CapacityRule, FinanceRule, LawSetting
from tumen.scenario.schema import Scenario

STEMMING = ("finance", "capacity")
"""Kinds of rule, as fields of a step, that may stem from a measure."""

_Rule = TypeVar("_Rule", FinanceRule, CapacityRule)


def stem_problems(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """Yield the place of every rule whose measure does not exist, and what is near."""
    for index, step in enumerate(scenario.steps):
        for kind in STEMMING:
            for position, rule in enumerate(getattr(step, kind)):
                problem = measure_problem(scenario, rule.measure) if rule.measure else None
                if problem is not None:
                    yield ("steps", index, kind, position, "measure"), problem


def measure_problem(scenario: Scenario, name: str) -> str | None:
    """Say that there is no measure "REGIME/MEASURE", and what is near; None if there is one."""
    own = _own_regimes(scenario)
    if _named(own, name) is not None:
        return None
    # Reading every bundled regime takes a while: for what is misspelled only.
    known = [f"{each}/{measure.id}" for each in own for measure in own[each].measures]
    return f'no measure "{name}"; {did_you_mean(name, [*known, *bundled_measures()])}'


def begun(
    scenario: Scenario, law: LawSetting | None, rules: Sequence[_Rule]
) -> tuple[tuple[_Rule, ...], tuple[_Rule, ...]]:
    """Part rules into those in force on the law's day and those whose measure is not.

    Without a law the day is the last one of the month that the ladder describes.
    """
    parted: tuple[list[_Rule], list[_Rule]] = ([], [])
    for rule in rules:
        waits = rule.measure is not None and not _felt(stem(scenario, rule.measure), scenario, law)
        parted[waits].append(rule)
    return tuple(parted[0]), tuple(parted[1])


def stem(scenario: Scenario, name: str) -> Measure:
    """Return the measure that "REGIME/MEASURE" names, as :func:`stem_problems` has checked."""
    found = _named(_own_regimes(scenario), name)
    if found is None:
        raise KeyError(name)
    return found


def _named(own: dict[str, Regime], name: str) -> Measure | None:
    lawful, _, wanted = name.partition("/")
    if lawful not in own and lawful not in regime_names():
        return None
    measures = (own.get(lawful) or regime(lawful)).measures
    return next((each for each in measures if each.id == wanted), None)


def _felt(measure: Measure, scenario: Scenario, law: LawSetting | None) -> bool:
    day = _last_day(scenario.as_of) if law is None else law.date
    first = measure.from_ if law is not None and law.sense == "law" else measure.bites_from
    if law is not None and law.acts_until is not None and measure.adopted > law.acts_until:
        return False
    return first <= day and (measure.until is None or day <= measure.until)


def _last_day(month: str) -> datetime.date:
    year, number = (int(part) for part in month.split("-"))
    return datetime.date(year, number, calendar.monthrange(year, number)[1])


def _own_regimes(scenario: Scenario) -> dict[str, Regime]:
    """Return the user's regimes that a scenario lays down, by their id."""
    named = [name for step in scenario.steps if step.law for name in step.law.regimes]
    files = [name for name in dict.fromkeys(named) if name not in regime_names()]
    found = [regime(name) for name in files if Path(name).is_file()]
    return {each.id: each for each in found}
