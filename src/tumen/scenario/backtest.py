"""The law month by month on the baseline's trade, beside what was recorded."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level, Quantity
from tumen.files.schema import Code, Record
from tumen.regime.coverage import bundled_law
from tumen.regime.law import Law
from tumen.scenario.rules import Direction, Month, Part, RuleName

Array = NDArray[np.float64]


class RecordedYear(Record):
    """What statistics recorded in a year."""

    id: RuleName
    """Its name."""
    year: int
    """The calendar year."""
    flow: Direction
    """Seen from the target."""
    musd: Quantity
    """Million USD."""


class FitWindow(Record):
    """Months whose record gives a partner's enforcement, for other months only."""

    partner: Code
    """Whose customs."""
    flow: Direction
    """Seen from the target."""
    first: Month
    """First month of the window."""
    last: Month
    """Last month of the window."""
    musd: Quantity
    """What was recorded in the window, million USD."""


class Backtest(Record):
    """Which law and enforcement to hold against which records."""

    regimes: Annotated[list[Code], Field(min_length=1)]
    """The law of senders and partners."""
    others: Part
    """Enforcement by partners that no window speaks of."""
    fit: FitWindow
    """Where enforcement is read off."""
    recorded: Annotated[list[RecordedYear], Field(min_length=1)]
    """The records to predict."""


@dataclass(frozen=True, slots=True)
class BacktestRow:
    """One year and flow: what was recorded, and what the law would have left."""

    year: int
    flow: str
    recorded_musd: float
    predicted_musd: float
    """Enforcement 1 from dated law before and in the window's year, fitted after it."""
    predicted_musd_low: float
    predicted_musd_high: float
    error_pct: float
    enforcement: float
    """That of the fitted partner."""
    basis: str
    """Where the enforcement comes from."""


def backtest(test: Backtest, base_year: int) -> list[BacktestRow]:
    """Return prediction and record of every year.

    Parameters
    ----------
    base_year
        The year whose trade the law is laid over.

    Raises
    ------
    InvalidInput
        If nothing is banned in the window, so that enforcement cannot be read off.

    Notes
    -----
    Prediction = Σ_months Σ_rows (value / 12) (1 − b e) with b after wind-downs. Prices, growth and
    diversion are left out; enforcement fitted on a window is used for later years only.
    """
    law = bundled_law(list(test.regimes), base_year)
    fitted = _fitted(law, test.fit)
    rows = []
    for record in test.recorded:
        later = record.year > int(test.fit.last[:4])
        own = fitted if later else 1.0
        central, low, high = (
            _year(law, record, test, own, level) for level in ("central", "high", "low")
        )
        seen = record.musd.central
        rows.append(
            BacktestRow(
                record.year,
                record.flow,
                seen,
                central,
                min(low, central),
                max(high, central),
                100 * (central / seen - 1),
                own,
                f"fitted on {test.fit.first} to {test.fit.last}" if later else "dated law, full",
            )
        )
    return rows


def _year(law: Law, record: RecordedYear, test: Backtest, own: float, level: Level) -> float:
    """What the law leaves of a year; ``level`` is that of the other partners' enforcement."""
    months = [datetime.date(record.year, month, 1) for month in range(1, 13)]
    partner = np.array([row.partner == test.fit.partner for row in law.trade.rows])
    enforced = np.where(partner, own, test.others.at(level))
    return sum(
        float((_monthly(law, record.flow) * (1 - _bites(law, m) * enforced)).sum()) for m in months
    )


def _fitted(law: Law, fit: FitWindow) -> float:
    """Enforcement that makes the window's record come out, between 0 and 1."""
    months = _months(fit.first, fit.last)
    partner = np.array([row.partner == fit.partner for row in law.trade.rows])
    value = _monthly(law, fit.flow) * partner
    whole = float(value.sum()) * len(months)
    banned = sum(float((value * _bites(law, month)).sum()) for month in months)
    if banned <= 0:
        raise InvalidInput(
            Problem("backtest.fit", f"no trade with {fit.partner} is banned in the window")
        )
    return float(np.clip((whole - fit.musd.central) / banned, 0.0, 1.0))


def _monthly(law: Law, flow: str) -> Array:
    """Goods of one direction, million USD a month (row)."""
    goods = law.rows(lambda row: row.flow == flow and not row.service)
    return law.value * goods / 12


def _bites(law: Law, month: datetime.date) -> Array:
    """Share of each row that is stopped, averaged over the days of a month (row)."""
    first = month.replace(day=1)
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    changes = {first}
    for measure in law.measures:
        days = [measure.from_, measure.bites_from]
        if measure.until is not None:
            days.append(measure.until + datetime.timedelta(days=1))
        changes |= {day for day in days if first < day < following}
    starts = sorted(changes)
    spans = [
        (end - start).days for start, end in zip(starts, [*starts[1:], following], strict=True)
    ]
    shares = [law.banned(start, "bites") for start in starts]
    return np.asarray(np.average(shares, axis=0, weights=spans))


def _months(first: str, last: str) -> list[datetime.date]:
    start, end = (datetime.date.fromisoformat(f"{month}-15") for month in (first, last))
    count = (end.year - start.year) * 12 + end.month - start.month
    return [
        datetime.date(start.year + (start.month - 1 + k) // 12, (start.month - 1 + k) % 12 + 1, 15)
        for k in range(count + 1)
    ]
