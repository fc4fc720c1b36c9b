"""What may be wrong with trade records as a whole: products, editions, doubles."""

from __future__ import annotations

from tumen.codes.products import product_spans
from tumen.errors import Problem
from tumen.sources.long_files import SHOWN, LongFile

_NOT_HS = ("98", "99")
"""Chapters that national lists add for what is not classified."""
_KEY = "reporter, partner, flow, revision, full_product, year, month"


def record_problems(long: LongFile, industries: bool) -> list[Problem]:
    """Return what is wrong with the rows of the view ``kept``, each with its place."""
    problems = [] if industries else _products(long)
    return problems + _itself(long) + _editions(long) + _doubles(long)


def _products(long: LongFile) -> list[Problem]:
    problems = []
    for product, line in long.rows("SELECT product, min(line) FROM kept GROUP BY 1 ORDER BY 2"):
        if product[:2] in _NOT_HS:
            continue
        try:
            product_spans(product)
        except ValueError as error:
            problems.append(Problem(long.place(line, "product"), str(error)))
    return problems[:SHOWN]


def _itself(long: LongFile) -> list[Problem]:
    found = long.rows(
        "SELECT min(line), reporter, count(*) FROM kept WHERE reporter = partner AND flow IN "
        "('reconciled', 'export') GROUP BY reporter ORDER BY 1"
    )
    return [
        Problem(
            long.place(line, "partner"),
            f"{reporter} trades with itself ({count} rows); trade is between two economies: take "
            "such rows out",
        )
        for line, reporter, count in found[:SHOWN]
    ]


def _editions(long: LongFile) -> list[Problem]:
    """One reporter's year in two editions would count trade twice."""
    found = long.rows(
        "SELECT reporter, year, list(revision ORDER BY line), list(line ORDER BY line) FROM ("
        "SELECT reporter, year, month, flow, revision, min(line) AS line FROM kept GROUP BY ALL) "
        "GROUP BY reporter, year, month, flow HAVING count(DISTINCT revision) > 1 ORDER BY "
        "min(line)"
    )
    return [
        Problem(
            long.place(lines[1], "revision"),
            f"{reporter} in {year} stands in {editions[1]}, and in {editions[0]} in row "
            f"{lines[0]}; trade would count twice: download one edition of the product codes",
        )
        for reporter, year, editions, lines in found[:SHOWN]
    ]


def _doubles(long: LongFile) -> list[Problem]:
    found = long.rows(
        f"SELECT min(line), max(line), count(*), {_KEY} FROM kept GROUP BY {_KEY} "
        "HAVING count(*) > 1 ORDER BY 2"
    )
    problems = [
        Problem(
            long.place(last),
            f"{reporter}, {partner}, {flow}, {product}, {year} stands already in row {first}; one "
            "row a flow: the file was put together twice, or a breakdown was downloaded with its "
            "total",
        )
        for first, last, _, reporter, partner, flow, _, product, year, _ in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        problems.append(Problem("", f"and {len(found) - SHOWN} more rows like these"))
    return problems
