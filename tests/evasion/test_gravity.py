"""Fitted freeness: exact where the additive form is, silent where the data say nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tumen.evasion import detour_costs
from tumen.evasion.gravity import with_fitted_links


def additive(economies: int, seed: int) -> np.ndarray:
    """φ̄_in = exp(a_i + a_n), 1 on the diagonal."""
    own = np.random.default_rng(seed).uniform(-3, -0.1, economies)
    links = np.exp(own[:, None] + own[None, :])
    np.fill_diagonal(links, 1.0)
    return links[None]


def without(links: np.ndarray, gone: np.ndarray) -> np.ndarray:
    gone = np.triu(gone, 1)
    return np.where((gone | gone.T)[None], np.nan, links)


@given(st.integers(0, 200), st.floats(0.05, 0.6))
def test_missing_links_of_an_additive_world_come_back_exactly(seed: int, share: float) -> None:
    draw = np.random.default_rng(seed)
    truth = additive(7, seed)
    given_ = without(truth, draw.uniform(size=(7, 7)) < share)
    assume(np.isnan(given_).any())
    found = with_fitted_links(given_)
    filled, fitted = found.values, found.fitted & ~found.silent[:, :, None]
    fitted &= ~found.silent[:, None, :]
    np.testing.assert_allclose(filled[fitted], truth[fitted], rtol=1e-8)
    known = np.isfinite(given_)
    np.testing.assert_array_equal(filled[known], given_[known])
    assert not (fitted & known).any()
    np.testing.assert_array_equal(np.isnan(filled), ~known & ~found.fitted)
    np.testing.assert_array_equal(fitted, fitted.transpose(0, 2, 1))


@given(st.integers(0, 50))
def test_the_order_of_economies_does_not_matter(seed: int) -> None:
    draw = np.random.default_rng(seed)
    noisy = additive(6, seed) * np.exp(draw.normal(0, 0.2, (6, 6)))
    links = without(np.sqrt(noisy * noisy.transpose(0, 2, 1)), draw.uniform(size=(6, 6)) < 0.3)
    order = draw.permutation(6)
    filled = with_fitted_links(links).values
    shuffled = with_fitted_links(links[:, order][:, :, order]).values
    np.testing.assert_allclose(shuffled, filled[:, order][:, :, order], rtol=1e-7)


def test_least_squares_is_what_it_is() -> None:
    links = np.array([[[1, 0.2, 0.1, 0.3], [0.2, 1, 0.05, np.nan], [0.1, 0.05, 1, 0.02],
                       [0.3, np.nan, 0.02, 1]]])  # fmt: skip
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)]
    design = np.zeros((5, 4))
    for row, pair in enumerate(pairs):
        design[row, pair] = 1
    logs = np.log([links[0, i, n] for i, n in pairs])
    own = np.linalg.lstsq(design, logs, rcond=None)[0]
    filled = with_fitted_links(links).values
    assert filled[0, 1, 3] == pytest.approx(np.exp(own[1] + own[3]))


def test_what_the_known_links_do_not_tell_stays_unknown() -> None:
    truth = additive(5, 1)
    gone = np.ones((5, 5), dtype=bool)
    gone[0, 2] = gone[0, 3] = gone[1, 2] = False  # two sides without an odd circle, and economy 4
    found = with_fitted_links(without(truth, gone))
    filled, fitted = found.values, found.fitted
    assert filled[0, 1, 3] == pytest.approx(truth[0, 1, 3]), "across the sides it is told"
    assert np.isnan(filled[0, 0, 1]), "within a side it is not"
    assert np.isnan(filled[0, 4, :4]).all(), "an economy without a known link"
    assert fitted.sum() == 2


def test_who_has_no_known_link_may_stand_at_an_end_and_its_own_freeness_cancels() -> None:
    truth = additive(6, 2)
    gone = np.zeros((6, 6), dtype=bool)
    gone[0] = True  # economy 0 trades both ways with nobody
    found = with_fitted_links(without(truth, gone))
    theta = np.array([5.0])
    assert found.silent[0].tolist() == [True] + [False] * 5
    for seller, buyer in ((0, 1), (1, 0)):
        np.testing.assert_allclose(
            detour_costs(found.values, theta, seller, buyer)[0, 2:],
            detour_costs(truth, theta, seller, buyer)[0, 2:],
        )


def test_a_hub_with_a_fitted_leg_is_a_route() -> None:
    truth = additive(4, 3)
    gone = np.zeros((4, 4), dtype=bool)
    gone[0, 2] = True
    links = without(truth, gone)
    theta = np.array([4.0])
    assert np.isinf(detour_costs(links, theta, 0, 1)[0, 2])
    filled = with_fitted_links(links).values
    expected = detour_costs(truth, theta, 0, 1)
    np.testing.assert_allclose(detour_costs(filled, theta, 0, 1), expected)
