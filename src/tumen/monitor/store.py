"""A folder of trade records: Parquet files, and a manifest that says which of them count.

Nothing that is stored is ever written to. An append writes new files beside the old ones and then
puts a new manifest in place of the old: killed at any moment, it leaves the store as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.errors import InvalidInput, Problem
from tumen.files.writing import write_text
from tumen.monitor.lock import locked
from tumen.monitor.views import changes, last_of, opened_parts

if TYPE_CHECKING:
    import duckdb

    from tumen.sources.records import Records

MANIFEST = "manifest.json"
PARTS = "parts"
FORMAT = 1
"""Of the manifest."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a store: what one append brought for one source, edition and year."""

    file: str
    batch: int
    """Rises with every part; of two figures of one flow that of the later batch counts."""
    source: str
    revision: str
    year: int
    rows: int
    revises: bool
    """Whether it has new figures of flows that were stored already."""
    origin: str
    """Name of the file that the records came from."""
    added: str
    """When, ISO 8601 in UTC."""


@dataclass(slots=True)
class Appended:
    """What an append did."""

    new: int = 0
    revised: int = 0
    """Flows whose figure changed; the old one is kept with its date."""
    known: int = 0
    """Flows that were stored already with the same figure."""
    gone: int = 0
    """Flows of the same reporters and years that the file does not have; they are kept."""
    notes: list[str] = field(default_factory=list)

    def count(self, counts: Mapping[str, int]) -> None:
        """Add the counts of a part."""
        for name, value in counts.items():
            setattr(self, name, getattr(self, name) + value)


class Store:
    """Trade records in a folder.

    Parameters
    ----------
    folder
        Where it is; made by the first append.

    Raises
    ------
    InvalidInput
        If the folder is a store of another format, or no store at all but not empty.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.parts = self._read()

    def _read(self) -> tuple[Part, ...]:
        path = self.folder / MANIFEST
        if not path.is_file():
            if self._foreign():
                message = "is no store of trade records and not empty: name a new folder"
                raise InvalidInput(Problem(str(self.folder), message))
            return ()
        try:
            data = json.loads(path.read_text("utf-8"))
            if data["format"] != FORMAT:
                message = f"has format {data['format']}, must be {FORMAT}: build it anew"
                raise InvalidInput(Problem(str(path), message))
            return tuple(Part(**part) for part in data["parts"])
        except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
            message = f"cannot be read ({error!r}): build the store anew"
            raise InvalidInput(Problem(str(path), message)) from error

    def _foreign(self) -> bool:
        if not self.folder.exists():
            return False
        names = (each.name for each in self.folder.iterdir()) if self.folder.is_dir() else ("a",)
        return any(name != PARTS and not name.startswith(".") for name in names)

    @contextmanager
    def appending(self) -> Iterator[Append]:
        """Take records of any number of files, and keep all of them or none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder):
            self.parts = self._read()
            self._sweep()
            append = Append(self)
            try:
                yield append
            except BaseException:
                append.drop()
                raise
            if append.added:
                parts = (*self.parts, *append.added)
                data = {"format": FORMAT, "parts": [asdict(part) for part in parts]}
                write_text(self.folder / MANIFEST, json.dumps(data, indent=1) + "\n")
                self.parts = parts

    def _sweep(self) -> None:
        """Remove files of an append that was killed: no manifest names them."""
        listed = {part.file for part in self.parts}
        for path in (self.folder / PARTS).glob("*"):
            if path.name not in listed:
                path.unlink()
        for path in self.folder.glob(f".*-{MANIFEST}"):
            path.unlink()

    def path(self, part: Part) -> Path:
        """Return the file of a part."""
        return self.folder / PARTS / part.file

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the store for questions.

        The connection has the views ``trade`` (every flow once, at its last figure, with
        ``origin`` and ``destination``) and ``history`` (every figure that was ever stored, with
        the day it came).

        Raises
        ------
        InvalidInput
            If the store is empty or a file of it is gone.
        """
        if not self.parts:
            message = "holds no trade records; fill it with tumen monitor build FILE… --store DIR"
            raise InvalidInput(Problem(str(self.folder), message))
        missing = [part.file for part in self.parts if not self.path(part).is_file()]
        if missing:
            message = f"lacks {len(missing)} of its files, such as {missing[0]}: build it anew"
            raise InvalidInput(Problem(str(self.folder), message))
        revised = {(part.source, part.revision, part.year) for part in self.parts if part.revises}
        with opened_parts([self.path(part) for part in self.parts], revised) as connection:
            yield connection


class Append:
    """An append under way; nothing of it counts until it is over."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._added = datetime.now(UTC).isoformat(timespec="seconds")
        self.added: list[Part] = []
        self.done = Appended()

    def add(self, records: Records) -> None:
        """Write the records that the store does not have, or has with other figures."""
        places = records.connection.execute(
            f"SELECT revision, year FROM ({records.query}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        (self._store.folder / PARTS).mkdir(exist_ok=True)
        for revision, year in places:
            self._add_place(records, str(revision), int(year))
        self.done.notes += [note for note in records.notes if note not in self.done.notes]

    def _add_place(self, records: Records, revision: str, year: int) -> None:
        """Write what is new of one edition and year."""
        parts = (*self._store.parts, *self.added)
        batch = 1 + max((part.batch for part in parts), default=0)
        place = (records.source, revision, year)
        earlier = [p for p in parts if (p.source, p.revision, p.year) == place]
        incoming = (
            f"SELECT * FROM ({records.query}) WHERE revision = '{revision}' AND year = {year}"
        )
        counts = None
        query = incoming
        if earlier:
            stored = last_of([self._store.path(part) for part in earlier])
            query, counts = changes(records.connection, incoming, stored)
        name = f"{batch:06d}-{records.source}-{revision}-{year}.parquet"
        rows = self._write(records, query, batch, self._store.folder / PARTS / name)
        self.done.count(counts or {"new": rows})
        revises = bool(counts and counts["revised"])
        part = Part(
            name, batch, *place, rows=rows, revises=revises, origin=records.name, added=self._added
        )
        if rows:
            self.added.append(part)
        else:
            self._store.path(part).unlink()

    def _write(self, records: Records, query: str, batch: int, path: Path) -> int:
        where = str(path).replace("'", "''")
        found = records.connection.execute(
            f"COPY (SELECT '{records.source}' AS source, *, TIMESTAMPTZ '{self._added}' AS added, "
            f"{batch} AS batch FROM ({query})) TO '{where}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        return int(found[0]) if found else 0

    def drop(self) -> None:
        """Take away what was written."""
        for part in self.added:
            self._store.path(part).unlink(missing_ok=True)
