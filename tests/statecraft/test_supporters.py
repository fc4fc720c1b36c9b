"""Support is a best reply to support: strategic substitutes, several equilibria, lines of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.statecraft import brute_force
from tumen.statecraft.game import VoteBackfillGame
from tumen.statecraft.state import State
from tumen.statecraft.supporters import regret, support_equilibria
from tumen.statecraft.target import Target
from tumen.statecraft.textbook import BASE

GAME = VoteBackfillGame(**BASE)


def two(first: float, second: float, **changes: Any) -> tuple[Target, list[State]]:
    game = VoteBackfillGame(**{**BASE, **changes})
    return game.target, [replace(game.state, survival_value=each) for each in (first, second)]


@given(st.floats(4, 14), st.floats(0.1, 0.3), st.floats(0, 0.1), st.floats(0, 0.1))
def test_quiet_support_falls_in_that_of_others(
    stake: float, text: float, others: float, more: float
) -> None:
    state = replace(GAME.state, survival_value=stake)
    cut = np.array([text, text])
    replies, _ = state.reply(GAME.target, cut, np.array([others, others + more]))
    if replies.max() < 0.15:
        assert replies[1] <= replies[0] + 1e-7


def test_the_retreat_of_one_raises_the_support_of_the_other() -> None:
    target, states = two(10.0, 10.0)
    together = support_equilibria(target, states, 0.3)
    alone = support_equilibria(target, [replace(states[0], capacity=0.0), states[1]], 0.3)
    assert together.unique
    assert alone.unique
    assert alone.points[0][0] == 0
    assert alone.points[0][1] > together.points[0][1]
    assert alone.points[0].sum() < together.points[0].sum()
    expected = float(GAME.backfill(np.array([0.3]))[0])
    assert alone.points[0][1] == pytest.approx(expected, abs=1e-7)


def test_an_equilibrium_survives_every_deviation_on_a_grid() -> None:
    """Against the equations alone: what the other supplies acts like a smaller text."""
    target, states = two(12.0, 8.0)
    (point,) = support_equilibria(target, states, 0.3).points
    for own, other, stake in ((point[0], point[1], 12.0), (point[1], point[0], 8.0)):
        game = {**BASE, "survival_value": stake, "black_market": other}
        grid = np.linspace(0, 0.3, 30_001)
        best = brute_force.payoff_yes(game, 0.3, grid).max()
        assert brute_force.payoff_yes(game, 0.3, own) >= best - 1e-9


def test_several_equilibria_are_all_found() -> None:
    """Quiet together, or one of them brazen and the other nearly idle, as a fine scan finds."""
    target, states = two(20.0, 20.0)
    found = support_equilibria(target, states, 0.3)
    assert not found.unique
    assert found.line  # the brazen ones
    assert len(found.points) == 3
    grid = np.linspace(0, 0.3, 301)
    cut = np.array([0.3])
    scanned = []
    for first in grid.tolist():
        second, _ = states[1].reply(target, cut, np.array([first]))
        back, _ = states[0].reply(target, cut, second)
        if abs(float(back[0]) - first) < 5e-4:
            scanned.append((first, float(second[0])))
    quiet, *brazen = found.points[0], found.low[1], found.high[1], found.low[2], found.high[2]
    assert quiet == pytest.approx([0.1106, 0.1106], abs=1e-3)
    near = [pair for pair in scanned if sum(pair) < 0.29]
    assert np.mean(near, axis=0) == pytest.approx(quiet, abs=2e-3)
    far = [first for first, second in scanned if first + second >= 0.29]
    edges = sorted(float(each[0]) for each in brazen)
    seen = [min(far), max(f for f in far if f < 0.15), min(f for f in far if f > 0.15), max(far)]
    assert edges == pytest.approx(seen, abs=2e-3)


def test_brazen_supporters_share_the_work_along_a_line() -> None:
    target, states = two(30.0, 30.0)
    found = support_equilibria(target, states, 0.3)
    assert found.line
    assert not found.unique
    assert len(found.points) == 1
    assert found.points.sum(axis=1) == pytest.approx([0.3], abs=1e-6)
    (low, high), (other_low, other_high) = found.ranges
    assert (low, high) == pytest.approx((0.3 - other_high, 0.3 - other_low), abs=1e-3)
    assert high - low > 0.05
    shares = np.linspace(low, high, 7)
    points = np.stack([shares, 0.3 - shares], axis=1)
    assert regret(target, states, np.full(7, 0.3), points).max() <= 1e-9


def test_three_supporters() -> None:
    found = support_equilibria(GAME.target, [GAME.state] * 3, 0.3)
    assert found.unique
    assert np.ptp(found.points[0]) < 1e-6
    one = float(GAME.backfill(np.array([0.3]))[0])
    assert found.points[0][0] < one < found.points[0].sum()
