"""One measure of a sanctions regime: what a paragraph forbids, limits or closes, and when."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, model_validator

from tumen.catalogue.bundled import BundledClaims
from tumen.codes.products import HsText, Scope, ServiceId
from tumen.codes.routes import RouteId
from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record, Share
from tumen.regime.consistency import ON_FLOWS as ON_FLOWS
from tumen.regime.consistency import inconsistencies

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""Lower-case letters, digits, hyphens and underscores."""
Instrument = Literal[
    "export_ban", "import_ban", "service_ban", "labour_ban", "value_cap", "quantity_cap",
    "tariff", "financial_cutoff", "firm_closure", "asset_freeze", "transport_ban", "inspection",
    "monitoring", "trigger",
]  # fmt: skip
"""What a measure does, named from the target's side: export_ban stops what the target sells."""
Direction = Literal["export", "import", "labour", "finance", "transport"]
"""What a measure is about, from the target's side."""
Verification = Literal[
    "read in the original",
    "read in an excerpt of the original",
    "verified in a secondary source",
    "subject verified, code from general knowledge",
    "subject verified, day by judgement",
    "paragraph from general knowledge",
    "general knowledge",
]
"""How far the words of the law were checked before they were put into the file."""


class CheckedByLine(BundledClaims):
    """Context for reading a file: what does not fit together is reported at its own line."""


def _shares(quantity: Quantity | None, name: str) -> None:
    """Refuse a part that is no fraction."""
    if quantity is not None and (quantity.unit != "share" or quantity.low < 0 or quantity.high > 1):
        raise ValueError(f'{name} must have the unit "share" and lie between 0 and 1')


class WindDown(Record):
    """Old contracts may still move for a while."""

    until: datetime.date
    """The last day on which they may."""
    share: Share = 1.0
    """The share of the flow that they may still move."""
    note: str = ""
    """What the text says about them."""

    @property
    def after(self) -> datetime.date:
        """The first day without them."""
        return self.until + datetime.timedelta(days=1)


class CapLimit(Record):
    """One limit of a cap."""

    limit: Annotated[float, Field(gt=0)]
    """How much may move in a period."""
    unit: Literal["million USD", "tonnes", "barrels", "workers", "baseline"]
    """Its unit; "baseline": a multiple of the flow of the year before the measure."""


class Cap(Record):
    """How much of a flow may still move."""

    limits: Annotated[list[CapLimit], Field(min_length=1)]
    """One, or several of which the lowest binds."""
    period: Literal["year", "whole"] = "year"
    """Each calendar year, or all the time from ``from`` to ``until``."""
    note: str = ""
    """How it is counted and when it is closed."""


class Exemption(Record):
    """What a measure leaves alone.

    Partners, products and route carve out the flows that fit all that are given. A share
    takes that part of the measure's flow out. A purpose alone (approval case by case,
    humanitarian aid) takes nothing out: nobody can see it in trade.
    """

    id: Identifier
    """Its name within the measure."""
    partners: list[Code] = Field(default_factory=list)
    """Economies whose trade is exempt; empty: all."""
    products: list[HsText] = Field(default_factory=list)
    """HS headings that are exempt; empty: all of the measure."""
    services: list[ServiceId] = Field(default_factory=list)
    """Services that are exempt."""
    route: RouteId = ""
    """A route, as ``data/codes/routes.csv`` and trade tables name it: "rajin"."""
    purpose: str = ""
    """What for."""
    share: Quantity | None = None
    """The part of the flow that goes under it, unit "share"."""
    citation: Annotated[str, Field(min_length=1)]
    """Act and paragraph."""
    note: str = ""
    """What a reader should know."""

    @model_validator(mode="after")
    def _says_something(self) -> Exemption:
        _shares(self.share, "share")
        if not (self.carves or self.share or self.purpose):
            raise ValueError("name partners, products, services, a route, a share or a purpose")
        return self

    @property
    def carves(self) -> bool:
        """True if it names flows that can be seen in trade."""
        return bool(self.partners or self.products or self.services or self.route)


class SectorReach(Record):
    """How much of a sector's flow a measure reaches, where trade by product is not at hand."""

    sector: Code
    """A sector of the world."""
    share: Quantity
    """The part of the flow, unit "share"."""

    @model_validator(mode="after")
    def _fraction(self) -> SectorReach:
        _shares(self.share, "share")
        return self


class Measure(Record):
    """A paragraph of law and what it does to one flow."""

    id: Identifier
    """Its name, unique in the regime."""
    title: Annotated[str, Field(min_length=1)]
    """What it is about, in a few words."""
    act: Annotated[str, Field(min_length=1)]
    """The resolution, regulation, order or announcement, with its number and year."""
    paragraph: str = ""
    """Where in the act."""
    instrument: Instrument
    """What it does."""
    flow: Direction
    """What it is about."""
    adopted: datetime.date
    """The day of the act."""
    from_: Annotated[datetime.date, Field(alias="from")]
    """The first day on which the law counts."""
    until: datetime.date | None = None
    """The last day on which it counts; null: still in force."""
    wind_down: WindDown | None = None
    """How long old contracts may move; null: not at all."""
    partners: list[Code] = Field(default_factory=list)
    """Economies whose trade with the target it covers; empty: the senders of the regime."""
    scope: Scope | None = None
    """The goods; null for services and for what is not about products."""
    part: Quantity | None = None
    """The part of the headings in ``scope`` that it reaches, unit "share"; null: all of them."""
    part_unknown: bool = False
    """True if it reaches a part of the headings that nobody has put a figure on."""
    services: list[ServiceId] = Field(default_factory=list)
    """The services."""
    reaches: list[SectorReach] = Field(default_factory=list)
    """Its reach by sector, used where trade by product is not at hand."""
    cap: Cap | None = None
    """The limit, for caps."""
    rate: Annotated[float, Field(ge=0, le=5)] | None = None
    """The rate of a tariff, 0.35 for 35 per cent: what the goods pay the buyer's side in all, where
    that is more than before."""
    exemptions: list[Exemption] = Field(default_factory=list)
    """What it leaves alone."""
    implements: list[Code] = Field(default_factory=list)
    """Measures that it puts into national law: "REGIME/MEASURE"."""
    strengthens: list[Code] = Field(default_factory=list)
    """Earlier measures that it takes further: "MEASURE", or "REGIME/MEASURE"."""
    verification: Verification
    """How far the words were checked."""
    sources: Annotated[list[Code], Field(min_length=1)]
    """Ids of sources."""
    claim: str = ""
    """What its makers said that it would do."""
    note: str = ""
    """What a reader should know."""

    @property
    def citation(self) -> str:
        """Act and paragraph, as one would cite them."""
        return f"{self.act}, {self.paragraph}" if self.paragraph else self.act

    @property
    def bites_from(self) -> datetime.date:
        """The first day on which nothing of the flow may move under old contracts."""
        return self.wind_down.after if self.wind_down and self.wind_down.share > 0 else self.from_

    def in_force(self, date: datetime.date) -> bool:
        """Tell whether the law counts on a day."""
        return self.from_ <= date and (self.until is None or date <= self.until)

    def moving(self, date: datetime.date) -> float:
        """Return the share of the flow that old contracts may still move on a day."""
        if self.wind_down is None or date > self.wind_down.until:
            return 0.0
        return self.wind_down.share

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Measure:
        _shares(self.part, "part")
        if not isinstance(info.context, CheckedByLine):
            found = inconsistencies(self.model_dump(mode="json", by_alias=True))
            problems = [what for _, what in found]
            if problems:
                raise ValueError("; ".join(problems))
        return self
