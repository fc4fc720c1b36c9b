"""The timeline beside what was recorded, and beside forecasts of exhaustion."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tumen.catalogue.bundled import sector_kinds
from tumen.endurance.currency import MONTHS, implied_stock, runway_months
from tumen.scenario import measure
from tumen.scenario.endurance_schema import PRICES, Observed
from tumen.scenario.enforcement import figure_in, may_predict
from tumen.scenario.months import in_month, last_settings, later
from tumen.scenario.result import ForecastRow, HistoryRow, ImpliedStock
from tumen.scenario.schema import Scenario
from tumen.scenario.timeline import MonthState
from tumen.scenario.timeline_rows import Path

if TYPE_CHECKING:
    pass

SMALL = 1e-9
"""A record below this has no error in per cent."""


class Reading:
    """What a run says of records; the trade of an outcome is taken apart once."""

    def __init__(self, scenario: Scenario, path: Path) -> None:
        self._scenario, self._path = scenario, path
        self._trade: dict[int, Mapping[str, np.ndarray]] = {}

    def of(self, seen: Observed) -> float | None:
        """Return the run's figure for a record; None if the months do not hold its period."""
        states = [each for each in self._path.states if each.month.startswith(seen.period)]
        if not states or (len(seen.period) == 4 and len(states) < MONTHS):
            return None
        if seen.measure == "growth":
            return self._growth(seen.period)
        if seen.measure == "stock":
            return states[-1].stock.after(states[-1].draw).musd
        if seen.measure in (*PRICES, "consumer_price"):
            return float(np.mean([self._price(state, seen) for state in states]))
        return float(sum(self._trade_of(state, seen) for state in states))

    def _growth(self, year: str) -> float | None:
        """Mean real output of a year over that of the year before, per cent."""
        before = self._mean_output(str(int(year) - 1))
        now = self._mean_output(year)
        return None if before is None or now is None else 100 * (now / before - 1)

    def _mean_output(self, year: str) -> float | None:
        if int(year) <= self._scenario.target_year:
            return 1.0
        found = [1 + r["real_output_pct"] / 100 for r in self._path.rows if r["month"][:4] == year]
        return float(np.mean(found)) if len(found) == MONTHS else None

    def _price(self, state: MonthState, seen: Observed) -> float:
        outcome, target = state.outcome, self._scenario.target
        index = float(outcome.price_index.sel(economy=target))
        if seen.measure == "consumer_price":
            return index
        goods = self._scenario.timeline.goods if self._scenario.timeline else []
        sector = next(good.sector for good in goods if good.id == seen.good)
        price = float(outcome.price.sel(economy=target, sector=sector))
        return price if seen.measure == "dollar_price" else price / index

    def _trade_of(self, state: MonthState, seen: Observed) -> float:
        """Goods trade of a month as partners record it, million USD."""
        parts = self._parts(state)
        counted = parts["recorded"] + (parts["unrecorded"] if seen.unrecorded else 0.0)
        labels = state.outcome.world.economies
        n = labels.index(self._scenario.target)
        partners = np.arange(len(labels)) != n
        if seen.partner is not None:
            partners &= np.array([label == seen.partner for label in labels])
        exports, imports = counted[n, partners].sum(), counted[partners, n].sum()
        if seen.measure == "deficit":
            # Statistics take exports as customs record them, whatever crude is added to imports.
            exports = parts["recorded"][n, partners].sum()
        value = {
            "exports": exports,
            "imports": imports,
            "trade": exports + imports,
            "deficit": imports - exports,
        }[seen.measure]
        return float(value) / MONTHS

    def _parts(self, state: MonthState) -> Mapping[str, np.ndarray]:
        key = id(state.outcome)
        if key not in self._trade:
            kinds = sector_kinds()
            goods = [kinds.get(sector) == "goods" for sector in state.outcome.world.sectors]
            parts = measure.trade_parts(state.outcome, state.arrangement)
            self._trade[key] = {name: values * goods for name, values in parts.items()}
        return self._trade[key]


def history(
    scenario: Scenario, paths: Mapping[str, Path], drivers: Mapping[str, Path]
) -> list[HistoryRow]:
    """Return every record that the months reach, with error, band and what drives the figure.

    Parameters
    ----------
    paths
        "central" and the ends.
    drivers
        Runs in which one group of figures is at its harsh end, the rest central.
    """
    if scenario.timeline is None or not paths:
        return []
    readings = {name: Reading(scenario, path) for name, path in paths.items()}
    moved = {name: Reading(scenario, path) for name, path in drivers.items()}
    rows = []
    for seen in scenario.timeline.history:
        central = readings["central"].of(seen)
        if central is None:
            continue
        values = [value for each in readings.values() if (value := each.of(seen)) is not None]
        effects = {
            name: value - central
            for name, each in moved.items()
            if (value := each.of(seen)) is not None
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
    return HistoryRow(
        id=seen.id,
        period=seen.period,
        measure=seen.measure,
        partner=seen.partner or "",
        good=seen.good or "",
        recorded=recorded,
        unit=seen.value.unit,
        computed=central,
        computed_low=low,
        computed_high=high,
        error=error,
        within=low <= seen.value.high and seen.value.low <= high,
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


def forecasts(scenario: Scenario, paths: Mapping[str, Path]) -> list[ForecastRow]:
    """Return when savings would be gone at the pace of the month in which others forecast it.

    That is what the model would have said at the time: law, enforcement and support of that month,
    going on.
    """
    if scenario.timeline is None or not paths:
        return []
    rows = []
    for each in scenario.timeline.forecasts:
        then = {
            name: next((state for state in path.states if state.month == each.made), None)
            for name, path in paths.items()
        }
        central = then["central"]
        if central is None:
            continue
        own = {name: _gone(state, state.stock.musd) for name, state in then.items() if state}
        rows.append(
            ForecastRow(
                id=each.id,
                made=each.made,
                said=each.exhausted,
                stock_musd=each.stock_musd.central,
                model_with_its_stock=_gone(central, each.stock_musd.central),
                model_low=own.get("harsh", ""),
                model_central=own["central"],
                model_high=own.get("mild", ""),
                source=each.stock_musd.source,
            )
        )
    return rows


def _gone(state: MonthState, stock_musd: float) -> str:
    """Month in which a stock is gone at a month's pace; empty: never."""
    months = runway_months(stock_musd, state.draw)
    return "" if months is None else later(state.month, math.ceil(months))


def stock_implied(scenario: Scenario, paths: Mapping[str, Path]) -> ImpliedStock | None:
    """Return the savings that recorded deficits needed, over the range of own financing.

    Own financing is that of the months of each year, in the central, the harsh and the mild run.
    """
    months, given = scenario.timeline, scenario.endurance
    if months is None or given is None or not paths:
        return None
    seen = sorted((o for o in months.history if o.measure == "deficit"), key=lambda o: o.period)
    years = [each.period for each in seen if len(each.period) == 4]
    if not years:
        return None
    deficits = [each.value.central for each in seen if each.period in years]
    earned = {name: [_financing(path, year) for year in years] for name, path in paths.items()}
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


def _financing(path: Path, year: str) -> float:
    """What a year brings beside recorded exports and savings: own financing, hidden trade net."""
    rows = [row for row in path.rows if row["month"][:4] == year]
    return float(
        sum(
            row["own_financing_musd"]
            + row["hidden_exports_musd"]
            + row["exports_unrecorded_musd"]
            - row["hidden_imports_musd"]
            for row in rows
        )
    )
