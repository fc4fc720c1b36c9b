"""Quantiles of the draws in the place of the bands of a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from tumen.ensemble.ensemble import Ensemble, Quantiles
from tumen.scenario.result import Result, StepResult
from tumen.scenario.timeline_rows import Row


def banded(result: Result, found: Ensemble) -> Result:
    """Return the result with the 5th and the 95th per cent of the draws as its bands."""
    return replace(
        result,
        steps=tuple(_step(step, found.steps) for step in result.steps),
        timeline=tuple(_month(row, found.months) for row in result.timeline),
        draws=found.draws,
        seed=found.seed,
        failed_draws=found.failed,
        failures=tuple(f"draw {each.draw}: {each.problem}" for each in found.failures),
        drivers=found.drivers,
    )


def _step(step: StepResult, rows: Sequence[Quantiles]) -> StepResult:
    known = {each.name for each in fields(StepResult)}
    update: dict[str, Any] = {
        f"{row.number}_{end}": value
        for row in rows
        if row.place == step.id
        for end, value in (("low", row.low), ("high", row.high))
        if f"{row.number}_{end}" in known
    }
    return replace(step, **update)


def _month(month: Row, rows: Sequence[Quantiles]) -> Row:
    update = {
        f"{row.number}_{end}": value
        for row in rows
        if row.place == month["month"]
        for end, value in (("low", row.low), ("high", row.high))
    }
    return {**month, **update}
