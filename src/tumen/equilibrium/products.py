"""Links by product: what a world by product adds to the equations by sector.

A producer's cost is that of its sector. A buyer puts the products of a sector together with the
elasticity σ (1: in fixed shares of spending), and the sellers of a product with θ_p. At given
costs the products therefore boil down to sellers' shares by sector, from which the model by
sector goes on: see :mod:`tumen.equilibrium.sparse`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.sparse import CHUNK, UNIT, Flows, parts, read, row_appeal
from tumen.errors import Problem

if TYPE_CHECKING:
    from tumen.world.product_world import ProductWorld

Array = NDArray[np.float64]
Index = NDArray[np.int64]
NAMED = 10
"""Products without a seller that an error lists."""
_IRREPLACEABLE = (
    "every source of this product is shut, home sales included, so its price is infinite; leave a "
    "source open, or let others of its sector replace it (product_elasticity above 1)"
)
_NOTHING_LEFT = "every source of every product of its sector is shut; leave one open"


@dataclass(frozen=True, slots=True)
class Detail:
    """Products at a solution."""

    price: Array
    """r: P̂ of each product to its buyer; infinite where nobody sells it any more."""
    value: Array
    """f: sales before tariffs."""


@dataclass(frozen=True, eq=False)
class ProductLinks:
    """Link strengths π·φ by product; rows and flows are those of the world's cells."""

    flows: Flows
    share: Array
    """f: π, the strengths of the baseline."""
    class_sector: Index
    """class: sector; products of one sector and elasticity are of one class."""
    class_theta: Array
    world: ProductWorld
    """The labels, for errors."""
    compiled: bool | None = None
    """Whether numba reads the flows; None: where it is installed."""

    @classmethod
    def of(cls, world: ProductWorld, freeness: Array | None) -> ProductLinks:
        """Take the labels off; ``freeness`` is φ by flow (f), None: 1 everywhere."""
        cells = world.cells
        factor = cells.tariff_factor(world.world.accounts.tariff)
        share = cells.value.copy() if factor is None else cells.value * factor
        bought = cells.row_sums(share)
        share /= cells.by_flow(bought)
        group = cells.row_group
        whole = np.bincount(group, bought, cells.group_start.size - 1)
        kinds, kind = np.unique(
            np.stack([world.sector_of.astype(float), world.elasticity]), axis=1, return_inverse=True
        )
        flows = Flows(
            cells.group_start,
            cells.row_start,
            kind.reshape(-1).astype(np.int32)[cells.row_product],
            bought / whole[group],
            world.elasticity[cells.row_product],
            np.repeat(1 - world.substitution, cells.economies),
            cells.seller,
            share if freeness is None else share * freeness,
        )
        return cls(flows, share, kinds[0].astype(np.int64), kinds[1], world)

    def read(self, log_cost: Array) -> tuple[Array, Array]:
        """Return sellers' shares (s, n, i) and ln P̂ (s, n) at costs ln ĉ (s, i): one read."""
        found = read(self.flows, self._strength(log_cost), self.compiled)
        shape = log_cost.shape
        return found.shares.reshape(*shape, shape[1]), found.log_price.reshape(shape)

    def detail(self, log_cost: Array, log_price: Array, spending: Array) -> Detail:
        """Return prices and flows by product at a solution: ln ĉ (s, i), ln P̂ and X' (s, n)."""
        flows, strength = self.flows, self._strength(log_cost)
        price, value = np.full(flows.row_share.size, np.inf), np.empty(flows.weight.size)
        for first, last in parts(flows, -(-flows.weight.size // CHUNK)):
            rows = slice(flows.group_start[first], flows.group_start[last])
            group, reached, appeal = row_appeal(flows, strength, first, last)
            sold = appeal > 0
            np.power(appeal, -1 / flows.row_theta[rows], out=price[rows], where=sold)
            relative = np.where(sold, price[rows], 1.0) / np.exp(log_price.ravel())[group]
            part = flows.row_share[rows] * relative ** flows.group_power[group]
            part *= spending.ravel()[group]
            part = np.divide(part, appeal, out=np.zeros_like(part), where=sold)
            lengths = np.diff(flows.row_start[rows.start : rows.stop + 1])
            span = slice(flows.row_start[rows.start], flows.row_start[rows.stop])
            value[span] = reached * np.repeat(part, lengths)
        return Detail(price, value)

    def within(self, block: NDArray[np.intp]) -> ProductLinks:
        """The links between economies of the same block (n)."""
        cells = self.world.cells
        same = cells.by_flow(block[cells.row_buyer]) == block[self.flows.seller]
        return self._with_weight(np.where(same, self.flows.weight, 0.0))

    def between(self, share: float, floor: float) -> ProductLinks:
        """The links at ``share`` of the way from the baseline, geometric.

        A link that ends shut falls to ``floor`` of its baseline on the way.
        """
        goal = np.maximum(self.flows.weight, floor * self.share)
        return self._with_weight(self.share ** (1 - share) * goal**share)

    def problems(self) -> list[Problem]:
        """Name buyers whose every source of a product is shut, where nothing replaces it."""
        world, cells = self.world, self.world.cells
        rows = np.flatnonzero(self._empty())
        problems = []
        for row in rows[:NAMED]:
            product = int(cells.row_product[row])
            sector = int(world.sector_of[product])
            place = (
                f"economy {world.economies[cells.row_buyer[row]]}, product "
                f"{world.products[product]} (sector {world.sectors[sector]})"
            )
            alone = world.substitution[sector] <= 1
            problems.append(Problem(place, _IRREPLACEABLE if alone else _NOTHING_LEFT))
        if rows.size > NAMED:
            problems.append(Problem("", f"and {rows.size - NAMED} more products like these"))
        return problems

    def _empty(self) -> NDArray[np.bool_]:
        """r: every seller of the product is shut, and nothing of its sector may replace it."""
        left = np.add.reduceat(self.flows.weight, self.flows.row_start[:-1]) > 0
        if left.all():
            return ~left
        group = self.world.cells.row_group
        some = np.bincount(group, left, self.flows.group_start.size - 1) > 0
        alone = (self.flows.group_power > -UNIT)[group] | ~some[group]
        shut: NDArray[np.bool_] = ~left & alone
        return shut

    def _with_weight(self, weight: Array) -> ProductLinks:
        return replace(self, flows=self.flows._replace(weight=weight))

    def _strength(self, log_cost: Array) -> Array:
        """Sellers' ĉ^(−θ) by class of products (class, i)."""
        strength: Array = np.exp(-self.class_theta[:, None] * log_cost[self.class_sector])
        return strength
