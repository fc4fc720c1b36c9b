"""Month by month: law, enforcement and support in force, savings drawn, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tumen.endurance.currency import Stock
from tumen.errors import Infeasible, InvalidInput, NotConverged, Problem
from tumen.scenario import measure
from tumen.scenario.baseline import scenario_world
from tumen.scenario.circumstances import Circumstances
from tumen.scenario.horizon import at_horizon, solved_or_mobile
from tumen.scenario.months import in_month, last_settings, later, months_between
from tumen.scenario.paying import Payment, desired_imports, financed, own_financing
from tumen.scenario.result import StepResult
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement, arrange
from tumen.scenario.yearly_caps import YearlyCaps, binding

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.world import Shock, World

TOLERANCE = 1e-10
"""Largest residual of a month's solution."""
BINDS = 1e-6
"""A draw this close to its limit, relatively, is held by it."""


@dataclass(frozen=True, slots=True)
class MonthState:
    """One month, solved: flows at annual rates."""

    month: str
    circumstances: Circumstances
    arrangement: Arrangement
    financing: Payment
    stock: Stock
    """At the start of the month."""
    outcome: Outcome
    step: StepResult
    causes: tuple[str, ...]
    """What is new since the month before."""

    @property
    def draw(self) -> float:
        """Savings drawn, million USD a year; below 0: saved."""
        drawn = self.step.deficit_musd - self.financing.own
        return min(max(drawn, self.financing.least_draw), self.financing.draw_limit)

    @property
    def limited(self) -> bool:
        """Whether savings do not pay for all that would be imported."""
        return self.financing.falls_short(self.step, self.draw)

    @property
    def runway(self) -> float | None:
        """Months that the stock pays this draw; 0: it does not; None: nothing has to be drawn."""
        return self.financing.runway(self.step, self.stock.musd, self.draw)


class Walk:
    """The months of a scenario, one after the other; what does not change is not solved again."""

    def __init__(self, scenario: Scenario, stride: int = 1) -> None:
        """Go through the months of ``scenario``; of every ``stride`` months the first is solved."""
        if scenario.endurance is None:
            raise InvalidInput(Problem(f"scenario {scenario.id}", "says nothing of endurance"))
        self._scenario = scenario
        self._endurance = scenario.endurance
        self._long_run = scenario_world(scenario.model_copy(update={"horizon_months": None}))
        self._caps = YearlyCaps()
        self._stride = stride

    def months(self, last: str) -> Iterator[MonthState]:
        """Yield the months after that of the stock, up to ``last``.

        Raises
        ------
        InvalidInput, Infeasible, NotConverged
            With the month named.
        """
        given = self._endurance
        stock = Stock(given.stock_musd.central, given.release_months.central)
        before: MonthState | None = None
        for at, month in enumerate(months_between(later(given.stock_at, 1), last)):
            skipped = at % self._stride > 0
            try:
                before = self._month(month, stock, before, skipped)
            except (InvalidInput, Infeasible, NotConverged) as error:
                error.add_note(f"in {month} of the timeline of scenario {self._scenario.id}")
                raise
            yield before
            stock = stock.after(before.draw)

    def _month(
        self, month: str, stock: Stock, before: MonthState | None, skipped: bool
    ) -> MonthState:
        if skipped and before is not None and before.draw <= stock.draw_limit * (1 - BINDS):
            self._caps.paced(before.arrangement.shock, month)
            self._caps.count(before.outcome)
            paid = replace(before.financing, draw_limit=stock.draw_limit)
            return replace(before, month=month, stock=stock, financing=paid, causes=())
        case = in_month(self._scenario, month)
        settings = last_settings(case)
        now = Circumstances.of(case, settings)
        if before is not None and now == before.circumstances:
            world, arrangement = before.outcome.world, before.arrangement
        else:
            world = self._world(now.horizon, before)
            arrangement = arrange(case, world, settings, "central")
        paced = replace(arrangement, shock=self._caps.paced(arrangement.shock, month))
        drained = self._endurance.baseline_draw_musd.central
        paid = Payment(
            own=own_financing(world, arrangement, case.target, drained),
            desired_imports=desired_imports(world, paced, case.target),
            draw_limit=stock.draw_limit,
            least_draw=min(0.0, drained),
        )
        if before is not None and _same(before, arrangement, paced.shock, paid):
            outcome, step = before.outcome, replace(before.step, id=month, label=month)
        else:
            outcome = self._solved(world, paced, paid, before)
            step = measure.step_result(month, month, settings, outcome, paced, case.target)
        self._caps.count(outcome)
        state = MonthState(month, now, arrangement, paid, stock, outcome, step, ())
        return replace(state, causes=tuple(_causes(state, before)))

    def _world(self, horizon: int, before: MonthState | None) -> World:
        """The world as it answers after some months."""
        if before is not None and before.circumstances.horizon == horizon:
            return before.outcome.world
        scenario = self._scenario
        return at_horizon(self._long_run, horizon, scenario.short_run, scenario.target)

    def _solved(
        self, world: World, paced: Arrangement, paid: Payment, before: MonthState | None
    ) -> Outcome:
        shock = financed(paced, self._scenario.target, paid)
        start = None if before is None else before.outcome
        return solved_or_mobile(world, shock, "financed", TOLERANCE, start)


def _same(before: MonthState, arrangement: Arrangement, shock: Shock, paid: Payment) -> bool:
    """Tell whether a month has the equilibrium of the one before it."""
    if arrangement is not before.arrangement or before.limited or before.draw > paid.draw_limit:
        return False
    held = binding(before.outcome)
    return paid.desired_imports == before.financing.desired_imports and all(
        cap.limit == old.limit or (cap.name not in held and cap.limit > old.limit)
        for cap, old in zip(shock.caps, before.outcome.shock.caps, strict=True)
    )


def _causes(state: MonthState, before: MonthState | None) -> Iterator[str]:
    if before is None:
        yield "first month"
        return
    yield from state.circumstances.changes(before.circumstances)
    if state.step.labour != before.step.labour:
        yield f"labour is {state.step.labour} now, {before.step.labour} before"
    if state.limited and not before.limited:
        yield "savings no longer pay for all that would be imported"
    elif state.limited and state.financing.draw_limit < before.financing.draw_limit:
        yield "savings shrink"
    elif before.limited and not state.limited:
        yield "savings pay for all again"
    now, then = set(binding(state.outcome)), set(binding(before.outcome))
    for name in sorted(now ^ then):
        yield f"cap: {name}"
    left = {cap.name: cap.limit for cap in before.outcome.shock.caps}
    for cap in state.outcome.shock.caps:
        if cap.name in now & then and abs(cap.limit / left[cap.name] - 1) > BINDS:
            yield f"what the year leaves of a cap: {cap.name}"
