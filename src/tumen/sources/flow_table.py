"""Trade by origin, destination and product, one flow a row: too many cells for a full array."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

LABELS = ("origin", "destination", "product")
"""The label columns of a table of flows; ``value`` goes with them."""
SHOWN = 10
"""Wrong rows that an error lists for each rule."""


def _row(row: int) -> str:
    return f"flows, row {row + 1}"


@dataclass(frozen=True, eq=False)
class FlowTable:
    """Hold flows as codes into lists of labels; home sales where origin = destination.

    Parameters
    ----------
    economies, products
        The labels.
    origin, destination, product
        Arrays (flow): positions among the labels.
    value
        Array (flow): million USD a year.
    attrs
        What the table is: source, year, edition of the product codes, notes.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"],
    ...                       "product": "270112", "value": [1.0, 2.0]})
    >>> table = FlowTable.of(frame)
    >>> table.economies, table.products, float(table.value.sum())
    (('A', 'B'), ('270112',), 3.0)
    """

    economies: tuple[str, ...]
    products: tuple[str, ...]
    origin: NDArray[np.int16]
    destination: NDArray[np.int16]
    product: NDArray[np.int32]
    value: NDArray[np.float64]
    attrs: Mapping[str, str] = field(default_factory=dict)
    group_of: Mapping[str, str] = field(default_factory=dict)
    """Product → the group that its file puts it in; empty where it names none."""

    @classmethod
    def of(cls, frame: pd.DataFrame, attrs: Mapping[str, str] | None = None) -> FlowTable:
        """Take a long table with columns origin, destination, product and value.

        Parameters
        ----------
        frame
            Labels as text, values in million USD a year; other columns are left out.

        Raises
        ------
        InvalidInput
            For missing columns, labels that are no text, values that are no finite number or
            below 0, and rows that stand twice.
        """
        problems = [
            Problem(
                "flows", f"has no column {name!r}; {did_you_mean(name, map(str, frame.columns))}"
            )
            for name in (*LABELS, "value")
            if name not in frame.columns
        ]
        if problems:
            raise InvalidInput(problems, "flows")
        coded = {name: _coded(frame[name], name) for name in LABELS}
        economies = tuple(sorted({*coded["origin"][1], *coded["destination"][1]}))
        products = tuple(sorted(coded["product"][1]))
        positions = {
            name: _moved(*coded[name], products if name == "product" else economies)
            for name in LABELS
        }
        try:
            value = frame["value"].to_numpy(dtype=float)
        except (TypeError, ValueError) as error:
            raise InvalidInput(Problem("flows, column value", f"{error}; write numbers")) from error
        table = cls(
            economies,
            products,
            positions["origin"].astype(np.int16),
            positions["destination"].astype(np.int16),
            positions["product"].astype(np.int32),
            value,
            dict(attrs or {}),
        )
        found = table.problems()
        if found:
            raise InvalidInput(found, "flows")
        return table

    def problems(self, place: Callable[[int], str] = _row) -> list[Problem]:
        """Return wrong values and rows that stand twice; ``place`` says where a row stands."""
        wrong = np.flatnonzero(~(np.isfinite(self.value) & (self.value >= 0)))
        problems = [
            Problem(
                place(row),
                f"the value of {self._named(row)} is {self.value[row]:g}, must be a finite "
                "number that is not negative",
            )
            for row in wrong[:SHOWN].tolist()
        ]
        key = self.keys()
        order = np.argsort(key, kind="stable")
        double = np.flatnonzero(key[order][1:] == key[order][:-1])
        pairs = sorted(zip(order[double + 1].tolist(), order[double].tolist(), strict=True))
        problems += [
            Problem(place(row), f"{self._named(row)} stands already in {place(first)}")
            for row, first in pairs[:SHOWN]
        ]
        for kind, count in (("values", wrong.size), ("rows", len(pairs))):
            if count > SHOWN:
                problems.append(Problem("flows", f"and {count - SHOWN} more {kind} like these"))
        return problems

    def keys(self) -> NDArray[np.int64]:
        """One number for each flow, ordered by product, destination and origin."""
        count = len(self.economies)
        link = self.destination.astype(np.int64) * count + self.origin
        keys: NDArray[np.int64] = self.product.astype(np.int64) * count**2 + link
        return keys

    def frame(self) -> pd.DataFrame:
        """Return the long table: origin, destination, product (categories) and value."""
        return labelled(
            self.economies, self.products, self.origin, self.destination, self.product,
            {"value": self.value},
        )  # fmt: skip

    def by_sector(self, sector_of: Mapping[str, str], sectors: Sequence[str]) -> xr.DataArray:
        """Sum flows to sectors (origin, destination, sector); economies in the table's order.

        Parameters
        ----------
        sector_of
            Product → sector.
        sectors
            Labels of the result; products of other sectors are left out.
        """
        import xarray as xr

        position = {sector: place for place, sector in enumerate(sectors)}
        places = [position.get(sector_of[product], -1) for product in self.products]
        own = np.array(places, dtype=np.int64)[self.product]
        count = len(self.economies)
        cell = (own * count + self.origin) * count + self.destination
        known = own >= 0
        sums = np.bincount(cell[known], self.value[known], len(sectors) * count * count)
        economies = list(self.economies)
        coords = {"origin": economies, "destination": economies, "sector": list(sectors)}
        values = sums.reshape(len(sectors), count, count).transpose(1, 2, 0)
        return xr.DataArray(values, coords, ("origin", "destination", "sector"), name="trade")

    def _named(self, row: int) -> str:
        sides = self.economies[self.origin[row]], self.economies[self.destination[row]]
        return f"{sides[0]} to {sides[1]}, product {self.products[self.product[row]]}"


def labelled(
    economies: Sequence[str],
    products: Sequence[str],
    origin: NDArray[Any],
    destination: NDArray[Any],
    product: NDArray[Any],
    values: Mapping[str, NDArray[np.float64]],
) -> pd.DataFrame:
    """Return a long table with labels as categories, so that a million rows stay small."""
    import pandas as pd

    sides = {"origin": (origin, economies), "destination": (destination, economies)}
    columns: dict[str, Any] = {
        name: pd.Categorical.from_codes(codes, list(labels))
        for name, (codes, labels) in (sides | {"product": (product, products)}).items()
    }
    return pd.DataFrame(columns | dict(values))


def _coded(column: Any, name: str) -> tuple[NDArray[np.int64], list[str]]:
    """Codes of a column, and its labels; every label must be text."""
    import pandas as pd

    codes, labels = pd.factorize(column)
    labels = list(labels)
    wrong = [label for label in labels if not isinstance(label, str) or not label.strip()]
    if wrong or (codes < 0).any():
        seen = repr(wrong[0]) if wrong else "an empty cell"
        message = f"labels must be text, found {seen}; keep codes such as '010121' as text"
        raise InvalidInput(Problem(f"flows, column {name}", message))
    return codes.astype(np.int64), labels


def _moved(
    codes: NDArray[np.int64], labels: Sequence[str], wanted: Sequence[str]
) -> NDArray[np.int64]:
    """Codes into ``wanted`` instead of ``labels``."""
    place = {label: index for index, label in enumerate(wanted)}
    return np.array([place[label] for label in labels], dtype=np.int64)[codes]
