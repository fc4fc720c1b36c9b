"""What a scenario file may say. Unknown keys are refused; the descriptions are the reference."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tumen.evidence.quantity import Level, Quantity
from tumen.files.schema import Code, Record

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""Lower-case letters, digits, hyphens and underscores."""
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A month as "2017-12"."""
STEP_IDS = ("law", "enforced", "withdrawal", "black_market", "support")
"""The steps of a ladder, in order; the baseline comes before them."""


class WorldChoice(Record):
    """The baseline that the case runs on."""

    name: str | None = None
    """A bundled world or a NetCDF file; null: the bundled default."""
    gdp_basis: Level = "central"
    """Which reading of an inserted economy's GDP."""
    input_template: Code | None = None
    """Whose cost structure an inserted economy borrows; null: the insert's first."""


class Links(Record):
    """The cells that a rule is about. "*" means all others; a name of ``groups`` may stand in."""

    id: Identifier
    """Name of the rule; a later step's rule of the same name replaces it."""
    origins: Annotated[list[Code], Field(min_length=1)]
    """Sellers."""
    destinations: Annotated[list[Code], Field(min_length=1)]
    """Buyers."""
    sectors: Annotated[list[Code], Field(min_length=1)]
    """Products, as sector codes of the world."""


class FreenessRule(Links):
    """How free some links are, relative to the baseline."""

    left: Quantity
    """Freeness φ: 1 leaves the link as it was, 0 shuts it; what remains at baseline costs."""


class HiddenRule(Links):
    """Trade that partners do not record, on top of what the freeness rules leave."""

    added: Quantity
    """Freeness added, as a share of the baseline link at baseline costs."""


class OpeningRule(Links):
    """A link without baseline trade that is opened."""

    musd: Quantity
    """Sales at baseline costs, million USD a year, shared by the cells of the rule alike."""
    hidden: bool = False
    """True if partners do not record it."""


class TransferRule(Record):
    """Money or goods given, or earned outside trade: it finances imports."""

    id: Identifier
    """Name of the rule; a later step's rule of the same name replaces it."""
    giver: Code
    """Who pays; "*": all others in proportion to value added."""
    receiver: Code
    """Who gets it."""
    musd: Quantity
    """Million USD a year."""
    hidden: bool = False
    """True if partners do not record it."""


class Step(Record):
    """One rung of the ladder: its own overrides on the previous step's settings."""

    id: Literal["law", "enforced", "withdrawal", "black_market", "support"]
    """Which rung."""
    label: str
    """What the tables call it."""
    note: str = ""
    """What a reader should know."""
    provisional: bool = False
    """True while the numbers are typed in rather than derived from regimes and evidence."""
    freeness: list[FreenessRule] = []
    """Later rules win where they meet earlier ones."""
    hidden: list[HiddenRule] = []
    """Unrecorded trade; later rules win."""
    openings: list[OpeningRule] = []
    """Links opened."""
    transfers: list[TransferRule] = []
    """Money that moves."""


class Scenario(Record):
    """A case: who is the target, on which world, and what happens step by step."""

    id: Identifier
    """Its name."""
    title: str
    """One line."""
    question: str = ""
    """What the case asks, for the reader."""
    target: Code
    """The economy under sanctions."""
    benefactor: Code
    """The economy that holds its trade and withdraws."""
    newcomer: Code
    """The economy that steps in."""
    benefactor_name: str = ""
    """What the sentence calls who withdraws; empty: the economy's name."""
    newcomer_name: str = ""
    """What the sentence calls who steps in; empty: the economy's name."""
    as_of: Month
    """The month the ladder describes."""
    target_year: int
    """The year of the target's accounts, whose dollars the tables use."""
    world: WorldChoice = WorldChoice()
    """The baseline."""
    elasticity: Level = "central"
    """Which reading of the trade elasticities."""
    deficits: Literal["keep", "income", "zero"] = "keep"
    """The closure of trade deficits in every step."""
    groups: dict[Identifier, list[Code]] = {}
    """Names for lists of economies."""
    steps: Annotated[list[Step], Field(min_length=1)]
    """The rungs, in order."""
