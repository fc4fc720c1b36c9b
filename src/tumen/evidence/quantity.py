"""A figure with its range, its unit, the source it comes from and the claim it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import Field, ValidationInfo, model_validator

from tumen.errors import InvalidInput
from tumen.files.schema import Code, Record, build

Level = Literal["low", "central", "high"]
"""Which end of a range is meant."""

LEVELS: tuple[Level, ...] = ("low", "central", "high")
"""The three readings of a quantity, in order."""

OPPOSITE: dict[Level, Level] = {"low": "high", "central": "central", "high": "low"}
"""Which end to read of a figure that pulls the other way."""


class Range(Record):
    """Three readings of an amount, in order, with its unit."""

    low: float
    """The smallest value that the evidence supports."""
    central: float
    """The value used when one number is wanted."""
    high: float
    """The largest value that the evidence supports."""
    unit: Annotated[str, Field(min_length=1)]
    """The unit, spelled out: "million USD a year", "share", "months"."""

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not self.low <= self.central <= self.high:
            seen = f"low {self.low:g}, central {self.central:g}, high {self.high:g}"
            raise ValueError(f"{seen} are not in order: low <= central <= high is required")
        return self

    def at(self, level: Level) -> float:
        """Return the low, the central or the high value."""
        return {"low": self.low, "central": self.central, "high": self.high}[level]

    @property
    def span(self) -> str:
        """The figure with its range, as one would say it.

        Examples
        --------
        >>> Quantity.of(200, 350, 600, "million USD a year", "trial").span
        '350 (200 to 600) million USD a year'
        >>> Quantity.of(0.25, 0.25, 0.25, "share", "trial").span
        '0.25 share'
        """
        low, central, high = (_written(self.at(level)) for level in LEVELS)
        around = "" if low == central == high else f" ({low} to {high})"
        return f"{central}{around} {self.unit}"


def _written(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return text.replace("-", "−")


@runtime_checkable
class Claims(Protocol):
    """What figures may cite: handed to the reader of a file as its context."""

    def completed(self, figure: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields of a figure with what it leaves to the claim that it cites.

        Raises
        ------
        InvalidInput
            If there is no such claim, or it does not give what the figure leaves out.
        """
        ...


class Quantity(Range):
    """A figure as the evidence gives it: never a bare number.

    In a file it may leave its range, its unit and its source to the claim that it cites.

    Examples
    --------
    >>> gdp = Quantity(low=16.9, central=28.5, high=31.0, unit="billion USD", source="bok-2016")
    >>> gdp.at("central")
    28.5
    """

    source: Code
    """The id of an entry in a sources file."""
    claim: Code | None = None
    """The id of the claim that it rests on; null: none."""
    note: str = ""
    """What a reader should know: a definition, a year, a disagreement."""

    @model_validator(mode="before")
    @classmethod
    def _left_to_the_claim(cls, fields: Any, info: ValidationInfo) -> Any:
        cites = isinstance(fields, dict) and isinstance(fields.get("claim"), str)
        if not cites or not isinstance(info.context, Claims):
            return fields
        try:
            return info.context.completed(fields)
        except InvalidInput as error:
            raise ValueError(str(error)) from None

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
