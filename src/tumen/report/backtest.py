"""The backtest as the terminal shows it: the error, the figures behind it, and what drives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.report.layout import captioned, make_table
from tumen.report.numbers import money, signed
from tumen.scenario.result import Result

if TYPE_CHECKING:
    from rich.table import Table

GOODS_SHOWN = 4
"""Sectors with the largest errors, for each year and flow."""


def backtest_tables(result: Result) -> list[Table]:
    """Return the four tables in reading order."""
    return [_errors(result), _figures(result), _goods(result), _drivers(result)]


def _errors(result: Result) -> Table:
    """The law month by month on the baseline's trade, beside what was recorded."""
    table = make_table(
        "Backtest: the law month by month on the baseline's trade, million USD",
        ["year", "flow", "with", "recorded", "predicted", "(range)", "error %", "hidden", "(range)",
         "e in record"],
        left=3,
    )  # fmt: skip
    for row in result.backtest:
        implied = row.enforcement_in_record
        table.add_row(
            str(row.year),
            f"{row.flow}s",
            row.partner or "all",
            money(row.recorded_musd),
            money(row.predicted_musd),
            f"{money(row.predicted_musd_low)} … {money(row.predicted_musd_high)}",
            signed(row.error_pct, 0),
            money(row.hidden_musd),
            f"{money(row.hidden_musd_low)} … {money(row.hidden_musd_high)}",
            "" if implied is None else f"{implied:.2f}",
        )
    return captioned(
        table,
        "No prices, growth or diversion; caps hold by calendar year. Ranges: enforcement, and for\n"
        "hidden trade (what sellers receive) mark-ups too. e in record: the enforcement that the\n"
        "partner's own record would need; for comparison, never used.",
    )


def _figures(result: Result) -> Table:
    """Which figures of enforcement the predictions use, and which they may not use."""
    table = make_table(
        "Enforcement in the backtest",
        ["year", "rule", "from", "used", "basis", "e", "(range)"],
        left=5,
    )
    for row in result.backtest_figures:
        table.add_row(
            str(row.year),
            row.rule,
            row.since or "start",
            "yes" if row.used else "no",
            row.basis,
            f"{row.enforced:.2f}",
            f"{row.enforced_low:.2f} … {row.enforced_high:.2f}",
        )
    return captioned(
        table, "A figure fitted on a year's records, or read off them, never predicts that year."
    )


def _goods(result: Result) -> Table:
    """The sectors with the largest errors."""
    table = make_table(
        "What the error consists of, million USD",
        ["year", "flow", "sector", "baseline", "predicted", "recorded", "error"],
        left=3,
    )
    groups: dict[tuple[int, str], list[tuple[str, ...]]] = {}
    for row in sorted(result.backtest_goods, key=lambda good: -abs(good.error_musd)):
        cells = groups.setdefault((row.year, row.flow), [])
        if len(cells) < GOODS_SHOWN:
            amounts = row.baseline_musd, row.predicted_musd, row.recorded_musd
            cells.append((row.sector, *map(money, amounts), signed(row.error_musd, 0)))
    for (year, flow), cells in sorted(groups.items()):
        for each in cells:
            table.add_row(str(year), f"{flow}s", *each)
    return captioned(
        table,
        "The largest; all are in the exported table. A group that the record\n"
        "prints stands in one sector, machines of all kinds in C28, mineral\n"
        "oils in C19. other: what the record does not print.",
    )


def _drivers(result: Result) -> Table:
    """How far each assumption moves the predictions."""
    table = make_table(
        "How far each assumption moves it, million USD",
        ["year", "flow", "assumption", "prediction", "hidden"],
        left=3,
    )
    for row in result.backtest_drivers:
        table.add_row(
            str(row.year),
            f"{row.flow}s",
            row.assumption,
            _span(row.predicted_musd_low, row.predicted_musd_high),
            _span(row.hidden_musd_low, row.hidden_musd_high),
        )
    return captioned(table, "One at a time over its range, all partners.")


def _span(low: float, high: float) -> str:
    if max(abs(low), abs(high)) < 0.5:
        return "0"
    return f"{signed(low, 0)} … {signed(high, 0)}"
