"""The timeline beside what was recorded, and beside forecasts of exhaustion."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tumen.endurance.currency import MONTHS, implied_stock, runway_months
from tumen.scenario.endurance_schema import Observed
from tumen.scenario.enforcement import figure_in, may_predict
from tumen.scenario.months import in_month, last_settings, later
from tumen.scenario.result import ForecastRow, HistoryRow, ImpliedStock
from tumen.scenario.schema import Scenario
from tumen.scenario.timeline_rows import Row, Track

UNMOVED = "none"
"""Name of the run by the drivers' months in which no figure is moved."""
SMALL = 1e-9
"""A record below this has no error in per cent."""


def history(
    scenario: Scenario, tracks: Mapping[str, Track], drivers: Mapping[str, Track]
) -> list[HistoryRow]:
    """Return every record that the months reach, with error, band and what drives the figure.

    Parameters
    ----------
    tracks
        "central" and the ends.
    drivers
        Runs in which one group of figures is at its harsh end, the rest central; and one in which
        none is, by the same months.
    """
    if scenario.timeline is None or not tracks:
        return []
    rows = []
    unmoved = drivers.get(UNMOVED)
    for seen in scenario.timeline.history:
        central = tracks["central"].readings[seen.id]
        if central is None:
            continue
        values = [v for each in tracks.values() if (v := each.readings[seen.id]) is not None]
        start = None if unmoved is None else unmoved.readings[seen.id]
        effects = {
            name: value - start
            for name, each in drivers.items()
            if name != UNMOVED and start is not None
            if (value := each.readings[seen.id]) is not None
        }
        rows.append(_compared(scenario, seen, central, values, effects))
    return rows


def _compared(
    scenario: Scenario,
    seen: Observed,
    central: float,
    values: Sequence[float],
    effects: Mapping[str, float],
) -> HistoryRow:
    recorded = seen.value.central
    error = central - recorded
    if seen.measure != "growth":
        error = 100 * error / recorded if abs(recorded) > SMALL else 0.0
    driver = max(effects, key=lambda name: abs(effects[name]), default="")
    low, high = min(values), max(values)
    banded = len(values) > 1
    return HistoryRow(
        id=seen.id,
        period=seen.period,
        measure=seen.measure,
        partner=seen.partner or "",
        good=seen.good or "",
        recorded=recorded,
        unit=seen.value.unit,
        computed=central,
        computed_low=low if banded else None,
        computed_high=high if banded else None,
        error=error,
        within=low <= seen.value.high and seen.value.low <= high if banded else None,
        read_off=_read_off(scenario, seen.period),
        driver=driver,
        driver_effect=effects.get(driver),
        source=seen.value.source,
    )


def _read_off(scenario: Scenario, period: str) -> bool:
    """Whether enforcement in a period rests on a record of that year or a later one."""
    month = period if len(period) > 4 else f"{period}-12"
    rules = last_settings(in_month(scenario, month)).enforcement
    figures = [figure_in(scenario, rule, month) for rule in rules]
    return any(f is not None and not may_predict(scenario, f, int(period[:4])) for f in figures)


def forecasts(scenario: Scenario, tracks: Mapping[str, Track]) -> list[ForecastRow]:
    """Return when savings would be gone at the pace of the month in which others forecast it.

    That is what the model would have said at the time: law, enforcement and support of that month,
    going on.
    """
    if scenario.timeline is None or not tracks:
        return []
    rows = []
    for each in scenario.timeline.forecasts:
        then = {
            name: next((row for row in found.rows if row["month"] == each.made), None)
            for name, found in tracks.items()
        }
        central = then["central"]
        if central is None:
            continue
        own = {name: _gone(row, opening_stock(row)) for name, row in then.items() if row}
        rows.append(
            ForecastRow(
                id=each.id,
                made=each.made,
                said=each.exhausted,
                stock_musd=each.stock_musd.central,
                model_with_its_stock=_gone(central, each.stock_musd.central),
                model_low=own.get("harsh"),
                model_central=own["central"],
                model_high=own.get("mild"),
                source=each.stock_musd.source,
            )
        )
    return rows


def opening_stock(row: Row) -> float:
    """Savings at the start of a month, million USD."""
    return float(row["stock_musd"] + row["draw_musd"])


def _gone(row: Row, stock_musd: float) -> str:
    """Month in which a stock is gone at a month's pace; empty: never."""
    months = runway_months(stock_musd, row["draw_musd"] * MONTHS)
    return "" if months is None else later(row["month"], max(0, math.ceil(months) - 1))


def stock_implied(scenario: Scenario, tracks: Mapping[str, Track]) -> ImpliedStock | None:
    """Return the savings that recorded deficits needed, over the range of own financing.

    Own financing is that of the months of each year, in the central, the harsh and the mild run.
    """
    months, given = scenario.timeline, scenario.endurance
    if months is None or given is None or not tracks:
        return None
    seen = sorted((o for o in months.history if o.measure == "deficit"), key=lambda o: o.period)
    whole = [
        year
        for year in dict.fromkeys(row["month"][:4] for row in tracks["central"].rows)
        if sum(row["month"][:4] == year for row in tracks["central"].rows) == MONTHS
    ]
    years = [each.period for each in seen if each.period in whole]
    if not years:
        return None
    deficits = [each.value.central for each in seen if each.period in years]
    earned = {name: [_financing(each, year) for year in years] for name, each in tracks.items()}
    release = given.release_months.central
    needed = {name: implied_stock(deficits, values, release) for name, values in earned.items()}
    total = {name: sum(values) for name, values in earned.items()}
    return ImpliedStock(
        years=f"{years[0]} to {years[-1]}",
        deficits_musd=sum(deficits),
        financing_low_musd=min(total.values()),
        financing_central_musd=total["central"],
        financing_high_musd=max(total.values()),
        low=min(needed.values()),
        central=needed["central"],
        high=max(needed.values()),
        stated_low=given.stock_musd.low,
        stated_central=given.stock_musd.central,
        stated_high=given.stock_musd.high,
    )


def _financing(run: Track, year: str) -> float:
    """What a year brings beside recorded exports and savings: own financing, hidden trade net."""
    rows = [row for row in run.rows if row["month"][:4] == year]
    return float(
        sum(
            row["own_financing_musd"]
            + row["hidden_exports_musd"]
            + row["exports_unrecorded_musd"]
            - row["hidden_imports_musd"]
            for row in rows
        )
    )
