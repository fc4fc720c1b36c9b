"""Anderson acceleration of a fixed point, with least squares through the small Gram matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RIDGE = 1e-13


class Anderson:
    """Accelerates x = g(x) with the differences of the last ``depth`` steps.

    Notes
    -----
    Walker and Ni (2011), type II. The normal equations of the small least-squares problem are
    kept as a Gram matrix: a decomposition of the long matrix costs more than the model itself.
    """

    def __init__(self, size: int, depth: int = 8) -> None:
        self._depth = depth
        self._residuals = np.zeros((depth, size))
        self._values = np.zeros((depth, size))
        self._gram = np.zeros((depth, depth))
        self._count = 0
        self._last: tuple[Array, Array] | None = None

    def restart(self) -> None:
        """Forget all past steps."""
        self._count = 0
        self._last = None

    def propose(self, value: Array, residual: Array) -> Array:
        """Return the next point from g(x) and g(x) − x; both are kept, so pass fresh arrays."""
        if self._last is not None:
            self._remember(value, residual)
        self._last = (value, residual)
        kept = min(self._count, self._depth)
        if kept == 0:
            return value.copy()
        projected = self._residuals[:kept] @ residual
        proposal = _solve(self._gram[:kept, :kept], projected) @ self._values[:kept]
        return np.subtract(value, proposal, out=proposal)

    def _remember(self, value: Array, residual: Array) -> None:
        last_value, last_residual = self._last or (value, residual)
        slot = self._count % self._depth
        np.subtract(value, last_value, out=self._values[slot])
        row = np.subtract(residual, last_residual, out=self._residuals[slot])
        self._count += 1
        kept = min(self._count, self._depth)
        products = self._residuals[:kept] @ row
        self._gram[slot, :kept] = products
        self._gram[:kept, slot] = products


def _solve(gram: Array, projected: Array) -> Array:
    """Solve the scaled normal equations; a tiny ridge keeps parallel steps harmless."""
    scale = 1.0 / np.sqrt(gram.diagonal() + 1e-300)
    scaled = gram * scale * scale[:, None]
    scaled.flat[:: scaled.shape[0] + 1] += RIDGE
    solution: Array = np.linalg.solve(scaled, projected * scale) * scale
    return solution
