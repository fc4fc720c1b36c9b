"""How numbers are written: as many decimals as the effect needs, never more than it carries."""

from __future__ import annotations

import math


def money(musd: float) -> str:
    """Million USD with thousands separators and a real minus sign; decimals only below ten.

    Examples
    --------
    >>> money(2820.4), money(3.26), money(0.0), money(-441.2)
    ('2,820', '3.3', '0', '−441')
    """
    if abs(musd) < 0.05:
        return "0"
    text = f"{musd:,.1f}" if abs(musd) < 9.95 else f"{musd:,.0f}"
    return text.replace("-", "−")


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign, a real minus, and no sign on zero.

    Examples
    --------
    >>> signed(-2.571), signed(0.04, 2), signed(-0.001)
    ('−2.6', '+0.04', '0.0')
    """
    text = f"{value:+.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "−")


def percent(value: float, decimals: int = 1) -> str:
    """A signed percentage.

    Examples
    --------
    >>> percent(-2.571), percent(0.04, 2)
    ('−2.6 %', '+0.04 %')
    """
    return f"{signed(value, decimals)} %"


def decimals_for(differences: list[float]) -> int:
    """Decimals that show the smallest difference with one figure, from 1 to 4.

    Examples
    --------
    >>> decimals_for([-2.5, 0.2]), decimals_for([0.013]), decimals_for([])
    (1, 2, 1)
    """
    smallest = min((abs(value) for value in differences if abs(value) > 1e-4), default=1.0)
    return min(max(1, math.ceil(-math.log10(smallest))), 4)
