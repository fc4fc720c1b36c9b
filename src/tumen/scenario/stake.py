"""The economy behind the game: what texts and support cost the target, from real solves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Quantity
from tumen.lifeline.cut import Cut
from tumen.scenario.baseline import scenario_world
from tumen.scenario.decision_result import LossPoint, Stake
from tumen.scenario.horizon import solved_or_mobile
from tumen.scenario.ladder import LADDER_TOLERANCE, Rung, ladder
from tumen.scenario.schema import Scenario
from tumen.scenario.shortcut import shortcut
from tumen.scenario.statecraft_schema import Statecraft
from tumen.scenario.stepping_in import target_flows
from tumen.statecraft.surface import Surface

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.equilibrium.closures import Closure
    from tumen.world import Shock

TEXTS = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.88, 0.95, 0.98, 0.993, 0.998, 0.9995, 1.0])
"""Where the loss is solved: it is steep near a whole cut, where what cannot be replaced ends."""
PARTS = np.array([0.0, 0.005, 0.02, 0.06, 0.2, 0.5, 1.0])
"""Parts of the cut that are made up."""


@dataclass(frozen=True, slots=True)
class Economy:
    """The loss of every text and support, and what the steps of the case say beside it."""

    stake: Stake
    surface: Surface
    hazard: Quantity
    """h0."""


def economy(scenario: Scenario, given: Statecraft) -> Economy:
    """Solve the losses of a case and read its steps.

    Raises
    ------
    InvalidInput
        If the losses are not monotone in text and support.
    Infeasible, NotConverged
        With the text and the support named.
    """
    scenario = shortcut(scenario).scenario
    world = scenario_world(scenario)
    closure: Closure = "income" if scenario.deficits == "income" else "keep"

    def solve(shock: Shock, near: Outcome | None) -> Outcome:
        return solved_or_mobile(world, shock, closure, LADDER_TOLERANCE, near)

    cut = Cut(world, scenario.target, scenario.benefactor, scenario.newcomer)
    _refuse_nothing(scenario, cut.trade_musd, "do not trade")
    surface = Surface(TEXTS, PARTS, cut.losses(TEXTS, PARTS, solve))
    _refuse_nothing(scenario, surface.whole, "can do without each other's trade")
    error, at, slack = _errors(cut, surface, solve)
    rungs = list(ladder(scenario, world, "central", quick=True))
    hazard = given.base_hazard or scenario.endurance.base_hazard  # type: ignore[union-attr]
    stake = Stake(
        benefactor=scenario.benefactor,
        newcomer=scenario.newcomer,
        trade_musd=cut.trade_musd,
        whole_loss_pct=100 * surface.whole,
        hazard_slope=given.danger.central / surface.whole,
        base_hazard=hazard.central,
        horizon_years=given.horizon_years,
        collapse_without_cut=-float(np.expm1(-given.horizon_years * hazard.central)),
        solves=(TEXTS.size - 1) * PARTS.size,
        interpolation_error_points=100 * error,
        interpolation_error_at=at,
        slack_difference_points=100 * slack,
        black_market=_black_market(scenario, given, rungs, cut),
        law_text=_law_text(scenario, rungs, cut),
        support_musd=_support(scenario, rungs),
        losses=tuple(
            LossPoint(text, part * text, 100 * float(surface.losses[row, column]))
            for row, text in enumerate(TEXTS.tolist())
            for column, part in enumerate(PARTS.tolist())
        ),
    )
    return Economy(stake, surface, hazard)


def _refuse_nothing(scenario: Scenario, amount: float, why: str) -> None:
    """Refuse a game about nothing: a text would cut no trade, or cost the target nothing."""
    if amount <= 0:
        message = f"{scenario.target} and {scenario.benefactor} {why}: name another benefactor"
        raise InvalidInput(Problem(f"scenario {scenario.id}, statecraft", message))


def _errors(
    cut: Cut, surface: Surface, solve: Callable[[Shock, Outcome | None], Outcome]
) -> tuple[float, float, float]:
    """Solve between the points: the largest error, at which text, and what support is like.

    The last number compares support with a text that is smaller by as much.
    """
    text, part = (axis.ravel() for axis in np.meshgrid(TEXTS, PARTS, indexing="ij"))
    known = surface.losses.ravel()
    slack = float(np.abs(surface(text * (1 - part), np.zeros_like(text)) - known).max())
    texts, parts = ((axis[1:] + axis[:-1]) / 2 for axis in (TEXTS, PARTS))
    error, at = 0.0, 0.0
    near: Outcome | None = None
    for row, text_between in enumerate(texts.tolist()):
        for support in (0.0, text_between * float(parts[row % parts.size])):
            near = cut.solved(text_between, support, solve, near)
            true = cut.loss(near)
            points = np.array([text_between, text_between - support]), np.array([support, 0.0])
            guessed, smaller = surface(*points).tolist()
            if abs(guessed - true) > error:
                error, at = abs(guessed - true), text_between
            slack = max(slack, abs(smaller - true)) if support else slack
    return error, at, slack


def _law_text(scenario: Scenario, rungs: list[Rung], cut: Cut) -> float | None:
    """Share of the trade with the benefactor that the first step with a law bans."""
    for rung in rungs:
        if rung.settings.law is not None:
            economies = rung.outcome.world.economies
            n, i = (economies.index(each) for each in (scenario.target, scenario.benefactor))
            trade = rung.outcome.world.accounts.trade.transpose(2, 1, 0)
            banned = trade * (1 - np.minimum(rung.arrangement.legal, 1.0))
            return float(banned[n, i].sum() + banned[i, n].sum()) / cut.trade_musd
    return None


def _black_market(scenario: Scenario, given: Statecraft, rungs: list[Rung], cut: Cut) -> float:
    """s: as stated, or what smugglers carry at the last step before anyone steps in."""
    if given.black_market is not None:
        return given.black_market.central
    before = [rung for rung in rungs if not rung.settings.support][-1]
    found = before.result(scenario.target)
    return min(1.0, found.hidden_musd / cut.trade_musd)


def _support(scenario: Scenario, rungs: list[Rung]) -> float | None:
    """What moves with the newcomer at the last step beyond the step before anyone steps in."""
    if not rungs[-1].settings.support:
        return None
    before = [rung for rung in rungs if not rung.settings.support][-1]
    k = before.outcome.world.economies.index(scenario.newcomer)
    moved = []
    for rung in (before, rungs[-1]):
        flows = [
            target_flows(rung.outcome, rung.arrangement, scenario.target, way)
            for way in ("export", "import")
        ]
        moved.append(sum(float(each.recorded[k].sum() + each.hidden[k].sum()) for each in flows))
    return moved[1] - moved[0]
