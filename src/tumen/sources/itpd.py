"""ITPD-E: trade by industry, domestic sales included (Borchert, Larch, Shikher and Yotov 2021)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tumen.errors import InvalidInput, Problem
from tumen.sources.flow_table import LABELS, FlowTable
from tumen.sources.long_files import Column, LongFile, opened, plain

_LABEL = "text without spaces, such as CHN"
COLUMNS = {
    "year": Column(("year",), "SMALLINT", "a year", pattern="[0-9]+"),
    "origin": Column(
        ("exporter_iso3", "exporter_dynamic_code"), "VARCHAR", _LABEL, pattern="[A-Z0-9.]+"
    ),
    "destination": Column(
        ("importer_iso3", "importer_dynamic_code"), "VARCHAR", _LABEL, pattern="[A-Z0-9.]+"
    ),
    "product": Column(
        ("industry_id", "industry"), "VARCHAR", "the id of an industry", pattern=r"[\w.-]+"
    ),
    "group": Column(("broad_sector",), "VARCHAR", "the name of a broad sector", "{0} <> ''"),
    "value": Column(
        ("trade", "trade_value"),
        "DOUBLE",
        "million US dollars, a finite number that is not negative",
        "isfinite({0}) AND {0} >= 0",
    ),
}


def read_itpd(path: str | Path, year: int) -> FlowTable:
    r"""Read a year of ITPD-E.

    Parameters
    ----------
    path
        The CSV or Parquet file: exporter_iso3, importer_iso3, year, industry_id, broad_sector,
        trade in million USD, with rows from an economy to itself.
    year
        Which year; other years of the file are left out.

    Returns
    -------
    FlowTable in million USD, industries as products, home sales included; ``group_of`` tells the
    broad sector of each industry. Rows of no trade are left out.

    Raises
    ------
    InvalidInput
        With file and row of cells that are no numbers, negative values, flows that stand twice,
        industries in two broad sectors, a year without rows or without domestic sales.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> text = (
    ...     "exporter_iso3,importer_iso3,year,industry_id,broad_sector,trade\n"
    ...     "CHN,CHN,2016,29,Mining and Energy,900\nCHN,PRK,2016,29,Mining and Energy,1\n"
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "ITPD_E.csv")
    ...     _ = file.write_text(text)
    ...     table = read_itpd(file, 2016)
    >>> table.frame().value.tolist(), dict(table.group_of)
    ([900.0, 1.0], {'29': 'Mining and Energy'})
    """
    file = Path(path)
    if not file.is_file():
        raise InvalidInput(Problem(str(file), "no such file"))
    with opened(file, COLUMNS) as long:
        problems = long.load(year)
        if problems:
            raise InvalidInput(problems, file.name)
        table = _table(long, file.name, year)
    attrs = {
        "source": f"ITPD-E, {file.name}",
        "year": str(year),
        "home_sales": "in the data, where production was found",
    }
    return replace(table, attrs=attrs)


def _table(long: LongFile, name: str, year: int) -> FlowTable:
    """Take the loaded rows with labels, after industries and doubles were looked at."""
    groups = long.rows(
        'SELECT product, "group", min(line) FROM flows GROUP BY 1, 2 '
        "ORDER BY TRY_CAST(product AS INTEGER), product, 3"
    )
    if not groups:
        raise InvalidInput(Problem(name, f"has no rows of {year}"))
    group_of: dict[str, str] = {}
    problems = []
    for product, group, line in groups:
        if group_of.setdefault(product, group) != group:
            message = f"industry {product} is in {group!r} here and in {group_of[product]!r} before"
            problems.append(Problem(long.place(line, "group"), message))
    if not long.rows("SELECT 1 FROM flows WHERE origin = destination AND value > 0 LIMIT 1"):
        message = f"has no domestic sales in {year} (exporter and importer the same)"
        problems.append(Problem(name, message))
    if problems:
        raise InvalidInput(problems, name)
    sides = "SELECT origin AS label FROM flows UNION SELECT destination FROM flows"
    economies = long.code("economy", f"SELECT label FROM ({sides}) ORDER BY label")
    products = long.code(
        "product",
        "SELECT product FROM (SELECT DISTINCT product FROM flows) "
        "ORDER BY TRY_CAST(product AS INTEGER), product",
    )
    columns = long.arrays(
        "SELECT line, enum_code(origin::economy)::SMALLINT AS origin, "
        "enum_code(destination::economy)::SMALLINT AS destination, "
        "enum_code(product::product)::INTEGER AS product, value FROM flows WHERE value > 0"
    )
    lines = plain(columns.pop("line"))
    origin, destination, product, value = (plain(columns[name]) for name in (*LABELS, "value"))
    table = FlowTable(economies, products, origin, destination, product, value, group_of=group_of)
    problems = table.problems(lambda row: long.place(int(lines[row])))
    if problems:
        raise InvalidInput(problems, name)
    return table
