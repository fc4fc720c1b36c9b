"""Controls of a case, named as ``--set`` names them: figures, the law's day, the world."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tumen.catalogue.bundled import economy_names
from tumen.catalogue.worlds import LEVELS, catalogue
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Quantity
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.scenario.baseline import has_elasticity_range, scenario_world
from tumen.scenario.enforcement import enforced_on
from tumen.scenario.exact import with_changed
from tumen.scenario.overrides import SET_BY_USER
from tumen.scenario.rules import INSTEAD, EnforcementRule
from tumen.scenario.schema import Scenario, Step
from tumen.scenario.settings import accumulated
from tumen.scenario.support_schema import NONE_STATED

Group = Literal["law", "enforcement", "black market", "support", "motives", "world"]
Value = float | str
FURTHER = 1.5
"""A control goes on beyond the range of its figure, by this factor."""
LARGE_GIFT = 0.2
"""Of the target's imports: as far as a control of money goes that the case leaves out."""
MOTIVES = ("survival_value", "relief", "penalty", "veto_cost", "noise_musd")
FIRST_DAY = datetime.date(2006, 1, 1)
TICKS, FINER = 100, 3


@dataclass(frozen=True, slots=True)
class Dial:
    """One control."""

    path: str
    """As ``--set`` takes it."""
    place: Place
    label: str
    group: Group
    value: Value
    """Where it stands in the case."""
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    kind: Literal["number", "day", "choice"] = "number"
    choices: tuple[str, ...] = ()

    @property
    def tick(self) -> float:
        """The step of a slider: a round part of its length that its value lies on."""
        tick = 10.0 ** math.floor(math.log10(max(self.high - self.low, 1e-9) / TICKS) + 0.5)
        for _ in range(FINER):
            steps = (float(self.value) - self.low) / tick if self.kind == "number" else 0.0
            if abs(steps - round(steps)) < 1e-6:
                break
            tick /= 10
        return float(f"{tick:.0e}")

    def read(self, value: Value) -> Value:
        """Return a value as the case takes it.

        Raises
        ------
        InvalidInput
            With the value seen and those allowed.
        """
        if self.kind == "choice":
            if value in self.choices:
                return str(value)
            allowed = f"must be one of {', '.join(self.choices)}"
        elif self.kind == "day":
            try:
                return datetime.date.fromisoformat(str(value)).isoformat()
            except ValueError:
                allowed = "must be a day, YYYY-MM-DD"
        else:
            try:
                number = float(value)
            except ValueError:
                number = math.nan
            if self.low <= number <= self.high:
                return number
            allowed = f"must be a number from {self.low:g} to {self.high:g} {self.unit}".rstrip()
        raise InvalidInput(Problem(self.path, f"is {str(value)[:40]!r}, {allowed}"))


def dials(scenario: Scenario) -> tuple[Dial, ...]:
    """Return the controls of a case, in the order of a page.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> paths = [dial.path for dial in dials(load_scenario("dprk-2017"))]
    >>> paths[0], "steps.enforced.enforcement.CHN" in paths
    ('steps.law.law.date', True)
    """
    found = [*_law(scenario), *_of_steps(scenario), *_support(scenario), *_motives(scenario)]
    return (*found, *_world(scenario))


def turned(scenario: Scenario, known: Sequence[Dial], settings: Mapping[str, Value]) -> Scenario:
    """Return the case with controls at other values, as :func:`load_scenario` with ``--set`` does.

    Raises
    ------
    InvalidInput
        For a control that the case does not have, or a value that it cannot take.
    """
    by_path = {dial.path: dial for dial in known}
    problems: list[Problem] = []
    changes: dict[Place, Any] = {}
    for path, value in settings.items():
        dial = by_path.get(path)
        if dial is None:
            message = f"is no control of {scenario.id}; {did_you_mean(path, by_path)}"
            problems.append(Problem(path[:80], message))
            continue
        try:
            _turn(dial, dial.read(value), changes)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return with_changed(scenario, changes) if changes else scenario


def _turn(dial: Dial, value: Value, changes: dict[Place, Any]) -> None:
    """Note what a control at a value changes, and where."""
    if dial.kind == "day":
        day = datetime.date.fromisoformat(str(value))
        changes[dial.place] = lambda _: day
    elif dial.kind == "choice" or not dial.unit:
        changes[dial.place] = lambda _: value
    else:
        note = f"{dial.path}={value}"
        at = float(value)
        figure = Quantity.of(at, at, at, dial.unit, SET_BY_USER, note)
        changes[dial.place] = lambda _: figure
        for field, nothing in INSTEAD.get(str(dial.place[-1]), {}).items():
            changes[(*dial.place[:-1], field)] = lambda _, nothing=nothing: nothing


