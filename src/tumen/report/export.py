"""Results as files: CSV and Parquet tables, the JSON, and the scenario that repeats the run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tumen.files.writing import replacing_folder
from tumen.report.payload import payload
from tumen.scenario.result import Result
from tumen.scenario.schema import Scenario
from tumen.scenario.store import scenario_text

Row = Mapping[str, Any]


def write_results(scenario: Scenario, result: Result, folder: Path) -> list[str]:
    """Write all tables of a run into ``folder``, beside it first; return the names written.

    Raises
    ------
    InvalidInput
        If the folder holds files that Tumen did not write.
    """
    with replacing_folder(folder) as beside:
        for name, rows in tables(result).items():
            _write_table(beside / name, rows)
        data = json.dumps(payload(scenario, result), indent=1, ensure_ascii=False)
        (beside / "result.json").write_text(data + "\n", encoding="utf-8")
        (beside / "scenario.yaml").write_text(scenario_text(scenario), encoding="utf-8")
        return sorted(path.name for path in beside.iterdir() if not path.name.startswith("."))


def tables(result: Result) -> dict[str, list[Row]]:
    """Every table of a result, by file name without suffix."""
    wide = [
        {"assumption": test.assumption, "value": test.value, **test.real_income_pct}
        for test in result.sensitivity
    ]
    return {
        "steps": [asdict(step) for step in result.steps],
        "closures": [asdict(case) for case in result.closures],
        "sensitivity": wide,
        "partners": [asdict(effect) for effect in result.partners],
        "sectors": [asdict(row) for row in result.sectors],
        "convergence": [asdict(step) for step in result.convergence],
        "sources": [asdict(source) for source in result.sources],
    }


def _write_table(stem: Path, rows: Sequence[Row]) -> None:
    """Write CSV, and Parquet by duckdb from the same text so that both hold the same values."""
    if not rows:
        return
    import duckdb

    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = stem.with_suffix(".csv")
    path.write_text(text.getvalue(), encoding="utf-8")
    with duckdb.connect() as connection:
        relation = connection.read_csv(str(path), header=True)
        relation.write_parquet(str(stem.with_suffix(".parquet")))
