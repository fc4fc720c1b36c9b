"""Reading a CSV or Parquet table with named columns, and naming row and column of what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

ALIASES: dict[str, tuple[str, ...]] = {
    "origin": ("origin", "exporter", "exporter_iso3", "exporter_dynamic_code", "i"),
    "destination": ("destination", "importer", "importer_iso3", "importer_dynamic_code", "j"),
    "sector": ("sector", "industry", "industry_id", "broad_sector", "k"),
    "economy": ("economy", "country", "iso3"),
    "input": ("input", "input_sector"),
    "value": ("value", "trade", "trade_value", "v"),
}
"""Names that a column may carry, ours first."""
SHOWN = 10
"""Wrong rows that an error lists for each table."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of a tidy table: labels as text, values as numbers, rows as in the file."""

    path: Path
    labels: dict[str, NDArray[np.object_]]
    values: NDArray[np.float64]
    rows: NDArray[np.intp]
    """Where each record stands: the line of a CSV file, the number of a record in Parquet."""

    def place(self, index: int, column: str) -> str:
        """Say where a cell stands."""
        return f"{self.path.name}:row {self.rows[index]}, column {column}"


def find_table(folder: Path, name: str) -> Path | None:
    """Return the CSV or Parquet file called ``name`` in ``folder``; two of them are refused."""
    paths = (folder / (name + suffix) for suffix in (".csv", ".parquet"))
    found = [path for path in paths if path.is_file()]
    if len(found) > 1:
        raise InvalidInput(
            Problem(str(folder), f"holds both {found[0].name} and {found[1].name}; keep one")
        )
    return found[0] if found else None


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read label ``columns`` and the column ``value``.

    Parameters
    ----------
    path
        A CSV file (UTF-8, commas, one line of names) or a Parquet file.
    columns
        Our names of the label columns; :data:`ALIASES` lists what the file may call them.

    Raises
    ------
    InvalidInput
        For a file that is no table, missing or doubled columns, and for every empty label and
        every value that is no finite number, with row and column.
    """
    wanted = [*columns, "value"]
    text, rows = _csv_text(path, wanted) if path.suffix == ".csv" else _parquet_text(path, wanted)
    if not rows.size:
        raise InvalidInput(Problem(path.name, "has no records below its column names"))
    table = Table(path, {name: text[name] for name in columns}, _numbers(text["value"]), rows)
    problems = _label_problems(table, columns) + _value_problems(table, text["value"])
    if problems:
        raise InvalidInput(problems, path.name)
    return table


_Text = tuple[dict[str, NDArray[np.object_]], NDArray[np.intp]]


def _csv_text(path: Path, wanted: Sequence[str]) -> _Text:
    """Read the wanted columns as text, with the line of each record (blank lines are skipped)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            names = _columns(path, header, wanted)
            places = [header.index(names[name]) for name in wanted]
            lines, records = [], []
            for record in reader:
                if not record:
                    continue
                if len(record) != len(header):
                    raise _ragged(path, reader.line_num, len(record), len(header))
                lines.append(reader.line_num)
                records.append([record[place] for place in places])
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise InvalidInput(Problem(path.name, f"cannot be read as a table: {error}")) from error
    cells = np.array(records, dtype=object).reshape(len(records), len(wanted))
    return {name: cells[:, k] for k, name in enumerate(wanted)}, np.array(lines, dtype=np.intp)


def _ragged(path: Path, line: int, seen: int, wanted: int) -> InvalidInput:
    return InvalidInput(
        Problem(f"{path.name}:row {line}", f"has {seen} cells, the first line has {wanted}")
    )


def _parquet_text(path: Path, wanted: Sequence[str]) -> _Text:
    """Read the wanted columns as text, with the number of each record."""
    import duckdb

    connection = duckdb.connect()
    try:
        relation = connection.read_parquet(str(path))
        names = _columns(path, relation.columns, wanted)
        picked = ", ".join(f'CAST("{names[name]}" AS VARCHAR) AS "{name}"' for name in wanted)
        text = relation.project(picked).fetchnumpy()
    except (duckdb.Error, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidInput(Problem(path.name, f"cannot be read as a table: {reason}")) from error
    finally:
        connection.close()
    filled = {name: np.ma.filled(np.ma.asarray(text[name]).astype(object), "") for name in wanted}
    return filled, np.arange(1, filled["value"].size + 1, dtype=np.intp)


def _columns(path: Path, seen: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """Our name → the file's name of each wanted column."""
    found, problems = {}, []
    for name in wanted:
        hits = [column for column in seen if column.strip().lower() in ALIASES[name]]
        if len(hits) > 1:
            both = " and ".join(repr(hit) for hit in hits[:2])
            message = f"has the columns {both}, which mean the same; keep one"
            problems.append(Problem(path.name, message))
        elif hits:
            found[name] = hits[0]
        else:
            hint = did_you_mean(name, seen)
            problems.append(Problem(path.name, f"has no column {name!r}; {hint}"))
    if problems:
        raise InvalidInput(problems, path.name)
    return found


def _numbers(column: NDArray[np.object_]) -> NDArray[np.float64]:
    def number(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return float("nan")

    return np.fromiter((number(text) for text in column), dtype=float, count=column.size)


def _label_problems(table: Table, columns: Sequence[str]) -> list[Problem]:
    problems = []
    for name in columns:
        stripped = np.array([label != label.strip() or not label for label in table.labels[name]])
        for index in np.flatnonzero(stripped)[:SHOWN]:
            label = table.labels[name][index]
            what = "is empty" if not label else f"{label!r} has spaces around it"
            problems.append(Problem(table.place(int(index), name), what))
    return problems


def _value_problems(table: Table, text: NDArray[np.object_]) -> list[Problem]:
    bad = np.flatnonzero(~np.isfinite(table.values))
    problems = [
        Problem(
            table.place(int(index), "value"),
            f"{text[index]!r} is no finite number" if text[index] else "is empty",
        )
        for index in bad[:SHOWN]
    ]
    if bad.size > SHOWN:
        problems.append(Problem(table.path.name, f"and {bad.size - SHOWN} more values like these"))
    return problems
