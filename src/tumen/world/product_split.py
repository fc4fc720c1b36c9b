"""A world's trade told by product: flows of a table scaled to its cells, home sales imputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import Problem
from tumen.files.nearest import did_you_mean
from tumen.sources.flow_table import SHOWN, FlowTable
from tumen.world.accounts import Accounts
from tumen.world.product_cells import ProductCells

Array = NDArray[np.float64]
Index = NDArray[np.int64]
HomeSales = Literal["exports", "world", "untold"]
HOME_SALES: dict[HomeSales, str] = {
    "exports": "home sales of a sector lie on products as the economy's exports do, where it "
    "exports none of the sector as world trade does: what is made for the home market alone is "
    "missing, and what is only imported has no home source",
    "world": "home sales of a sector lie on products as world trade does: every economy makes "
    "every product, which understates how far it depends on imports",
    "untold": "home sales of a sector are one product of their own",
}
"""Where home sales come from that a table does not have, and what that hides."""


@dataclass(frozen=True, slots=True)
class Split:
    """Cells of a world by product, the labels of its products, and what was done."""

    cells: ProductCells
    products: tuple[str, ...]
    notes: dict[str, str]


def sector_problems(
    table: FlowTable, sector_of: Mapping[str, str], sectors: Sequence[str]
) -> list[Problem]:
    """Return products without a sector, and sectors that the world does not have."""
    without = [product for product in table.products if product not in sector_of]
    problems = [
        Problem(f"sector_of, product {product!r}", "has no sector; name one of the world's")
        for product in without[:SHOWN]
    ]
    if len(without) > SHOWN:
        more = f"and {len(without) - SHOWN} more products have no sector"
        problems.append(Problem("sector_of", more))
    named = {sector_of[product] for product in table.products if product in sector_of}
    problems += [
        Problem(
            f"sector_of, sector {name!r}", f"is not in the world; {did_you_mean(name, sectors)}"
        )
        for name in sorted(named - set(sectors))
    ]
    taken = [product for product in table.products if product in set(sectors)]
    return problems + [
        Problem(f"product {product!r}", "is also a sector of the world; name the product otherwise")
        for product in taken
        if sector_of.get(product) != product
    ]


def split(
    accounts: Accounts,
    economies: Sequence[str],
    sectors: Sequence[str],
    table: FlowTable,
    sector_of: Mapping[str, str],
    home: HomeSales,
) -> Split:
    """Tell every cell of ``accounts.trade`` by product.

    A cell has the products of the table's flows between the two economies in that sector, in
    their proportions. What a cell has and the table does not is one product of its own, what the
    table has and no cell does is left out; both are noted.
    """
    sector_index = {name: index for index, name in enumerate(sectors)}
    of_product = np.array([sector_index[sector_of[p]] for p in table.products], dtype=np.int64)
    flows, lost = _in_world(table, economies)
    if home != "untold":
        flows = flows.joined(_home_sales(accounts, flows, of_product, home))
    wanted = accounts.trade.ravel()
    cell = flows.cells(of_product, len(economies))
    told: Array = np.bincount(cell, flows.value, wanted.size).astype(float)
    kept = wanted[cell] > 0
    lost += float(flows.value[~kept & (flows.buyer != flows.seller)].sum())
    scale = np.divide(wanted, told, out=np.zeros_like(wanted), where=told > 0)
    flows = replace(flows, value=flows.value * scale[cell]).where(kept)
    del cell, kept
    products, of_all, untold = _untold(accounts, told, sectors, table.products, of_product)
    flows = flows.joined(untold)
    cells = ProductCells.of(
        len(economies), len(sectors), of_all, flows.buyer, flows.product, flows.seller, flows.value
    )
    strangers = [name for name in table.economies if name not in economies]
    abroad = float(table.value[table.origin != table.destination].sum())
    notes = {
        "untold": f"{_foreign_share(accounts, told):.3g} % of trade between economies is not told "
        "by product",
        "left_out": f"{_per_cent(lost, abroad):.3g} % of the table's trade between economies has "
        "no place in the world",
        "not_in_world": ", ".join(strangers),
        "home_sales": HOME_SALES[home],
    }
    return Split(cells, products, notes)


@dataclass(frozen=True, slots=True)
class _Flows:
    buyer: NDArray[np.integer]
    product: NDArray[np.integer]
    seller: NDArray[np.integer]
    value: Array

    def where(self, kept: NDArray[np.bool_]) -> _Flows:
        if kept.all():
            return self
        return _Flows(self.buyer[kept], self.product[kept], self.seller[kept], self.value[kept])

    def joined(self, other: _Flows) -> _Flows:
        if not other.value.size:
            return self
        return _Flows(
            np.concatenate([self.buyer, other.buyer]),
            np.concatenate([self.product, other.product]),
            np.concatenate([self.seller, other.seller]),
            np.concatenate([self.value, other.value]),
        )

    def cells(self, of_product: Index, economies: int) -> Index:
        """Position of each flow's cell among (sector, buyer, seller)."""
        cell: Index = of_product[self.product]
        cell *= economies
        cell += self.buyer
        cell *= economies
        cell += self.seller
        return cell


