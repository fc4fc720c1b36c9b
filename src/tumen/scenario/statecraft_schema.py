"""What a scenario says of the states that vote and support: motives, means, and what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record, Share
from tumen.scenario.endurance_schema import YearlyHazard
from tumen.scenario.rules import Part, between
from tumen.scenario.units import Identifier, Money

Worth = Annotated[Quantity, between(0, 1e6, "billion USD")]
"""What something is worth to a state over the horizon; only ratios count."""
Margin = Annotated[Quantity, between(-1, 5, "share")]
"""Earned on what is supplied, share of its value; below 0: it is sold below cost."""
Danger = Annotated[Quantity, between(0, 50, "log hazard at a whole cut")]
"""η · loss(1): by how much the log of the hazard rises when all this trade is cut."""
Weight = Annotated[Quantity, between(0, 1e3, "of a whole cut")]
"""A worth to the proposer, in units of what a whole cut is worth to it."""
Noise = Annotated[Quantity, between(1e-6, 1e7, "million USD a year")]
"""A standard error."""
FalseAlarm = Annotated[Quantity, between(1e-6, 1 - 1e-6, "share")]
"""How often honest trade is flagged."""
MOTIVES = ("survival_value", "relief", "penalty", "veto_cost", "margin", "cost", "noise_musd")
"""What every state must state."""


class Supply(Record):
    """A thing that a state could supply without being asked, or buy."""

    id: Identifier
    """Its name."""
    musd: Money
    """Value a year."""


class StateMotives(Record):
    """A state: what it wants, what it can do. In a situation: what is different there."""

    id: Code
    """Its code."""
    veto: bool | None = None
    """Whether it has a veto; null: it has."""
    survival_value: Worth | None = None
    """S: the target's survival."""
    relief: Worth | None = None
    """ρ: the prospect of relief from its own sanctions, or of being spared, lost when caught."""
    penalty: Worth | None = None
    """F: paid when caught."""
    veto_cost: Worth | None = None
    """κ: paid for a veto."""
    margin: Margin | None = None
    """g as a share of the value supplied."""
    cost: Worth | None = None
    """c: what supplying the whole trade would cost twice over, as cost rises with the square."""
    noise_musd: Noise | None = None
    """σ: standard error of the monitor's figure of its trade with the target."""
    supply: list[Supply] | None = None
    """B as a list of what it could supply in hiding; or give ``capacity``."""
    capacity: Part | None = None
    """B as a share of the baseline trade with the benefactor."""
    capacity_after_veto: Part | None = None
    """The same in the open, after a veto; null: the same."""
    note: str = ""
    """What a reader should know."""

    @model_validator(mode="after")
    def _one_capacity(self) -> StateMotives:
        if self.supply is not None and self.capacity is not None:
            raise ValueError("give supply or capacity, not both")
        return self

    def with_changes(self, changes: StateMotives) -> StateMotives:
        """Return the state as it is in a situation."""
        given = {
            name: value
            for name in type(self).model_fields
            if (value := getattr(changes, name)) not in (None, "")
        }
        for one, other in (("supply", "capacity"), ("capacity", "supply")):
            if one in given:
                given[other] = None
        return self.model_copy(update=given)


class ProposerMotives(Record):
    """Who writes the text; a whole cut is worth 1 to it."""

    id: Code
    """Its code."""
    unanimity: Weight
    """λ: a text that passes."""
    fear: Weight
    """What the target's collapse would cost it."""


class Situation(Record):
    """A time at which the game is played: what differs from the states as they are listed."""

    id: Identifier
    """Its name."""
    label: str
    """What tables call it."""
    note: str = ""
    """What a reader should know."""
    states: list[StateMotives] = Field(default_factory=list)
    """What is different, state by state."""


class Seen(Record):
    """What was observed in a situation; null was not."""

    situation: Identifier
    """In which."""
    state: Code
    """Whose support."""
    vote: Literal["yes", "veto"] | None = None
    text: Part | None = None
    """r."""
    support_musd: Money | None = None
    """Its support, hidden or not."""
    support: (
        Annotated[list[Literal["none", "quiet", "brazen", "open"]], Field(min_length=1)] | None
    ) = None
    """Of which kinds it may have been."""
    reproduced_from: Share = 0.5
    """It counts as reproduced if it is the solution for at least this share of drawn motives."""


class Statecraft(Record):
    """The vote and the quiet backfill: who decides, what they want, and what was seen."""

    horizon_years: Annotated[float, Field(gt=0, le=50)]
    """H: years over which survival counts."""
    danger: Danger
    """η · loss(1)."""
    base_hazard: YearlyHazard | None = None
    """h0; null: that of ``endurance``."""
    reversion: Part
    """r0: the cut that others bring about alone."""
    false_alarm: FalseAlarm
    """α of the monitor's test."""
    black_market: Part | None = None
    """s: what smugglers carry once a text is in force, share of the baseline trade with the
    benefactor; null: what the steps of the case find."""
    expected: Literal["least", "most"] = "least"
    """Which equilibrium in support is expected where there are several."""
    proposer: ProposerMotives
    """Who writes the text."""
    states: Annotated[list[StateMotives], Field(min_length=1)]
    """Who votes, supports, or both."""
    situations: Annotated[list[Situation], Field(min_length=1)]
    """When the game is played."""
    seen: Seen | None = None
    """What was observed, for the inverse question."""

    @model_validator(mode="after")
    def _complete(self) -> Statecraft:
        if found := list(self._problems()):
            raise ValueError("; ".join(found))
        return self

    def _problems(self) -> Iterator[str]:
        names = [each.id for each in self.states]
        situations = [each.id for each in self.situations]
        changed = [[each.id for each in situation.states] for situation in self.situations]
        supplied = [[item.id for item in state.supply or ()] for state in self.states]
        for listed in (names, situations, *changed, *supplied):
            for twice in sorted({each for each in listed if listed.count(each) > 1}):
                yield f'"{twice}" stands twice'
        for state in self.states:
            for name in MOTIVES:
                if getattr(state, name) is None:
                    yield f'state "{state.id}" has no {name}'
            if state.supply is None and state.capacity is None:
                yield f'state "{state.id}" has neither supply nor capacity'
        for situation in self.situations:
            for change in situation.states:
                if change.id not in names:
                    yield (
                        f'situation "{situation.id}" changes "{change.id}"; states are '
                        f"{_list(names)}"
                    )
        if self.seen is not None and self.seen.situation not in situations:
            yield f'seen has the situation "{self.seen.situation}"; there are {_list(situations)}'
        if self.seen is not None and self.seen.state not in names:
            yield f'seen has the state "{self.seen.state}"; there are {_list(names)}'

    def in_situation(self, situation: Situation) -> list[StateMotives]:
        """Return the states as they are in a situation."""
        changes = {each.id: each for each in situation.states}
        return [
            state.with_changes(changes[state.id]) if state.id in changes else state
            for state in self.states
        ]


def _list(names: list[str]) -> str:
    return ", ".join(names)
