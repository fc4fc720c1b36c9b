"""Regimes laid over a table of trade: the share of every row that every measure reaches."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import LEVELS, Level
from tumen.regime.consistency import BANS, CAPS
from tumen.regime.measure import Measure
from tumen.regime.reach import reach
from tumen.regime.regime import Regime
from tumen.sources.product_trade import ProductRow, ProductTrade, RowFlow

Sense = Literal["law", "bites"]
"""law: what is forbidden; bites: without what old contracts may still move."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Law:
    """One or several regimes on one table of trade.

    Notes
    -----
    Measures overlap. Of one row the largest reach of all bans in force counts, so a union is
    never above 1, never above the sum, and never smaller for one measure more. Partial
    reaches of the same row are thereby taken as nested, the cautious reading.
    """

    regimes: tuple[Regime, ...]
    trade: ProductTrade
    measures: tuple[Measure, ...]
    """All measures, by first day, then in the order of the files."""
    owners: tuple[Regime, ...]
    """The regime of each measure."""
    reaches: dict[Level, Array]
    """Reading → share (measure, row)."""
    unknown: NDArray[np.bool_]
    """Where the reach is not known (measure, row)."""
    known: datetime.date | None = None
    """The day whose law this is (:meth:`as_known`); None: that of the day that is asked for."""

    @cached_property
    def value(self) -> Array:
        """Million USD a year of each row."""
        return np.array([row.musd for row in self.trade.rows], dtype=float)

    @cached_property
    def priced(self) -> NDArray[np.bool_]:
        """Which rows have a value that a source gives."""
        return np.array([row.priced for row in self.trade.rows], dtype=bool)

    def rows(self, test: Callable[[ProductRow], bool]) -> NDArray[np.bool_]:
        """Return which rows pass a test."""
        return np.array([test(row) for row in self.trade.rows], dtype=bool)

    def side(self, flow: RowFlow, services: bool = False) -> NDArray[np.bool_]:
        """Return which rows are goods, or services and pay, of one flow."""
        return self.rows(lambda row: row.flow == flow and row.service == services)

    def name(self, index: int) -> str:
        """Return the id of a measure, with its regime in front where there are several."""
        own = self.measures[index].id
        return own if len(self.regimes) == 1 else f"{self.owners[index].id}/{own}"

    def kept(self, instruments: Sequence[str], date: datetime.date) -> NDArray[np.intp]:
        """Return the measures with these instruments that are in force on a day."""
        found = [
            index
            for index, measure in enumerate(self.measures)
            if measure.instrument in instruments and self._counts(measure, date)
        ]
        return np.array(found, dtype=np.intp)

    def _counts(self, measure: Measure, date: datetime.date) -> bool:
        ends = date if self.known is None else min(date, self.known)
        return measure.from_ <= date and (measure.until is None or ends <= measure.until)

    def as_known(self, day: datetime.date) -> Law:
        """Return the law without acts adopted after a day, which therefore ended nothing.

        Begin and wind-down still follow the day that is asked for, so that an act counts with all
        that it brings, and not with what had begun when the next act came.
        """
        held = [index for index, each in enumerate(self.measures) if each.adopted <= day]
        return replace(
            self,
            measures=tuple(self.measures[index] for index in held),
            owners=tuple(self.owners[index] for index in held),
            reaches={level: shares[held] for level, shares in self.reaches.items()},
            unknown=self.unknown[held],
            known=day,
        )

    def with_partners_merged(self, into: Mapping[str, str]) -> Law:
        """Return the law with rows of partners as those of another one that stands for them."""
        rows = tuple(
            replace(row, partner=into.get(row.partner, row.partner)) for row in self.trade.rows
        )
        return replace(self, trade=replace(self.trade, rows=rows))

    def reached(
        self, kept: NDArray[np.intp], date: datetime.date, sense: Sense, level: Level = "central"
    ) -> Array:
        """Return the share that each kept measure reaches on a day (measure, row)."""
        share = self.reaches[level][kept]
        if sense == "law":
            return share
        moving = np.array([self.measures[index].moving(date) for index in kept], dtype=float)
        remaining: Array = share * (1 - moving[:, None])
        return remaining

    def banned(self, date: datetime.date, sense: Sense = "law", level: Level = "central") -> Array:
        """Return the share of each row under a ban: the union over measures."""
        return union(self.reached(self.kept(BANS, date), date, sense, level), len(self.value))

    def capped(self, date: datetime.date, level: Level = "central") -> Array:
        """Return the share of each row under a cap and not also banned."""
        caps = union(self.reaches[level][self.kept(CAPS, date)], len(self.value))
        return np.maximum(caps - self.banned(date, "law", level), 0.0)

    def duties(
        self, date: datetime.date, sense: Sense = "law", level: Level = "central"
    ) -> list[tuple[float, Array, Array]]:
        """Return (rate, share that owes it and is not banned, share that is) of each row.

        Of several duties on the same goods the highest counts; what a ban reaches of them is taken
        to be those with the highest rates.
        """
        kept = self.kept(("tariff",), date)
        rates = np.array([self.measures[index].rate or 0.0 for index in kept])
        order = np.argsort(-rates, kind="stable")
        reached = self.reached(kept, date, sense, level)[order]
        banned = self.banned(date, sense, level)
        upper = np.maximum.accumulate(reached, axis=0)
        found, lower = [], np.zeros(len(self.value))
        for rate, end in zip(rates[order], upper, strict=True):
            shut = np.clip(banned, lower, end) - lower
            found.append((float(rate), end - lower - shut, shut))
            lower = end
        return found

    def unpriced(self, date: datetime.date) -> Array:
        """Return the share of each row that is in no share, as its product is not known."""
        kept = self.kept((*BANS, *CAPS), date)
        high = np.where(self.unknown[kept], self.reaches["high"][kept], 0.0)
        unknown = union(high, len(self.value)) - self.banned(date) - self.capped(date)
        return np.where(self.priced, np.maximum(unknown, 0.0), 1.0)


