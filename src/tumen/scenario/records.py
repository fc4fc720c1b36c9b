"""What a scenario says of the record: windows that enforcement is read off, years to predict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record
from tumen.scenario.rules import Direction, Month, RuleName


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
