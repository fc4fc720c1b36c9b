"""Files that users have: BACI, ITPD-E, UN Comtrade in both of its forms, and plain tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tumen.codes.products import Revision
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.sources import baci, itpd
from tumen.sources.long_files import Column
from tumen.sources.records import NUMBERS, TEXTS, Layout

PERIOD = "[0-9]{4}(-?(0[1-9]|1[0-2]))?"
"""A year, or a month of one."""
YEAR = "CAST(left(period, 4) AS SMALLINT) AS year"
MONTH = "CAST(CASE WHEN length(period) > 4 THEN right(period, 2) ELSE '0' END AS TINYINT) AS month"
AMOUNT = "isfinite({0}) AND {0} >= 0"
COMTRADE_EDITIONS: dict[str, Revision] = {
    "H0": "HS92", "H1": "HS96", "H2": "HS2002", "H3": "HS2007", "H4": "HS2012", "H5": "HS2017",
    "H6": "HS2022",
}  # fmt: skip
"""Comtrade's names of the editions."""
_FLOWS = {"X": "export", "2": "export", "M": "import", "1": "import", "RX": "reexport",
          "3": "reexport", "RM": "reimport", "4": "reimport"}  # fmt: skip
_VALUES = {"value_kusd": 1e-3, "v": 1e-3, "value_usd": 1e-6, "usd": 1e-6, "value_musd": 1.0,
           "musd": 1.0, "trade": 1.0, "value": 1.0, "trade_value": 1.0}  # fmt: skip
"""What a plain table calls values → million USD in its unit."""


def quantity(*names: str, unit: str = "tonnes") -> Column:
    """Return an optional column of quantities."""
    rule = f"{unit}, a finite number that is not negative, or empty"
    return Column(names, "DOUBLE", rule, AMOUNT, optional=True)


def amount(names: Sequence[str], unit: str) -> Column:
    """Return a column of values."""
    rule = f"{unit}, a finite number that is not negative"
    return Column(tuple(names), "DOUBLE", rule, AMOUNT)


def _cases(column: str, words: dict[str, str]) -> str:
    pairs = " ".join(f"WHEN '{word}' THEN '{meaning}'" for word, meaning in words.items())
    return f"CASE {column} {pairs} END"


def _baci(path: Path, revision: Revision | None, _header: Sequence[str]) -> Layout:
    edition = revision or baci.edition_of(path.name)
    own = {"origin": "reporter", "destination": "partner"}
    columns = {own.get(name, name): column for name, column in baci.COLUMNS.items()}
    columns["quantity"] = quantity("q", "quantity")
    return Layout(
        "baci",
        columns,
        "SELECT line, CAST(reporter AS VARCHAR) AS reporter, CAST(partner AS VARCHAR) AS partner, "
        f"'reconciled' AS flow, '{edition}' AS revision, lpad(CAST(product AS VARCHAR), 6, '0') AS "
        "product, product AS full_product, year, CAST(0 AS TINYINT) AS month, value / 1000 AS "
        "musd, quantity AS tonnes FROM flows",
        NUMBERS(),
    )


def _itpd(_path: Path, _revision: Revision | None, _header: Sequence[str]) -> Layout:
    own = {"origin": "reporter", "destination": "partner"}
    columns = {own.get(name, name): column for name, column in itpd.COLUMNS.items()}
    return Layout(
        "itpd",
        columns,
        "SELECT line, reporter, partner, 'reconciled' AS flow, 'ITPD-E' AS revision, product, "
        "product AS full_product, year, CAST(0 AS TINYINT) AS month, value AS musd, "
        "CAST(NULL AS DOUBLE) AS tonnes FROM flows WHERE reporter <> partner AND value > 0",
        TEXTS(),
        industries=True,
    )


