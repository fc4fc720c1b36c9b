"""The widening rule: never narrower, wider for weaker kinds and longer chains, within bounds."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.claims import claim
from tumen.evidence.claim import Kind
from tumen.evidence.quantity import Quantity, Range
from tumen.evidence.widening import FURTHER, WEIGHTS, Weight, narrower, supported, weight, widened

ENDS = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted)
SHARES = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)
WEAK = [WEIGHTS[kind] for kind in ("estimate", "attributed report", "rumour")]
WEIGHT = st.builds(Weight, stretch=st.floats(1, 5), least=st.floats(0, 2))


def ranged(ends: list[float], unit: str) -> Range:
    return Range(low=ends[0], central=ends[1], high=ends[2], unit=unit)


@given(ENDS, WEIGHT)
def test_it_is_never_narrower_and_keeps_the_centre(ends: list[float], by: Weight) -> None:
    stated = ranged(ends, "million USD")
    wide = widened(stated, by)
    assert wide.low <= stated.low
    assert wide.high >= stated.high
    assert (wide.central, wide.unit) == (stated.central, stated.unit)


@given(ENDS)
def test_weaker_kinds_are_wider(ends: list[float]) -> None:
    stated = ranged(ends, "million USD")
    for firm, weak in pairwise(WEAK):
        assert widened(stated, weak).low <= widened(stated, firm).low
        assert widened(stated, weak).high >= widened(stated, firm).high


@given(st.floats(1e-3, 1e6), st.floats(1, 10), st.floats(1, 10), WEIGHT)
def test_amounts_above_nothing_stay_there(
    central: float, down: float, up: float, by: Weight
) -> None:
    stated = ranged([central / down, central, central * up], "million USD")
    wide = widened(stated, by)
    assert wide.low > 0
    for end, first in ((wide.low, stated.low), (wide.high, stated.high)):
        distance = abs(math.log(end / central))
        wanted = max(by.stretch * abs(math.log(first / central)), math.log1p(by.least))
        assert distance == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@given(SHARES, WEIGHT)
def test_shares_stay_shares(ends: list[float], by: Weight) -> None:
    wide = widened(ranged(ends, "share"), by)
    assert wide.low >= 0
    assert wide.high <= 1


def test_other_bounds() -> None:
    by = Weight(2.0, 0.5)
    assert widened(ranged([1.1, 1.2, 1.3], "price ratio"), by).low == 1
    assert widened(ranged([1.1, 1.2, 1.3], "ratio"), by).low < 1
    nothing = widened(ranged([0, 0, 0], "million USD"), by)
    assert (nothing.low, nothing.high) == (0, 0)
    assert widened(ranged([0, 10, 20], "million USD"), by).low == 0
    growth = widened(ranged([-4, -4, -4], "per cent"), by)
    assert (growth.low, growth.high) == (-6, -2)


def test_every_kind_has_a_weight() -> None:
    assert tuple(WEIGHTS) == get_args(Kind)
    assert WEIGHTS["official statistic"] == WEIGHTS["judgement"] == Weight(1.0, 0.0)


def test_every_hand_after_the_first_widens() -> None:
    one, two, three = (weight(claim(chain=["A", "B", "C", "D"][:n])) for n in (2, 3, 4))
    assert weight(claim(chain=["A"])) == one == WEIGHTS["estimate"]
    assert two.stretch == pytest.approx(FURTHER * one.stretch)
    assert three.least == pytest.approx(FURTHER**2 * one.least)
    statistic = claim(kind="official statistic", chain=["A", "B", "C", "D"])
    assert weight(statistic) == WEIGHTS["official statistic"]


def test_narrower_is_told_where_it_can_be_compared() -> None:
    said = claim(kind="rumour", figure=(100, 200, 400))
    wide = supported(said)
    assert wide is not None
    assert [wide.low, wide.high] == pytest.approx([50, 800])
    for low, high, found in ((50, 800, False), (51, 800, True), (50, 799, True), (1, 999, False)):
        assert narrower(Quantity.of(low, 200, high, "million USD", "s"), said) is found
    assert narrower(Quantity.of(50, 200, 800, "tonnes", "s"), said) is None
    assert narrower(Quantity.of(50, 200, 800, "million USD", "s"), claim()) is None
    assert supported(claim()) is None
