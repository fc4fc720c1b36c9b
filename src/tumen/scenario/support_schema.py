"""What a scenario says of states that step in, and of illicit income."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tumen.evidence.quantity import LEVELS, Quantity
from tumen.files.schema import Code, Record
from tumen.lifeline.illicit import Exposure, Reaction, Revenue, StreamName
from tumen.scenario.rules import BOTH, Direction, Month, Part, PriceRatio
from tumen.scenario.units import Freeness, Identifier, Money

NONE_STATED = "none-stated"
"""Id of the bundled source that stands for what a scenario leaves out."""


def _nothing() -> Quantity:
    return Quantity(
        low=0.0, central=0.0, high=0.0, unit="million USD a year", source=NONE_STATED, note=""
    )


class SupportGoods(Record):
    """Goods that a supporter opens to the target, or takes from it, beyond what moves already."""

    id: Identifier
    """Its name."""
    flow: Direction = "import"
    """Seen from the target."""
    sector: Code
    """Sector of the world; of a product that the seller makes."""
    musd: Money | None = None
    """Value at baseline costs; or give ``volume`` and ``price``."""
    volume: Quantity | None = None
    """Barrels or tonnes a year."""
    price: Quantity | None = None
    """USD a barrel or a tonne."""
    given: bool = False
    """True: given for nothing, the supporter pays; false: sold."""
    hidden: bool = False
    """True if partners do not record it."""

    @model_validator(mode="after")
    def _one_value(self) -> SupportGoods:
        by_volume = (self.volume is not None, self.price is not None)
        if (self.musd is not None, *by_volume) not in ((True, False, False), (False, True, True)):
            raise ValueError("give musd, or volume and price")
        if self.given and self.flow == "export":
            raise ValueError("what the target exports cannot be given to it")
        if self.volume is not None and self.price is not None:
            unit = self.volume.unit.removesuffix(" a year").removesuffix("s")
            if self.volume.unit not in ("barrels a year", "tonnes a year"):
                raise ValueError('the unit of volume must be "barrels a year" or "tonnes a year"')
            if self.price.unit != f"USD a {unit}":
                raise ValueError(f'the unit of price must be "USD a {unit}"')
            if min(self.volume.low, self.price.low) < 0:
                raise ValueError("volume and price must not be below 0")
        return self

    @property
    def value(self) -> Quantity:
        """Million USD a year."""
        if self.musd is not None or self.volume is None or self.price is None:
            return self.musd or _nothing()
        low, central, high = (
            self.volume.at(level) * self.price.at(level) / 1e6 for level in LEVELS
        )
        note = f"{self.volume.unit} at prices of {self.price.source}"
        value = Quantity.of(low, central, high, "million USD a year", self.volume.source, note)
        return value.model_copy(update={"claim": self.volume.claim})


class Facilitation(Record):
    """Trade of the target with the supporter that goes on, or goes easier than before."""

    id: Identifier
    """Its name."""
    flows: Annotated[list[Direction], Field(min_length=1)] = Field(default_factory=BOTH.copy)
    """Directions, seen from the target."""
    sectors: Annotated[list[Code], Field(min_length=1)] = Field(default_factory=lambda: ["*"])
    """Sectors of the world, or "*" for all."""
    freeness: Freeness
    """φ relative to the baseline link; above 1 it is easier than it was."""
    hidden: bool = False
    """True: this comes on top of what the law leaves and nobody records it; false: it replaces."""


class Supporter(Record):
    """A state that steps in: what it gives, opens and lends, from when to when."""

    id: Code
    """Its code."""
    since: Month | None = None
    """First month; null: from the start."""
    until: Month | None = None
    """Last month; null: without end."""
    note: str = ""
    """What a reader should know."""
    transfer_musd: Money = Field(default_factory=_nothing)
    """Money given."""
    credit_musd: Money = Field(default_factory=_nothing)
    """Money lent; it finances imports as a gift does, and is owed."""
    hidden: bool = False
    """True if nobody records the money."""
    goods: list[SupportGoods] = Field(default_factory=list)
    """Goods, sold or given, beyond the trade that moves already."""
    facilitation: list[Facilitation] = Field(default_factory=list)
    """Links that are freer."""

    @model_validator(mode="after")
    def _in_order(self) -> Supporter:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError(f"until {self.until} lies before since {self.since}")
        return self

    def active(self, month: str) -> bool:
        """Tell whether the support runs in a month."""
        return (self.since or month) <= month <= (self.until or month)


class IllicitRule(Record):
    """An illicit stream from a step on; what is left out comes from the scenario's streams."""

    id: StreamName
    """Name of the stream; a later step's rule of the same name replaces it."""
    interdiction: Part | None = None
    """Effort against it, from none (null) to full."""
    price_ratio: PriceRatio | None = None
    """The buyer's over the seller's price, against the years that the revenue is from; null: 1."""
    revenue: Revenue | None = None
    """What it brings without interdiction."""
    baseline: Revenue | None = None
    """What it brought in the baseline year."""
    exposure: Exposure | None = None
    """The part that full interdiction would stop."""
    price_reaction: Reaction | None = None
    """Elasticity of the revenue to the price ratio."""
    channel: Literal["income"] = "income"
    """Only income is added; smuggled trade is computed."""


ILLICIT_FIGURES = (
    "interdiction", "price_ratio", "revenue", "baseline", "exposure", "price_reaction",
)  # fmt: skip
"""Fields of an illicit rule that hold figures."""
