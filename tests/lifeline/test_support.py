"""Support: what is found is the least that does, and what cannot be done is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.worlds import cut, world
from tumen import InvalidInput, Outcome, Shock, World, solve
from tumen.lifeline.givers import who_could_step_in
from tumen.lifeline.support import (
    Situation,
    compensating_freeness,
    compensating_goods,
    compensating_money,
    in_kind,
    with_goods,
    with_transfer,
)


@pytest.fixture(name="base", scope="module")
def _base() -> World:
    return world(4, 3, seed=6)


def hurt(base: World, left: float = 0.3) -> Situation:
    return Situation(base, Shock(freeness=cut(base, "e0", left)), "e0")


def income(situation: Situation, shock: Shock | None = None) -> float:
    return float(situation.solved(shock).real_income.sel(economy="e0"))


def test_transfer_goes_from_giver_to_target(base: World) -> None:
    given = with_transfer(hurt(base), "e2", 0.5).deficit
    assert given is not None
    moved = given.values - base.accounts.deficit
    assert moved == pytest.approx([0.5, 0, -0.5, 0])


def test_goods_take_their_value_at_baseline_costs(base: World) -> None:
    """At unchanged costs an opening of v sells v: ω / (1 + ω) of what the buyer spends."""
    situation = Situation(base, Shock(), "e0")
    spent = base.accounts.spending[1, 0]
    first = with_goods(situation, "e2", "e0", {"s1": 0.01 * spent})
    second = with_goods(replace(situation, shock=first), "e3", "e0", {"s1": 0.02 * spent})
    assert first.opening is not None
    assert second.opening is not None
    omega = second.opening.sel(destination="e0", sector="s1").values
    assert omega[3] / (1 + omega.sum()) == pytest.approx(0.02)
    assert float(first.opening.sum()) == pytest.approx(0.01 / 0.99)


def test_goods_pay_the_buyer_s_tariff() -> None:
    base = world(4, 3, seed=6, tariffs=0.3)
    spent = base.accounts.spending[1, 0]
    opening = with_goods(Situation(base, Shock(), "e0"), "e2", "e0", {"s1": 0.01 * spent}).opening
    assert opening is not None
    assert base.accounts.tariff is not None
    omega = float(opening.sum())
    rate = base.accounts.tariff[1, 0, 2]
    assert rate > 0.01
    assert omega / (1 + omega) == pytest.approx(0.01 * (1 + rate))


def test_too_many_goods_are_refused(base: World) -> None:
    with pytest.raises(InvalidInput, match=r"sector s1.*spends"):
        with_goods(hurt(base), "e2", "e0", {"s1": 2 * base.accounts.spending[1, 0]})


@pytest.mark.parametrize("share", [0.25, 0.6])
def test_money_found_is_what_it_takes(base: World, share: float) -> None:
    situation = hurt(base)
    start = income(situation)
    found = compensating_money(situation, "e1", share)
    assert found.musd is not None
    goal = start + share * (1 - start)
    assert income(situation, with_transfer(situation, "e1", found.musd)) == pytest.approx(
        goal, abs=1e-6
    )
    assert income(situation, with_transfer(situation, "e1", 0.98 * found.musd)) < goal
    assert found.giver_cost_musd is not None
    assert found.giver_cost_musd > 0


def test_goods_found_are_what_it_takes(base: World) -> None:
    situation = hurt(base, 0.7)
    start = income(situation)
    found = compensating_goods(situation, "e1", "s0", 0.2)
    assert found.musd is not None
    goal = start + 0.2 * (1 - start)
    given = in_kind(situation, "e1", "s0", found.musd)
    assert income(situation, given) == pytest.approx(goal, abs=1e-6)


def test_nothing_is_needed_where_nothing_was_lost(base: World) -> None:
    found = compensating_money(Situation(base, Shock(), "e0"), "e1", 0.5)
    assert found.musd == pytest.approx(0, abs=1e-6)


def test_where_money_cannot_the_best_is_said() -> None:
    """What it would buy cannot come in: no transfer is a solution, and none is invented."""
    shut = hurt(world(4, 3, seed=6, deficits=0), 0.0)
    found = compensating_money(shut, "e1", 0.5)
    assert (found.musd, found.giver_cost_musd, found.giver_cost_pct) == (None, None, None)
    assert (found.best_share, found.best_musd) == (0, 0)


def test_goods_of_one_kind_may_not_be_enough() -> None:
    base = world(4, 20, seed=6)
    little = base.sectors[int(base.accounts.spending[:, 0].argmin())]
    found = compensating_goods(hurt(base, 0.01), "e1", little, 1.0)
    assert found.musd is None
    assert 0 < found.best_share < 1


def test_freeness_found_is_what_it_takes(base: World) -> None:
    found = compensating_freeness(hurt(base, 0.1), 0.5)
    assert found.musd is not None
    start = income(hurt(base, 0.1))
    reached = income(hurt(base, 0.1 * (1 + found.musd)))
    assert reached == pytest.approx(start + 0.5 * (1 - start), abs=1e-6)
    assert compensating_freeness(hurt(base, 1e-7), 0.5).musd is None


def test_givers_are_ranked_by_what_their_trade_gives_back(base: World) -> None:
    situation = hurt(base)
    musd = 0.1 * float(base.accounts.income.min())
    found = who_could_step_in(situation, musd)
    points = [row.trade_points or 0 for row in found]
    assert points == sorted(points, reverse=True)
    assert {row.giver for row in found} == {"e1", "e2", "e3"}
    start = income(situation)
    for row in found:
        alone = 100 * (income(situation, with_transfer(situation, row.giver, musd)) - start)
        assert row.money_points == pytest.approx(alone)
        assert row.money_cost_musd is not None
        assert row.money_cost_musd > 0


def test_a_small_giver_is_asked_up_to_what_it_can_pay(base: World) -> None:
    """20 times the target's imports is more than e2 has: that is no reason to say "cannot"."""
    small_one = base.economies[int(base.accounts.income.argmin())]
    situation = hurt(base, 0.9)
    start = income(situation)
    income_of_giver = float(base.accounts.income.min())
    reached = income(situation, with_transfer(situation, small_one, 0.2 * income_of_giver))
    share = (reached - start) / (1 - start)
    found = compensating_money(situation, small_one, share)
    assert found.musd == pytest.approx(0.2 * income_of_giver, rel=1e-4)


