"""Results as files: CSV and Parquet tables, the JSON, and the scenario that repeats the run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tumen.ensemble.ensemble import Ensemble
from tumen.ensemble.store import write_draws
from tumen.files.writing import replacing_folder
from tumen.report.decision import decision_payload, decision_rows
from tumen.report.payload import json_text, payload
from tumen.scenario.decision_result import Decision
from tumen.scenario.own_files import with_files_beside
from tumen.scenario.result import HoldingRow, Result, StreamRow
from tumen.scenario.schema import Scenario
from tumen.scenario.store import scenario_text

Row = Mapping[str, Any]


@contextmanager
def results_folder(folder: Path | None) -> Iterator[Path | None]:
    """Reserve ``folder``, give the place to write to, and put it in its place at the end.

    None gives None: nothing is written.

    Raises
    ------
    InvalidInput
        Before any work, if the folder holds files that Tumen did not write.
    """
    if folder is None:
        yield None
        return
    with replacing_folder(folder) as beside:
        yield beside


def write_results(
    scenario: Scenario, result: Result, folder: Path, drawn: Ensemble | None = None
) -> list[str]:
    """Write tables, JSON, scenario and the user's regimes into a folder; return the names.

    Parameters
    ----------
    folder
        From :func:`results_folder`.
    drawn
        The draws, of which every row is written as Parquet.
    """
    if drawn is not None:
        write_draws(folder / "draws.parquet", drawn.rows)
        if drawn.month_rows:
            write_draws(folder / "draws_months.parquet", drawn.month_rows)
    for name, rows in tables(result).items():
        _write_table(folder / name, rows)
    text = json_text(payload(scenario, result))
    (folder / "result.json").write_text(text, encoding="utf-8")
    alone = with_files_beside(scenario, folder)
    (folder / "scenario.yaml").write_text(scenario_text(alone), encoding="utf-8")
    return sorted(path.name for path in folder.iterdir())


def write_decision(scenario: Scenario, found: Decision, folder: Path) -> None:
    """Write the tables of a decision and its JSON into a folder from :func:`results_folder`."""
    for name, rows in decision_rows(found).items():
        _write_table(folder / name, rows)
    text = json_text(decision_payload(scenario, found))
    (folder / "decision.json").write_text(text, encoding="utf-8")


def tables(result: Result) -> dict[str, list[Row]]:
    """Every table of a result, by file name without suffix."""
    ids = [step.id for step in result.steps]
    wide: list[Row] = [
        {
            "assumption": test.assumption,
            "value": test.value,
            **{step: test.real_income_pct.get(step) for step in ids},
            "problem": test.problem,
        }
        for test in result.sensitivity
    ]
    return {
        "steps": [asdict(step) for step in result.steps],
        "closures": [asdict(case) for case in result.closures],
        "horizons": [asdict(row) for row in result.horizons],
        "timeline": [{**row, "causes": "; ".join(row["causes"])} for row in result.timeline],
        "holding": [_holding(row) for row in result.holding],
        "history": [asdict(row) for row in result.history],
        "forecasts": [asdict(row) for row in result.forecasts],
        "implied_stock": [] if result.implied_stock is None else [asdict(result.implied_stock)],
        "sensitivity": wide,
        "partners": [asdict(effect) for effect in result.partners],
        "sectors": [asdict(row) for row in result.sectors],
        "partner_trade": [asdict(row) for row in result.partner_trade],
        "hubs": [asdict(row) for row in result.hubs],
        "contributions": [asdict(part) for part in result.contributions],
        "backtest": [asdict(row) for row in result.backtest],
        "backtest_figures": [asdict(row) for row in result.backtest_figures],
        "backtest_goods": [asdict(row) for row in result.backtest_goods],
        "backtest_drivers": [asdict(row) for row in result.backtest_drivers],
        "takeovers": [
            {**asdict(row), "lost_musd": row.lost_musd} for row in result.stepping_in.takeovers
        ],
        "volumes": [asdict(row) for row in result.stepping_in.volumes],
        "streams": [_stream(row) for row in result.stepping_in.streams],
        **decision_rows(result.decision),
        "compensation": [asdict(row) for row in result.compensation],
        "drivers": [asdict(row) for row in result.drivers],
        "convergence": [asdict(step) for step in result.convergence],
        "sources": [asdict(source) for source in result.sources],
    }


def _holding(row: HoldingRow) -> Row:
    """A step with the chance of each prior in a column."""
    chances = {f"survival_{name}": chance for name, chance in row.priors.items()}
    return {name: value for name, value in asdict(row).items() if name != "priors"} | chances


def _stream(row: StreamRow) -> Row:
    """A stream with its figure spread over columns."""
    figure = {f"revenue_{name}": value for name, value in row.revenue.model_dump().items()}
    return {"stream": row.stream, "name": row.name, **figure, "computed_musd": row.computed_musd}


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
        text_columns = {
            name: "VARCHAR" for name in rows[0] if any(isinstance(row[name], str) for row in rows)
        }
        relation = connection.read_csv(str(path), header=True, sample_size=-1, dtype=text_columns)
        relation.write_parquet(str(stem.with_suffix(".parquet")))
