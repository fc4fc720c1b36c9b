"""Freeness by product as rows, where a full array would have hundreds of millions of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.world.shock import Cell, is_freeness

if TYPE_CHECKING:
    from tumen.world.product_world import ProductWorld

Array = NDArray[np.float64]
Index = NDArray[np.int64]
SHOWN = 10
"""Wrong rows that an error lists."""


@dataclass(frozen=True, slots=True)
class ProductFreeness:
    """Rows (origin, destination, product, φ); "*" stands for all others, later rows win.

    A sector in the place of a product stands for all its products.
    """

    rows: tuple[tuple[str, str, str, float], ...]

    @classmethod
    def of(cls, world: ProductWorld, cells: Mapping[Cell, float]) -> ProductFreeness:
        """Take cells; every unknown label and every value that is no number ≥ 0 is refused."""
        found = cls(tuple((*cell, value) for cell, value in cells.items()))
        problems = found.problems(world)
        if problems:
            raise InvalidInput(problems, "shock")
        return found

    def problems(self, world: ProductWorld) -> list[Problem]:
        """Return what does not fit the world."""
        problems: list[Problem] = []
        products = dict.fromkeys((*world.products, *world.sectors))
        for row in self.rows:
            if len(row) != 4:
                message = "must be (origin, destination, product); '*' means all others"
                problems.append(Problem(f"cell {row[:-1]}", message))
                continue
            cell, value = row[:3], row[3]
            for kind, label in zip(("economy", "economy", "product"), cell):
                allowed = products if kind == "product" else world.economies
                if label != "*" and label not in allowed:
                    near = did_you_mean(label, allowed)
                    message = f"{kind} {label!r} is not in the world; {near}"
                    problems.append(Problem(f"cell {cell}", message))
            if not is_freeness(value):
                message = f"freeness is {value!r}, must be a number ≥ 0"
                problems.append(Problem(f"cell {cell}", message))
            if len(problems) > SHOWN:
                return [*problems[:SHOWN], Problem("", "and perhaps more like these")]
        return problems

    def factors(self, world: ProductWorld) -> Array:
        """Return φ of every flow of the world (f)."""
        lookup = _Lookup(world)
        factors = np.ones(world.cells.value.size)
        for origin, destination, product, value in self.rows:
            factors[lookup.flows(origin, destination, product)] = value
        return factors


class _Lookup:
    """Finds the flows of a world that labels stand for."""

    def __init__(self, world: ProductWorld) -> None:
        self._world = world
        self._buyer = world.cells.row_buyer
        self._key = world.cells.row_group * len(world.products) + world.cells.row_product
        self._economy = {name: index for index, name in enumerate(world.economies)}

    def flows(self, origin: str, destination: str, product: str) -> Index:
        """Return positions of flows (f)."""
        cells = self._world.cells
        rows = self._rows(destination, product)
        lengths = cells.row_start[rows + 1] - cells.row_start[rows]
        ends = np.cumsum(lengths)
        flows: Index = np.arange(lengths.sum()) + np.repeat(
            cells.row_start[rows] - ends + lengths, lengths
        )
        if origin != "*":
            flows = flows[cells.seller[flows] == self._economy[origin]]
        elif destination != "*":
            flows = flows[cells.seller[flows] != self._economy[destination]]
        if destination == "*":
            buyer = self._buyer[np.searchsorted(cells.row_start, flows, side="right") - 1]
            flows = flows[cells.seller[flows] != buyer]
        return flows

    def _rows(self, destination: str, product: str) -> Index:
        """Rows (r) of a buyer, or all, and of a product, of all of a sector, or all."""
        world, cells = self._world, self._world.cells
        if destination != "*" and product in world.position:
            place = world.position[product]
            group = cells.sector_of[place] * cells.economies + self._economy[destination]
            wanted = group * len(world.products) + place
            first, last = np.searchsorted(self._key, [wanted, wanted + 1])
            return np.arange(first, last)
        chosen = np.ones(self._buyer.size, dtype=bool)
        if destination != "*":
            chosen &= self._buyer == self._economy[destination]
        if product in world.position:
            chosen &= cells.row_product == world.position[product]
        elif product != "*":
            own = world.sector_of == world.sectors.index(product)
            chosen &= own[cells.row_product]
        return np.flatnonzero(chosen)
