"""Deficit closures: what D' is while wages and trade move. Each sums to zero by construction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Members = NDArray[np.intp]
Closure = Literal["keep", "income", "zero", "financed"]
CLOSURES: tuple[Closure, ...] = ("keep", "income", "zero", "financed")


class Pulled(NamedTuple):
    """Derivatives of an objective (n) by what a closure reads."""

    wage: Array
    """By ln ŵ."""
    exports: Array
    given: Array
    """By a dollar that an economy receives, beside what the closure makes of it."""


def cancelled(deficit: Array) -> Array:
    """Spread what ``deficit`` (n) sums to over its own entries, so that it sums to zero.

    Data cancel to nine digits, a solve needs more. Zeros stay zero.
    """
    size = np.abs(deficit)
    total = size.sum()
    exact: Array = deficit - size * (deficit.sum() / total) if total > 0 else deficit
    return exact


@dataclass(frozen=True, slots=True)
class Constant:
    """D' stays at ``deficit`` (n), in units of the numeraire."""

    deficit: Array

    def __call__(self, log_wage: Array, exports: Array, imports: Array) -> Array:
        """Return D' (n)."""
        return self.deficit

    def pulled(self, by_deficit: Array, log_wage: Array, exports: Array) -> Pulled:
        """Turn derivatives by D' (n) into those by what the closure reads."""
        none = np.zeros_like(by_deficit)
        return Pulled(none, none, by_deficit)


def constant(deficit: Array) -> Constant:
    """Keep D' at ``deficit`` (n), which cancels but for rounding."""
    return Constant(cancelled(deficit))


@dataclass(frozen=True, slots=True)
class WithIncome:
    """Deficits move with own income; all surpluses are scaled by one common factor."""

    deficit: Array

    def __call__(self, log_wage: Array, exports: Array, imports: Array) -> Array:
        """Return D' (n)."""
        wage = np.exp(log_wage)
        owed = np.maximum(self.deficit, 0.0) * wage
        earned = np.minimum(self.deficit, 0.0) * wage
        total = earned.sum()
        return owed - earned * (owed.sum() / total) if total < 0 else np.zeros_like(owed)

    def pulled(self, by_deficit: Array, log_wage: Array, exports: Array) -> Pulled:
        """Turn derivatives by D' (n) into those by what the closure reads."""
        wage, none = np.exp(log_wage), np.zeros_like(by_deficit)
        owed = np.maximum(self.deficit, 0.0) * wage
        earned = np.minimum(self.deficit, 0.0) * wage
        if not owed.any() or not earned.any():
            return Pulled(none, none, by_deficit)
        factor = -owed.sum() / earned.sum()
        by_factor = factor * (by_deficit @ earned)
        moved = by_factor * (owed / owed.sum() - earned / earned.sum())
        return Pulled(by_deficit * (owed + factor * earned) + moved, none, by_deficit)

    def restricted(self, members: Members) -> WithIncome:
        """Return the closure of some of the economies."""
        return WithIncome(self.deficit[members])


@dataclass(frozen=True, slots=True)
class Financed:
    """The deficit of ``members`` is what they can finance: D' = F + d.

    d = min(draw limit, max(least draw, desired imports − exports − F)). What they no longer (or
    newly) receive is borne by all others in proportion to their value added.
    """

    deficit: Array
    """n: D' of the others, before they bear anything."""
    value_added: Array
    """n."""
    members: Members
    """Positions of the economies below."""
    income: Array
    draw_limit: Array
    desired_imports: Array
    least_draw: Array

    def __call__(self, log_wage: Array, exports: Array, imports: Array) -> Array:
        """Return D' (n)."""
        result = self.deficit.copy()
        weight = self.value_added.copy()
        if self.members.size:
            gap = self.desired_imports - exports[self.members] - self.income
            gap = np.maximum(gap, self.least_draw)
            result[self.members] = self.income + np.minimum(self.draw_limit, gap)
            weight[self.members] = 0.0
        total = weight.sum()
        return result - weight * (result.sum() / total) if total > 0 else result

    def pulled(self, by_deficit: Array, log_wage: Array, exports: Array) -> Pulled:
        """Turn derivatives by D' (n) into those by what the closure reads.

        Members that draw less than they may, and more than they must, spend what they receive
        in place of savings.
        """
        weight = self.value_added.copy()
        weight[self.members] = 0.0
        total = weight.sum()
        given = by_deficit - (weight @ by_deficit / total if total > 0 else 0.0)
        by_exports = np.zeros_like(given)
        gap = self.desired_imports - exports[self.members] - self.income
        free = self.members[(self.least_draw < gap) & (gap < self.draw_limit)]
        by_exports[free] = -given[free]
        given[free] = 0.0
        return Pulled(np.zeros_like(given), by_exports, given)

    def restricted(self, members: Members) -> Financed:
        """Return the closure of some of the economies."""
        kept = np.isin(self.members, members)
        position = np.searchsorted(members, self.members[kept])
        return Financed(
            self.deficit[members],
            self.value_added[members],
            position.astype(np.intp),
            self.income[kept],
            self.draw_limit[kept],
            self.desired_imports[kept],
            self.least_draw[kept],
        )


@dataclass(frozen=True, slots=True)
class Blockwise:
    """Each block of economies closes its own deficits."""

    parts: tuple[tuple[Members, WithIncome | Financed], ...]

    def __call__(self, log_wage: Array, exports: Array, imports: Array) -> Array:
        """Return D' (n)."""
        result = np.zeros_like(log_wage)
        for members, closure in self.parts:
            result[members] = closure(log_wage[members], exports[members], imports[members])
        return result

    def pulled(self, by_deficit: Array, log_wage: Array, exports: Array) -> Pulled:
        """Turn derivatives by D' (n) into those by what the closures read."""
        result = Pulled(*(np.zeros_like(by_deficit) for _ in Pulled._fields))
        for members, closure in self.parts:
            part = closure.pulled(by_deficit[members], log_wage[members], exports[members])
            for whole, values in zip(result, part, strict=True):
                whole[members] = values
        return result


def blockwise(
    closure: Constant | WithIncome | Financed, groups: Sequence[Members]
) -> Constant | WithIncome | Financed | Blockwise:
    """Close the deficits of every group of economies apart; one group needs no parting."""
    if len(groups) == 1:
        return closure
    if isinstance(closure, Constant):
        deficit = np.zeros_like(closure.deficit)
        for members in groups:
            deficit[members] = cancelled(closure.deficit[members])
        return Constant(deficit)
    return Blockwise(tuple((members, closure.restricted(members)) for members in groups))
