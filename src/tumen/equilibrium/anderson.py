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

    def __init__(self, size: int, depth: int = 12) -> None:
        self._depth = depth
        self._residuals = np.zeros((depth, size))
        self._values = np.zeros((depth, size))
        self._gram = np.zeros((depth, depth))
        self._projected = np.zeros(depth)
        self._count = 0
        self._last: tuple[Array, Array] | None = None

    def restart(self) -> None:
        """Forget all past steps."""
        self._count = 0
        self._last = None

    def propose(self, value: Array, residual: Array) -> Array:
        """Return the next point from g(x) and g(x) − x; both are kept, so pass fresh arrays."""
        if self._last is not None:
            self._remember(value, residual, *self._last)
        self._last = (value, residual)
        kept = min(self._count, self._depth)
        if kept == 0:
            return value.copy()
        proposal = _solve(self._gram[:kept, :kept], self._projected[:kept]) @ self._values[:kept]
        return np.subtract(value, proposal, out=proposal)

    def _remember(
        self, value: Array, residual: Array, last_value: Array, last_residual: Array
    ) -> None:
        slot = self._count % self._depth
        np.subtract(value, last_value, out=self._values[slot])
        row = np.subtract(residual, last_residual, out=self._residuals[slot])
        self._count += 1
        kept = min(self._count, self._depth)
        products = self._residuals[:kept] @ row
        self._gram[slot, :kept] = products
        self._gram[:kept, slot] = products
        # The residual grew by ``row``, and so did its products with the rows that stay.
        self._projected[:kept] += products
        self._projected[slot] = row @ residual


def _solve(gram: Array, projected: Array) -> Array:
    """Solve the normal equations; a tiny relative ridge keeps parallel steps harmless.

    Cholesky does not mind how rows are scaled, so early long steps and late short ones mix.
    """
    from scipy.linalg.lapack import dposv

    ridged = gram.copy()
    ridged.flat[:: gram.shape[0] + 1] *= 1 + RIDGE
    _, weights, failed = dposv(ridged, projected)
    if failed:  # a step of length zero, or rounding made it indefinite
        weights = np.linalg.lstsq(ridged, projected)[0]
    solved: Array = weights
    return solved
