"""CEPII's BACI: trade between economies by six-digit product, without domestic sales."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tumen.codes.products import REVISIONS, Revision
from tumen.codes.trade_areas import TradeArea, successors, trade_areas
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.sources.flow_table import SHOWN, FlowTable
from tumen.sources.long_files import Column, LongFile, opened, plain

_WHOLE = "[0-9]+"
_ECONOMY = "a country code of BACI, such as 156"
COLUMNS = {
    "year": Column(("t", "year"), "SMALLINT", "a year", pattern=_WHOLE),
    "origin": Column(("i", "exporter"), "INTEGER", _ECONOMY, pattern=_WHOLE),
    "destination": Column(("j", "importer"), "INTEGER", _ECONOMY, pattern=_WHOLE),
    "product": Column(
        ("k", "product", "hs6"), "INTEGER", "a product of six digits", pattern="[0-9]{5,6}"
    ),
    "value": Column(
        ("v", "value"),
        "DOUBLE",
        "thousand US dollars, a finite number that is not negative",
        "isfinite({0}) AND {0} >= 0",
    ),
}
"""Columns t, i, j, k, v; quantities (q) are not read."""
NO_HOME_SALES = "BACI holds none: ProductWorld(home=…) says how they are imputed"


def read_baci(
    path: str | Path,
    year: int,
    revision: Revision | None = None,
    countries: str | Path | None = None,
) -> FlowTable:
    r"""Read a year of BACI.

    Parameters
    ----------
    path
        ``BACI_HS92_Y2016_V202501.csv``, the zip file as CEPII gives it out, or a folder with
        such files; also Parquet with the same columns.
    year
        Which year; other years of the file are left out.
    revision
        Edition of the product codes; None: as the name of the file says.
    countries
        CEPII's ``country_codes_V….csv`` for codes that Tumen does not know yet; found in the
        zip file or folder by itself.

    Returns
    -------
    FlowTable in million USD; products are six characters, economies ISO codes as the year has
    them (``attrs`` says which labels stand for more or less than a state of today).

    Raises
    ------
    InvalidInput
        With file and row of cells that are no numbers, negative values, codes that are unknown
        or not in use in that year, flows that stand twice or from an economy to itself.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> text = "t,i,j,k,v,q\n2016,408,156,270111,1182800,22480\n2016,156,408,010121,5,NA\n"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "BACI_HS92_Y2016_V202501.csv")
    ...     _ = file.write_text(text)
    ...     table = read_baci(file, 2016)
    >>> table.products, table.attrs["revision"]
    (('010121', '270111'), 'HS92')
    >>> table.frame().value.tolist()
    [1182.8, 0.005]
    """
    with _file_of(Path(path), year) as (file, listed):
        edition = revision or edition_of(file.name)
        known = _areas(Path(countries) if countries else listed)
        with opened(file, COLUMNS) as long:
            problems = long.load(year)
            if problems:
                raise InvalidInput(problems, file.name)
            table, used = _table(long, file.name, year, known)
    attrs = {
        "source": f"CEPII BACI, {file.name}",
        "year": str(year),
        "revision": edition,
        "home_sales": NO_HOME_SALES,
        "economies": "; ".join(
            f"{area.label} is {area.note} (code {area.code})" for area in used if area.note
        ),
    }
    return replace(table, attrs=attrs)


def _table(
    long: LongFile, name: str, year: int, known: Mapping[int, TradeArea]
) -> tuple[FlowTable, list[TradeArea]]:
    """Take the loaded rows with labels, after codes and doubles were looked at."""
    codes = long.rows(
        "SELECT code, min(line), arg_min(side, line) FROM (SELECT origin AS code, line, 'origin' AS"
        " side FROM flows UNION ALL SELECT destination, line, 'destination' FROM flows) "
        "GROUP BY code ORDER BY min(line)"
    )
    if not codes:
        raise InvalidInput(Problem(name, f"has no rows of {year}"))
    problems = [
        Problem(long.place(line, side), problem)
        for code, line, side in codes
        if (problem := _code_problem(code, year, known))
    ]
    itself = long.rows("SELECT line FROM flows WHERE origin = destination ORDER BY line")
    problems += [
        Problem(long.place(line), "goes from an economy to itself; BACI holds no domestic sales")
        for (line,) in itself[:SHOWN]
    ]
    if problems:
        raise InvalidInput(problems, name)
    used = [known[code] for code, _, _ in codes]
    columns = long.arrays("SELECT line, origin, destination, product, value FROM flows")
    lines = plain(columns.pop("line"))
    table = _labelled(columns, used)
    problems = table.problems(lambda row: long.place(int(lines[row])))
    if problems:
        raise InvalidInput(problems, name)
    return table, used


def _labelled(columns: dict[str, Any], used: list[TradeArea]) -> FlowTable:
    """Put labels in the place of codes."""
    economies = sorted({area.label for area in used})
    place = np.zeros(1 + max(area.code for area in used), dtype=np.int16)
    for area in used:
        place[area.code] = economies.index(area.label)
    products, product = np.unique(plain(columns.pop("product")), return_inverse=True)
    return FlowTable(
        tuple(economies),
        tuple(f"{code:06d}" for code in products.tolist()),
        place[plain(columns.pop("origin"))],
        place[plain(columns.pop("destination"))],
        product.reshape(-1).astype(np.int32),
        plain(columns.pop("value")) / 1000,
    )


def _code_problem(code: int, year: int, known: Mapping[int, TradeArea]) -> str:
    """Say what is wrong with a country code in a year; empty if nothing is."""
    if code not in known:
        near = did_you_mean(str(code), map(str, known))
        return f"country code {code} is unknown; {near} CEPII's country_codes file adds new ones"
    area = known[code]
    if area.exists(year):
        return ""
    others = ", ".join(f"{o.code} {o.name}" for o in successors(area, known.values()))
    return f"country code {code} is {area.name}, in use {area.years()}; in {year} it is {others}"


def edition_of(name: str, otherwise: Revision | None = None) -> Revision:
    """Return the edition of the product codes that a file's name says.

    Raises
    ------
    InvalidInput
        If it says none and there is no other.

    Examples
    --------
    >>> edition_of("BACI_HS17_Y2020_V202501.csv")
    'HS2017'
    """
    found = re.search(r"HS(\d{2,4})", name)
    if found:
        year = int(found[1])
        full = year if year > 99 else year + (1900 if year > 50 else 2000)
        for revision in REVISIONS:
            if revision in (f"HS{full}", f"HS{full % 100}"):
                return revision
    if otherwise is not None:
        return otherwise
    message = (
        f"does not say which edition of the product codes it has; revision= one of {REVISIONS}"
    )
    raise InvalidInput(Problem(name, message))


@contextmanager
def _file_of(path: Path, year: int) -> Iterator[tuple[Path, Path | None]]:
    """Yield the file of a year, and the list of countries beside it."""
    if path.is_dir():
        yield _of_year(sorted(path.iterdir()), year, path), _countries(path.iterdir())
    elif path.suffix == ".zip":
        with TemporaryDirectory() as folder:
            _unpack(path, year, Path(folder))
            files = sorted(Path(folder).iterdir())
            yield _of_year(files, year, path), _countries(files)
    elif path.is_file():
        yield path, None
    else:
        raise InvalidInput(Problem(str(path), "no such file or folder"))


def _unpack(path: Path, year: int, folder: Path) -> None:
    """Take the year's file and the list of countries out of a zip file."""
    try:
        with zipfile.ZipFile(path) as packed:
            for member in packed.infolist():
                name = Path(member.filename).name
                if f"_Y{year}_" in name or name.startswith("country_codes"):
                    member.filename = name
                    packed.extract(member, folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise InvalidInput(Problem(path.name, f"cannot be unpacked: {error}")) from error


def _of_year(files: list[Path], year: int, where: Path) -> Path:
    found = [f for f in files if f"_Y{year}_" in f.name and f.suffix in (".csv", ".parquet")]
    if len(found) == 1:
        return found[0]
    what = "has several files" if found else "has no file"
    raise InvalidInput(Problem(str(where), f"{what} of {year}, called BACI_HS…_Y{year}_V….csv"))


def _countries(files: Any) -> Path | None:
    return next((file for file in files if file.name.startswith("country_codes")), None)


def _areas(path: Path | None) -> dict[int, TradeArea]:
    """Our economies, and those of CEPII's list that we do not have."""
    known = dict(trade_areas())
    if path is None:
        return known
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                code, name = int(row["country_code"]), row["country_name"]
                known.setdefault(code, TradeArea(code, row["country_iso3"], 0, 9999, name, ""))
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError, TypeError) as error:
        message = f"is no list of countries of BACI: {error!r}"
        raise InvalidInput(Problem(path.name, message)) from error
    return known
