"""Trade of one economy by product and partner: a CSV table with a basis and a source per row."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from tumen.codes.chapters import services
from tumen.codes.products import REVISIONS, SERVICE, Revision, check_product, is_service
from tumen.codes.routes import check_route
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

Flow = Literal["export", "import"]
"""Direction, seen from the economy whose trade it is."""
FLOWS: tuple[Flow, ...] = ("export", "import")
"""Both directions."""
RowFlow = Literal["export", "import", "remittance"]
"""What a row is: trade in a direction, or pay of the economy's workers abroad, which is none."""
REMITTANCE: RowFlow = "remittance"
"""Pay of workers abroad: it comes from the partner and finances imports."""
BASES = ("reported", "derived", "judgement", "residual")
"""How a figure came about: printed by a source, arithmetic on printed figures, a split that
nobody printed, or what is left of a printed total."""
COLUMNS = (
    "flow", "partner", "product", "revision", "sector", "musd", "tonnes", "basis", "priced",
    "route", "source", "note",
)  # fmt: skip
"""The columns of the file, in any order."""
_MANY = 50


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product traded with one partner in one year, or pay of workers there."""

    flow: RowFlow
    partner: str
    """ISO 3166 alpha-3 code; empty where the partner is not known."""
    product: str
    """HS text, the id of a service, or empty where the product is not known."""
    revision: Revision
    sector: str
    """Sector of the world; empty where the product is not known, and for remittances."""
    musd: float
    """Million USD a year."""
    tonnes: float | None
    basis: str
    priced: bool
    """True if a source gives a value for this product (by sector only: for this sector); False
    for a split by judgement or a residual."""
    route: str
    """A route of ``data/codes/routes.csv`` that exemptions may name; usually empty."""
    source: str
    note: str

    @property
    def service(self) -> bool:
        """True for a service, which the shares of goods trade leave out."""
        return is_service(self.product)


@dataclass(frozen=True, slots=True)
class ProductTrade:
    """A year's trade of one economy, row by row."""

    target: str
    year: int
    rows: tuple[ProductRow, ...]

    def goods(self, flow: Flow) -> tuple[ProductRow, ...]:
        """Return the rows of goods of one direction."""
        return tuple(row for row in self.rows if row.flow == flow and not row.service)

    def services(self, flow: Flow = "export") -> tuple[ProductRow, ...]:
        """Return the rows of services of one direction."""
        return tuple(row for row in self.rows if row.flow == flow and row.service)

    @property
    def remittances(self) -> tuple[ProductRow, ...]:
        """Return the rows of pay of workers abroad."""
        return tuple(row for row in self.rows if row.flow == REMITTANCE)

    def total(self, flow: Flow) -> float:
        """Return the value of goods of one direction, million USD a year."""
        return math.fsum(row.musd for row in self.goods(flow))

    @classmethod
    def of_sectors(
        cls,
        target: str,
        year: int,
        cells: Mapping[tuple[Flow, str, str], float],
        source: str,
        services: Collection[str] = (),
        revision: Revision = "HS2017",
    ) -> ProductTrade:
        """Make a table of trade by sector only, for a target without trade by product.

        Parameters
        ----------
        cells
            (flow, partner, sector) → million USD a year.
        source
            Id of the source of all of them.
        services
            Sectors that are services; their product is "S:", a service without a name.

        Examples
        --------
        >>> trade = ProductTrade.of_sectors("RUS", 2022, {("export", "DEU", "B06"): 9.0}, "icio")
        >>> trade.total("export"), trade.rows[0].product
        (9.0, '')
        """
        rows = tuple(
            ProductRow(flow, partner, SERVICE if sector in services else "", revision, sector,
                       value, None, "derived", True, "", source, "by sector only")
            for (flow, partner, sector), value in cells.items()
            if value > 0
        )  # fmt: skip
        return cls(target, year, rows)