def union(shares: Array, size: int) -> Array:
    """Return the largest share of each row (measure, row) → row; none: nothing."""
    return shares.max(axis=0) if len(shares) else np.zeros(size)


def law_on(regimes: Regime | Sequence[Regime], trade: ProductTrade) -> Law:
    """Lay regimes over a table of trade.

    Raises
    ------
    InvalidInput
        If a regime is not about the economy whose trade it is, or none is given.

    Examples
    --------
    >>> from tumen.catalogue.bundled import data
    >>> from tumen.regime.regime import load_regime
    >>> from tumen.sources.product_trade import load_product_trade
    >>> trade = load_product_trade(data("trade", "prk-2016.csv"))
    >>> law = law_on(load_regime("un-dprk"), trade)
    >>> law.reaches["central"].shape == (len(law.measures), len(trade.rows))
    True
    """
    given = (regimes,) if isinstance(regimes, Regime) else tuple(regimes)
    problems = [
        Problem(
            f"regime {regime.id}",
            f"is about {', '.join(regime.targets)}, the trade is that of {trade.target}",
        )
        for regime in given
        if trade.target not in regime.targets
    ]
    if problems or not given:
        raise InvalidInput(problems or "name at least one regime")
    pairs = [(regime, measure) for regime in given for measure in regime.measures]
    pairs.sort(key=lambda pair: pair[1].from_)
    found = [[reach(regime, measure, row) for row in trade.rows] for regime, measure in pairs]
    shape = (len(pairs), len(trade.rows))
    return Law(
        regimes=given,
        trade=trade,
        measures=tuple(measure for _, measure in pairs),
        owners=tuple(regime for regime, _ in pairs),
        reaches={
            level: np.array([[each.at(level) for each in row] for row in found]).reshape(shape)
            for level in LEVELS
        },
        unknown=np.array([[each.unknown for each in row] for row in found]).reshape(shape),
    )
