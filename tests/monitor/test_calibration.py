"""Errors of forecasts: false alarms, intervals, power and σ are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.monitor.calibration import ALARM, Reference, combined, share_interval
from tumen.statecraft.detection import power


def reference(random: np.random.Generator, count: int, spread: float = 0.3) -> Reference:
    expected = random.lognormal(3, 1, count)
    return Reference(expected, expected * random.lognormal(-(spread**2) / 2, spread, count))


def test_honest_flows_are_flagged_at_the_nominal_rate_and_support_is_in_the_interval() -> None:
    random = np.random.default_rng(1)
    known = reference(random, 1500)
    flagged, inside, added = 0, 0, 20.0
    fresh = reference(random, 600)
    for expected, actual in zip(fresh.expected, fresh.actual, strict=True):
        judged = known.judge(actual, expected)
        lifted = known.judge(actual + added, expected)
        assert judged is not None
        assert lifted is not None
        flagged += judged.p_value < ALARM
        inside += lifted.low <= added <= lifted.high
    low, high = share_interval(flagged, 600)
    assert low <= ALARM <= high
    assert 0.92 <= inside / 600 <= 0.98


@pytest.mark.parametrize("spread", [0.1, 0.3])
def test_errors_that_grow_with_trade_are_found_to(spread: float) -> None:
    known = reference(np.random.default_rng(2), 2000, spread)
    assert known.power == pytest.approx(2, abs=0.1)
    judged = known.judge(100.0, 100.0)
    assert judged is not None
    assert judged.error == pytest.approx(100 * spread, rel=0.15)


def test_sigma_gives_the_game_the_detection_that_is_measured() -> None:
    known = reference(np.random.default_rng(3), 3000)
    low, sigma, high = known.noise(100.0, ALARM)
    assert low < sigma < high
    half = 1.645 * sigma
    assert known.detects(half, 100.0, ALARM) == pytest.approx(0.5, abs=0.1)
    assert float(power(half, sigma, ALARM)) == pytest.approx(0.5, abs=0.01)
    assert known.detects(0.0, 100.0, ALARM) == pytest.approx(ALARM, abs=0.01)


def test_detection_rises_with_support() -> None:
    known = reference(np.random.default_rng(4), 800)
    rates = [known.detects(added, 50.0, ALARM) for added in (0, 10, 20, 40, 80, 200)]
    assert rates == sorted(rates)
    assert rates[-1] > 0.95


def test_with_too_little_to_compare_nothing_is_said() -> None:
    assert Reference(np.ones(5), np.ones(5)).judge(2.0, 1.0) is None
    assert reference(np.random.default_rng(0), 50).judge(2.0, 0.0) is None


@settings(max_examples=50)
@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=5))
def test_combined_evidence_lies_between_its_parts(values: list[float]) -> None:
    together = combined(values)
    assert min(values) - 1e-9 <= together <= max(values) + 1e-9


def test_combined_chances_cry_wolf_no_more_than_one() -> None:
    random = np.random.default_rng(5)
    drawn = random.uniform(size=(4000, 3))
    flagged = np.mean([combined(list(row)) < ALARM for row in drawn])
    assert flagged < 1.5 * ALARM
