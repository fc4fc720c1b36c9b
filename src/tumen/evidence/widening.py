"""How much wider than stated a range is taken to be: the weaker the evidence, the wider."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tumen.evidence.claim import Claim, Kind
from tumen.evidence.quantity import Quantity, Range


@dataclass(frozen=True, slots=True)
class Weight:
    """What a kind of claim does to its range."""

    stretch: float
    """Factor on the distance of each end from the central value."""
    least: float
    """The distance that there is at least, as a part of the central value."""


WEIGHTS: dict[Kind, Weight] = {
    "official statistic": Weight(1.0, 0.0),
    "estimate": Weight(1.25, 0.1),
    "attributed report": Weight(1.5, 0.2),
    "rumour": Weight(2.0, 0.5),
    "judgement": Weight(1.0, 0.0),
}
"""By kind of claim. A statistic is taken as printed; a judgement's range is the author's own."""
FURTHER = 1.1
"""Factor on both for every hand, after the first, that an estimate, a report or a rumour went
through; what is printed as a statistic can be looked up."""
_FURTHEST = 100.0
"""Logarithms from the centre that no end goes beyond, so that it stays a number."""


def weight(claim: Claim) -> Weight:
    """Return what kind and chain of a claim do to its range.

    Notes
    -----
    The first to hand it on, such as a paper on a statistic, costs nothing.
    """
    base = WEIGHTS[claim.kind]
    if not base.least:
        return base
    hands = FURTHER ** max(0, claim.retold - 1)
    return Weight(base.stretch * hands, base.least * hands)


def widened(stated: Range, by: Weight) -> Range:
    """Return a range whose ends are further from its centre.

    Notes
    -----
    Amounts above 0 widen in logarithms, so that an end never changes its sign and "half or twice"
    is as far one way as the other; with s = ln(central/low), the new low is central × exp(−max(
    stretch · s, ln(1 + least))). Shares, and amounts that are not above 0, widen by distance, and
    shares stay between 0 and 1. A price ratio stays at 1 or above. An end at 0 stays there.

    Examples
    --------
    >>> reserves = Range(low=4000.0, central=4400.0, high=4800.0, unit="million USD")
    >>> wide = widened(reserves, Weight(stretch=1.5, least=0.2))
    >>> round(wide.low), wide.central, round(wide.high)
    (3667, 4400.0, 5280)
    """
    low, high = _ends(stated, by)
    if "share" in stated.unit.split():
        low, high = max(low, min(0.0, stated.low)), min(high, max(1.0, stated.high))
    if stated.unit == "price ratio":
        low = max(low, min(1.0, stated.low))
    return Range(
        low=min(low, stated.low),
        central=stated.central,
        high=max(high, stated.high),
        unit=stated.unit,
    )


def _ends(stated: Range, by: Weight) -> tuple[float, float]:
    low, central, high = stated.low, stated.central, stated.high
    if central > 0 and "share" not in stated.unit.split():
        least = math.log1p(by.least)
        up = max(by.stretch * (math.log(high) - math.log(central)), least)
        top = central * math.exp(min(up, _FURTHEST))
        if low <= 0:
            return low, top
        down = max(by.stretch * (math.log(central) - math.log(low)), least)
        return central * math.exp(-min(down, _FURTHEST)), top
    least = by.least * abs(central)
    down, up = max(by.stretch * (central - low), least), max(by.stretch * (high - central), least)
    return (low if low == 0 else central - down), (high if high == 0 else central + up)


def supported(claim: Claim) -> Range | None:
    """Return the range that a claim supports by its kind and chain; None without a figure."""
    return None if claim.quantity is None else widened(claim.quantity, weight(claim))


def narrower(figure: Quantity, claim: Claim) -> bool | None:
    """Tell whether a figure leaves out a part of what its claim supports.

    Returns
    -------
    None where they cannot be compared: no figure in the claim, or another unit.
    """
    wide = supported(claim)
    if wide is None or wide.unit != figure.unit:
        return None
    slack = 1e-6 * max(abs(wide.low), abs(wide.high))
    return figure.low > wide.low + slack or figure.high < wide.high - slack
