"""What a duty on a part of open trade leaves of a link, and what it brings in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tumen.errors import InvalidInput, Problem

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Duty:
    """One rate and the part of a link's open trade that owes it."""

    rate: float
    """What the goods pay in all, 0.35 for 35 per cent."""
    share: Array
    """Part of the open trade, 0 to 1; the shares of all rates sum to 1 at most."""


def with_duties(
    open_trade: ArrayLike,
    duties: Sequence[Duty],
    theta: ArrayLike,
    tariff: ArrayLike = 0.0,
    hiding: ArrayLike = 0.0,
) -> tuple[Array, Array]:
    """Return the strength of open trade under duties, and their revenue beyond the old tariff.

    Parameters
    ----------
    open_trade
        Freeness of the trade without them.
    theta
        Trade elasticity.
    tariff
        τ: the rate of before; a lower duty changes nothing.
    hiding
        The same trade's freeness on the hidden route, on which nothing is paid; what a duty leaves
        less of goes that way.

    Returns
    -------
    Freeness of all of it, and revenue less that of τ per unit of the buyer's baseline spending on
    the link, at unchanged costs.

    Raises
    ------
    InvalidInput
        For a rate below zero, or shares outside [0, 1] together.

    Notes
    -----
    Goods at rate r keep x = ((1 + r)/(1 + τ))^(−θ) of their strength and pay r/(1 + r) of what the
    buyer spends on them.

    Examples
    --------
    >>> strength, revenue = with_duties(1.0, [Duty(0.25, np.array(0.5))], 4.0)
    >>> round(float(strength), 4), round(float(revenue), 4)
    (0.7048, 0.041)
    """
    total = np.asarray(sum((duty.share for duty in duties), start=np.zeros(())))
    if any(duty.rate < 0 for duty in duties) or (total > 1 + 1e-9).any() or (total < 0).any():
        raise InvalidInput(
            Problem("duties", "rates must not be negative, their shares lie between 0 and 1")
        )
    whole, old = np.asarray(open_trade, dtype=float), np.asarray(tariff, dtype=float)
    strength: Array = whole * (1 - total)
    revenue: Array = np.zeros_like(strength)
    for duty in duties:
        rate = np.maximum(duty.rate, old)
        paying = whole * ((1 + rate) / (1 + old)) ** -np.asarray(theta, dtype=float)
        paid = paying >= np.asarray(hiding)
        strength = strength + duty.share * np.where(paid, paying, hiding)
        extra = rate / (1 + rate) - old / (1 + old)
        revenue = revenue + np.where(paid, duty.share * paying * extra, 0.0)
    return strength, revenue


def joint_tariff(strength: ArrayLike, revenue: ArrayLike, tariff: ArrayLike = 0.0) -> Array:
    """Return the one rate on a whole link that brings in what duties on parts of it do.

    Parameters
    ----------
    strength
        Of the whole link, duties' effect included.
    revenue
        Beyond that of ``tariff``, in the same unit.

    Notes
    -----
    τ'/(1 + τ') = τ/(1 + τ) + revenue / strength.

    Examples
    --------
    >>> joint_tariff(0.5, 0.5 * 0.2).round(4).item()
    0.25
    """
    whole, extra = np.asarray(strength, dtype=float), np.asarray(revenue, dtype=float)
    old = np.asarray(tariff, dtype=float)
    share = np.divide(extra, whole, out=np.zeros_like(whole * extra), where=whole > 0)
    part = old / (1 + old) + share
    # Where nothing is added the rate stays what it is, to the last digit.
    return np.where(share > 0, part / (1 - part), old)
