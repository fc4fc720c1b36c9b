"""Workers who cannot change sectors: a wage for each sector, with or without a floor.

``mobile`` is the published model. ``fixed``: sectors keep their workers, so that wages follow
what each sector earns. ``idle``: as fixed, but no wage falls below a part f of the economy's mean
wage at work; who is not worth it stays idle and earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tumen.world.accounts import Accounts

Array = NDArray[np.float64]
Index = NDArray[np.intp]
SMALLEST = 1e-12
"""Least part of the mean that a sector's workers earn, on the way."""


class LabourMarket(NamedTuple):
    """Where a sector's workers stand against the economy's mean per worker of the baseline."""

    log_wage: Array
    """s, m."""
    employment: Array
    """s, m: L̂, at most 1."""


@dataclass(frozen=True, slots=True)
class Labour:
    """Economies (m) where labour cannot move."""

    members: Index
    """m: positions among all economies."""
    income: Array
    """s, m: baseline labour income."""
    floor: Array
    """m: f; 0 for none."""
    pace: Array
    """s, m: part of a step that a sector's wage takes."""

    @classmethod
    def of(cls, accounts: Accounts) -> Labour | None:
        """Take the economies where labour cannot move; None without any."""
        members = np.flatnonzero(accounts.stuck)
        if not members.size:
            return None
        beta = accounts.beta[:, members]
        income = beta * accounts.output[:, members]
        floor = accounts.wage_floor[members]
        return cls(members, income, floor, 1 / (1 + accounts.theta[:, None] * beta))

    def market(self, payments: Array) -> LabourMarket:
        """Return wages and employment at what sectors pay their workers (s, m).

        Notes
        -----
        With r a sector's payments over its baseline, relative to the economy's mean, and m the
        mean wage at work over the mean per worker: ŵ = max(f·m, r), L̂ = min(1, r/(f·m)), and m
        solves Σ V min(m, r/f) = Σ V, V baseline labour income. The left side rises from at most
        Σ V at m = 1 to Σ V / f, so there is one solution for every f below 1.
        """
        has = self.income > 0
        whole = self.income.sum(axis=0)
        mean = np.maximum(payments, 0.0).sum(axis=0) / whole
        ratio = np.divide(payments, self.income * mean, out=np.ones_like(payments), where=has)
        ratio = np.maximum(ratio, SMALLEST)
        lowest = self.floor * _mean_at_work(ratio, self.income / whole, self.floor)
        share = np.divide(ratio, lowest, out=np.ones_like(ratio), where=lowest > 0)
        employment = np.minimum(1.0, share)
        return LabourMarket(np.log(np.maximum(ratio, lowest)), np.where(has, employment, 1.0))

    def pulled(self, payments: Array, market: LabourMarket, by_log_wage: Array) -> Array:
        """Turn derivatives by log wages (s, m) into those by payments; who is idle stays so."""
        has = (self.income > 0) & (payments > 0)
        idle = has & (market.employment < 1)
        total = payments.sum(axis=0)
        floor = np.where(self.floor > 0, self.floor, 1.0)
        by_ratio = np.where(has & ~idle, by_log_wage, 0.0)
        if idle.any():
            # ln of the mean at work, m = (1 − Σ r V / f) / (1 − Σ V) over sectors with idle workers
            earned = np.where(idle, payments / total, 0.0) / floor
            by_mean = np.where(idle, by_log_wage, 0.0).sum(axis=0)
            left = np.maximum(1 - earned.sum(axis=0), SMALLEST)
            by_ratio -= earned * (by_mean / left)
        by_payments: Array = (
            np.divide(by_ratio, payments, out=np.zeros_like(payments), where=has)
            - by_ratio.sum(axis=0) / total
        )
        return by_payments


def _mean_at_work(ratio: Array, weight: Array, floor: Array) -> Array:
    """Mean wage at work over the mean per worker of the baseline (m); 1 where no floor is.

    Sectors join those with idle workers until none is left that must: the mean only rises.
    """
    level = np.ones_like(floor)
    idle = np.zeros(ratio.shape, dtype=bool)
    while True:
        joins = ratio < floor * level
        if not (joins & ~idle).any():
            return level
        idle |= joins
        earned = (weight * ratio * idle).sum(axis=0) / np.where(floor > 0, floor, 1.0)
        working = 1 - (weight * idle).sum(axis=0)
        level = (1 - earned) / np.maximum(working, SMALLEST)
