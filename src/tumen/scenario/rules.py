"""Settings that join law and trade: regimes, enforcement, finance, capacity and smuggling."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record

RuleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
"""Letters, digits, hyphens and underscores; a partner's code is a good name for its rule."""
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A month as "2017-12"."""
Direction = Literal["export", "import"]
"""Seen from the target."""
BOTH: list[Direction] = ["export", "import"]
"""Both directions."""
REMITTANCE = "remittance"
"""Pay of the target's workers abroad, which is no trade and has no sector."""
LawfulFlow = Literal["export", "import", "remittance"]
"""What the law may be about: trade in a direction, or remittances."""
ALL_FLOWS: list[LawfulFlow] = ["export", "import", "remittance"]
"""All of it."""


def between(lowest: float, highest: float, unit: str) -> AfterValidator:
    """Refuse a quantity of another unit or outside a range."""

    def check(quantity: Quantity) -> Quantity:
        if quantity.unit != unit:
            raise ValueError(f'the unit is "{quantity.unit}", must be "{unit}"')
        if quantity.low < lowest or quantity.high > highest:
            raise ValueError(f"must lie between {lowest:g} and {highest:g}")
        return quantity

    return AfterValidator(check)


Part = Annotated[Quantity, between(0, 1, "share")]
"""A part of a whole."""
PriceRatio = Annotated[Quantity, between(1, 100, "price ratio")]
"""A buyer's price over a seller's."""
Wedge = Annotated[Quantity, between(0, 10, "share of the price")]
"""An extra cost."""
Volume = Annotated[Quantity, between(1e-9, float("inf"), "units a year")]
"""How much moves in the baseline year."""


class LawSetting(Record):
    """Which law is laid over the target's trade, on which day."""

    regimes: Annotated[list[Code], Field(min_length=1)]
    """Bundled regimes or files."""
    date: datetime.date
    """The day."""
    sense: Literal["law", "bites"] = "bites"
    """"bites": what the economy feels on the day, without what old contracts may still move; "law":
    all that is forbidden on the day."""
    acts_until: datetime.date | None = None
    """Leaves out acts adopted after this day, and what they ended; null: none."""


MeasureName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*$")]
"""A measure as "REGIME/MEASURE": "un-dprk/2375-18"."""


class PartnerRule(Record):
    """What a rule about partners covers, beside the flows that it names."""

    id: RuleName
    """Its name; a later step's rule of the same kind and name replaces it."""
    partners: Annotated[list[Code], Field(min_length=1)]
    """Economies, groups, or "*" for all."""
    sectors: Annotated[list[Code], Field(min_length=1)] = Field(default_factory=lambda: ["*"])
    """Sectors of the world, or "*" for all."""


class EnforcementFigure(Record):
    """How much of what the law covers is stopped: a figure, or what a window of records gives."""

    enforced: Part | None = None
    """e: part of the covered value that is stopped; null with ``fit``."""
    fit: RuleName | None = None
    """Id of a fit of the backtest that gives e."""
    observed: int | None = None
    """Year whose records the figure was read off: it is never used to predict that year or an
    earlier one."""

    @model_validator(mode="after")
    def _one_origin(self) -> EnforcementFigure:
        if self.enforced is not None and self.fit is not None:
            raise ValueError("give enforced or fit, not both")
        if self.fit is not None and self.observed is not None:
            raise ValueError("observed goes with enforced; a fit has its own window")
        return self

    @property
    def speaks(self) -> bool:
        """True where it gives a figure."""
        return self.enforced is not None or self.fit is not None


class LaterEnforcement(EnforcementFigure):
    """A figure that holds from a month on."""

    since: Month
    """The first month."""

    @model_validator(mode="after")
    def _given(self) -> LaterEnforcement:
        if not self.speaks:
            raise ValueError("give enforced or fit")
        return self


class EnforcementRule(PartnerRule, EnforcementFigure):
    """How much of what the law covers a partner stops; 1 where no rule speaks."""

    flows: Annotated[list[LawfulFlow], Field(min_length=1)] = Field(default_factory=ALL_FLOWS.copy)
    """Directions, seen from the target, and "remittance" for the pay of its workers abroad, which a
    rule that names sectors never means."""
    path: list[LaterEnforcement] = Field(default_factory=list)
    """Figures for later months, each until the next one; before the first the rule's own figure
    holds, and without one the rules before it."""
    early: Part | None = None
    """Part of what old contracts may still move that is stopped all the same, by the partner's own
    choice; null: as earlier rules say, none where they say nothing."""
    recorded: Part | None = None
    """ζ: part of what is not stopped that customs still record; null: all of it."""

    @model_validator(mode="after")
    def _says_something(self) -> EnforcementRule:
        if not self.speaks and not self.path and self.early is None:
            raise ValueError("give enforced, fit, path or early")
        if self.flows == [REMITTANCE] and self.sectors != ["*"]:
            raise ValueError("remittances have no sector; leave sectors out")
        return self


class FinanceRule(Record):
    """Legal trade with some partners has to be paid by dearer channels."""

    id: RuleName
    """Its name."""
    partners: Annotated[list[Code], Field(min_length=1)]
    """Economies, groups, or "*" for all."""
    share: Part
    """g: part of the trade that has no other channel."""
    wedge: Wedge
    """t: extra cost of paying."""
    measure: MeasureName | None = None
    """The measure it stems from, whose wind-down has to be over before it counts; null: none."""


class CapacityRule(Record):
    """Firms and joint ventures close: less output from the same inputs."""

    id: RuleName
    """Its name."""
    economy: Code
    """Whose firms."""
    sectors: Annotated[list[Code], Field(min_length=1)]
    """Sectors of the world."""
    left: Annotated[Quantity, between(1e-6, 1, "share")]
    """Productivity that is left."""
    measure: MeasureName | None = None
    """The measure it stems from, whose wind-down has to be over before it counts; null: none."""


class SmugglingRule(PartnerRule):
    """A hidden route for what is banned and stopped, and for what exceeds a cap."""

    flows: Annotated[list[Direction], Field(min_length=1)] = Field(default_factory=BOTH.copy)
    """Directions, seen from the target."""
    mark_up: PriceRatio
    """μ: buyer's over seller's price on the hidden route."""
    burned: Part
    """ι: part of ln μ that is cost; the rest is income of ``earner``."""
    earner: str = "partner"
    """Who earns it: "partner", "target" or an economy."""
    hubs: list[Code] = Field(default_factory=list)
    """Economies, or groups, by which the goods may go round; extra routes for the banned part."""
    margin: PriceRatio | None = None
    """m: what the hubs' traders take; null: 1.1."""


class BaselineVolume(Record):
    """The physical volume behind a sector's flow, which quantity caps need."""

    id: RuleName
    """Its name."""
    flow: Direction
    """Seen from the target."""
    sector: Code
    """Sector of the world."""
    unit: Literal["barrels", "tonnes"]
    """Unit of the volume."""
    amount: Volume
    """In the baseline year, from all partners."""


LAW_RULES: dict[str, tuple[str, ...]] = {
    "enforcement": ("enforced", "early", "recorded"),
    "finance": ("share", "wedge"),
    "capacity": ("left",),
    "smuggling": ("mark_up", "burned", "margin"),
}
"""Kind of rule, as a field of a step → the fields that hold its figures."""
INSTEAD: dict[str, dict[str, object]] = {"enforced": {"fit": None, "path": []}}
"""Figure → what else gives it, and what says that nothing else does: a value that is set replaces
all of it."""
