"""Trade records: who recorded what with whom, out of any long file, checked and with labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.codes.area_labels import AreaLabel, numeric_labels, text_labels
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.sources.long_files import Column, LongFile, opened
from tumen.sources.record_checks import record_problems

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "reporter": "VARCHAR",
    "partner": "VARCHAR",
    "flow": "VARCHAR",
    "revision": "VARCHAR",
    "product": "VARCHAR",
    "year": "SMALLINT",
    "month": "TINYINT",
    "musd": "DOUBLE",
    "tonnes": "DOUBLE",
}
"""Columns of trade records and their types in DuckDB. ``flow`` is the reporter's (export, import,
reexport, reimport), or "reconciled" where a provider made one figure of both reports; the reporter
is then the exporter. ``month`` is 0 for a whole year."""


@dataclass(frozen=True)
class Layout:
    """How a provider's file says what trade records say.

    Parameters
    ----------
    source
        What the store calls the provider.
    columns
        The file's columns; those of economies, product and value are called reporter, partner,
        product and value.
    select
        SQL over the loaded table ``flows``: line and the columns of a record, economies as in
        the file.
    economies
        Code or name in the file → economy.
    own
        Economies that the user's own file adds.
    sums
        Whether rows of one key are summed, as finer national codes are.
    industries
        Whether products are industries, whose codes are not checked as HS text.
    """

    source: str
    columns: Mapping[str, Column]
    select: str
    economies: Mapping[str, AreaLabel]
    own: Mapping[str, str] = field(default_factory=dict)
    sums: bool = False
    industries: bool = False


@dataclass(frozen=True)
class Records:
    """Checked records of one file, waiting in a connection."""

    source: str
    name: str
    connection: duckdb.DuckDBPyConnection
    query: str
    """SQL that gives them with labels."""
    notes: tuple[str, ...]
    """What was left out or stands for something else."""


@contextmanager
def records_of(path: Path, layout: Layout, separator: str = ",") -> Iterator[Records]:
    """Load a file and check every row of it.

    Raises
    ------
    InvalidInput
        With file, row and column of what is wrong, the value seen and what to do.
    """
    with opened(path, layout.columns, separator) as long:
        problems = long.load(None)
        if problems:
            raise InvalidInput(problems, path.name)
        yield _checked(long, layout, path.name)


def _checked(long: LongFile, layout: Layout, name: str) -> Records:
    connection = long.connection
    connection.execute(f"CREATE TEMP VIEW raw AS {layout.select}")
    seen = long.rows(
        "SELECT code, year, min(line), arg_min(side, line) FROM (SELECT reporter AS code, year, "
        "line, 'reporter' AS side FROM raw UNION ALL SELECT partner, year, line, 'partner' FROM "
        "raw) GROUP BY code, year ORDER BY min(line)"
    )
    if not seen:
        message = "holds no record of trade between two economies; look at what was downloaded"
        raise InvalidInput(Problem(name, message))
    known = _known(layout, {code for code, *_ in seen})
    problems = [
        Problem(long.place(line, side), words)
        for code, year, line, side in seen
        if (words := _code_problem(code, year, known))
    ]
    if problems:
        raise InvalidInput(problems[:20], name)
    used = {code for code, *_ in seen}
    connection.execute("CREATE TEMP TABLE areas (code VARCHAR, label VARCHAR)")
    connection.executemany(
        "INSERT INTO areas VALUES (?, ?)", [[code, known[code].label] for code in sorted(used)]
    )
    connection.execute(
        "CREATE TEMP VIEW kept AS SELECT raw.* REPLACE (r.label AS reporter, p.label AS partner) "
        "FROM raw JOIN areas r ON raw.reporter = r.code JOIN areas p ON raw.partner = p.code "
        "WHERE r.label <> '' AND p.label <> ''"
    )
    problems = record_problems(long, layout.industries)
    if problems:
        raise InvalidInput(problems, name)
    return Records(layout.source, name, connection, _query(layout.sums), _notes(known, used))


def _query(sums: bool) -> str:
    if not sums:
        return f"SELECT {', '.join(COLUMNS)} FROM kept"
    keys = ", ".join(name for name in COLUMNS if name not in ("musd", "tonnes"))
    return f"SELECT {keys}, sum(musd) AS musd, sum(tonnes) AS tonnes FROM kept GROUP BY {keys}"


def _known(layout: Layout, used: set[str]) -> dict[str, AreaLabel]:
    """Known economies, with other ways to write their names."""
    known = dict(layout.economies)
    folded = {text.casefold(): area for text, area in known.items()}
    for text in used - known.keys():
        if text is not None and text.casefold() in folded:
            known[text] = folded[text.casefold()]
    for text, label in layout.own.items():
        known[text] = AreaLabel(text, label, 0, 9999, text)
    return known


def _code_problem(code: str, year: int, known: Mapping[str, AreaLabel]) -> str:
    """Say what is wrong with a code in a year; empty if nothing is."""
    if code not in known:
        near = did_you_mean(code, known)
        return (
            f"{code!r} is no economy that Tumen knows; {near} A mapping file may say what it "
            "stands for (economies:)"
        )
    area = known[code]
    if area.first <= year <= area.last:
        return ""
    others = [
        f"{other.text} {other.name}"
        for other in known.values()
        if other.text.isdigit() == area.text.isdigit()
        and (other.first == area.last + 1 or other.last == area.first - 1)
    ]
    return (
        f"{code!r} is {area.name}, in use {area.years()}, not in {year}; codes that follow or "
        f"come before it: {', '.join(others) or 'none'}"
    )


def _notes(known: Mapping[str, AreaLabel], used: set[str]) -> tuple[str, ...]:
    sums = sorted(known[code].name for code in used if not known[code].label)
    nowhere = sorted(
        f"{area.label} is {area.name}"
        for area in (known[code] for code in used)
        if area.label.startswith("X") and area.label[1:].isdigit()
    )
    left = [f"left out, as it adds up economies: {', '.join(sums)}"] if sums else []
    return (*left, *nowhere)


NUMBERS = numeric_labels
"""Economies by UN area code."""
TEXTS = text_labels
"""Economies by three-letter code or name."""
