"""What is read off made-up months: drivers, forecasts, the implied stock, the age of the law."""

from __future__ import annotations

from typing import Any

import pytest

from tumen.scenario import circumstances
from tumen.scenario.history import UNMOVED, forecasts, history, stock_implied
from tumen.scenario.load import load_scenario
from tumen.scenario.months import months_between
from tumen.scenario.schema import Scenario
from tumen.scenario.timeline_rows import Track


def case() -> Scenario:
    return load_scenario("dprk-2017")


def months(last: str, drawn: float = 100.0, stock: float = 300.0) -> Track:
    """Months in which nothing changes: million USD a month."""
    row: dict[str, Any] = dict.fromkeys(
        ("own_financing_musd", "hidden_exports_musd", "exports_unrecorded_musd"), 10.0
    )
    row |= {"hidden_imports_musd": 5.0, "draw_musd": drawn, "stock_musd": stock - drawn}
    rows = tuple({"month": month, **row} for month in months_between("2017-01", last))
    return Track(rows, {seen.id: 100.0 for seen in timeline().history})


def timeline() -> Any:
    return case().timeline


def test_a_driver_that_moves_nothing_has_no_effect() -> None:
    central, coarse = months("2019-12"), months("2019-12")
    coarse.readings["exports-2018"] = 140.0  # by other months than the central run
    moved = months("2019-12")
    moved.readings["exports-2018"] = 130.0
    drivers = {UNMOVED: coarse, "still": coarse, "enforcement": moved}
    found = {row.id: row for row in history(case(), {"central": central}, drivers)}
    assert found["exports-2018"].driver == "enforcement"
    assert found["exports-2018"].driver_effect == -10.0
    still = history(case(), {"central": central}, {UNMOVED: coarse, "still": coarse})
    assert {row.driver_effect for row in still if row.id == "exports-2018"} == {0.0}


def test_the_implied_stock_takes_whole_years_only() -> None:
    """Own financing of 25 a month; the year's recorded deficit is 2,010 million."""
    found = stock_implied(case(), {"central": months("2018-06")})
    assert found is not None
    assert (found.years, found.deficits_musd) == ("2017 to 2017", 2010.0)
    assert found.financing_central_musd == pytest.approx(12 * 25.0)
    assert stock_implied(case(), {"central": months("2017-11")}) is None


@pytest.mark.parametrize(
    ("stock", "gone"), [(50.0, "2018-02"), (100.0, "2018-02"), (101.0, "2018-03")]
)
def test_savings_are_gone_in_the_month_that_they_do_not_outlast(stock: float, gone: str) -> None:
    rows = forecasts(case(), {"central": months("2019-12", drawn=100.0, stock=stock)})
    first = next(row for row in rows if row.made == "2018-02")
    assert first.model_central == gone
    assert (first.model_low, first.model_high) == (None, None)


def test_bands_that_were_not_run_are_not_told() -> None:
    rows = history(case(), {"central": months("2019-12")}, {})
    assert {(row.computed_low, row.computed_high, row.within) for row in rows} == {
        (None, None, None)
    }


def test_the_age_of_a_law_that_was_lifted_stays_an_age(monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(regimes: tuple[str, ...], base_year: int, month: str) -> float:
        return 0.0 if month < "2016-01" else 100.0 if month < "2018-01" else 1.0

    monkeypatch.setattr(circumstances, "_reached", reached)
    ages = [circumstances.age_in_months(("x",), 2016, m) for m in ("2017-12", "2018-01")]
    assert ages == [23.0, 24.0]
