"""Sobol indices from the draws, against indices that are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import qmc

from tumen.ensemble.drivers import chance, first_order


def cube(count: int, width: int, seed: int = 0) -> npt.NDArray[np.float64]:
    points: npt.NDArray[np.float64] = qmc.LatinHypercube(width, rng=seed).random(count)
    return points


def test_the_ishigami_function() -> None:
    """First-order indices 0.314, 0.442 and 0 (Ishigami and Homma 1990, a = 7, b = 0.1)."""
    x = 2 * np.pi * cube(20_000, 3) - np.pi
    answer = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    assert first_order(x, answer) == pytest.approx([0.314, 0.442, 0.0], abs=0.02)


def test_a_sum_is_split_by_variance() -> None:
    x = cube(5000, 4)
    weights = np.array([3.0, 2.0, 1.0, 0.0])
    wanted = weights**2 / (weights**2).sum()
    assert first_order(x, x @ weights) == pytest.approx(wanted, abs=0.02)


def test_classes_that_are_given_are_used_as_they_are() -> None:
    level = np.repeat([0.0, 1.0, 2.0], 200)
    noise = cube(600, 1)[:, 0]
    found = first_order(np.column_stack([level, noise]), np.where(level == 1, 5.0, 0.0))
    assert found[0] == pytest.approx(1.0)
    assert found[1] < chance(600)


@pytest.mark.parametrize("count", [40, 200, 1000])
def test_what_does_nothing_seldom_exceeds_chance(count: int) -> None:
    rng = np.random.default_rng(3)
    x = rng.random((count, 200))
    found = first_order(x, rng.normal(size=count))
    assert (found > chance(count)).mean() < 0.08
    assert (found > 0).mean() > 0.2  # the bound is not idle


def test_an_answer_that_never_moves_has_no_driver() -> None:
    assert first_order(cube(50, 2), np.ones(50)).tolist() == [0.0, 0.0]
    assert first_order(cube(6, 2), np.arange(6.0)).tolist() == [0.0, 0.0]
