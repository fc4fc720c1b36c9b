"""Who could step in: what support by each economy would do for the target and cost the giver."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import Infeasible, NotConverged
from tumen.lifeline.dependence import Progress
from tumen.lifeline.support import Situation, with_goods, with_transfer

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.world import Shock

USUAL_SUPPORT = 100.0
"""Million USD a year that each giver gives, or opens in trade, for the comparison."""


@dataclass(frozen=True, slots=True)
class Giver:
    """One economy that might support the target; points are per cent of the target's income."""

    giver: str
    money_points: float | None
    """What a transfer gives back; None: no solution."""
    money_cost_musd: float | None
    """Real income that the giver loses by it."""
    money_cost_pct_per_point: float | None
    """Per cent of the giver's income for each point."""
    trade_points: float | None
    """What opened trade of the same value gives back; None: no solution."""
    trade_opened_musd: float
    """Its value at baseline costs: less than money's where a product hardly has a buyer."""
    trade_cost_musd: float | None
    """Real income that the giver loses by it; negative: it gains."""
    trade_musd_per_point: float | None
    """Trade to be opened for each point; None: it gives nothing back."""


def who_could_step_in(
    situation: Situation,
    musd: float = USUAL_SUPPORT,
    told: Progress = lambda what, done, total: None,
) -> list[Giver]:
    """Return every other economy, those first whose trade gives back most for its value.

    Parameters
    ----------
    situation
        The target before the support.
    musd
        What each gives in money; and in trade, half of it bought and half sold.
    told
        Hears of progress.

    Notes
    -----
    Opened trade has the composition of the target's baseline trade, as far as the giver makes
    and uses the products; it comes on top of what the law and its enforcement leave.
    """
    world = situation.world
    before = situation.solved()
    others = [name for name in world.economies if name != situation.target]
    found = []
    for done, giver in enumerate(others):
        told(f"support by {giver}", done, len(others))
        money = _tried(situation, with_transfer(situation, giver, musd), before)
        shock, opened = _opened(situation, giver, musd)
        trade = _tried(situation, shock, before)
        found.append(_row(situation, giver, opened, before, money, trade))
    found.sort(key=lambda row: np.inf if row.trade_points is None else -row.trade_points)
    return found


def _tried(situation: Situation, shock: Shock, near: Outcome) -> Outcome | None:
    try:
        return situation.solved(shock, near)
    except (Infeasible, NotConverged):
        return None


def _opened(situation: Situation, giver: str, musd: float) -> tuple[Shock, float]:
    """Trade opened both ways, in the products that the target traded in the baseline; its value."""
    target = situation.target
    sold = _mix(situation, giver, target, musd / 2)
    bought = _mix(situation, target, giver, musd / 2)
    shock = with_goods(situation, giver, target, sold)
    value = sum(sold.values()) + sum(bought.values())
    return with_goods(replace(situation, shock=shock), target, giver, bought), value


def _mix(situation: Situation, origin: str, destination: str, musd: float) -> dict[str, float]:
    """``musd`` over the sectors of the target's baseline trade in that direction."""
    world = situation.world
    i, n = world.economies.index(origin), world.economies.index(destination)
    t = world.economies.index(situation.target)
    trade = world.accounts.trade
    flows = trade[:, :, t].sum(axis=1) if i == t else trade[:, t, :].sum(axis=1)
    weight = flows - trade[:, t, t]
    # A product is opened to at most a tenth of what its buyer spends on it.
    room = 0.1 * world.accounts.spending[:, n]
    weight = np.where((world.accounts.output[:, i] > 0) & (room > 0), weight, 0.0)
    if weight.sum() <= 0:
        return {}
    goods = np.minimum(musd * weight / weight.sum(), room)
    return {world.sectors[s]: float(goods[s]) for s in np.flatnonzero(goods > 0)}


def _row(
    situation: Situation,
    giver: str,
    value: float,
    before: Outcome,
    money: Outcome | None,
    trade: Outcome | None,
) -> Giver:
    world = situation.world
    income = float(world.accounts.income[world.economies.index(giver)])

    def points(outcome: Outcome | None) -> float | None:
        if outcome is None:
            return None
        gain = outcome.real_income.sel(economy=situation.target) - before.real_income.sel(
            economy=situation.target
        )
        return 100 * float(gain)

    def cost(outcome: Outcome | None) -> float | None:
        if outcome is None:
            return None
        loss = before.real_income.sel(economy=giver) - outcome.real_income.sel(economy=giver)
        return float(loss) * income

    given, opened, paid = points(money), points(trade), cost(money)
    return Giver(
        giver=giver,
        money_points=given,
        money_cost_musd=paid,
        money_cost_pct_per_point=(
            None if paid is None or not given or given <= 0 else 100 * paid / income / given
        ),
        trade_points=opened,
        trade_opened_musd=value,
        trade_cost_musd=cost(trade),
        trade_musd_per_point=None if opened is None or opened <= 0 else value / opened,
    )
