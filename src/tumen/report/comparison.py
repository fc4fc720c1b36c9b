"""``tumen compare``: two runs side by side, step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.errors import InvalidInput, Problem
from tumen.report.numbers import money, percent

if TYPE_CHECKING:
    from rich.table import Table

COMPARED = ("exports_musd", "imports_musd", "hidden_musd", "real_income_pct", "real_output_pct")


def stored_payload(folder: Path) -> dict[str, Any]:
    """Read the JSON of a folder that ``tumen run --out`` wrote.

    Raises
    ------
    InvalidInput
        If the folder holds no result, or one that is damaged.
    """
    path = folder / "result.json"
    if not path.is_file():
        raise InvalidInput(
            Problem(str(folder), "holds no result.json; write one with tumen run … --out FOLDER")
        )
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for step in data["steps"]:
            _ = step["id"], [float(step[name]) for name in COMPARED]
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InvalidInput(Problem(str(path), f"is no result of a run ({reason})")) from error
    return data


def differences(first: dict[str, Any], second: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each number of each step that both runs have."""
    others = {step["id"]: step for step in second["steps"]}
    return [
        {
            "step": step["id"],
            "number": name,
            "a": step[name],
            "b": others[step["id"]][name],
            "difference": others[step["id"]][name] - step[name],
        }
        for step in first["steps"]
        if step["id"] in others
        for name in COMPARED
    ]


def comparison(first: dict[str, Any], second: dict[str, Any], names: tuple[str, str]) -> Table:
    """Return the differences as a table for the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(f"A  {names[0]}\nB  {names[1]}"),
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in ("step", "number", "A", "B", "B − A"):
        table.add_column(column, justify="left" if column in ("step", "number") else "right")
    for row in differences(first, second):
        values = (_written(row["number"], row[name]) for name in ("a", "b", "difference"))
        table.add_row(row["step"], row["number"], *values)
    return table


def _written(number: str, value: float) -> str:
    return percent(value, 2) if number.endswith("_pct") else money(value)
