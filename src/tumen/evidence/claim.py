"""A claim: what is said, by whom, through whose hands it came here, and of what kind it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tumen.evidence.quantity import Range
from tumen.files.schema import Code, Record

Kind = Literal["official statistic", "estimate", "attributed report", "rumour", "judgement"]
"""How firm a claim is by its origin, firmest first; judgement is somebody's own, and says so."""
Read = Literal["original", "excerpt", "not read"]
"""How much of the last link was read for the ledger."""
Pull = Literal["toward sanctions", "away from sanctions", "toward support"]
"""Which way a fact pulls the government that it is about."""
Day = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A year, a month or a day: "2017", "2017-10", "2017-10-04"."""
Words = Annotated[str, Field(min_length=1)]
"""Text that must not be empty."""


class Link(Record):
    """One who says it, or hands it on."""

    who: Words
    """Person, institution or paper."""
    date: Day | None = None
    """When; null: not known."""
    source: Code | None = None
    """Id of a source; null where nobody looked."""


class Stated(Range):
    """The figure of a claim.

    ``central`` alone is a figure without range; ``low`` and ``high`` alone are a range whose
    middle is central.
    """

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        given = {name: fields[name] for name in ("low", "central", "high") if name in fields}
        if set(given) == {"central"}:
            return {**fields, "low": given["central"], "high": given["central"]}
        numbers = all(isinstance(value, int | float) for value in given.values())
        if set(given) == {"low", "high"} and numbers:
            return {**fields, "central": (given["low"] + given["high"]) / 2}
        return fields


class ClaimEntry(Record):
    """One claim as it stands in a file, under its id."""

    statement: Words
    """What is claimed, in our words."""
    about: Code
    """Its subject; claims on one subject stand side by side."""
    kind: Kind
    """How firm it is by its origin."""
    date: Day | None
    """When it was said; for a statistic, when it was published; null: not known."""
    chain: Annotated[list[Link], Field(min_length=1)]
    """From the speaker to what was seen here, in the order in which it was handed on."""
    read: Read
    """How much of the last link was read."""
    quantity: Stated | None = None
    """The figure; null for a claim without one."""
    pull: Pull | None = None
    """Which way it pulls a government, for facts about motives."""
    note: str = ""
    """What a reader should know."""

    @model_validator(mode="after")
    def _seen_somewhere(self) -> ClaimEntry:
        if self.chain[-1].source is None:
            raise ValueError(
                f'the last link of the chain, "{self.chain[-1].who}", is what was seen: '
                "give its source"
            )
        return self


class Claim(ClaimEntry):
    """One claim, with its id and the economy that it is about."""

    id: str
    target: str | None = None

    @property
    def speaker(self) -> str:
        """Who says it."""
        return self.chain[0].who

    @property
    def source(self) -> str:
        """Id of the source that was seen."""
        return str(self.chain[-1].source)

    @property
    def sources(self) -> list[str]:
        """Ids of all sources of the chain."""
        return [link.source for link in self.chain if link.source is not None]

    @property
    def hands(self) -> str:
        """The chain in one line, from the speaker to what was seen."""
        return " → ".join(
            f"{link.who}, {link.date}" if link.date else link.who for link in self.chain
        )

    @property
    def retold(self) -> int:
        """How often it was handed on before it was seen; what nobody read counts as once more."""
        return len(self.chain) - 1 + (self.read == "not read")
