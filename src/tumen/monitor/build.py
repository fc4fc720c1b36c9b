"""Fill a store from downloads: any number of files, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tumen.codes.products import Revision
from tumen.errors import InvalidInput, Problem
from tumen.monitor.store import Appended, Store
from tumen.sources.broken import unpacked
from tumen.sources.customs import CustomsMapping, as_utf8, customs_layout, read_mapping
from tumen.sources.layouts import layout_of
from tumen.sources.long_files import header_of
from tumen.sources.records import Records, records_of

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much is done and how much there is."""


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


def build(
    files: Iterable[str | Path],
    store: str | Path,
    source: str | None = None,
    mapping: str | Path | None = None,
    revision: Revision | None = None,
    progress: Progress = _silent,
) -> Appended:
    r"""Append the records of files to a store.

    Parameters
    ----------
    files
        CSV, Parquet or zip files of CSV; folders stand for the files in them.
    source
        The provider (:data:`tumen.sources.layouts.SOURCES`); None: as the column names say.
    mapping
        For a national customs table, the file that says how it is laid out.
    revision
        Edition of the product codes, where neither file nor name says it.

    Returns
    -------
    How many flows were new, revised and known.

    Raises
    ------
    InvalidInput
        With file, row and column of what is wrong; the store is then as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = "t,i,j,k,v,q\n2016,408,156,270111,1182800,22480\n"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "BACI_HS92_Y2016_V202501.csv")
    ...     _ = file.write_text(text)
    ...     first, again = (build([file], Path(folder, "store")) for _ in range(2))
    >>> first.new, again.new, again.known
    (1, 0, 1)
    """
    laid = None if mapping is None else read_mapping(Path(mapping))
    if laid is not None and source is not None:
        raise InvalidInput(Problem("--source", "does not go with --mapping, which names its own"))
    paths = [path for file in files for path in _files(Path(file))]
    into = Store(store)
    with into.appending() as append:
        for done, path in enumerate(paths):
            progress(f"reading {path.name}", done, len(paths))
            for each in _tables(path):
                with _records(each, source, laid, revision) as records:
                    append.add(records)
    return append.done


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if p.suffix in (".csv", ".parquet", ".zip"))
        tables = [p for p in found if not _is_list(p)]
        if tables:
            return tables
        raise InvalidInput(Problem(str(path), "holds no .csv, .parquet or .zip file"))
    if not path.is_file():
        raise InvalidInput(Problem(str(path), "no such file"))
    return [path]


def _tables(path: Path) -> Iterator[Path]:
    if path.suffix != ".zip":
        yield path
        return
    with TemporaryDirectory() as folder:
        yield from (table for table in unpacked(path, Path(folder)) if not _is_list(table))


def _is_list(path: Path) -> bool:
    """Tell whether a file is one of the lists of codes that BACI comes with."""
    return path.name.startswith(("country_codes", "product_codes", "Readme"))


@contextmanager
def _records(
    path: Path, source: str | None, mapping: CustomsMapping | None, revision: Revision | None
) -> Iterator[Records]:
    if mapping is not None:
        with (
            as_utf8(path, mapping) as text,
            records_of(text, customs_layout(mapping), mapping.separator) as records,
        ):
            yield records
        return
    layout = layout_of(path, header_of(path), source, revision)
    with records_of(path, layout) as records:
        yield records
