"""Deficit closures: what D' is while wages and trade move. Each sums to zero by construction."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.model import Deficits

Array = NDArray[np.float64]
Closure = Literal["keep", "income", "zero", "financed"]
CLOSURES: tuple[Closure, ...] = ("keep", "income", "zero", "financed")


def constant(deficit: Array) -> Deficits:
    """Keep D' at ``deficit`` (n), in units of the numeraire."""

    def closure(log_wage: Array, exports: Array, imports: Array) -> Array:
        return deficit

    return closure


def with_income(deficit: Array) -> Deficits:
    """Let deficits move with own value added and scale all surpluses by one common factor."""
    positive = np.maximum(deficit, 0.0)
    negative = np.minimum(deficit, 0.0)

    def closure(log_wage: Array, exports: Array, imports: Array) -> Array:
        wage = np.exp(log_wage)
        owed, earned = positive * wage, negative * wage
        total = earned.sum()
        return owed - earned * (owed.sum() / total) if total < 0 else owed * 0.0

    return closure


def financed(
    deficit: Array,
    value_added: Array,
    members: NDArray[np.intp],
    income: Array,
    draw_limit: Array,
    desired_imports: Array,
) -> Deficits:
    """Let the deficit of ``members`` be what they can finance: D' = F + d.

    d = min(draw limit, max(0, desired imports − exports − F)). What they no longer (or
    newly) receive is borne by all others in proportion to their value added.
    """
    others = np.ones(deficit.size, dtype=bool)
    others[members] = False
    weight = np.where(others, value_added, 0.0)
    weight = weight / weight.sum()
    base = np.where(others, deficit, 0.0)

    def closure(log_wage: Array, exports: Array, imports: Array) -> Array:
        gap = np.maximum(desired_imports - exports[members] - income, 0.0)
        result = base.copy()
        result[members] = income + np.minimum(draw_limit, gap)
        return result - weight * result.sum()

    return closure
