"""The flows that hurt a target most per dollar of the senders' loss, held against new solves."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.support.worlds import cut, world
from tumen import InvalidInput, Outcome, Shock, solve
from tumen.lifeline.painful import CUT, PainfulFlow, painful_flows


@cache
def start() -> Outcome:
    base = world(6, 4, seed=5)
    return solve(base, Shock(freeness=cut(base, "e1", 0.6)), tolerance=1e-12)


def losses(row: PainfulFlow, target: str, senders: tuple[str, ...]) -> tuple[float, float]:
    """Dollars that both sides lose by one per cent less freeness, solved anew."""
    before = start()
    freeness = before.shock.freeness
    assert freeness is not None
    cell = {"origin": row.origin, "destination": row.destination, "sector": row.sector}
    moved = freeness.copy(deep=True)
    moved.loc[cell] *= 1 - CUT
    after = solve(before.world, replace(before.shock, freeness=moved), tolerance=1e-12)
    dollars = (before.real_income - after.real_income) * before.world.accounts.income
    return float(dollars.sel(economy=target)), float(dollars.sel(economy=list(senders)).sum())


def test_both_losses_are_those_of_a_new_solve() -> None:
    found = painful_flows(start(), "e1", ("e0", "e3"), least_musd=0.0)
    assert len(found.costly) == 10
    assert found.missing == ""
    gained = painful_flows(start(), "e1", "e5", least_musd=0.0).free
    for row in (*found.costly[:3], gained[0]):
        senders = found.senders if row in found.costly else ("e5",)
        hurt, cost = losses(row, "e1", senders)
        assert row.target_loss_musd == pytest.approx(hurt, rel=0.02)
        assert row.senders_loss_musd == pytest.approx(cost, rel=0.02, abs=0.002 * hurt)
        sold = start().trade.sel(origin=row.origin, destination=row.destination, sector=row.sector)
        assert row.trade_musd == pytest.approx(float(sold))


def test_ratios_are_sorted_and_gains_stand_apart() -> None:
    every = painful_flows(start(), "e1", "e5", most=100, least_musd=0.0)
    ratios = [row.ratio for row in every.costly if row.ratio is not None]
    assert ratios == sorted(ratios, reverse=True)
    assert all(0 < ratio < np.inf for ratio in ratios)
    for row in every.costly:
        assert row.ratio == pytest.approx(row.target_loss_musd / row.senders_loss_musd)
    assert every.free  # prices move in favour of e5
    assert all(
        row.ratio is None and row.senders_loss_musd <= 1e-6 * row.trade_musd for row in every.free
    )
    hurt = [row.target_loss_musd for row in every.free]
    assert hurt == sorted(hurt, reverse=True)
    assert min(hurt) > 0
    pairs = {frozenset((row.origin, row.destination)) for row in (*every.costly, *every.free)}
    assert pairs == {frozenset(("e5", "e1"))}


def test_short_lists_are_the_head_of_long_ones() -> None:
    every = painful_flows(start(), "e1", "e0", most=100, least_musd=0.0)
    few = painful_flows(start(), "e1", "e0", most=2, least_musd=0.0)
    assert few.costly == every.costly[:2]
    assert few.free == every.free[:2]
    size = sorted(row.trade_musd for row in every.costly)[len(every.costly) // 2]
    large = painful_flows(start(), "e1", "e0", most=100, least_musd=size)
    assert large.costly == tuple(row for row in every.costly if row.trade_musd >= size)


def test_flows_that_are_shut_have_nothing_left_to_cut() -> None:
    base = world(4, 2, seed=3)
    shut = solve(base, Shock.of(base, {("e0", "e1", "*"): 0.0}))
    found = painful_flows(shut, "e1", "e0", least_musd=0.0)
    assert {row.origin for row in (*found.costly, *found.free)} == {"e1"}


def test_a_target_in_autarky_has_no_flows_and_the_reason_is_given() -> None:
    base = world(4, 2, seed=3, deficits=0)
    alone = solve(base, Shock(freeness=cut(base, "e1", 0.0)), deficits="zero")
    found = painful_flows(alone, "e1", ["e0", "e2"])
    assert found.costly == found.free == ()
    assert found.missing.startswith("in autarky: e1")


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(InvalidInput, match="target: the world has no economy 'e9'"):
        painful_flows(start(), "e9", "e0")
    with pytest.raises(InvalidInput, match="senders: the world has no economy 'x'"):
        painful_flows(start(), "e1", ["e0", "x"])
    with pytest.raises(InvalidInput, match="is empty"):
        painful_flows(start(), "e1", [])
    with pytest.raises(InvalidInput, match="e1 is the target"):
        painful_flows(start(), "e1", ["e0", "e1"])
    with pytest.raises(InvalidInput, match="is 0, must be at least 1"):
        painful_flows(start(), "e1", "e0", most=0)
