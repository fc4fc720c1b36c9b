"""What a scenario file may say. Unknown keys are refused; the descriptions are the reference."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tumen.evidence.claim import ClaimEntry
from tumen.evidence.quantity import Level
from tumen.evidence.sources import SourceEntry
from tumen.files.schema import Code, Record, Share
from tumen.scenario.endurance_schema import Endurance, Timeline
from tumen.scenario.horizon import ShortRun
from tumen.scenario.records import Backtest, ClaimTest
from tumen.scenario.rules import (
    LAW_RULES,
    BaselineVolume,
    CapacityRule,
    EnforcementRule,
    FinanceRule,
    LawSetting,
    SmugglingRule,
)
from tumen.scenario.statecraft_schema import Statecraft
from tumen.scenario.support_schema import ILLICIT_FIGURES, IllicitRule, Supporter
from tumen.scenario.units import Freeness, Identifier, Money

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A month as "2017-12"."""
EVERYONE = "*"
"""All economies, or all sectors, of the world."""
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


class Rule(Record):
    """One setting of a step."""

    id: Identifier
    """Its name; a later step's rule of the same kind and name replaces it."""


class Links(Rule):
    """The cells that a rule is about. "*" means all others; a name of ``groups`` may stand in."""

    origins: Annotated[list[Code], Field(min_length=1)]
    """Sellers."""
    destinations: Annotated[list[Code], Field(min_length=1)]
    """Buyers."""
    sectors: Annotated[list[Code], Field(min_length=1)]
    """Products, as sector codes of the world."""


class FreenessRule(Links):
    """How free some links are, relative to the baseline."""

    left: Freeness
    """Freeness φ: 1 leaves the link as it was, 0 shuts it; what remains at baseline costs."""


class HiddenRule(Links):
    """Trade that partners do not record, on top of what the freeness rules leave."""

    added: Freeness
    """Freeness added, as a share of the baseline link at baseline costs."""


class OpeningRule(Links):
    """A link without baseline trade that is opened."""

    musd: Money
    """Sales at baseline costs, in all, shared by the cells of the rule alike."""
    hidden: bool = False
    """True if partners do not record it."""


class TransferRule(Rule):
    """Money or goods given, or earned outside trade: it finances imports."""

    giver: Code
    """Who pays; "*": all others in proportion to value added."""
    receiver: Code
    """Who gets it."""
    musd: Money
    """What moves, in all."""
    hidden: bool = False
    """True if partners do not record it."""

    @model_validator(mode="after")
    def _between_two(self) -> TransferRule:
        if self.receiver == EVERYONE:
            raise ValueError(f'the receiver must be one economy, "{EVERYONE}" may only give')
        if self.giver == self.receiver:
            raise ValueError(f'"{self.giver}" gives to itself; name another giver or receiver')
        return self


RULE_KINDS: dict[str, tuple[str, ...]] = {
    **LAW_RULES,
    "freeness": ("left",),
    "hidden": ("added",),
    "openings": ("musd",),
    "transfers": ("musd",),
    "illicit": ILLICIT_FIGURES,
}
"""Kind of rule, as a field of a step → the fields that hold its figures."""


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
    law: LawSetting | None = None
    """The law; a later step's replaces it."""
    enforcement: list[EnforcementRule] = Field(default_factory=list)
    """What partners stop; later rules win where they meet earlier ones."""
    finance: list[FinanceRule] = Field(default_factory=list)
    """Dearer payment; later rules win."""
    capacity: list[CapacityRule] = Field(default_factory=list)
    """Firms that close; later rules win."""
    smuggling: list[SmugglingRule] = Field(default_factory=list)
    """Hidden routes; later rules win."""
    freeness: list[FreenessRule] = Field(default_factory=list)
    """Typed-in freeness in place of what the law gives; later rules win."""
    hidden: list[HiddenRule] = Field(default_factory=list)
    """Unrecorded trade; later rules win."""
    openings: list[OpeningRule] = Field(default_factory=list)
    """Links opened."""
    transfers: list[TransferRule] = Field(default_factory=list)
    """Money that moves."""
    illicit: list[IllicitRule] = Field(default_factory=list)
    """Illicit streams; what they bring beyond the baseline year finances imports, unrecorded."""
    support: list[Code] = Field(default_factory=list)
    """States of ``support`` that step in with this step."""


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
    withdrawing: list[Code] = Field(default_factory=list)
    """Economies or groups that withdraw, where it is not the benefactor alone."""
    as_of: Month
    """The month the ladder describes."""
    target_year: int
    """The year of the target's accounts, whose dollars the tables use."""
    world: WorldChoice = WorldChoice()
    """The baseline."""
    elasticity: Level | Share = "central"
    """Which reading of the trade elasticities; a number from 0 (low) over 0.5 to 1 (high) lies
    between them."""
    deficits: Literal["keep", "income", "zero"] = "keep"
    """The closure of trade deficits in every step."""
    horizon_months: Annotated[int, Field(ge=0)] | None = None
    """Months since the measures bit; the answer is that of this horizon. null: long run."""
    short_run: ShortRun | None = None
    """How stiff the target's economy is at first; null: trade elasticities alone are lower."""
    volumes: list[BaselineVolume] = Field(default_factory=list)
    """Physical volumes of the baseline year, for quantity caps."""
    streams: str | None = None
    """Illicit streams: a bundled name or a file."""
    support: list[Supporter] = Field(default_factory=list)
    """States that may step in; a step says from when on they do."""
    groups: dict[Identifier, Annotated[list[Code], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Names for lists of economies."""
    steps: Annotated[list[Step], Field(min_length=1)]
    """The rungs, in order."""
    endurance: Endurance | None = None
    """Savings and the hazard of falling."""
    timeline: Timeline | None = None
    """Month by month; needs ``endurance``."""
    statecraft: Statecraft | None = None
    """Who votes, who supports in hiding, and what they want."""
    backtest: Backtest | None = None
    """The law month by month beside what was recorded."""
    sources: dict[Code, SourceEntry] = Field(default_factory=dict)
    """Sources that the case cites beside the bundled ones: text, url, licence, note."""
    claims: dict[Code, ClaimEntry] = Field(default_factory=dict)
    """Claims that its figures cite beside the bundled ones."""
    ledger: str | None = None
    """A file of claims beside the bundled ones; null: none."""
    tested: list[ClaimTest] = Field(default_factory=list)
    """Claims that the case is asked about, and what tests them."""

    @model_validator(mode="after")
    def _different_actors(self) -> Scenario:
        for role in ("benefactor", "newcomer"):
            if getattr(self, role) == self.target:
                raise ValueError(f'the {role} is the target itself, "{self.target}"')
        if self.timeline is not None and self.endurance is None:
            raise ValueError("a timeline needs endurance: the savings that pay for imports")
        hazard = self.statecraft and (self.statecraft.base_hazard or self.endurance)
        if self.statecraft is not None and hazard is None:
            raise ValueError("statecraft needs a base_hazard, or endurance with one")
        if self.endurance is not None and self.deficits != "keep":
            raise ValueError(
                f'endurance needs deficits "keep", of which savings paid a part; they are '
                f'"{self.deficits}": leave endurance and timeline out (null)'
            )
        if self.timeline and self.endurance and self.timeline.first <= self.endurance.stock_at:
            first, stock_at = self.timeline.first, self.endurance.stock_at
            raise ValueError(f"the timeline begins in {first}, not after {stock_at} of the stock")
        return self
