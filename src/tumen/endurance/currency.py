"""Hard currency: what can be drawn, what is left, how long it lasts.

Money is in million dollars; rates are a year, one step is a month.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tumen.errors import InvalidInput, Problem

MONTHS = 12
"""Months in a year."""


@dataclass(frozen=True, slots=True)
class Stock:
    """Hard currency that is left, and the months over which it can be released."""

    musd: float
    """K, million USD, not negative."""
    release_months: float
    """Δ: at least 1, so that no month spends more than there is."""

    def __post_init__(self) -> None:
        problems = []
        if not (math.isfinite(self.musd) and self.musd >= 0):
            problems.append(Problem("stock", f"is {self.musd:g}, must be a number not below 0"))
        if not (math.isfinite(self.release_months) and self.release_months >= 1):
            message = f"is {self.release_months:g}, must be at least 1 month"
            problems.append(Problem("release_months", message))
        if problems:
            raise InvalidInput(problems)

    @property
    def draw_limit(self) -> float:
        """The most that can be drawn, million USD a year: K/Δ.

        Examples
        --------
        >>> Stock(600.0, 6.0).draw_limit
        1200.0
        """
        return self.musd * MONTHS / self.release_months

    def after(self, draw: float) -> Stock:
        """Return the stock after a month at ``draw`` (million USD a year), below 0 to save.

        Raises
        ------
        InvalidInput
            If the draw is above the limit.

        Examples
        --------
        >>> Stock(600.0, 1.0).after(1200.0).musd
        500.0
        """
        if not draw <= self.draw_limit * (1 + 1e-9) + 1e-9:
            message = f"is {draw:g} a year, must be at most {self.draw_limit:g}"
            raise InvalidInput(Problem("draw", message))
        return Stock(max(0.0, self.musd - draw / MONTHS), self.release_months)


def draw(
    stock: Stock, desired_imports: float, exports: float, financing: float, least: float = 0.0
) -> float:
    """Return what is drawn to pay for desired imports, million USD a year.

    Parameters
    ----------
    desired_imports
        M*: imports that would be bought at calm prices.
    exports, financing
        What is earned by exports, and by everything else, F.
    least
        0 or below: what is saved before more than desired is imported.

    Notes
    -----
    d = min(K/Δ, max(least, M* − exports − F)).

    Examples
    --------
    >>> draw(Stock(4500.0, 6.0), desired_imports=2400, exports=400, financing=500)
    1500
    >>> draw(Stock(4500.0, 6.0), desired_imports=2400, exports=3400, financing=0, least=-800)
    -800
    """
    return min(stock.draw_limit, max(least, desired_imports - exports - financing))


def runway_months(stock_musd: float, draw_musd: float) -> float | None:
    """Return for how many months a stock pays a yearly draw; None if nothing is drawn.

    Examples
    --------
    >>> runway_months(3000.0, 2000.0)
    18.0
    >>> runway_months(3000.0, 0.0) is None
    True
    """
    return None if draw_musd <= 0 else MONTHS * stock_musd / draw_musd


def implied_stock(
    deficits: Sequence[float], financing: Sequence[float], release_months: float = 1.0
) -> float:
    """Return the smallest opening stock that pays deficits, year by year, million USD.

    Parameters
    ----------
    deficits
        Imports less exports of each year, million USD.
    financing
        F of each year: what paid for them beside savings.
    release_months
        Δ, at least 1.

    Notes
    -----
    The stock is drawn evenly through each year. Before its last month a year needs what that month
    draws, Δ times over, for only K/Δ can be released.

    Examples
    --------
    >>> implied_stock([2000, 2400, 2700], [1300, 1300, 1300])
    3200.0
    """
    spent = needed = 0.0
    for deficit, earned in zip(deficits, financing, strict=True):
        monthly = max(0.0, deficit - earned) / MONTHS
        if monthly > 0:
            last = spent + (MONTHS - 1) * monthly
            needed = max(needed, last + monthly * release_months)
        spent += MONTHS * monthly
    return needed
