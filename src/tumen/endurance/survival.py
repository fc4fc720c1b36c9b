"""The hazard of losing power, and how it answers to lost income: a range, never one number.

The literature disagrees: Marinov (2005) finds that sanctions destabilise leaders, Licht (2017)
much less once failure is coded properly. Both stand here as priors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tumen.errors import InvalidInput, Problem

MONTHS = 12
"""Months in a year."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """How likely a regime is to fall, and how that answers to a shortfall of income."""

    base: float
    """h0: hazard a year without a shortfall, not negative."""
    slope: float
    """η: the log of the hazard rises by this much times the shortfall, not negative."""

    def __post_init__(self) -> None:
        problems = [
            Problem(name, f"is {value:g}, must be a number not below 0")
            for name, value in (("base", self.base), ("slope", self.slope))
            if not (math.isfinite(value) and value >= 0)
        ]
        if problems:
            raise InvalidInput(problems, "hazard")

    def monthly(self, shortfall: float) -> float:
        """Return the hazard of one month at a shortfall of real income (a share, 0.1 for 10 %).

        Notes
        -----
        h0/12 · exp(η · max(shortfall, 0)): a gain does not make a regime safer.

        Examples
        --------
        >>> round(Hazard(base=0.024, slope=6.0).monthly(0.1), 6)
        0.003644
        """
        return self.base / MONTHS * math.exp(self.slope * max(0.0, shortfall))


def survival(hazard: Hazard, shortfalls: Sequence[float]) -> list[float]:
    """Return the probability of holding to the end of each month.

    Parameters
    ----------
    shortfalls
        Loss of real income against the baseline in each month, shares.

    Notes
    -----
    S_t = exp(−Σ h0/12 · exp(η · shortfall)).

    Examples
    --------
    >>> [round(value, 4) for value in survival(Hazard(0.02, 6.0), [0.0, 0.1])]
    [0.9983, 0.9953]
    """
    total, path = 0.0, []
    for shortfall in shortfalls:
        total += hazard.monthly(shortfall)
        path.append(math.exp(-total))
    return path


def held(hazard: Hazard, first: float, months: float | None, then: float, horizon: int) -> float:
    """Return the chance of holding for ``horizon`` months with one shortfall and then another.

    Parameters
    ----------
    first, then
        Shortfalls of real income, shares: while savings last, and when they are gone.
    months
        For how many months the first holds; None: for all.

    Examples
    --------
    >>> round(held(Hazard(0.02, 6.0), 0.03, 24, 0.10, 60), 4)
    0.8545
    """
    lasting = float(horizon) if months is None else min(float(horizon), max(0.0, months))
    exposure = lasting * hazard.monthly(first) + (horizon - lasting) * hazard.monthly(then)
    return math.exp(-exposure)