def _comtrade(_path: Path, _revision: Revision | None, _header: Sequence[str]) -> Layout:
    """Totals over transport, customs procedures and second partners, at the finest products."""
    detail = {"partner2": "0", "customs": "C00", "transport": "0"}
    totals = " AND ".join(f"coalesce({name}, '{all_}') = '{all_}'" for name, all_ in detail.items())
    digits = "regexp_full_match(product, '[0-9]+')"
    finest = f"(SELECT max(length(product)) FROM flows WHERE {digits})"
    return Layout(
        "comtrade",
        {
            "period": Column(("period",), "VARCHAR", "a year or month, such as 201607",
                             pattern=PERIOD),
            "reporter": Column(("reportercode", "reporter code", "rtcode"), "VARCHAR",
                               "a UN area code, such as 156", pattern="[0-9]{1,3}"),
            "partner": Column(("partnercode", "partner code", "ptcode"), "VARCHAR",
                              "a UN area code, such as 408", pattern="[0-9]{1,3}"),
            "flow": Column(("flowcode", "trade flow code", "rgcode"), "VARCHAR",
                           f"one of {', '.join(_FLOWS)}", f"{{}} IN {tuple(_FLOWS)}"),
            "revision": Column(("classificationcode", "classification", "pfcode"), "VARCHAR",
                               f"one of {', '.join(COMTRADE_EDITIONS)}",
                               f"{{}} IN {tuple(COMTRADE_EDITIONS)}"),
            "product": Column(("cmdcode", "commodity code"), "VARCHAR",
                              "an HS code or TOTAL", pattern="[0-9]{2}|[0-9]{4}|[0-9A-Z]{6}|TOTAL"),
            "value": amount(("primaryvalue", "trade value (us$)", "tradevalue"), "US dollars"),
            "quantity": quantity("netwgt", "netweight (kg)", "netweight", unit="kilograms"),
            "partner2": Column(("partner2code", "2nd partner code"), "VARCHAR", "a UN area code",
                               optional=True),
            "customs": Column(("customscode", "customs proc. code"), "VARCHAR", "a code",
                              optional=True),
            "transport": Column(("motcode", "mode of transport code"), "VARCHAR", "a code",
                                optional=True),
        },
        # A partner that is the reporter itself is a return of own goods: no trade of two.
        "SELECT line, ltrim(reporter, '0') AS reporter, CASE WHEN ltrim(partner, '0') = '' THEN '0'"
        f" ELSE ltrim(partner, '0') END AS partner, {_cases('flow', _FLOWS)} AS flow, "
        f"{_cases('revision', dict(COMTRADE_EDITIONS))} AS revision, product, product AS "
        f"full_product, {YEAR}, {MONTH}, value / 1e6 AS musd, quantity / 1000 AS tonnes FROM flows "
        f"WHERE {totals} AND {digits} AND length(product) = {finest} AND "
        "ltrim(reporter, '0') <> ltrim(partner, '0')",
        NUMBERS(),
    )  # fmt: skip


def _tidy(path: Path, revision: Revision | None, header: Sequence[str]) -> Layout:
    names = [name.strip().lower() for name in header]
    named = next((name for name in _VALUES if name in names), "value")
    kilograms = "kg" in names
    edition = revision or baci.edition_of(path.name, "HS92")
    text = "the code or name of an economy"
    return Layout(
        "tidy",
        {
            "period": Column(("period", "year", "t"), "VARCHAR", "a year or month, such as 2016-07",
                             pattern=PERIOD),
            "reporter": Column(("origin", "exporter_iso3", "exporter", "i"), "VARCHAR", text,
                               "{0} <> ''"),
            "partner": Column(("destination", "importer_iso3", "importer", "j"), "VARCHAR", text,
                              "{0} <> ''"),
            "product": Column(("product", "hs6", "hs", "k", "hs4"), "VARCHAR",
                              "an HS code of 2, 4 or 6 digits",
                              pattern="[0-9]{2}|[0-9]{4}|[0-9]{6}"),
            "recorder": Column(("reporter", "reported_by"), "VARCHAR", text, optional=True),
            "value": amount((named,), f"a value in {1 / _VALUES[named]:g} parts of a million USD"),
            "quantity": quantity("kg" if kilograms else "tonnes", "quantity", "q"),
        },
        "SELECT line, CASE WHEN recorder = partner THEN partner ELSE reporter END AS reporter, "
        "CASE WHEN recorder = partner THEN reporter ELSE partner END AS partner, CASE WHEN recorder"
        " IS NULL THEN 'reconciled' WHEN recorder = partner THEN 'import' ELSE 'export' END AS "
        f"flow, '{edition}' AS revision, product, product AS full_product, {YEAR}, {MONTH}, "
        f"value * {_VALUES[named]!r} AS musd, quantity / {1000 if kilograms else 1} AS tonnes "
        "FROM flows",
        NUMBERS() if {"i", "j"} & set(names) else TEXTS(),
    )  # fmt: skip


_LAYOUTS: dict[str, Callable[[Path, Revision | None, Sequence[str]], Layout]] = {
    "baci": _baci, "itpd": _itpd, "comtrade": _comtrade, "tidy": _tidy,
}  # fmt: skip
SOURCES = tuple(_LAYOUTS)
"""Providers whose files need no mapping."""


def layout_of(
    path: Path, header: Sequence[str], source: str | None, revision: Revision | None = None
) -> Layout:
    """Return how a file is laid out, as told or as its column names say.

    Raises
    ------
    InvalidInput
        If there is no such provider.
    """
    if source is None:
        source = _guessed({name.strip().lower() for name in header})
    if source not in _LAYOUTS:
        raise InvalidInput(Problem("--source", f"is {source!r}; {did_you_mean(source, SOURCES)}"))
    return _LAYOUTS[source](path, revision, header)


def _guessed(names: set[str]) -> str:
    if {"t", "i", "j", "k"} <= names:
        return "baci"
    if names & {"reportercode", "reporter code", "rtcode"}:
        return "comtrade"
    return "itpd" if "broad_sector" in names else "tidy"
