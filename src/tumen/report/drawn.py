"""What the draws say: quantiles of every step, what drives the answers, and what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tumen.report.layout import captioned, make_table, text_table
from tumen.report.numbers import money, signed
from tumen.scenario.result import Result

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

FIRST_FAILURES = 3


def drawn_lines(result: Result) -> list[RenderableType]:
    """Return the tables of the draws."""
    from rich.text import Text

    lines: list[RenderableType] = [drawn_steps(result)]
    if result.drivers:
        lines += [Text(""), drivers(result)]
    return lines


def drawn_steps(result: Result) -> Table:
    """Every step over the draws: 5 to 95 per cent."""
    table = make_table(
        f"All figures drawn {result.draws} times: 5 to 95 % of the draws",
        ["step", "exports", "imports", "hidden", "real\nincome %", "real\noutput %"],
    )
    for step in result.steps:
        if step.exports_musd_low is None:
            continue
        table.add_row(
            step.label,
            _between(money, step.exports_musd_low, step.exports_musd_high),
            _between(money, step.imports_musd_low, step.imports_musd_high),
            _between(money, step.hidden_musd_low, step.hidden_musd_high),
            _between(signed, step.real_income_pct_low, step.real_income_pct_high),
            _between(signed, step.real_output_pct_low, step.real_output_pct_high),
        )
    return captioned(table, "\n".join(_failed(result)))


def _between(written: Callable[[float], str], low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{written(low)} to {written(high)}"


def _failed(result: Result) -> Iterator[str]:
    yield f"Seed {result.seed}. Half of the draws of a figure lie below its central value."
    if not result.failed_draws:
        yield "Every draw has a solution."
        return
    yield f"{result.failed_draws} of {result.draws} draws have no solution and are in no quantile:"
    for each in result.failures[:FIRST_FAILURES]:
        yield each if len(each) <= 95 else f"{each[:94].rstrip()} …"


def drivers(result: Result) -> Table:
    """What explains most of the variance of the main answers, alone."""
    table = text_table(
        "What drives the answers: share of the variance that a figure explains alone",
        ["answer", "figure", "share"],
        left=2,
    )
    shown: dict[str, int] = {}
    for row in result.drivers:
        shown[row.answer] = shown.get(row.answer, 0) + 1
        if shown[row.answer] <= 5:
            table.add_row(row.answer, row.input, f"{row.index:.2f}")
    return captioned(
        table,
        "Sobol indices of first order, estimated from the draws; what may be chance is left out.",
    )
