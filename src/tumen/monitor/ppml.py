"""Poisson estimates (PPML) of trade on fixed effects alone, by proportional fitting.

With nothing but fixed effects, the likelihood is largest where fitted and recorded trade have the
same total in every group. Scaling the groups in turn gets there from any start, also on sparse
data where general programs give up: of trade in fuels, pyfixest says "Demeaning failed".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.errors import NotConverged

Array = NDArray[np.float64]
Codes = NDArray[np.intp]
TOLERANCE = 1e-9
"""Gaps between fitted and recorded totals of groups, added up, as a share of all trade.

A few small groups may be on their way to 0 for ever (separation that no total shows); they are
not waited for, as nothing else depends on them."""
ROUNDS = 20_000


@dataclass(frozen=True)
class Effects:
    """Estimated effects: trade is their product."""

    factors: tuple[Array, ...]
    """Arrays (group), one for each kind; NaN where no observation is left."""
    used: int
    separated: int
    """Observations of groups without any trade: their effect is minus infinity, so they go."""
    rounds: int

    def expected(self, groups: Sequence[Codes]) -> Array:
        """Return what the effects foretell for rows of these groups; NaN where one is unknown."""
        product = np.ones(groups[0].size)
        for factor, codes in zip(self.factors, groups, strict=True):
            product = product * factor[codes]
        return product


def fit(y: Array, groups: Sequence[Codes], sizes: Sequence[int]) -> Effects:
    """Estimate multiplicative effects.

    Parameters
    ----------
    y
        Array (row), not negative.
    groups
        Arrays (row): the group of a row, one array for each kind of effect.
    sizes
        Number of groups of each kind.

    Raises
    ------
    NotConverged
        If the totals do not meet in :data:`ROUNDS` rounds.

    Notes
    -----
    Santos Silva and Tenreyro (2006); the first-order conditions Σ_g y = Σ_g μ are those of
    iterative proportional fitting (Deming and Stephan 1940).

    Examples
    --------
    >>> rows, columns = np.divmod(np.arange(6), 3)
    >>> effects = fit(np.array([1.0, 2, 3, 2, 4, 6]), [rows, columns], [2, 3])
    >>> effects.expected([rows, columns]).round(6).tolist()
    [1.0, 2.0, 3.0, 2.0, 4.0, 6.0]
    """
    kept = _kept(y, groups, sizes)
    own, codes = y[kept], [group[kept] for group in groups]
    totals = [np.bincount(c, own, n) for c, n in zip(codes, sizes, strict=True)]
    factors = [np.where(total > 0, 1.0, np.nan) for total in totals]
    fitted, whole = np.ones(own.size), float(own.sum())
    for rounds in range(1, ROUNDS + 1):
        gap = 0.0
        for k, (c, total) in enumerate(zip(codes, totals, strict=True)):
            sums = np.bincount(c, fitted, total.size)
            gap = max(gap, float(np.abs(total - sums).sum()))
            ratio = np.divide(total, sums, out=np.ones_like(total), where=sums > 0)
            factors[k] = factors[k] * ratio
            fitted = fitted * ratio[c]
        if gap <= TOLERANCE * whole:
            return Effects(tuple(factors), own.size, y.size - own.size, rounds)
    raise NotConverged(
        "the gravity estimate",
        gap / whole,
        ROUNDS,
        "pairs that trade in one year only; ask for more years",
    )


def _kept(y: Array, groups: Sequence[Codes], sizes: Sequence[int]) -> NDArray[np.bool_]:
    """Rows of groups that have trade, after groups without any went one after the other."""
    kept = np.ones(y.size, dtype=bool)
    while True:
        before = int(kept.sum())
        for codes, size in zip(groups, sizes, strict=True):
            kept &= np.bincount(codes[kept], y[kept], size)[codes] > 0
        if int(kept.sum()) == before:
            return kept
