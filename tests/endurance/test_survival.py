"""The chance of holding falls with time and with lost income, and gains do not help."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.endurance.survival import Hazard, held, survival
from tumen.errors import InvalidInput

hazards = st.builds(Hazard, base=st.floats(0, 0.5), slope=st.floats(0, 8))
losses = st.lists(st.floats(-0.5, 0.9), min_size=1, max_size=60)


@given(hazards, losses)
def test_survival_is_a_chance_that_only_falls(hazard: Hazard, path: list[float]) -> None:
    chances = survival(hazard, path)
    assert len(chances) == len(path)
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(later <= earlier for earlier, later in itertools.pairwise(chances))


@given(hazards, st.floats(0, 0.9), st.floats(0, 0.5))
def test_more_lost_income_is_more_hazard(hazard: Hazard, loss: float, more: float) -> None:
    assert hazard.monthly(loss + more) >= hazard.monthly(loss)
    assert hazard.monthly(-more) == hazard.monthly(0.0) == hazard.base / 12


def test_a_calm_year_is_the_base_rate() -> None:
    """h0 of 2 % a year: exp(−.02) after twelve months, whatever the slope."""
    for slope in (0.0, 6.0):
        assert survival(Hazard(0.02, slope), [0.0] * 12)[-1] == pytest.approx(math.exp(-0.02))
    # The textbook game: H = 5 years, loss .35 · n with n = .2079, slope 6 (REFERENCES, section 3).
    textbook = survival(Hazard(0.02, 6.0), [0.35 * 0.2079] * 60)[-1]
    assert 1 - textbook == pytest.approx(1 - math.exp(-5 * 0.02 * math.exp(6 * 0.35 * 0.2079)))


@given(hazards, st.floats(0, 0.3), st.floats(0, 0.9), st.integers(0, 60))
def test_two_spells_are_the_path_of_their_months(
    hazard: Hazard, first: float, then: float, months: int
) -> None:
    path = [first] * months + [then] * (60 - months)
    assert held(hazard, first, months, then, 60) == pytest.approx(survival(hazard, path)[-1])
    assert held(hazard, first, None, then, 60) == pytest.approx(survival(hazard, [first] * 60)[-1])


def test_impossible_hazards_are_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        Hazard(-0.1, float("inf"))
    assert len(caught.value.problems) == 2
