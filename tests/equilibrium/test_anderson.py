"""Anderson acceleration: exact on linear maps, harmless on repeated steps."""

from __future__ import annotations

import numpy as np
import pytest

from tumen.equilibrium.anderson import Anderson, _solve


@pytest.mark.parametrize("size", [1, 3, 6])
def test_a_linear_map_is_solved_in_as_many_steps_as_it_has_unknowns(size: int) -> None:
    draw = np.random.default_rng(size)
    matrix = draw.normal(size=(size, size))
    matrix *= 0.8 / np.linalg.norm(matrix, 2)
    shift = draw.normal(size=size)
    wanted = np.linalg.solve(np.eye(size) - matrix, shift)
    accelerator, point = Anderson(size), np.zeros(size)
    for _ in range(size + 2):
        value = matrix @ point + shift
        point = accelerator.propose(value, value - point)
    assert point == pytest.approx(wanted, abs=1e-7)


def test_more_steps_than_it_keeps() -> None:
    """The products of kept steps with the residual follow it while slots are used again."""
    draw = np.random.default_rng(1)
    matrix = draw.normal(size=(40, 40))
    matrix *= 0.95 / np.linalg.norm(matrix, 2)
    accelerator, point = Anderson(40, depth=4), np.zeros(40)
    for _ in range(120):
        value = matrix @ point + 1.0
        residual = value - point
        point = accelerator.propose(value, residual)
        kept = min(accelerator._count, 4)
        if kept:
            fresh = accelerator._residuals[:kept] @ residual
            assert accelerator._projected[:kept] == pytest.approx(fresh, rel=1e-6, abs=1e-12)
    assert np.abs(matrix @ point + 1.0 - point).max() < 1e-6


def test_a_step_of_length_zero_does_no_harm() -> None:
    accelerator = Anderson(3)
    value, residual = np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3])
    for _ in range(4):
        point = accelerator.propose(value.copy(), residual.copy())
        assert point == pytest.approx(value)


def test_an_indefinite_matrix_falls_back_to_least_squares() -> None:
    """Rounding of nearly parallel steps may make it so: Cholesky then gives up half way."""
    gram = np.array([[1.0, 1 + 1e-9], [1 + 1e-9, 1.0]])
    projected = np.array([2.0, 2.0])
    assert gram @ _solve(gram, projected) == pytest.approx(projected)
