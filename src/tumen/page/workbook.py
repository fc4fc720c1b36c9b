"""All tables in one Excel workbook: the answer, a contents sheet, and a sheet for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.page.case import Case
from tumen.page.exhibit import Row, Section
from tumen.report.export import tables
from tumen.report.sentence import sentence

if TYPE_CHECKING:
    from xlsxwriter import Workbook

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Text stays text, whatever it begins with."""
LONGEST_NAME = 31
"""Characters of a sheet's name in Excel."""
WIDEST = 60
BEYOND = (
    "law-coverage", "evidence-figures", "records-years", "records-ranking", "records-alarms",
    "records-power", "records-noise", "records-signals",
)  # fmt: skip
"""Exhibits that no table of the results holds."""


def write_workbook(case: Case, found: Sequence[Section], path: Path) -> None:
    """Write every table of a result, and those of the page that it does not hold."""
    import xlsxwriter

    sheets: dict[str, Sequence[Row]] = {
        name: rows for name, rows in tables(case.result).items() if rows
    }
    for section in found:
        for exhibit in section.exhibits:
            if exhibit.id in BEYOND and exhibit.rows:
                sheets[exhibit.id.replace("-", "_")] = exhibit.rows
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        _contents(book, case, sheets)
        for name, rows in sheets.items():
            _sheet(book, name, rows)


def _contents(book: Workbook, case: Case, sheets: Mapping[str, Sequence[Row]]) -> None:
    sheet = book.add_worksheet("contents")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, case.result.title, bold)
    sheet.write_string(1, 0, "answer")
    sheet.write_string(1, 1, sentence(case.scenario, case.result), wrapped)
    sheet.write_string(2, 0, "as of")
    sheet.write_string(2, 1, case.result.as_of)
    sheet.write_string(3, 0, "Tumen")
    sheet.write_string(3, 1, case.result.versions["tumen"])
    for line, (name, rows) in enumerate(sheets.items(), start=5):
        sheet.write_url(line, 0, f"internal:'{name[:LONGEST_NAME]}'!A1", string=name)
        sheet.write_string(line, 1, f"{len(rows)} rows")


def _sheet(book: Workbook, name: str, rows: Sequence[Row]) -> None:
    sheet = book.add_worksheet(name[:LONGEST_NAME])
    columns = list(rows[0])
    bold = book.add_format({"bold": True, "bottom": 1})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
        longest = max(len(column), *(len(_text(row.get(column))) for row in rows))
        sheet.set_column(place, place, min(WIDEST, longest + 2))
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = row.get(column)
            if value is not None:
                sheet.write(line, place, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
