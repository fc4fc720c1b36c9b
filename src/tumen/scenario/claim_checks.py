"""What does not exist of the claims that a scenario tests, and of what tests them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from tumen.errors import InvalidInput
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.lifeline.illicit import Stream, load_streams
from tumen.scenario.baseline import scenario_world
from tumen.scenario.citations import citable, scenario_ledger
from tumen.scenario.law_calendar import law_of
from tumen.scenario.result import StepResult
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.statecraft_schema import MOTIVES
from tumen.scenario.stems import measure_problem

WITHOUT = tuple(name for name in MOTIVES if name != "noise_musd")
"""Motives that a state may be without; a monitor always has some noise."""
Found = Iterator[tuple[Place, str]]
"""Places in the scenario, and what is wrong there."""


def claim_problems(scenario: Scenario) -> Found:
    """Yield every claim, partner, stream, measure and number that does not exist."""
    if not scenario.tested:
        return
    claims = scenario_ledger(scenario)
    for at, test in enumerate(scenario.tested):
        place: Place = ("tested", at)
        for missing in claims.missing([("", test.claim)]):
            yield (*place, "claim"), missing.message
        for name, known in _NAMES.items():
            value = getattr(test, name)
            if value is None or (name == "decision" and scenario.statecraft is None):
                continue  # without the section a decision stays untested
            allowed = known(scenario)
            if value not in allowed:
                yield (*place, name), f'no {name} "{value}"; {did_you_mean(value, allowed)}'
        if test.measure is not None and (problem := measure_problem(scenario, test.measure)):
            yield (*place, "measure"), problem
        if test.exports_banned is not None:
            yield from _law_problems(
                scenario, test.exports_banned, (*place, "exports_banned", "regimes")
            )


def _law_problems(scenario: Scenario, law: LawSetting, place: Place) -> Found:
    try:
        law_of(tuple(law.regimes), scenario.target_year)
    except InvalidInput as error:
        for problem in error.problems:
            yield place, str(problem)


def _numbers(scenario: Scenario) -> list[str]:
    names = [each.name for each in fields(StepResult) if each.type == "float"]
    steps = ["baseline", *(step.id for step in scenario.steps)]
    return [f"{step}.{name}" for step in steps for name in names]


def _decisions(scenario: Scenario) -> list[str]:
    given = scenario.statecraft
    assert given is not None
    seats = [f"{each.id}.{state.id}" for each in given.situations for state in given.states]
    return [name for seat in seats for name in (seat, *(f"{seat}.{motive}" for motive in WITHOUT))]


_NAMES: dict[str, Callable[[Scenario], list[str]]] = {
    "partner": lambda scenario: list(scenario_world(scenario).economies),
    "stream": lambda scenario: list(streams_of(scenario)),
    "number": _numbers,
    "decision": _decisions,
}


def streams_of(scenario: Scenario) -> dict[str, Stream]:
    """Return the scenario's illicit streams by name."""
    if scenario.streams is None:
        return {}
    return {each.id: each for each in load_streams(scenario.streams, citable(scenario)).streams}
