"""Quantities that a scenario states, each with the one unit it may have."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from tumen.evidence.quantity import Quantity

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""Lower-case letters, digits, hyphens and underscores."""
LARGEST_FREENESS = 5.0
"""Freeness above this is refused as per cent."""


def _measured_in(unit: str, remedy: str) -> AfterValidator:
    """Refuse a quantity of another unit, or below zero."""

    def check(quantity: Quantity) -> Quantity:
        if quantity.unit != unit:
            raise ValueError(f'the unit is "{quantity.unit}", must be "{unit}"; {remedy}')
        if quantity.low < 0:
            raise ValueError(f"low is {quantity.low:g}, must not be below 0")
        if unit == "freeness" and quantity.high > LARGEST_FREENESS:
            raise ValueError(
                f"high is {quantity.high:g}, above {LARGEST_FREENESS:g}: it looks like per cent; "
                f"{remedy}"
            )
        return quantity

    return AfterValidator(check)


Freeness = Annotated[Quantity, _measured_in("freeness", "15 % of the baseline is 0.15")]
"""A part of a baseline link, at baseline costs."""
Money = Annotated[Quantity, _measured_in("million USD a year", "convert it, in target-year USD")]
"""Dollars a year."""