def _number(
    path: str, place: Place, label: str, group: Group, figure: Quantity, top: float | None = None
) -> Dial:
    """A control of a figure, from 0 to somewhat beyond its range, or to ``top``."""
    high = max(figure.high, figure.central) * FURTHER if top is None else top
    unit = figure.unit
    low = 1.0 if unit == "price ratio" else min(0.0, figure.low)
    return Dial(path, place, label, group, figure.central, low, max(high, low + 1e-6), unit)


def _law(scenario: Scenario) -> Iterator[Dial]:
    for at, step in enumerate(scenario.steps):
        if step.law is not None:
            path = f"steps.{step.id}.law.date"
            day = step.law.date.isoformat()
            place: Place = ("steps", at, "law", "date")
            yield Dial(path, place, f"Law of this day ({step.label})", "law", day, kind="day")


def _of_steps(scenario: Scenario) -> Iterator[Dial]:
    days = {id_: settings.law for id_, _, settings in accumulated(scenario)}
    for at, step in enumerate(scenario.steps):
        law = days[step.id]
        for position, rule in enumerate(step.enforcement):
            place: Place = ("steps", at, "enforcement", position)
            day = None if law is None else law.date
            yield from _enforcement(scenario, step, rule, place, day)
        for position, route in enumerate(step.smuggling):
            path = f"steps.{step.id}.smuggling.{route.id}.mark_up"
            place = ("steps", at, "smuggling", position, "mark_up")
            label = f"Smugglers’ mark-up, {_spoken(route.id)}"
            yield _number(path, place, label, "black market", route.mark_up)


def _enforcement(
    scenario: Scenario, step: Step, rule: EnforcementRule, place: Place, day: datetime.date | None
) -> Iterator[Dial]:
    path = f"steps.{step.id}.enforcement.{rule.id}"
    label = f"Enforcement, {_spoken(rule.id)}"
    found = None if day is None else enforced_on(scenario, rule, day, "central")
    if found is not None:
        yield Dial(path, (*place, "enforced"), label, "enforcement", found, unit="share")
    elif rule.early is not None:
        label = f"Stopped ahead of time, {_spoken(rule.id)}"
        early = (*place, "early")
        yield _number(f"{path}.early", early, label, "enforcement", rule.early, top=1.0)


def _support(scenario: Scenario) -> Iterator[Dial]:
    world = scenario_world(scenario)
    imports = float(world.accounts.imports[world.economies.index(scenario.target)])
    for at, state in enumerate(scenario.support):
        top = max(LARGE_GIFT * imports, FURTHER * state.transfer_musd.high)
        path, place = f"support.{state.id}.transfer_musd", ("support", at, "transfer_musd")
        money = state.transfer_musd
        unit = money.unit if money.source != NONE_STATED else "million USD a year"
        money = money.model_copy(update={"unit": unit})
        yield _number(path, place, f"Money from {_spoken(state.id)}", "support", money, top)
        for position, goods in enumerate(state.goods):
            field = "musd" if goods.musd is not None else "volume"
            figure: Quantity = getattr(goods, field)
            yield _number(
                f"support.{state.id}.goods.{goods.id}.{field}",
                ("support", at, "goods", position, field),
                f"{_spoken(goods.id)}, {_spoken(state.id)}",
                "support",
                figure,
            )


def _motives(scenario: Scenario) -> Iterator[Dial]:
    given = scenario.statecraft
    if given is None:
        return
    for at, state in enumerate(given.states):
        for motive in MOTIVES:
            figure = getattr(state, motive, None)
            if isinstance(figure, Quantity):
                path = f"statecraft.states.{state.id}.{motive}"
                place = ("statecraft", "states", at, motive)
                label = f"{_spoken(motive.removesuffix('_musd'))}, {_spoken(state.id)}"
                yield _number(path, place, label, "motives", figure)


def _world(scenario: Scenario) -> Iterator[Dial]:
    entry = catalogue().worlds.get(scenario.world.name or catalogue().default)
    if entry is not None and entry.insert is not None:
        yield Dial(
            "world.gdp_basis", ("world", "gdp_basis"), "Reading of the target’s GDP", "world",
            scenario.world.gdp_basis, kind="choice", choices=LEVELS,
        )  # fmt: skip
    plain = scenario.model_copy(update={"elasticity": "central"})
    if has_elasticity_range(scenario_world(plain)):
        value = scenario.elasticity
        at = value if isinstance(value, float) else LEVELS.index(str(value)) / 2
        yield Dial(
            "elasticity", ("elasticity",), "Trade elasticities, 0 low to 1 high", "world", at
        )


def _spoken(name: str) -> str:
    """Name a rule or an economy as readers know it."""
    return economy_names().get(name, name.replace("_", " "))
