"""A figure with its range, its unit and the source it comes from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tumen.files.schema import Code, Record, build

Level = Literal["low", "central", "high"]
"""Which end of a range is meant."""

LEVELS: tuple[Level, ...] = ("low", "central", "high")
"""The three readings of a quantity, in order."""

OPPOSITE: dict[Level, Level] = {"low": "high", "central": "central", "high": "low"}
"""Which end to read of a figure that pulls the other way."""


class Quantity(Record):
    """A figure as the evidence gives it: never a bare number.

    Examples
    --------
    >>> gdp = Quantity(low=16.9, central=28.5, high=31.0, unit="billion USD", source="bok-2016")
    >>> gdp.at("central")
    28.5
    """

    low: float
    """The smallest value that the evidence supports."""
    central: float
    """The value used when one number is wanted."""
    high: float
    """The largest value that the evidence supports."""
    unit: Annotated[str, Field(min_length=1)]
    """The unit, spelled out: "million USD a year", "share", "months"."""
    source: Code
    """The id of an entry in a sources file."""
    note: str = ""
    """What a reader should know: a definition, a year, a disagreement."""

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if not self.low <= self.central <= self.high:
            seen = f"low {self.low:g}, central {self.central:g}, high {self.high:g}"
            raise ValueError(f"{seen} are not in order: low <= central <= high is required")
        return self

    @classmethod
    def of(
        cls, low: float, central: float, high: float, unit: str, source: str, note: str = ""
    ) -> Quantity:
        """Build a quantity in Python; bad values raise ``InvalidInput``.

        Examples
        --------
        >>> Quantity.of(3, 2, 4, "share", "trial")
        Traceback (most recent call last):
        tumen.errors.InvalidInput: low 3, central 2, high 4 are not in order: low <= central \
<= high is required
        """
        values = {"low": low, "central": central, "high": high}
        return build(cls, **values, unit=unit, source=source, note=note)

    def at(self, level: Level) -> float:
        """Return the low, the central or the high value."""
        return {"low": self.low, "central": self.central, "high": self.high}[level]
