"""The outcome of a world by product: all readings by economy and sector, and flows by product."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.pose import pose_products
from tumen.equilibrium.products import Detail, ProductLinks
from tumen.equilibrium.solution import Solution, solve_question
from tumen.world.shock import Shock
from tumen.world.world import World

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from tumen.world.product_world import ProductWorld

Array = NDArray[np.float64]
BASELINE_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False, repr=False)
class ProductOutcome(Outcome):
    """Hold the new equilibrium of a world by product.

    Every reading of :class:`Outcome` is here; ``world`` and ``trade`` are by sector, and in
    ``first_order_welfare`` a flow counts as shut where all of its sector is.

    Examples
    --------
    >>> import pandas as pd
    >>> import tumen
    >>> world = tumen.load_world()
    >>> coal = pd.DataFrame({"origin": ["PRK"] * 2, "destination": ["CHN"] * 2,
    ...                      "product": ["270111", "270112"], "value": [9.0, 1.0]})
    >>> fine = tumen.ProductWorld(world, coal, {"270111": "B05", "270112": "B05"}, home="untold")
    >>> outcome = tumen.solve(fine)
    >>> table = outcome.product_trade.set_index("product").loc["270111"]
    >>> bool(abs(table.value / table.baseline - 1) < 1e-8)
    True
    """

    products: ProductWorld

    @cached_property
    def product_trade(self) -> pd.DataFrame:
        """Long table: origin, destination, product, baseline and value, home sales included.

        Money in the world's unit, before tariffs; rows are the flows of the baseline.
        """
        detail = self._detail
        values = {"baseline": self.products.cells.value, "value": detail.value}
        return self.products.table(values)

    @cached_property
    def product_price(self) -> xr.DataArray:
        """Price of each product to its buyer (economy, product); ratio.

        Missing where the buyer never buys it, infinite where nobody sells it any more.
        """
        import xarray as xr

        cells = self.products.cells
        values = np.full((len(self.products.economies), len(self.products.products)), np.nan)
        values[cells.row_buyer, cells.row_product] = self._detail.price
        labels = {
            "economy": list(self.products.economies),
            "product": list(self.products.products),
        }
        attrs = {"units": "ratio to baseline"}
        return xr.DataArray(values, labels, name="product_price", attrs=attrs)

    @cached_property
    def _detail(self) -> Detail:
        return detail(self.products, self._links, self.solution)

    @cached_property
    def _links(self) -> ProductLinks:
        return _links_of(self.question.products, self.solution)

    def _gain(self) -> Array:
        _, log_price = self._links.read(np.zeros_like(self.solution.price))
        return -log_price


def detail(world: ProductWorld, links: ProductLinks, solution: Solution) -> Detail:
    """Return prices and sales before tariffs by product at a solution."""
    found = links.detail(np.log(solution.cost), np.log(solution.price), solution.spending)
    factor = world.cells.tariff_factor(world.world.accounts.tariff)
    return found if factor is None else replace(found, value=found.value / factor)


def _links_of(links: ProductLinks | None, solution: Solution) -> ProductLinks:
    assert links is not None
    return links if not solution.block.any() else links.within(solution.block)


def without_deficits(world: ProductWorld) -> ProductWorld:
    """Solve the world without deficits, on the shares of its data."""
    accounts = world.world.accounts
    question = pose_products(world, Shock(), "zero")
    question = replace(question, accounts=accounts.published())
    base = world.world
    solution = solve_question(question, base.economies, base.sectors, BASELINE_TOLERANCE)
    found = detail(world, _links_of(question.products, solution), solution)
    dataset = base.dataset.drop_vars("deficit", errors="ignore")
    trade = np.ascontiguousarray(solution.trade.transpose(2, 1, 0))
    dataset["trade"] = (("origin", "destination", "sector"), trade)
    return world.rebased(World(dataset), world.cells.with_value(found.value))