def test_without_a_solution_for_trade_a_giver_stands_last(
    base: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tried(situation: Situation, shock: Shock, near: Outcome) -> Outcome | None:
        assert shock.freeness is not None
        outcome = situation.solved(shock, near)
        return None if shock.opening is not None and shock.opening.values[1].any() else outcome

    monkeypatch.setattr("tumen.lifeline.givers._tried", tried)
    rows = who_could_step_in(hurt(base), 0.1 * float(base.accounts.income.min()))
    assert [row.giver for row in rows if row.trade_points is None] == ["e1"]
    assert rows[-1].giver == "e1"


def test_a_giver_that_cannot_pay_has_no_answer(base: World) -> None:
    musd = 2 * float(base.accounts.income.min())
    rows = {row.giver: row for row in who_could_step_in(hurt(base), musd)}
    poorest = base.economies[int(base.accounts.income.argmin())]
    assert rows[poorest].money_points is None
    assert rows[poorest].money_cost_pct_per_point is None


def test_the_situation_itself_is_left_alone(base: World) -> None:
    situation = hurt(base)
    kept = np.array(situation.shock.freeness)
    with_goods(situation, "e2", "e0", {"s1": 0.01})
    compensating_freeness(situation, 0.1)
    assert situation.shock.deficit is None
    assert situation.shock.opening is None
    assert (np.array(situation.shock.freeness) == kept).all()
    assert solve(base, situation.shock).worst_imbalance <= 1e-10