def _in_world(table: FlowTable, economies: Sequence[str]) -> tuple[_Flows, float]:
    """The table's flows between economies of the world, and the value of its other trade."""
    position = {name: place for place, name in enumerate(economies)}
    place = np.array([position.get(name, -1) for name in table.economies], dtype=np.int16)
    known = (place[table.origin] >= 0) & (place[table.destination] >= 0)
    lost = float(table.value[~known & (table.origin != table.destination)].sum())
    known &= table.value > 0
    flows = _Flows(place[table.destination], table.product, place[table.origin], table.value)
    return flows.where(known), lost


def _home_sales(accounts: Accounts, flows: _Flows, of_product: Index, home: HomeSales) -> _Flows:
    """Home sales by product where the table has none of a sector, in the table's own unit."""
    economies, products = accounts.value_added.size, of_product.size
    abroad = flows.buyer != flows.seller
    own = flows.seller[abroad].astype(np.int64) * products + flows.product[abroad]
    sold = np.bincount(own, flows.value[abroad], economies * products).reshape(economies, products)
    world = sold.sum(axis=0)
    sector_sums = np.zeros((economies, accounts.theta.size))
    np.add.at(sector_sums.T, of_product, sold.T)
    by_world = (sector_sums[:, of_product] == 0) | (home == "world")
    mix = np.where(by_world, world, sold)
    has = np.zeros(sector_sums.shape, dtype=bool)
    has[flows.seller[~abroad], of_product[flows.product[~abroad]]] = True
    given = np.einsum("snn->ns", accounts.trade) > 0
    mix[~(given & ~has)[:, of_product]] = 0.0
    seller, product = np.nonzero(mix)
    value = mix[seller, product]
    return _Flows(seller.astype(np.int16), product.astype(np.int32), seller.astype(np.int16), value)


def _untold(
    accounts: Accounts,
    told: Array,
    sectors: Sequence[str],
    names: tuple[str, ...],
    of_product: Index,
) -> tuple[tuple[str, ...], Index, _Flows]:
    """The products that stand for what is not told; labels and sectors of all, and their flows."""
    wanted = accounts.trade
    missing = (wanted > 0) & (told.reshape(wanted.shape) == 0)
    sector, buyer, seller = np.nonzero(missing)
    short = np.unique(sector)
    covered = set(of_product.tolist())
    labels = [f"{sectors[s]}-untold" if s in covered else sectors[s] for s in short]
    new = [label for label in labels if label not in names]
    place = {label: position for position, label in enumerate((*names, *new))}
    product = np.array([place[label] for label in labels], dtype=np.int64)
    product = product[np.searchsorted(short, sector)]
    added = [s for s, label in zip(short.tolist(), labels, strict=True) if label in new]
    flows = _Flows(
        buyer.astype(np.int16), product.astype(np.int32), seller.astype(np.int16), wanted[missing]
    )
    return (*names, *new), np.append(of_product, added).astype(np.int64), flows


def _foreign_share(accounts: Accounts, told: Array) -> float:
    """Per cent of trade between economies that the table does not tell."""
    foreign = accounts.trade * (1 - np.eye(accounts.value_added.size))
    missing = foreign[told.reshape(foreign.shape) == 0].sum()
    return _per_cent(float(missing), float(foreign.sum()))


def _per_cent(part: float, whole: float) -> float:
    return 100 * part / whole if whole > 0 else 0.0
