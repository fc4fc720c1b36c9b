"""Who takes over: diversion is never called support, and nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tumen import InvalidInput
from tumen.lifeline.replacement import TargetFlows, gains, replacement, takeovers

SHAPE = (3, 2)
AMOUNT = arrays(float, SHAPE, elements=st.floats(0, 1000))
SECTORS = ["B05", "C19"]
FIRST, SECOND = np.array([True, False, False]), np.array([False, True, False])


def flows(**given_: np.ndarray) -> TargetFlows:
    none = {name: np.zeros(SHAPE) for name in TargetFlows.__dataclass_fields__}
    return TargetFlows(**{**none, **given_})


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_gains_of_others_add_up(
    before: np.ndarray, legal: np.ndarray, evaded: np.ndarray, opened: np.ndarray, dark: np.ndarray
) -> None:
    case = flows(before=before, legal=legal, evaded=evaded, opened=opened, opened_hidden=dark)
    evasion, diversion, support = gains(case, FIRST)
    gained = np.maximum(case.now - before, 0)
    others = np.s_[1:]
    assert (evasion + diversion + support)[others] == pytest.approx(gained[others])
    assert (support <= opened + dark + 1e-9).all()
    assert (evasion <= evaded + 1e-9).all()
    assert min(evasion.min(), diversion.min(), support.min()) >= 0


@given(AMOUNT, AMOUNT)
def test_without_support_nothing_is_support(before: np.ndarray, legal: np.ndarray) -> None:
    rows = takeovers("export", flows(before=before, legal=legal), FIRST, SECTORS)
    assert all(row.support_musd == 0 and row.evasion_musd == 0 for row in rows)


def test_a_partner_that_only_goes_on_took_over_nothing() -> None:
    before = np.array([[100.0, 0.0], [50.0, 0.0], [0.0, 0.0]])
    legal = np.array([[10.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    evaded = np.array([[30.0, 0.0], [50.0, 0.0], [0.0, 0.0]])
    (row,) = takeovers("export", flows(before=before, legal=legal, evaded=evaded), FIRST, SECTORS)
    assert (row.withdrawn_musd, row.evasion_musd) == (90, 30)
    assert (row.diversion_musd, row.support_musd, row.lost_musd) == (0, 0, 60)


def test_replacement_keeps_recorded_and_hidden_apart() -> None:
    before = np.array([[1000.0, 0.0], [60.0, 0.0], [0.0, 0.0]])
    legal = np.array([[200.0, 0.0], [20.0, 0.0], [0.0, 0.0]])
    dark = np.array([[0.0, 0.0], [40.0, 0.0], [0.0, 0.0]])
    case = flows(
        before=before,
        legal=legal,
        opened_hidden=dark,
        hidden=dark,
        recorded_before=before,
        recorded=legal,
    )
    found = replacement([case], withdrew=FIRST, newcomers=SECOND)
    assert (found.withdrawn_musd, found.recorded_musd, found.hidden_musd) == (800, -40, 40)
    assert (found.recorded_ratio, found.hidden_ratio) == (-0.05, 0.05)
    nothing = replacement([replace(case, legal=before)], FIRST, SECOND)
    assert nothing.recorded_ratio == 0


def test_negative_part_is_refused() -> None:
    with pytest.raises(InvalidInput, match="evaded: holds a negative value"):
        takeovers("export", flows(evaded=np.full(SHAPE, -1.0)), FIRST, SECTORS)
