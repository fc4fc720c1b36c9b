"""Questions to a store's files: every flow at its last figure, or every figure there was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tumen.sources.long_files import MEMORY

if TYPE_CHECKING:
    import duckdb

KEY = ("source", "reporter", "partner", "flow", "revision", "product", "year", "month")
"""What makes a flow one: of all figures with the same key the last counts."""
_SIDES = (
    "CASE WHEN flow IN ('import', 'reimport') THEN partner ELSE reporter END AS origin, "
    "CASE WHEN flow IN ('import', 'reimport') THEN reporter ELSE partner END AS destination"
)


def _scan(paths: Sequence[Path]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"SELECT * FROM read_parquet([{listed}])"


def last_of(paths: Sequence[Path]) -> str:
    """SQL for the last figure of every flow in some parts."""
    scan = _scan(paths)
    return scan if len(paths) == 1 else _last(scan)


def _last(scan: str) -> str:
    order = f"PARTITION BY {', '.join(KEY)} ORDER BY batch DESC"
    return f"SELECT * FROM ({scan}) QUALIFY row_number() OVER ({order}) = 1"


def changes(
    connection: duckdb.DuckDBPyConnection, incoming: str, stored: str
) -> tuple[str, dict[str, int]]:
    """SQL of the rows that are new or differ, and how many flows are what."""
    same = " AND ".join(f"i.{name} = s.{name}" for name in KEY if name != "source")
    joined = f"({incoming}) i FULL JOIN ({stored}) s ON {same}"
    differs = "i.musd IS DISTINCT FROM s.musd OR i.tonnes IS DISTINCT FROM s.tonnes"
    both = "i.year IS NOT NULL AND s.year IS NOT NULL"
    mine = f"(s.reporter, s.flow) IN (SELECT DISTINCT (reporter, flow) FROM ({incoming}))"
    counts = (
        f"SELECT count(*) FILTER (s.year IS NULL) AS new, count(*) FILTER ({both} AND ({differs})) "
        f"AS revised, count(*) FILTER ({both} AND NOT ({differs})) AS known, count(*) FILTER ("
        f"i.year IS NULL AND {mine}) AS gone FROM {joined}"
    )
    found = connection.execute(counts).fetchone() or (0, 0, 0, 0)
    query = f"SELECT i.* FROM {joined} WHERE i.year IS NOT NULL AND (s.year IS NULL OR {differs})"
    return query, dict(zip(("new", "revised", "known", "gone"), found, strict=True))


@contextmanager
def opened_parts(
    parts: Sequence[Path], revised: set[tuple[str, str, int]]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open parts with the views ``trade`` and ``history``.

    Parameters
    ----------
    revised
        Source, edition and year of which some figures were revised: only there the last one has
        to be looked for.
    """
    import duckdb

    with TemporaryDirectory() as folder:
        settings = {"memory_limit": MEMORY, "temp_directory": folder}
        connection = duckdb.connect(config=settings)  # type: ignore[arg-type]
        try:
            connection.execute("SET enable_progress_bar = false")
            scan = query = _scan(parts)
            connection.execute(f"CREATE VIEW history AS SELECT *, {_SIDES} FROM ({scan})")
            if revised:
                named = ", ".join(f"('{s}', '{edition}', {y})" for s, edition, y in sorted(revised))
                place = f"(source, revision, year) IN ({named})"
                last = _last(f"SELECT * FROM ({scan}) WHERE {place}")
                query = f"SELECT * FROM ({scan}) WHERE NOT ({place}) UNION ALL {last}"
            connection.execute(f"CREATE VIEW trade AS SELECT *, {_SIDES} FROM ({query})")
            yield connection
        finally:
            connection.close()
