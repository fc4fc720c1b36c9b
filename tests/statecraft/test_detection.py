"""Detection is the power of a test: a simulated monitor flags as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.statecraft.detection import backfill_at, power


def test_a_simulated_monitor_flags_as_often() -> None:
    noise, draw = 0.1, np.random.default_rng(5)
    errors = draw.normal(0.0, noise, 200_000)
    threshold = np.quantile(errors, 0.95)
    for hidden in (0.0, 0.0553, 0.2):
        flagged = (hidden + errors > threshold).mean()
        assert power(hidden, noise, 0.05) == pytest.approx(flagged, abs=5e-3)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 2), st.floats(0.01, 0.3))
def test_more_is_likelier_to_be_seen(b: float, more: float, noise: float, alarm: float) -> None:
    assert alarm - 1e-12 <= power(b, noise, alarm) <= power(b + more, noise, alarm) <= 1


@given(st.floats(0.06, 0.99), st.floats(0.01, 2))
def test_the_backfill_at_a_chance_is_flagged_with_it(chance: float, noise: float) -> None:
    assert power(backfill_at(chance, noise, 0.05), noise, 0.05) == pytest.approx(chance)
    assert backfill_at(0.01, noise, 0.05) == 0
