"""A loss between the points at which it was solved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from tumen.errors import InvalidInput
from tumen.statecraft.game import VoteBackfillGame
from tumen.statecraft.surface import Surface
from tumen.statecraft.target import LossOfTextAndSupport
from tumen.statecraft.textbook import BASE

Array = npt.NDArray[np.float64]
TEXTS = np.array([0.0, 0.1, 0.3, 0.6, 0.9, 1.0])
PARTS = np.array([0.0, 0.05, 0.2, 0.6, 1.0])


def losses(power: float) -> Array:
    """A loss of what is cut net of support, solved on the grid."""
    found: Array = 0.35 * (TEXTS[:, None] * (1 - PARTS)) ** power
    return found


def linear() -> Surface:
    return Surface(TEXTS, PARTS, losses(1.0))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_linear_loss_is_met_everywhere(text: float, part: float) -> None:
    found = linear()(np.array([text]), np.array([text * part]))
    assert found == pytest.approx(0.35 * text * (1 - part), abs=1e-12)


def test_on_the_lines_of_the_grid_it_is_scipy_s_monotone_cubic() -> None:
    surface = Surface(TEXTS, PARTS, losses(1.7))
    even = np.linspace(0, 1, 57)
    along = PchipInterpolator(TEXTS, surface.losses[:, 2])(even)
    assert surface(even, 0.2 * even) == pytest.approx(along, abs=1e-14)
    across = PchipInterpolator(PARTS, surface.losses[3])(even)
    assert surface(np.full(57, 0.6), 0.6 * even) == pytest.approx(across, abs=1e-14)


def test_what_was_solved_is_returned() -> None:
    surface = Surface(TEXTS, PARTS, losses(2.0))
    text, part = (axis.ravel() for axis in np.meshgrid(TEXTS, PARTS, indexing="ij"))
    assert surface(text, text * part) == pytest.approx(surface.losses.ravel(), abs=1e-14)
    assert surface.whole == 0.35


def test_more_support_than_was_cut_counts_as_all_of_it() -> None:
    found = linear()(np.array([0.3, 0.0]), np.array([0.9, 0.5]))
    assert found == pytest.approx([0.0, 0.0], abs=1e-15)


def test_a_linear_surface_gives_the_textbook_game() -> None:
    game = VoteBackfillGame(**BASE)
    coupled = replace(game, income_loss=LossOfTextAndSupport(linear()))
    for black_market in (0.0, 0.05):
        found = replace(coupled, black_market=black_market).solve()
        plain = replace(game, black_market=black_market).solve()
        assert (found.vote, found.support, found.binding) == (
            plain.vote,
            plain.support,
            plain.binding,
        )
        assert found.text == pytest.approx(plain.text, abs=1e-6)
        assert found.backfill == pytest.approx(plain.backfill, abs=1e-6)
        assert found.collapse == pytest.approx(plain.collapse, abs=1e-6)


def test_a_loss_that_is_not_monotone_is_refused() -> None:
    dented = losses(1.0)
    dented[3, 0] = 0.0
    with pytest.raises(InvalidInput, match=r"losses: falls as the text grows"):
        Surface(TEXTS, PARTS, dented)
    helped = losses(1.0)
    helped[4, 2] = 0.34
    with pytest.raises(InvalidInput, match="losses: rises with support"):
        Surface(TEXTS, PARTS, helped)


def test_bad_grids_are_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        Surface(TEXTS[:-1], PARTS[::-1], losses(1.0))
    assert "texts: is [0.0, 0.1, 0.3, 0.6, 0.9], must rise from 0 to 1" in str(caught.value)
    assert "parts: is [1.0" in str(caught.value)
    with pytest.raises(InvalidInput, match=r"has shape \(6, 4\), must have \(6, 5\)"):
        Surface(TEXTS, PARTS, losses(1.0)[:, :4])
    missing = losses(1.0)
    missing[2, 1] = np.nan
    with pytest.raises(InvalidInput, match=r"is nan at text 0\.3, of which 0\.05 is made up"):
        Surface(TEXTS, PARTS, missing)
