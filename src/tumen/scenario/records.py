"""What a scenario holds against the world: records that it predicts, claims that it tests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record
from tumen.scenario.rules import Direction, LawSetting, MeasureName, Month, RuleName


class RecordedYear(Record):
    """What statistics recorded in a year."""

    id: RuleName
    """Its name."""
    year: int
    """The calendar year."""
    flow: Direction
    """Seen from the target."""
    partner: Code | None = None
    """With whom; null: with all."""
    musd: Quantity
    """Million USD."""


class FitWindow(Record):
    """Months whose record gives a partner's enforcement, for later years only."""

    id: RuleName
    """Its name, for the rules that use it."""
    partner: Code
    """Whose customs."""
    flow: Direction
    """Seen from the target."""
    first: Month
    """First month of the window."""
    last: Month
    """Last month of the window."""
    musd: Quantity
    """What was recorded in the window, million USD."""

    @property
    def years(self) -> range:
        """The calendar years that the window touches."""
        return range(int(self.first[:4]), int(self.last[:4]) + 1)


class Backtest(Record):
    """Which law and enforcement to hold against which records."""

    regimes: Annotated[list[Code], Field(min_length=1)]
    """The law of senders and partners."""
    step: Literal["law", "enforced", "withdrawal", "black_market", "support"]
    """The step whose rules of enforcement and smuggling it takes."""
    fits: list[FitWindow] = Field(default_factory=list)
    """Where enforcement is read off."""
    recorded: Annotated[list[RecordedYear], Field(min_length=1)]
    """The records to predict."""


class ClaimTest(Record):
    """A claim that the case is asked about, and at most one thing of the case that tests it."""

    claim: Code
    """Id of the claim."""
    partner: Code | None = None
    """Its share of the target's baseline trade tests it."""
    exports_banned: LawSetting | None = None
    """The share of the target's exports that this law bans tests it."""
    stream: RuleName | None = None
    """The revenue of this illicit stream tests it."""
    measure: MeasureName | None = None
    """This measure is the act that the claim is about."""
    number: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$")] | None = None
    """A number of the run, "STEP.NUMBER", tests it."""
    decision: Annotated[str, Field(pattern=r"^[a-z0-9_-]+\.[A-Za-z0-9_-]+(\.[a-z_]+)?$")] | None = (
        None
    )
    """What a state does in a situation, "SITUATION.STATE", tests it; with ".MOTIVE" at the end what
    it does without that motive stands beside it. Without statecraft nothing tests it."""
    note: str = ""
    """How to read the one against the other, or why nothing tests it."""

    @model_validator(mode="after")
    def _one_test(self) -> ClaimTest:
        given = [name for name in TESTS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are two tests; give one of {', '.join(TESTS)}")
        return self


TESTS = ("partner", "exports_banned", "stream", "measure", "number", "decision")
"""Fields of a claim's test, of which one may be given."""
