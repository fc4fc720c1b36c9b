"""One draw of a case, played: the numbers of its steps and months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tumen.ensemble.inputs import Input, value_at, with_draw
from tumen.errors import TumenError
from tumen.scenario.baseline import scenario_world
from tumen.scenario.circumstances import QUARTER
from tumen.scenario.ladder import ladder
from tumen.scenario.schema import Scenario
from tumen.scenario.timeline_rows import track

Row = dict[str, Any]

STEP_NUMBERS = (
    "exports_musd", "imports_musd", "hidden_musd", "deficit_musd", "real_income_pct",
    "real_output_pct", "real_earnings_pct", "employment_pct",
)  # fmt: skip
MONTH_NUMBERS = (
    "exports_musd", "imports_musd", "hidden_musd", "deficit_musd", "draw_musd", "stock_musd",
    "runway_months", "real_income_pct", "real_output_pct", "survival",
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Draws that are played one after the other."""

    scenario: Scenario
    inputs: tuple[Input, ...]
    first: int
    """Number of its first draw."""
    unit: tuple[tuple[float, ...], ...]
    """Dims draw, input."""
    months: bool


@dataclass(frozen=True)
class Played:
    """What a batch gives."""

    first: int
    draws: list[Row]
    """A row for each: number, problem (empty: none), inputs, and "STEP.NUMBER"."""
    months: list[Row]
    """A row for each draw and month."""


def play(batch: Batch) -> Played:
    """Play a batch; a draw without a solution says why and has no numbers."""
    draws: list[Row] = []
    months: list[Row] = []
    for number, unit in enumerate(batch.unit, batch.first):
        given = {
            f"input.{each.name}": value_at(each, part)
            for each, part in zip(batch.inputs, unit, strict=True)
        }
        row: Row = {"draw": number, "problem": "", **given}
        try:
            case = with_draw(batch.scenario, batch.inputs, unit)
            row |= _steps(case)
            months += _months(case, number) if batch.months else []
        except TumenError as error:
            notes = getattr(error, "__notes__", [])
            row["problem"] = " ".join(f"{error} {' '.join(notes)}".split())
        draws.append(row)
    return Played(batch.first, draws, months)


def _steps(case: Scenario) -> Row:
    row: Row = {}
    for rung in ladder(case, scenario_world(case), "central", quick=True):
        step = rung.result(case.target)
        row |= {f"{rung.id}.{name}": float(getattr(step, name)) for name in STEP_NUMBERS}
    return row


def _months(case: Scenario, number: int) -> Sequence[Row]:
    return [
        {"draw": number, "month": row["month"], **{name: row[name] for name in MONTH_NUMBERS}}
        for row in track(case, QUARTER).rows
    ]
