"""Played batches in a folder, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tumen import __version__
from tumen.ensemble.play import Played, Row
from tumen.errors import InvalidInput, Problem
from tumen.files.writing import replacing, write_text
from tumen.scenario.schema import Scenario
from tumen.scenario.store import scenario_text

KEY = "draws.json"
PART, MONTHS = "draws", "months"


class Store:
    """A folder of batches of one ensemble; None keeps them in memory alone."""

    def __init__(self, folder: Path | None, scenario: Scenario, asked: dict[str, Any]) -> None:
        """Open or begin the folder.

        Raises
        ------
        InvalidInput
            If it holds draws of another case, number, seed or version.
        """
        self._folder = folder
        self._kept: dict[int, Played] = {}
        if folder is None:
            return
        text = scenario_text(scenario)
        key = {**asked, "tumen": __version__, "case": hashlib.sha256(text.encode()).hexdigest()}
        path = folder / KEY
        begun = any(folder.glob(f"{PART}-*.parquet"))
        if begun and path.is_file() and (found := json.loads(path.read_text("utf-8"))) != key:
            other = ", ".join(name for name in key if found.get(name) != key[name])
            message = (
                f"holds an unfinished run with another {other}; "
                "finish that one, or remove the folder"
            )
            raise InvalidInput(Problem(str(folder), message))
        folder.mkdir(parents=True, exist_ok=True)
        if not begun:
            remove_draws(folder, keep_folder=True)  # months of a batch that was never finished
        write_text(path, json.dumps(key, indent=1) + "\n")

    def has(self, first: int) -> bool:
        """Tell whether a batch was played."""
        if self._folder is None:
            return first in self._kept
        return self._path(PART, first).is_file()

    def add(self, played: Played) -> None:
        """Keep a batch, whole or not at all; its own table comes last."""
        if self._folder is None:
            self._kept[played.first] = played
            return
        if played.months:
            _write(self._path(MONTHS, played.first), played.months)
        _write(self._path(PART, played.first), played.draws)

    def draws(self) -> list[Row]:
        """Return the rows of all draws, in order."""
        return sorted(self._rows(PART), key=lambda row: row["draw"])

    def months(self) -> list[Row]:
        """Return the rows of all draws and months, in order."""
        return sorted(self._rows(MONTHS), key=lambda row: (row["draw"], row["month"]))

    def _rows(self, kind: str) -> list[Row]:
        if self._folder is None:
            kept = self._kept.values()
            return [row for each in kept for row in (each.draws if kind == PART else each.months)]
        return _read([str(path) for path in sorted(self._folder.glob(f"{kind}-*.parquet"))])

    def _path(self, kind: str, first: int) -> Path:
        assert self._folder is not None
        return self._folder / f"{kind}-{first:07d}.parquet"


def remove_draws(folder: Path, keep_folder: bool = False) -> None:
    """Remove what a store keeps, and the folder if nothing else is in it."""
    if not folder.is_dir():
        return
    for pattern in (KEY, f"{PART}-*.parquet", f"{MONTHS}-*.parquet"):
        for path in folder.glob(pattern):
            path.unlink()
    if not keep_folder and not any(folder.iterdir()):
        folder.rmdir()


def write_draws(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as one Parquet file, whole or not at all."""
    _write(path, rows)


def _write(path: Path, rows: Sequence[Row]) -> None:
    import duckdb
    import pandas as pd

    table = pd.DataFrame(list(rows))
    with replacing(path) as beside, duckdb.connect() as connection:
        connection.register("rows", table)
        connection.sql("SELECT * FROM rows").write_parquet(str(beside))


def _read(paths: Sequence[str]) -> list[Row]:
    import duckdb

    if not paths:
        return []
    with duckdb.connect() as connection:
        table = connection.read_parquet(list(paths), union_by_name=True)
        columns = table.columns
        rows = table.fetchall()
    return [
        {name: None if value != value else value for name, value in zip(columns, row, strict=True)}
        for row in rows
    ]
