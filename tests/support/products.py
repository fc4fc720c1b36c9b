"""Worlds by product that tests invent, and worlds by sector that must answer alike."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from tests.support.worlds import world
from tumen.sources.flow_table import FlowTable
from tumen.world import ProductWorld, Shock, World

Array = NDArray[np.float64]
LINK = ("origin", "destination", "sector")


def drawn(economies: int, products: int, seed: int = 0, holes: float = 0.5) -> FlowTable:
    """A table with home sales of every product, and ``holes`` of its other cells empty."""
    draw = np.random.default_rng(seed)
    value = np.exp(draw.normal(0, 1.5, (products, economies, economies)))
    value[draw.random(value.shape) < holes] = 0.0
    home = np.arange(economies)
    value[:, home, home] = np.exp(draw.normal(0, 0.5, (products, economies)))
    product, origin, destination = np.nonzero(value)
    return FlowTable(
        tuple(f"e{n}" for n in home),
        tuple(f"p{k}" for k in range(products)),
        origin.astype(np.int16),
        destination.astype(np.int16),
        product.astype(np.int32),
        value[product, origin, destination],
    )


def fine_world(
    economies: int = 5,
    sectors: int = 3,
    products: int = 9,
    seed: int = 0,
    sigma: float = 1.0,
    same_theta: bool = False,
    base: World | None = None,
) -> ProductWorld:
    """A drawn world whose products are dealt to its sectors in turn."""
    base = world(economies, sectors, seed, tariffs=0.2) if base is None else base
    table = drawn(economies, products, seed)
    draw = np.random.default_rng(seed)
    theta = {product: float(draw.uniform(2, 9)) for product in table.products}
    return ProductWorld(
        base,
        table,
        {product: base.sectors[k % sectors] for k, product in enumerate(table.products)},
        home="untold",
        elasticity=None if same_theta else theta,
        product_elasticity=dict.fromkeys(base.sectors, sigma),
    )


def trade_of(fine: ProductWorld, values: Array | None = None) -> xr.DataArray:
    """Flows by product as a full array whose sectors are the products."""
    cells = fine.cells
    array = np.zeros((len(fine.economies), len(fine.economies), len(fine.products)))
    buyer, product = cells.by_flow(cells.row_buyer), cells.by_flow(cells.row_product)
    array[cells.seller, buyer, product] = cells.value if values is None else values
    names = list(fine.economies)
    coords = {"origin": names, "destination": names, "sector": list(fine.products)}
    return xr.DataArray(array, coords, LINK)


def unfolded(fine: ProductWorld) -> World:
    """The world by sector whose sectors are the products: the same where σ is 1."""
    accounts, own = fine.world.accounts, fine.sector_of
    trade, data = trade_of(fine), fine.world.dataset
    rates = data["tariff"].values[:, :, own]
    bought = (trade.values * (1 + rates)).sum(axis=0)
    whole = accounts.spending.T[:, own]
    delta = np.divide(bought, whole, out=np.zeros_like(bought), where=whole > 0)
    inputs = accounts.gamma[:, own][:, :, own] * delta[:, :, None]
    sectors = {"economy": list(fine.economies), "sector": list(fine.products)}
    final = accounts.alpha.T[:, own] * delta
    return World(
        xr.Dataset(
            {
                "trade": trade,
                "tariff": (LINK, rates),
                "value_added_share": (("economy", "sector"), accounts.beta.T[:, own]),
                "input_share": (("economy", "input", "sector"), inputs),
                "final_share": (("economy", "sector"), final),
                "trade_elasticity": ("sector", fine.elasticity),
            },
            sectors | {"input": list(fine.products)},
        )
    )


def by_economy(fine: ProductWorld, values: Array) -> xr.DataArray:
    """Values as an array over the economies."""
    return xr.DataArray(values, {"economy": list(fine.economies)}, ("economy",))


def drawn_cells(fine: ProductWorld, seed: int) -> dict[tuple[str, str, str], float]:
    """Freeness of some cells, wildcards and shut flows among them; home stays open."""
    draw = np.random.default_rng(seed)
    cells = {}
    for _ in range(8):
        names = [str(draw.choice([*fine.economies, "*"])) for _ in range(2)]
        product = str(draw.choice([*fine.products, "*"]))
        if names[0] != names[1]:
            cells[names[0], names[1], product] = float(draw.choice([0.0, 1e-3, 0.2, 2.0]))
    return cells


def shock_of(fine: ProductWorld, seed: int) -> tuple[Shock, Shock]:
    """A drawn shock by product, and the same for :func:`unfolded`."""
    draw = np.random.default_rng(seed)
    cells = drawn_cells(fine, seed)
    labels = {"economy": list(fine.economies), "sector": list(fine.sectors)}
    change = np.exp(draw.normal(0, 0.2, (len(fine.economies), len(fine.sectors))))
    productivity = xr.DataArray(change, labels, ("economy", "sector"))
    products = {"economy": list(fine.economies), "sector": list(fine.products)}
    same = xr.DataArray(change[:, fine.sector_of], products, ("economy", "sector"))
    rows, array = Shock.of(fine, cells).product_freeness, Shock.of(unfolded(fine), cells).freeness
    return (
        Shock(product_freeness=rows, productivity=productivity),
        Shock(freeness=array, productivity=same),
    )
