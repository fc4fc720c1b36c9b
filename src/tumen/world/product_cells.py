"""Flows by product without labels, in the order in which the engine reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class ProductCells:
    """Flows (f) by sector, buyer and product: a row (r) is all that a buyer buys of a product.

    Rows of one sector and buyer stand together (a group, g = sector · economies + buyer), and in
    each row the sellers. The engine reads them from front to back.
    """

    economies: int
    sectors: int
    sector_of: Index
    """p: sector of each product."""
    group_start: Index
    """g + 1: first row of each group."""
    row_product: NDArray[np.int32]
    """r."""
    row_start: Index
    """r + 1: first flow of each row."""
    seller: NDArray[np.uint16]
    """f."""
    value: Array
    """f: sales before tariffs, the world's unit."""

    @classmethod
    def of(
        cls,
        economies: int,
        sectors: int,
        sector_of: Index,
        buyer: NDArray[np.integer],
        product: NDArray[np.integer],
        seller: NDArray[np.integer],
        value: Array,
    ) -> ProductCells:
        """Put flows, each of which stands once, into order."""
        products = sector_of.size
        # Built step by step in place: at product level a temporary takes a hundred megabytes.
        key = sector_of[product]
        key *= economies
        key += buyer
        key *= products
        key += product
        key *= economies
        key += seller
        order = np.argsort(key)
        key = key[order]
        value = value[order]
        del order
        sold_by = (key % economies).astype(np.uint16)
        key //= economies
        first = np.ones(key.size, dtype=bool)
        np.not_equal(key[1:], key[:-1], out=first[1:])
        new = np.flatnonzero(first)
        rows = key[new]
        groups = rows // products
        start = np.searchsorted(groups, np.arange(sectors * economies + 1))
        return cls(
            economies,
            sectors,
            sector_of,
            start.astype(np.int64),
            (rows - groups * products).astype(np.int32),
            np.append(new, key.size).astype(np.int64),
            sold_by,
            value,
        )

    @cached_property
    def row_group(self) -> Index:
        """r: group of each row."""
        return np.repeat(np.arange(self.group_start.size - 1), np.diff(self.group_start))

    @property
    def row_buyer(self) -> Index:
        """r: buyer of each row."""
        buyer: Index = self.row_group % self.economies
        return buyer

    def by_flow(self, of_row: NDArray[Kind]) -> NDArray[Kind]:
        """Repeat what is known of each row (r) for its flows (f)."""
        return np.repeat(of_row, np.diff(self.row_start))

    def row_sums(self, of_flow: Array) -> Array:
        """Sum what is known of each flow (f) over its row (r); no row is empty."""
        sums: Array = np.add.reduceat(of_flow, self.row_start[:-1])
        return sums

    def tariff_factor(self, tariff: Array | None) -> Array | None:
        """1 + τ of each flow (f) from rates by sector, buyer and seller; None: no tariffs."""
        if tariff is None:
            return None
        return 1 + self.by_cell(tariff)

    def by_cell(self, of_link: Array) -> Array:
        """What is known of each link by sector, buyer and seller, for each flow (f)."""
        rows = of_link.reshape(-1, self.economies)
        own: Array = rows[self.by_flow(self.row_group), self.seller]
        return own

    def with_value(self, value: Array) -> ProductCells:
        """The same flows with other values."""
        return replace(self, value=value)
