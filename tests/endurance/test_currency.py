"""Savings are drawn, never overdrawn, and last as long as arithmetic says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.endurance.currency import MONTHS, Stock, draw, implied_stock, runway_months
from tumen.errors import InvalidInput

amounts = st.floats(0, 1e5)
yearly = st.lists(st.floats(0, 5000), min_size=1, max_size=6)


@given(amounts, st.floats(1, 24), st.lists(amounts, max_size=40))
def test_the_stock_is_never_negative_and_loses_what_is_drawn(
    musd: float, release: float, gaps: list[float]
) -> None:
    stock, spent = Stock(musd, release), 0.0
    for gap in gaps:
        drawn = draw(stock, desired_imports=gap, exports=0.0, financing=0.0)
        assert 0 <= drawn <= min(gap, stock.draw_limit)
        spent += drawn / MONTHS
        stock = stock.after(drawn)
        assert stock.musd >= 0
    assert stock.musd == pytest.approx(max(0.0, musd - spent), abs=1e-6)


def test_years_to_exhaust_hard_currency() -> None:
    """3.0 to 6.6 billion at a drain of 2 a year last 1.5 to 3.3 years (Mun 2020)."""
    assert runway_months(3000.0, 2000.0) == pytest.approx(18)
    assert runway_months(6600.0, 2000.0) == pytest.approx(39.6)
    assert runway_months(0.0, 2000.0) == 0


def test_savings_pay_only_for_the_gap() -> None:
    stock = Stock(5000.0, 1.0)
    assert draw(stock, 2400, 400, 500) == 1500
    assert draw(stock, 800, 400, 500) == 0
    assert draw(Stock(10.0, 2.0), 2400, 400, 500) == 60  # 5 million a month
    assert draw(Stock(0.0, 1.0), 2400, 400, 500) == 0
    assert draw(stock, 800, 400, 500, least=-60) == -60
    assert stock.after(-60).musd == 5005
    assert runway_months(5000.0, -60) is None


@given(yearly, st.floats(1, 12), st.floats(0, 3000))
def test_the_implied_stock_is_just_enough(
    deficits: list[float], release: float, earned: float
) -> None:
    financing = [earned] * len(deficits)
    needed = implied_stock(deficits, financing, release)

    def unpaid(stock: Stock) -> float:
        missing = 0.0
        for deficit in deficits:
            for _ in range(MONTHS):
                wanted = max(0.0, deficit - earned)
                drawn = min(wanted, stock.draw_limit)
                missing += wanted - drawn
                stock = stock.after(drawn)
        return missing

    assert unpaid(Stock(needed * (1 + 1e-9) + 1e-6, release)) <= 1e-6
    if needed > 1:
        assert unpaid(Stock(0.99 * needed, release)) > 0


@pytest.mark.parametrize(
    ("musd", "release", "message"),
    [
        (-1.0, 6.0, "stock: is -1, must be a number not below 0"),
        (float("nan"), 6.0, "stock: is nan"),
        (100.0, 0.5, "release_months: is 0.5, must be at least 1 month"),
    ],
)
def test_impossible_savings_are_refused(musd: float, release: float, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Stock(musd, release)


def test_an_overdraft_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be at most 200"):
        Stock(100.0, 6.0).after(201.0)
