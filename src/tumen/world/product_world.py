"""ProductWorld: a world whose trade is told by product."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.sources.flow_table import SHOWN, FlowTable, labelled
from tumen.world.product_cells import ProductCells
from tumen.world.product_split import HOME_SALES, HomeSales, sector_problems, split
from tumen.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


class ProductWorld:
    """Hold a world together with its trade by product.

    Parameters
    ----------
    world
        The accounts by sector. They stay as they are: each of its flows by sector is told by
        product in the proportions of ``flows``.
    flows
        A :class:`tumen.sources.flow_table.FlowTable`, or a long table with columns origin,
        destination, product and value.
    sector_of
        Product → sector of the world. A producer's inputs, and so its cost, are its sector's.
    home
        How home sales lie on products where ``flows`` has none of a sector: "exports" as the
        economy's exports do, "world" as world trade does, "untold" as one product of their own.
    elasticity
        Product → trade elasticity θ, positive; None: that of its sector.
    product_elasticity
        Sector → elasticity of substitution σ between its products, positive; None, and sectors
        left out: 1, fixed shares of spending.

    Raises
    ------
    InvalidInput
        With every problem: products without a sector, unknown labels, values out of range.

    Notes
    -----
    ĉ_is as in the model by sector, P̂_np^(−θ_p) = Σ_i π_inp φ_inp ĉ_is^(−θ_p), and P̂_ns^(1−σ) =
    Σ_p δ_np P̂_np^(1−σ) with δ_np the product's share in n's spending on the sector (Π P̂_np^δ_np
    where σ is 1); X'_np = δ_np (P̂_np/P̂_ns)^(1−σ) X'_ns. With θ_p = θ_s and σ = 1 + θ_s these are
    the equations by sector, and the products change nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> import tumen
    >>> world = tumen.load_world()
    >>> coal = pd.DataFrame({"origin": ["PRK"] * 2, "destination": ["CHN"] * 2,
    ...                      "product": ["270111", "270112"], "value": [9.0, 1.0]})
    >>> fine = tumen.ProductWorld(world, coal, {"270111": "B05", "270112": "B05"}, home="world")
    >>> shock = tumen.Shock.of(fine, {("PRK", "CHN", "270111"): 0})
    >>> outcome = tumen.solve(fine, shock)
    >>> float(outcome.trade.sel(origin="PRK", destination="CHN", sector="B05")) > 0
    True
    """

    def __init__(
        self,
        world: World,
        flows: FlowTable | pd.DataFrame,
        sector_of: Mapping[str, str],
        *,
        home: HomeSales,
        elasticity: Mapping[str, float] | None = None,
        product_elasticity: Mapping[str, float] | None = None,
    ) -> None:
        if not isinstance(world, World):
            raise InvalidInput(Problem("world", f"is a {type(world).__name__}, must be a World"))
        table = flows if isinstance(flows, FlowTable) else FlowTable.of(flows)
        problems = sector_problems(table, sector_of, world.sectors)
        if home not in HOME_SALES:
            problems.append(Problem("home", f"is {home!r}; {did_you_mean(str(home), HOME_SALES)}"))
        problems += _elasticity_problems("elasticity", elasticity, table.products)
        problems += _elasticity_problems("product_elasticity", product_elasticity, world.sectors)
        if problems:
            raise InvalidInput(problems, "world by product")
        accounts = world.accounts
        done = split(accounts, world.economies, world.sectors, table, sector_of, home)
        theta = accounts.theta[done.cells.sector_of]
        own = elasticity or {}
        self._accept(
            world,
            done.cells,
            done.products,
            np.array([own.get(p, t) for p, t in zip(done.products, theta)], dtype=float),
            np.array([(product_elasticity or {}).get(s, 1.0) for s in world.sectors], dtype=float),
            {**table.attrs, **done.notes},
        )

    def _accept(
        self,
        world: World,
        cells: ProductCells,
        products: tuple[str, ...],
        elasticity: Array,
        substitution: Array,
        attrs: Mapping[str, str],
    ) -> None:
        for array in (cells.value, cells.seller, elasticity, substitution):
            array.flags.writeable = False
        self.world = world
        self.cells = cells
        self.products = products
        self.elasticity = elasticity
        self.substitution = substitution
        self.attrs = dict(attrs)

    def rebased(self, world: World, cells: ProductCells) -> ProductWorld:
        """Return the same products on another baseline whose flows by sector fit it."""
        other = type(self).__new__(type(self))
        other._accept(world, cells, self.products, self.elasticity, self.substitution, self.attrs)
        return other

    @property
    def economies(self) -> tuple[str, ...]:
        """Labels of the economies, in the world's order."""
        return self.world.economies

    @property
    def sectors(self) -> tuple[str, ...]:
        """Labels of the sectors, in the world's order."""
        return self.world.sectors

    @property
    def sector_of(self) -> NDArray[np.int64]:
        """Position of each product's sector."""
        return self.cells.sector_of

    @cached_property
    def position(self) -> dict[str, int]:
        """Product → its position."""
        return {product: place for place, product in enumerate(self.products)}

    def flows(self) -> pd.DataFrame:
        """Return the baseline as a long table: origin, destination, product, value.

        Home sales are rows with origin = destination; money in the world's unit, before tariffs.
        """
        return self.table({"value": self.cells.value})

    def table(self, values: Mapping[str, Array]) -> pd.DataFrame:
        """Return values by flow as a long table with labels."""
        cells = self.cells
        buyer = cells.by_flow(cells.row_buyer.astype(np.int16))
        product = cells.by_flow(cells.row_product)
        seller = cells.seller.astype(np.int16)
        return labelled(self.economies, self.products, seller, buyer, product, values)

    def __repr__(self) -> str:
        return (
            f"ProductWorld({self.world!r}, {len(self.products)} products, "
            f"{self.cells.value.size} flows)"
        )


def _elasticity_problems(
    name: str, given: Mapping[str, float] | None, allowed: tuple[str, ...]
) -> list[Problem]:
    problems = []
    for label, value in (given or {}).items():
        place = f"{name}, {label!r}"
        if label not in allowed:
            problems.append(Problem(place, f"is not there; {did_you_mean(label, allowed)}"))
        elif isinstance(value, bool) or not 0 < float(value) < np.inf:
            problems.append(Problem(place, f"is {value!r}, must be a positive number"))
    return problems[:SHOWN]
