"""Two measures of welfare that are never mixed: exact, and first-order as in the literature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.question import Question
from tumen.equilibrium.solution import Solution

Array = NDArray[np.float64]

FIRST_ORDER_RANGE = 0.05
"""Beyond this change of a log price the first-order sum is outside its range."""


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """Per cent of baseline income, by economy."""

    terms_of_trade: Array
    volume_of_trade: Array
    efficiency: Array
    transfer: Array
    outside_range: NDArray[np.bool_]

    @property
    def total(self) -> Array:
        """The sum of the four parts."""
        return self.terms_of_trade + self.volume_of_trade + self.efficiency + self.transfer

    @property
    def flags(self) -> NDArray[np.str_]:
        """What to say of each economy's sum; empty where nothing is."""
        return np.where(self.outside_range, "outside first-order range", "")


def real_income(question: Question, solution: Solution) -> Array:
    """Î / P̂ (n): value added, tariff revenue and transfers at consumer prices."""
    accounts = question.accounts
    income = (
        solution.wage * accounts.value_added + solution.revenue + solution.rents + solution.deficit
    )
    ratio: Array = income / accounts.income / solution.price_index
    return ratio


def real_earnings(question: Question, solution: Solution) -> Array:
    """(ŵ·w·L + R') / (w·L + R) / P̂ (n): income without transfers."""
    accounts = question.accounts
    before = accounts.value_added + accounts.revenue
    after = solution.wage * accounts.value_added + solution.revenue + solution.rents
    ratio: Array = after / before / solution.price_index
    return ratio


def real_output(question: Question, solution: Solution) -> Array:
    """Σ_s VA_s q̂_s / Σ_s VA_s, q̂ = Ŷ / ĉ (n): what statistics of real growth measure."""
    accounts = question.accounts
    weight = accounts.beta * accounts.output
    quantity = np.divide(
        solution.output / solution.cost,
        accounts.output,
        out=np.zeros_like(weight),
        where=accounts.output > 0,
    )
    ratio: Array = (weight * quantity).sum(axis=0) / weight.sum(axis=0)
    return ratio


def link_gain(question: Question, solution: Solution, link_freeness: Array) -> Array:
    """Return (1/θ) ln Σ(πφ + ω) (s, n) of links π·φ + ω (s, n, i), tariffs left out."""
    # Links between blocks carry nothing, whatever their freeness.
    block = solution.block
    total = (link_freeness * (block[:, None] == block[None, :])).sum(axis=2)
    log_total = np.where(question.active, np.log(np.where(question.active, total, 1.0)), 0.0)
    gain: Array = log_total / question.accounts.theta[:, None]
    return gain


def first_order(question: Question, solution: Solution, gain: Array) -> FirstOrder:
    """Return the first-order decomposition, with discrete changes ĉ − 1 and M̂ − 1.

    Parameters
    ----------
    gain
        s, n: what links alone take off a price, −ln P̂ at unchanged costs and tariffs.

    Notes
    -----
    Caliendo and Parro (2015), equation 20, evaluated at the baseline: terms of trade
    Σ E(ĉ_n − 1) − Σ M(ĉ_i − 1), volume of trade Σ τM[(M̂ − 1) − (ĉ_i − 1)]; to these come
    efficiency (1/θ)·X·ln Σ(πφ + ω) + Y ln Â, idle labour βY(L̂ − 1) with it, and the transfer
    D' − D.
    """
    accounts = question.accounts
    trade = accounts.trade
    rise = solution.cost - 1
    sold = (accounts.output * rise).sum(axis=0)
    bought = np.einsum("sni,si->n", trade, rise)
    volume = np.zeros_like(sold)
    if accounts.tariff is not None:
        ratio = np.divide(solution.trade, trade, out=np.ones_like(trade), where=trade > 0)
        change = np.where(ratio > 0, ratio - 1 - rise[:, None, :], -1.0)
        volume = (accounts.tariff * trade * change).sum(axis=(0, 2))
    efficiency = (accounts.spending * gain).sum(axis=0) + (
        accounts.output * question.log_productivity
        + accounts.beta * accounts.output * (solution.employment - 1)
    ).sum(axis=0)
    scale = 100 / accounts.income
    far: NDArray[np.bool_] = np.abs(gain) >= FIRST_ORDER_RANGE
    return FirstOrder(
        terms_of_trade=scale * (sold - bought),
        volume_of_trade=scale * volume,
        efficiency=scale * efficiency,
        transfer=scale * (solution.deficit - accounts.deficit + _rents_from_abroad(solution)),
        outside_range=np.asarray(far.any(axis=0)),
    )


def _rents_from_abroad(solution: Solution) -> Array | float:
    """What an economy earns by wedges of caps, less what its buyers pay for them (n)."""
    if solution.settlement is None:
        return 0.0
    return solution.settlement.rents(solution.wage.size)[1]
