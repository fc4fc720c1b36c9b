"""Reading a CSV or Parquet table with named columns, and naming row and column of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    import duckdb

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
    first_row: int
    """Line of the first record: 2 in CSV (after the header), 1 in Parquet."""

    def place(self, index: int, column: str) -> str:
        """Say where a cell stands."""
        return f"{self.path.name}:row {index + self.first_row}, column {column}"


def find_table(folder: Path, name: str) -> Path | None:
    """Return the CSV or Parquet file called ``name`` in ``folder``; two of them are refused."""
    found = [
        path for suffix in (".csv", ".parquet") if (path := folder / (name + suffix)).is_file()
    ]
    if len(found) > 1:
        raise InvalidInput(
            Problem(str(folder), f"holds both {found[0].name} and {found[1].name}; keep one")
        )
    return found[0] if found else None


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read label ``columns`` and the column ``value``.

    Raises
    ------
    InvalidInput
        For a file that is no table, missing or unknown columns, and for every empty label and
        every value that is no finite number, with row and column.
    """
    import duckdb

    connection = duckdb.connect()
    try:
        relation = _opened(connection, path)
        names = _columns(path, relation.columns, [*columns, "value"])
        picked = ", ".join(f'CAST("{names[name]}" AS VARCHAR) AS "{name}"' for name in names)
        text = relation.project(picked).fetchnumpy()
    except (duckdb.Error, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidInput(Problem(path.name, f"cannot be read as a table: {reason}")) from error
    finally:
        connection.close()
    table = Table(
        path,
        {name: _filled(text[name]) for name in columns},
        _numbers(_filled(text["value"])),
        2 if path.suffix == ".csv" else 1,
    )
    problems = _label_problems(table, columns) + _value_problems(table, _filled(text["value"]))
    if problems:
        raise InvalidInput(problems, path.name)
    return table


def _opened(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if path.suffix == ".csv":
        return connection.read_csv(str(path), header=True, all_varchar=True, delimiter=",")
    return connection.read_parquet(str(path))


def _columns(path: Path, seen: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """Our name → the file's name of each wanted column."""
    lower = {name.strip().lower(): name for name in seen}
    found, problems = {}, []
    for name in wanted:
        hits = [lower[alias] for alias in ALIASES[name] if alias in lower]
        if hits:
            found[name] = hits[0]
        else:
            hint = did_you_mean(name, seen)
            problems.append(Problem(path.name, f"has no column {name!r}; {hint}"))
    if problems:
        raise InvalidInput(problems, path.name)
    return found


def _filled(column: NDArray[np.object_]) -> NDArray[np.object_]:
    """Text with "" where a cell is empty."""
    filled: NDArray[np.object_] = np.ma.filled(np.ma.asarray(column).astype(object), "")
    return filled


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
