"""Long CSV and Parquet files of millions of rows, read by DuckDB in bounded memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.sources.broken import check_text, encoding_problem

if TYPE_CHECKING:
    import duckdb

SHOWN = 10
"""Wrong rows that an error lists for each column."""
MEMORY = "600MB"
"""What DuckDB may use; it puts the rest on disk."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a long file."""

    names: tuple[str, ...]
    """What the file may call it, in small letters, the usual name first."""
    type: str
    """DuckDB's type; a cell that is none is a problem."""
    rule: str
    """What a cell must be, for errors."""
    condition: str = "TRUE"
    """SQL about ``{}`` that a cell must meet besides."""
    pattern: str | None = None
    """What its text must look like; DuckDB alone would take 1.5 as the whole number 2."""
    optional: bool = False
    """The file may lack the column, and a cell may be empty or NA: NULL in both cases."""
    text: str = "{}"
    """SQL that makes the text of ``{}`` a number as DuckDB writes it."""

    def cell(self, text: str) -> str:
        """SQL that turns the text of a cell into its value, or into NULL where it is wrong.

        What is wrong in an optional column of numbers becomes NaN, as NULL means missing there.
        """
        clean = self.text.format(text)
        value = f"TRY_CAST({clean} AS {self.type})"
        if self.pattern is not None:
            value = f"CASE WHEN regexp_full_match({clean}, '{self.pattern}') THEN {value} END"
        if not self.optional:
            return value
        wrong = "'NaN'::DOUBLE" if self.type == "DOUBLE" else "'?'"
        missing = f"{text} IS NULL OR upper({text}) IN ('', 'NA', 'N/A')"
        return f"CASE WHEN {missing} THEN NULL ELSE coalesce({value}, {wrong}) END"

    def wrong(self, name: str) -> str:
        """SQL that finds the cells that are not what the column holds."""
        if self.optional:
            return f"{name} IS NOT NULL AND NOT ({self.condition.format(name)})"
        return f"{name} IS NULL OR NOT ({self.condition.format(name)})"


class LongFile:
    """One long file whose wanted columns were found; columns carry our names."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        columns: Mapping[str, Column],
        separator: str = ",",
    ) -> None:
        self._connection = connection
        self._path = path
        self._columns = columns
        self._separator = separator
        self._named = _found(path, columns, separator)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds the table ``flows``."""
        return self._connection

    def load(self, year: int | None) -> list[Problem]:
        """Read the rows of a year (all where the file has no column ``year``).

        Returns cells that are not what their column holds, with file, row and value; nothing
        may be taken from the table ``flows`` while there are any.
        """
        cells = ", ".join(
            f'{self._cell(name, column)} AS "{name}"' for name, column in self._columns.items()
        )
        which = "" if year is None else f"WHERE year IS NULL OR year = {year}"
        self._run(
            f"CREATE TEMP TABLE flows AS SELECT * FROM (SELECT row_number() OVER () + {self._first}"
            f" AS line, {cells} FROM {self._scan()}) {which}"
        )
        problems: list[Problem] = []
        for name, column in self._columns.items():
            wrong = column.wrong(f'"{name}"')
            lines = [row[0] for row in self.rows(f"SELECT line FROM flows WHERE {wrong}")]
            problems += self._wrong_cells(name, lines)
        return problems

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        found: list[tuple[Any, ...]] = self._run(query).fetchall()
        return found

    def arrays(self, query: str) -> dict[str, Any]:
        """Run a query and return its columns as arrays."""
        found: dict[str, Any] = self._run(query).fetchnumpy()
        return found

    def code(self, kind: str, query: str) -> tuple[str, ...]:
        """Make a type of the labels that a query gives, coded in its order; return them."""
        self._run(f"CREATE TYPE {kind} AS ENUM ({query})")
        return tuple(row[0] for row in self.rows(query))

    def named(self, name: str) -> str:
        """Return what the file calls a column; empty where it has none."""
        return self._named.get(name, "")

    def place(self, line: int, name: str | None = None) -> str:
        """Say where a row, or a cell of it, stands."""
        column = "" if name is None else f", column {self._named.get(name, name)}"
        return f"{self._path.name}:row {line}{column}"

    def _cell(self, name: str, column: Column) -> str:
        if name not in self._named:
            return f"CAST(NULL AS {column.type})"
        return column.cell(_text(self._named[name]))

    @property
    def _first(self) -> int:
        """Row number of the first record less one: a CSV file has a line of names."""
        return 0 if self._path.suffix == ".parquet" else 1

    def _scan(self) -> str:
        where = str(self._path).replace("'", "''")
        if self._path.suffix == ".parquet":
            return f"read_parquet('{where}')"
        return (
            f"read_csv('{where}', header = true, all_varchar = true, delim = '{self._separator}', "
            "quote = '\"', escape = '\"', null_padding = false, strict_mode = true)"
        )

    def _wrong_cells(self, name: str, lines: Sequence[int]) -> list[Problem]:
        """Name cells by what stands in the file; it is read again for that."""
        if not lines:
            return []
        shown = ", ".join(str(line) for line in sorted(lines)[:SHOWN])
        seen = self.rows(
            f"SELECT line, cell FROM (SELECT row_number() OVER () + {self._first} AS line, "
            f"{_text(self._named[name])} AS cell FROM {self._scan()}) WHERE line IN ({shown}) "
            "ORDER BY line"
        )
        rule = self._columns[name].rule
        problems = [
            Problem(
                self.place(line, name),
                f"is {cell!r}, must be {rule}" if cell else f"is empty, must be {rule}",
            )
            for line, cell in seen
        ]
        if len(lines) > SHOWN:
            more = f"and {len(lines) - SHOWN} more cells of this column like these"
            problems.append(Problem(self._path.name, more))
        return problems

    def _run(self, query: str) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self._connection.execute(query)
        except duckdb.Error as error:
            if "utf-8" in str(error).lower() and (found := encoding_problem(self._path)):
                raise InvalidInput(found) from error
            reason = " ".join(str(error).split("\n\n")[0].split())
            message = f"cannot be read as a table: {reason}"
            raise InvalidInput(Problem(self._path.name, message)) from error


