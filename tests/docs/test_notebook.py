"""The example notebook runs, and what it shows was made by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "first_look.ipynb"


def cells() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == "code"]


def test_every_cell_was_executed_without_an_error() -> None:
    for number, cell in enumerate(cells(), 1):
        assert cell["execution_count"] == number
        assert all(output["output_type"] != "error" for output in cell["outputs"])


@pytest.mark.slow
def test_its_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for cell in cells():
        exec("".join(cell["source"]), names)
    printed = capsys.readouterr().out
    shown = "".join(
        "".join(output["text"])
        for cell in cells()
        for output in cell["outputs"]
        if "text" in output
    )
    assert printed == shown
