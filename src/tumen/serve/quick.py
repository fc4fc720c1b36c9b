"""The ladder of a case again and again: only the steps that a control changes are solved anew."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tumen.errors import Infeasible, InvalidInput, NotConverged
from tumen.scenario import foundations
from tumen.scenario.baseline import scenario_world
from tumen.scenario.ladder import Rung, solved
from tumen.scenario.merging import MergedWorld, merged_into
from tumen.scenario.result import Convergence, Result, StepResult
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Settings, accumulated, arrange
from tumen.scenario.shortcut import shortcut
from tumen.serve.dials import Dial, Value, dials, turned

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.world import World

KEPT, WORLDS_KEPT = 1000, 6
"""Answers of steps, and worlds, that are remembered; a whole world holds some ten megabytes."""


TOLERANCE = 1e-8
"""Largest residual of an answer: it is read to a hundredth of a per cent."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a solved step says of the target; its equilibrium is not kept."""

    result: StepResult
    convergence: Convergence


@dataclass(frozen=True, slots=True)
class Answer:
    """The case with its controls as asked for, and its ladder."""

    scenario: Scenario
    result: Result
    milliseconds: float


class LiveCase:
    """A case whose controls are turned; safe to share, as all that it remembers are answers.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> live = LiveCase(load_scenario("dprk-2017"))
    >>> strict = live.answer({"steps.enforced.enforcement.CHN": 1.0})
    >>> lax = live.answer({"steps.enforced.enforcement.CHN": 0.2})
    >>> strict.result.steps[-1].exports_musd < lax.result.steps[-1].exports_musd
    True
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.dials: tuple[Dial, ...] = dials(scenario)
        self._rungs: OrderedDict[str, _Read] = OrderedDict()
        self._worlds: OrderedDict[str, World] = OrderedDict()
        self._last: dict[str, Outcome] = {}
        """Step → its latest solution, from which the next search starts."""
        self._lock, self._solving = threading.Lock(), threading.Lock()

    @cached_property
    def economies(self) -> int:
        """Economies of the world that answers come from."""
        return len(scenario_world(self._on_small_world(self.scenario)).economies)

    def answer(self, settings: Mapping[str, Value]) -> Answer:
        """Return the ladder with controls at other values.

        Raises
        ------
        InvalidInput
            For a control that the case does not have, or a value that it cannot take.
        Infeasible, NotConverged
            With the step named.
        """
        start = time.perf_counter()
        case = turned(self.scenario, self.dials, settings)
        with self._solving:  # small arrays hold the interpreter: in turns all are served sooner
            rungs = self._ladder(self._on_small_world(case))
        target = case.target
        result = Result(
            scenario=case.id,
            title=case.title,
            target=target,
            as_of=case.as_of,
            steps=tuple(each.result for each in rungs),
            closures=(),
            horizons=(),
            sensitivity=(),
            partners=(),
            partner_trade=(),
            sectors=(),
            contributions=(),
            convergence=tuple(each.convergence for each in rungs),
            sources=(),
            world={},
            versions=foundations.versions(),
        )
        return Answer(case, result, 1000 * (time.perf_counter() - start))

    @cached_property
    def _into(self) -> tuple[tuple[str, str], ...]:
        """Economies that another one stands for, where no step shows it."""
        return merged_into(shortcut(self.scenario).scenario)

    def _on_small_world(self, case: Scenario) -> Scenario:
        if not self._into:
            return case
        choice = MergedWorld(**case.world.model_dump(), into=self._into)
        return case.model_copy(update={"world": choice})

    def _ladder(self, case: Scenario) -> list[_Read]:
        """Solve the steps that are not remembered, each starting from where it was last."""
        about = f"{case.world!r} {case.elasticity!r}"
        found: list[_Read] = []
        before = ""
        for step, label, settings in accumulated(case):
            key = f"{about} {step} {settings!r}"
            read = self._remembered(key)
            if read is None:
                near = self._last.get(step) or self._last.get(before)
                rung = _solved_step(case, self._world(about, case), (step, label, settings), near)
                read = _Read(rung.result(case.target), rung.convergence())
                self._last[step] = rung.outcome
                self._remember(key, read)
            found.append(read)
            before = step
        return found

    def _world(self, about: str, case: Scenario) -> World:
        """The world of a case, built once for each reading."""
        world = self._worlds.get(about)
        if world is None:
            world = scenario_world(case)
            with self._lock:
                self._worlds[about] = world
                while len(self._worlds) > WORLDS_KEPT:
                    self._worlds.popitem(last=False)
        return world

    def _remembered(self, key: str) -> _Read | None:
        with self._lock:
            if key in self._rungs:
                self._rungs.move_to_end(key)
            return self._rungs.get(key)

    def _remember(self, key: str, read: _Read) -> None:
        with self._lock:
            self._rungs[key] = read
            while len(self._rungs) > KEPT:
                self._rungs.popitem(last=False)


def _solved_step(
    case: Scenario, world: World, step: tuple[str, str, Settings], near: Outcome | None
) -> Rung:
    name, label, settings = step
    try:
        arrangement = arrange(case, world, settings, "central")
        outcome = solved(case, world, arrangement, near, TOLERANCE)
    except (InvalidInput, Infeasible, NotConverged) as error:
        error.add_note(f"in step {name} of scenario {case.id}")
        raise
    return Rung(name, label, settings, arrangement, outcome)
