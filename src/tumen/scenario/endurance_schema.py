"""What a scenario says of savings, of the hazard of falling, and of the months to go through."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record
from tumen.scenario.rules import Month, between
from tumen.scenario.units import Identifier

Dollars = Annotated[Quantity, between(0, 1e7, "million USD")]
"""An amount."""
Draw = Annotated[Quantity, between(-1e7, 1e7, "million USD a year")]
"""Dollars a year, drawn or, below 0, saved."""
Months = Annotated[Quantity, between(1, 120, "months")]
"""A span of time."""
YearlyHazard = Annotated[Quantity, between(0, 5, "per year")]
"""A hazard."""
Slope = Annotated[Quantity, between(0, 50, "per unit of lost income")]
"""By how much the log of the hazard rises when all income is lost."""

Measure = Literal[
    "exports",
    "imports",
    "trade",
    "deficit",
    "growth",
    "price",
    "dollar_price",
    "consumer_price",
    "stock",
]
"""What a record speaks of: goods trade in dollars; growth of real output on the year before; a
price over its baseline, relative to consumer prices or in dollars; consumer prices in dollars;
hard currency at the end."""
UNITS: dict[str, str] = {
    "growth": "per cent",
    "price": "ratio",
    "dollar_price": "ratio",
    "consumer_price": "ratio",
}
"""Unit of a record; million USD of the others."""
MONTH_LENGTH = 7
"""Letters of "2017-12"."""
PRICES = ("price", "dollar_price")
TRADE = ("exports", "imports", "trade")


class Prior(Record):
    """One reading of how lost income moves the hazard."""

    id: Identifier
    """Its name."""
    slope: Slope
    """η."""


class Endurance(Record):
    """The target's hard currency, and how likely it is to fall."""

    stock_musd: Dollars
    """Hard currency at the end of ``stock_at``."""
    stock_at: Month
    """The month of it."""
    release_months: Months
    """Δ: months over which the stock can be released."""
    baseline_draw_musd: Draw
    """What the baseline year drew from it, part of that year's deficit; below 0: added to it."""
    base_hazard: YearlyHazard
    """h0."""
    priors: Annotated[list[Prior], Field(min_length=1)]
    """Readings of the literature, each of equal weight."""


class Good(Record):
    """A good whose price at home is followed."""

    id: Identifier
    """Its name."""
    sector: Code
    """Sector of the world that stands for it."""


class Observed(Record):
    """A record to put beside the timeline."""

    id: Identifier
    """Its name."""
    period: Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")]
    """A year, "2017", or a month, "2017-12"."""
    measure: Measure
    """What it speaks of."""
    partner: Code | None = None
    """With whom, for trade; null: with all."""
    good: Identifier | None = None
    """Which good, for a price."""
    unrecorded: bool = False
    """True: it counts open trade that no customs record shows, such as crude by pipeline."""
    value: Quantity
    """Million USD in the period, per cent, or a ratio."""

    @model_validator(mode="after")
    def _fits(self) -> Observed:
        if (self.measure in PRICES) != (self.good is not None):
            raise ValueError("a price needs a good, and only a price has one")
        if self.partner is not None and self.measure not in TRADE:
            raise ValueError(f"only {', '.join(TRADE)} have a partner")
        if self.unrecorded and self.measure not in (*TRADE, "deficit"):
            raise ValueError("unrecorded goes with trade and deficit")
        if self.measure in ("growth", "stock") and len(self.period) == MONTH_LENGTH:
            raise ValueError(f"a {self.measure} needs a year as period")
        wanted = UNITS.get(self.measure, "million USD")
        if self.value.unit != wanted:
            raise ValueError(f'the unit is "{self.value.unit}", must be "{wanted}"')
        return self


class Forecast(Record):
    """A published forecast that the hard currency would run out."""

    id: Identifier
    """Its name."""
    made: Month
    """When."""
    exhausted: Month
    """When it was to run out."""
    stock_musd: Dollars
    """The stock that it went by."""


class Timeline(Record):
    """The months to go through, with the rules of the last step."""

    first: Month
    """First month."""
    last: Month
    """Last month."""
    regimes: list[Code] = Field(default_factory=list)
    """The law of senders and partners; empty: that of the last step."""
    goods: list[Good] = Field(default_factory=list)
    """Goods whose prices are followed."""
    history: list[Observed] = Field(default_factory=list)
    """Records to hold against it."""
    forecasts: list[Forecast] = Field(default_factory=list)
    """Forecasts to hold against it."""

    @model_validator(mode="after")
    def _in_order(self) -> Timeline:
        if self.last < self.first:
            raise ValueError(f"last {self.last} lies before first {self.first}")
        goods = [good.id for good in self.goods]
        missing = [each.good for each in self.history if each.good and each.good not in goods]
        if missing:
            raise ValueError(f'no good "{missing[0]}"; goods are {", ".join(goods) or "none"}')
        return self