@contextmanager
def opened(path: Path, columns: Mapping[str, Column], separator: str = ",") -> Iterator[LongFile]:
    """Open a long file and find its columns; what DuckDB keeps goes away at the end.

    Raises
    ------
    InvalidInput
        If the file cannot be read or lacks a column.
    """
    import duckdb

    with TemporaryDirectory() as folder:
        settings = {"memory_limit": MEMORY, "temp_directory": folder}
        connection = duckdb.connect(config=settings)  # type: ignore[arg-type]
        try:
            connection.execute("SET enable_progress_bar = false")
            yield LongFile(connection, path, columns, separator)
        finally:
            connection.close()


def plain(column: Any) -> NDArray[Any]:
    """A column without its mask: nothing is missing once problems were looked for."""
    return np.asarray(np.ma.getdata(column))


def _text(name: str) -> str:
    """SQL for the trimmed text of a column of the file."""
    quoted = name.replace('"', '""')
    return f'TRIM(CAST("{quoted}" AS VARCHAR))'


def _found(path: Path, columns: Mapping[str, Column], separator: str) -> dict[str, str]:
    """Our name → the file's name of each column."""
    header = header_of(path, separator)
    places = {name.strip().lower(): name for name in header}
    found, problems = {}, []
    for name, column in columns.items():
        hits = [places[other] for other in column.names if other in places]
        if hits:
            found[name] = hits[0]
        elif not column.optional:
            hint = did_you_mean(column.names[0], header)
            problems.append(Problem(path.name, f"has no column {column.names[0]!r}; {hint}"))
    if problems:
        raise InvalidInput(problems, path.name)
    return found


def header_of(path: Path, separator: str = ",") -> list[str]:
    """Return the column names of a CSV or Parquet file.

    Raises
    ------
    InvalidInput
        If it is no table.
    """
    import duckdb

    try:
        if path.suffix == ".parquet":
            with duckdb.connect() as connection:
                return list(connection.read_parquet(str(path)).columns)
        check_text(path, separator)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file, delimiter=separator), [])
    except UnicodeDecodeError as error:
        problem = encoding_problem(path) or Problem(path.name, str(error))
        raise InvalidInput(problem) from error
    except (OSError, csv.Error, duckdb.Error) as error:
        reason = str(error).splitlines()[0]
        raise InvalidInput(Problem(path.name, f"cannot be read as a table: {reason}")) from error
