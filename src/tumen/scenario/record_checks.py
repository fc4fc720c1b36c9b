"""What does not fit together in a backtest and in the rules that take their figures from it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import pairwise

from tumen.errors import InvalidInput
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.scenario.enforcement import quantity_of
from tumen.scenario.law_calendar import law_of
from tumen.scenario.records import Backtest, FitWindow
from tumen.scenario.rules import EnforcementFigure, EnforcementRule
from tumen.scenario.schema import Scenario

Found = Iterator[tuple[Place, str]]
"""Places in the scenario, and what is wrong there."""


def record_problems(scenario: Scenario) -> Found:
    """Yield every window, year and fit that the record, the law or the scenario does not have."""
    yield from _fit_names(scenario)
    yield from _order(scenario)
    yield from _months(scenario)
    test = scenario.backtest
    if test is None:
        return
    if test.step not in [step.id for step in scenario.steps]:
        known = ", ".join(step.id for step in scenario.steps)
        yield ("backtest", "step"), f'the scenario has no step "{test.step}"; it has {known}'
    yield from _twice(test)
    try:
        days = _days_of_law(scenario, test)
    except InvalidInput as error:
        for problem in error.problems:
            yield ("backtest", "regimes"), str(problem)
        return
    yield from _years(scenario, test, days)
    for position, fit in enumerate(test.fits):
        yield from _window(scenario, test, fit, ("backtest", "fits", position), days)


def _months(scenario: Scenario) -> Found:
    """Yield what is wrong with the law of the months, and records or goods that stand twice."""
    months = scenario.timeline
    if months is None:
        return
    if months.regimes:
        try:
            law_of(tuple(months.regimes), scenario.target_year)
        except InvalidInput as error:
            for problem in error.problems:
                yield ("timeline", "regimes"), str(problem)
    for kind in ("goods", "history", "forecasts"):
        names = [each.id for each in getattr(months, kind)]
        for position, name in enumerate(names):
            if name in names[:position]:
                yield ("timeline", kind, position), f'"{name}" stands twice; rename one'


def _fit_names(scenario: Scenario) -> Found:
    known = [fit.id for fit in scenario.backtest.fits] if scenario.backtest else []
    for place, figure in _figures(scenario):
        if figure.fit is not None and figure.fit not in known:
            hint = did_you_mean(figure.fit, known) if known else "add one to backtest.fits"
            yield (*place, "fit"), f'"{figure.fit}" is no fit of the backtest; {hint}'


def _figures(scenario: Scenario) -> Iterator[tuple[Place, EnforcementFigure]]:
    for index, step in enumerate(scenario.steps):
        for position, rule in enumerate(step.enforcement):
            place: Place = ("steps", index, "enforcement", position)
            yield place, rule
            for month, later in enumerate(rule.path):
                yield (*place, "path", month), later


def _order(scenario: Scenario) -> Found:
    for index, step in enumerate(scenario.steps):
        for position, rule in enumerate(step.enforcement):
            for month, (before, after) in enumerate(pairwise(rule.path), 1):
                if after.since <= before.since:
                    yield (
                        ("steps", index, "enforcement", position, "path", month, "since"),
                        f"since is {after.since}, after {before.since}; months must rise",
                    )


def _twice(test: Backtest) -> Found:
    for kind in ("fits", "recorded"):
        seen: set[str] = set()
        for position, each in enumerate(getattr(test, kind)):
            if each.id in seen:
                place = ("backtest", kind, position, "id")
                yield place, f'two of backtest.{kind} are called "{each.id}"; rename one'
            seen.add(each.id)


def _days_of_law(scenario: Scenario, test: Backtest) -> tuple[datetime.date, datetime.date]:
    """First and last day on which any measure of the regimes is in force."""
    measures = law_of(tuple(test.regimes), scenario.target_year).measures
    last = max(measure.until or datetime.date.max for measure in measures)
    return min(measure.from_ for measure in measures), last


def _years(scenario: Scenario, test: Backtest, days: tuple[datetime.date, datetime.date]) -> Found:
    for position, record in enumerate(test.recorded):
        place: Place = ("backtest", "recorded", position, "year")
        if record.year <= scenario.target_year:
            yield (
                place,
                f"year is {record.year}, must be after {scenario.target_year}, the year whose "
                "trade the law is laid over",
            )
        elif not days[0].year <= record.year <= days[1].year:
            yield place, f"year is {record.year}; {_span(days)}"


def _window(
    scenario: Scenario,
    test: Backtest,
    fit: FitWindow,
    place: Place,
    days: tuple[datetime.date, datetime.date],
) -> Found:
    years = [record.year for record in test.recorded]
    if fit.first > fit.last:
        yield (*place, "first"), f"first is {fit.first}, after last, {fit.last}"
        return
    for field in ("first", "last"):
        month = getattr(fit, field)
        if not min(years) <= int(month[:4]) <= max(years):
            yield (
                (*place, field),
                f"{field} is {month}, outside the record, which is of {min(years)} to {max(years)}",
            )
            return
        if not f"{days[0]:%Y-%m}" <= month <= f"{days[1]:%Y-%m}":
            yield (*place, field), f"{field} is {month}; {_span(days)}"
            return
    figure = EnforcementRule(id=fit.id, partners=[fit.partner], fit=fit.id)
    try:
        quantity_of(scenario, figure)
    except InvalidInput as error:
        for problem in error.problems:
            yield (*place, "first"), problem.message


def _span(days: tuple[datetime.date, datetime.date]) -> str:
    until = "" if days[1] == datetime.date.max else f" to {days[1]}"
    return f"outside the dates of the regimes, which are in force from {days[0]}{until}"
