"""A sector known by what goes through it: tonnes of one input, a yield, a price at home."""

from __future__ import annotations

from pydantic import model_validator

from tumen.evidence.quantity import Quantity
from tumen.files.schema import Code, Record


class Processing(Record):
    """A sector that alone uses an input, and whose output follows from volumes."""

    sector: Code
    """The sector, such as refining."""
    input: Code
    """What it processes; nobody else in the economy buys it."""
    input_volume: Quantity
    """How much of the input, in a unit "… a year"."""
    output_per_input: Quantity
    """How much product comes out of a unit of input, such as "barrels a tonne"."""
    output_price: Quantity
    """What a unit of product costs at home, such as "USD a barrel"."""
    output_imports: Quantity
    """How much of the product is bought abroad beside it, such as "barrels a year"."""

    @model_validator(mode="after")
    def _units_fit(self) -> Processing:
        goods, _, per = self.output_per_input.unit.partition(" a ")
        expected = {
            "input_volume": f"{per}s a year",
            "output_price": f"USD a {goods.removesuffix('s')}",
            "output_imports": f"{goods} a year",
        }
        for name, unit in expected.items():
            if getattr(self, name).unit != unit:
                raise ValueError(
                    f'the unit of {name} is "{getattr(self, name).unit}", must be "{unit}" beside '
                    f'an output_per_input in "{self.output_per_input.unit}"'
                )
        for name in ("input_volume", "output_per_input", "output_price"):
            if getattr(self, name).low <= 0:
                raise ValueError(f"{name} must be above 0")
        return self

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All its figures."""
        return self.input_volume, self.output_per_input, self.output_price, self.output_imports

    @property
    def output_unit(self) -> str:
        """The unit of its product, as "barrels"."""
        return self.output_per_input.unit.partition(" a ")[0]

    @property
    def input_unit(self) -> str:
        """The unit of its input, as "tonnes"."""
        return self.input_volume.unit.removesuffix(" a year")

    @property
    def output_volume(self) -> float:
        """How much product it makes in a year."""
        return self.input_volume.central * self.output_per_input.central

    @property
    def output_musd(self) -> float:
        """What its product is worth at home, million USD a year."""
        return self.output_volume * self.output_price.central / 1e6

    @property
    def imported_part(self) -> float:
        """Part of the product's volume that is bought abroad."""
        return self.output_imports.central / (self.output_imports.central + self.output_volume)
