"""The timeline as rows of figures, with the band that harsh and mild readings give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tumen.endurance.currency import MONTHS
from tumen.endurance.survival import Hazard, survival
from tumen.scenario.circumstances import covered_shares
from tumen.scenario.readings import Reading
from tumen.scenario.schema import Scenario
from tumen.scenario.timeline import MonthState, Walk

Row = dict[str, Any]
FLOWS = (
    "exports_musd",
    "imports_musd",
    "hidden_musd",
    "exports_unrecorded_musd",
    "imports_unrecorded_musd",
    "hidden_exports_musd",
    "hidden_imports_musd",
    "deficit_musd",
    "rents_abroad_musd",
)
"""Fields of a step that are flows: a twelfth of them a month."""
LEVELS = (
    "real_income_pct",
    "real_output_pct",
    "real_earnings_pct",
    "employment_pct",
    "first_order_pct",
)
"""Fields of a step that are levels against the baseline."""
BANDED = (
    "exports_musd",
    "imports_musd",
    "hidden_musd",
    "draw_musd",
    "stock_musd",
    "runway_months",
    "real_income_pct",
    "real_output_pct",
    "survival",
)
"""Figures with a band, and all prices."""


@dataclass(frozen=True, slots=True)
class Track:
    """One run through the months, as plain figures."""

    rows: tuple[Row, ...]
    readings: dict[str, float | None]
    """Id of a record → what the run says of it; None: the months do not hold its period."""
    stock_musd: float | None = None
    """Savings at the start of the ladder's month; None: it lies before the months."""


def track(scenario: Scenario, stride: int = 1) -> Track:
    """Run through the months of a scenario; nothing without a timeline.

    Parameters
    ----------
    stride
        Of so many months the first is solved and the others are taken to be like it.
    """
    months = scenario.timeline
    if months is None:
        return Track((), {})
    end = max(months.last, scenario.as_of)
    states = list(Walk(scenario, stride).months(end))
    stock = [state.stock.musd for state in states if state.month == scenario.as_of]
    states = [state for state in states if state.month <= months.last]
    rows = [_row(scenario, state) for state in states]
    _add_survival(scenario, rows)
    kept = [index for index, row in enumerate(rows) if row["month"] >= months.first]
    reading = Reading(scenario, [states[k] for k in kept], [rows[k] for k in kept])
    found = {seen.id: reading.of(seen) for seen in months.history}
    return Track(tuple(rows[k] for k in kept), found, stock[0] if stock else None)


def _row(scenario: Scenario, state: MonthState) -> Row:
    """Figures of one month: million USD a month, per cent against the baseline."""
    step, paid = state.step, state.financing
    row: Row = {"month": state.month}
    row |= {name: getattr(step, name) / MONTHS for name in FLOWS}
    row |= {
        "own_financing_musd": paid.own / MONTHS,
        "draw_musd": state.draw / MONTHS,
        "stock_musd": state.stock.after(state.draw).musd,
        "runway_months": state.runway,
        "imports_not_paid_musd": _not_paid(state) / MONTHS,
    }
    row |= {name: getattr(step, name) for name in LEVELS}
    row["consumer_price_usd"] = _consumer_price(scenario, state)
    row |= _prices(scenario, state)
    row |= covered_shares(scenario, state.month)
    row |= {
        "horizon_months": state.circumstances.horizon,
        "labour": step.labour,
        "causes": list(state.causes),
    }
    return row


def _not_paid(state: MonthState) -> float:
    """What would be imported and is not, where savings are what is missing."""
    step = state.step
    bought = step.imports_musd + step.imports_unrecorded_musd + step.hidden_imports_musd
    return max(0.0, state.financing.desired_imports - bought) if state.limited else 0.0


def _consumer_price(scenario: Scenario, state: MonthState) -> float:
    return float(state.outcome.price_index.sel(economy=scenario.target))


def _prices(scenario: Scenario, state: MonthState) -> Row:
    """Prices of the goods that are followed, relative to consumer prices; ratio to the baseline."""
    goods = scenario.timeline.goods if scenario.timeline else []
    index = _consumer_price(scenario, state)
    prices = state.outcome.price.sel(economy=scenario.target)
    return {f"price_{good.id}": float(prices.sel(sector=good.sector)) / index for good in goods}


def _add_survival(scenario: Scenario, rows: Sequence[Row]) -> None:
    """Put the chance of holding until the end of each month into the rows, prior by prior."""
    given = scenario.endurance
    if given is None:
        return
    losses = [-row["real_income_pct"] / 100 for row in rows]
    paths = {
        prior.id: survival(Hazard(given.base_hazard.central, prior.slope.central), losses)
        for prior in given.priors
    }
    for at, row in enumerate(rows):
        each = {f"survival_{name}": path[at] for name, path in paths.items()}
        row["survival"] = sum(each.values()) / len(each)
        row |= each


def _readings(row: Row, name: str) -> list[Any]:
    """What a run says of a figure; of survival every prior is a reading."""
    if name != "survival":
        return [row[name]]
    return [value for key, value in row.items() if key.startswith("survival")]


def banded(tracks: Mapping[str, Track]) -> list[Row]:
    """Return the central rows with the lowest and highest of all runs beside the banded figures.

    A runway without end has no number: it is null, and so is the high end of its band.
    """
    if not tracks:
        return []
    runs = [each.rows for each in tracks.values()]
    result = []
    for rows in zip(*runs, strict=True):
        row = dict(rows[0])
        for name in rows[0]:
            if len(rows) == 1 or not (name in BANDED or name.startswith(("price_", "survival_"))):
                continue
            values = [value for each in rows for value in _readings(each, name)]
            known = [value for value in values if value is not None]
            row[f"{name}_low"] = min(known) if known else None
            row[f"{name}_high"] = max(known) if len(known) == len(values) else None
        result.append(row)
    return result
