"""The records that signals look at: one figure a flow and year, of one product group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tumen.codes.products import product_spans
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FLOWS = ("export", "import")
"""Of the target."""
SELLERS, BUYERS = 8, 3
"""So many economies must sell to so many others, or there is no gravity to compare with."""
_PREFERRED = "CASE flow WHEN 'reconciled' THEN 0 WHEN 'import' THEN 1 ELSE 2 END"
"""Which figure of a flow is taken: one made of both reports, the importer's, the exporter's."""


@dataclass(frozen=True)
class Asked:
    """Whose trade, in what, since when.

    Parameters
    ----------
    target
        Economy that may be supported.
    products
        HS text: headings, ranges, or "*" for all.
    since
        First year in which support is looked for.
    until
        Last year; None: the last one stored.
    source
        Of the records; None: the source with the most of them.
    """

    target: str
    products: str
    since: int
    until: int | None = None
    source: str | None = None


class Panel:
    """Records of a product group from an open store."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, asked: Asked, taken: bool = False
    ) -> None:
        self.asked = asked
        self._connection = connection
        self.source = asked.source or self._main_source()
        self._where = self._condition()
        if not taken:
            self._take()
        years = connection.execute("SELECT min(year), max(year) FROM flows").fetchone()
        if not years or years[0] is None:
            message = f"has no records of products {asked.products} in source {self.source}"
            raise InvalidInput(Problem("store", message))
        self.first, self.last = int(years[0]), int(min(years[1], asked.until or years[1]))
        self._check()

    def _main_source(self) -> str:
        found = self._connection.execute(
            "SELECT source FROM trade GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
        return str(found[0]) if found else ""

    def _condition(self) -> str:
        known = [
            row[0]
            for row in self._connection.execute("SELECT DISTINCT source FROM trade").fetchall()
        ]
        if self.source not in known:
            message = f"is {self.source!r}; {did_you_mean(self.source, known)}"
            raise InvalidInput(Problem("--source", message))
        try:
            spans = product_spans(self.asked.products)
        except ValueError as error:
            raise InvalidInput(Problem("--products", str(error))) from error
        code = "rpad(product, 6, '0')"
        inside = " OR ".join(f"{code} >= '{a:06d}' AND {code} < '{b:06d}'" for a, b in spans)
        text = inside if self.asked.products != "*" else "TRUE"
        return f"source = '{self.source}' AND ({text})"

    def _names(self, query: str) -> list[str]:
        return [str(row[0]) for row in self._connection.execute(query).fetchall()]

    def _take(self) -> None:
        """One figure a flow and year: one edition, years or the sum of months, one reporter."""
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE flows AS WITH one AS (SELECT *, "
            f"{_PREFERRED} AS rank FROM trade WHERE flow IN ('reconciled', 'import', 'export') AND "
            f"{self._where} QUALIFY dense_rank() OVER (PARTITION BY reporter, flow, year ORDER BY "
            "revision) = 1), yearly AS (SELECT origin, destination, product, year, rank, "
            "coalesce(sum(musd) FILTER (month = 0), sum(musd)) AS musd, "
            "CASE WHEN bool_or(month = 0) THEN sum(tonnes) FILTER (month = 0) ELSE sum(tonnes) END "
            "AS tonnes FROM one GROUP BY ALL) SELECT * EXCLUDE (rank) FROM yearly WHERE musd > 0 "
            "QUALIFY row_number() OVER (PARTITION BY origin, destination, product, year ORDER BY "
            "rank) = 1"
        )

    def _check(self) -> None:
        target = self.asked.target
        mine = self._connection.execute(
            "SELECT count(*) FROM flows WHERE origin = ? OR destination = ?", [target, target]
        ).fetchone()
        if not mine or not mine[0]:
            known = [
                row[0]
                for row in self._connection.execute("SELECT DISTINCT origin FROM flows").fetchall()
            ]
            message = f"has no record here; {did_you_mean(target, known)}"
            raise InvalidInput(Problem(f"economy {target}", message))
        if not self.first < self.asked.since <= self.last:
            message = f"is {self.asked.since}, must be after {self.first} and at most {self.last}"
            raise InvalidInput(Problem("--since", message))

    def ask(self, query: str, values: Sequence[object] = ()) -> pd.DataFrame:
        """Run a query over the view ``flows``."""
        return self._connection.execute(query, list(values)).df()

    @cached_property
    def own(self) -> pd.DataFrame:
        """The target's records: partner, flow, product, year, musd, tonnes."""
        return self.of(self.asked.target)

    def of(self, economy: str) -> pd.DataFrame:
        """An economy's records, as the target's are given."""
        return self.ask(
            "SELECT destination AS partner, 'export' AS flow, product, year, musd, tonnes FROM "
            "flows WHERE origin = $1 AND year <= $2 UNION ALL SELECT origin, 'import', product, "
            "year, musd, tonnes FROM flows WHERE destination = $1 AND year <= $2 ORDER BY ALL",
            [economy, self.last],
        )

    @cached_property
    def links(self) -> pd.DataFrame:
        """Trade of everybody with everybody: origin, destination, year, musd."""
        return self.ask(
            "SELECT origin, destination, year, sum(musd) AS musd FROM flows WHERE year <= ? "
            "GROUP BY ALL ORDER BY ALL",
            [self.last],
        )

    @cached_property
    def reports(self) -> pd.DataFrame:
        """What both sides recorded: origin, destination, product, year, exported, imported."""
        return self._connection.execute(
            "SELECT origin, destination, product, year, sum(musd) FILTER (flow = 'export') AS "
            "exported, sum(musd) FILTER (flow = 'import') AS imported FROM trade WHERE "
            f"{self._where} AND year <= {self.last} GROUP BY ALL HAVING exported > 0 AND imported "
            "> 0 ORDER BY ALL"
        ).df()

    @cached_property
    def chapters(self) -> list[str]:
        """Chapters of the products asked about that have any record."""
        return [
            str(name)
            for name in self.ask("SELECT DISTINCT left(product, 2) AS c FROM flows ORDER BY 1").c
        ]

    @cached_property
    def reporters(self) -> set[str]:
        """Economies with records of their own; empty where all figures are reconciled."""
        query = f"SELECT DISTINCT reporter FROM trade WHERE {self._where} AND flow <> 'reconciled'"
        return set(self._names(query))

    def about(self, target: str, since: int, until: int) -> Panel:
        """The same records, asked about another target or other years."""
        asked = replace(self.asked, target=target, since=since, until=until, source=self.source)
        return Panel(self._connection, asked, taken=True)

    @property
    def whole_world(self) -> bool:
        """Tell whether enough others trade with each other to be compared with."""
        target = self.asked.target
        others = self.links[(self.links.origin != target) & (self.links.destination != target)]
        buyers = others.groupby("origin")["destination"].nunique()
        return int((buyers >= BUYERS).sum()) >= SELLERS

    @property
    def described(self) -> str:
        """What the records are, in words."""
        return f"{self.source}, products {self.asked.products}, {self.first} to {self.last}"


def series(own: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Yearly totals by partner and flow (rows) and year (columns); no record counts as 0."""
    table = own.pivot_table(
        index=["partner", "flow"], columns="year", values="musd", aggfunc="sum", fill_value=0.0
    )
    return table.reindex(columns=range(first, last + 1), fill_value=0.0)