def load_product_trade(path: Path) -> ProductTrade:
    """Read a table called ``prk-2016.csv``: target and year are in its name.

    Raises
    ------
    InvalidInput
        With row and column of everything that is wrong.

    Examples
    --------
    >>> from tumen.catalogue.bundled import data
    >>> trade = load_product_trade(data("trade", "prk-2016.csv"))
    >>> trade.target, trade.year, round(trade.total("export"))
    ('PRK', 2016, 2820)
    """
    named = re.fullmatch(r"([a-z]{3})-(\d{4})", path.stem)
    if named is None:
        raise InvalidInput(
            Problem(path.name, "name the file by target and year, as in prk-2016.csv")
        )
    records = _records(path)
    problems: list[Problem] = []
    rows = []
    for line, record in records:
        wrong = list(_row_problems(record))
        problems += [Problem(f"{path.name}:row {line}, column {c}", what) for c, what in wrong]
        if not wrong:
            rows.append(_row(record))
    if not problems and not rows:
        problems.append(Problem(path.name, "has no records below its column names"))
    if problems:
        raise InvalidInput(problems[:_MANY], path.name)
    return ProductTrade(named[1].upper(), int(named[2]), tuple(rows))


def _records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Read the lines below the column names, each with its line number."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            seen = reader.fieldnames or []
            missing = [name for name in COLUMNS if name not in seen]
            if missing:
                raise InvalidInput(
                    [Problem(path.name, f"has no column {n!r}; {did_you_mean(n, seen)}")
                     for n in missing]
                )  # fmt: skip
            found = [(reader.line_num, record) for record in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(Problem(path.name, f"cannot be read as a table: {error}")) from error
    for line, record in found:
        if None in record or None in record.values():
            message = f"has not as many cells as the first line, which has {len(seen)}"
            raise InvalidInput(Problem(f"{path.name}:row {line}", message))
    return found


def _row_problems(record: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield (column, what is wrong) of one record."""
    for column, allowed in (("flow", get_args(RowFlow)), ("revision", REVISIONS), ("basis", BASES)):
        if record[column] not in allowed:
            yield column, f"is {record[column]!r}; {did_you_mean(record[column], allowed)}"
    if record["priced"] not in ("true", "false"):
        yield "priced", f"is {record['priced']!r}; write true or false"
    if record["partner"] and not re.fullmatch(r"[A-Z]{3}", record["partner"]):
        yield "partner", f"is {record['partner']!r}; write an ISO code of three capitals"
    for column, check in (("product", check_product), ("route", check_route)):
        try:
            if record[column]:
                check(record[column])
        except ValueError as error:
            yield column, str(error)
    yield from _sector_problems(record)
    if record["priced"] == "true" and not record["product"]:
        yield "priced", "is true, though the product is not known"
    if not record["source"]:
        yield "source", "is empty"
    for column in ("musd", "tonnes"):
        if not _amount(record[column]) and not (column == "tonnes" and not record[column]):
            yield column, f"is {record[column]!r}; write a finite number that is not negative"


def _sector_problems(record: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield what is wrong between flow, product and sector: pay of workers has no sector."""
    product, flow, sector = record["product"], record["flow"], record["sector"]
    pay = is_service(product) and services().get(product) == ""
    if pay != (flow == REMITTANCE):
        named = ", ".join(name for name, booked in services().items() if not booked)
        yield (
            "flow",
            f"is {flow!r} with the product {product!r}; remittances are {named}, only they",
        )
    elif pay and sector:
        yield "sector", f"is {sector!r}, must be empty: remittances are pay and no product"
    elif product and not sector and not pay:
        yield "sector", "is empty, though the product is known"


def _amount(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and float(text) >= 0
    except ValueError:
        return False


def _row(record: Mapping[str, str]) -> ProductRow:
    return ProductRow(
        flow=cast(RowFlow, record["flow"]),
        partner=record["partner"],
        product=record["product"],
        revision=cast(Revision, record["revision"]),
        sector=record["sector"],
        musd=float(record["musd"]),
        tonnes=float(record["tonnes"]) if record["tonnes"] else None,
        basis=record["basis"],
        priced=record["priced"] == "true",
        route=record["route"],
        source=record["source"],
        note=record["note"],
    )
