"""Trade of a target by partner and sector, out of a bundled world, where products are unknown."""

from __future__ import annotations

import re

import numpy as np

from tumen.catalogue.bundled import sector_kinds
from tumen.catalogue.worlds import catalogue, load_world
from tumen.sources.product_trade import Flow, ProductTrade
from tumen.world.world import World

SMALLEST = 1e-6
"""Million USD a year; smaller flows are left out."""


def sector_trade(target: str, year: int) -> ProductTrade | None:
    """Return a target's trade by sector from the bundled world of a year; None: there is none.

    Examples
    --------
    >>> trade = sector_trade("RUS", 2022)
    >>> trade is not None and trade.total("export") > 100_000
    True
    """
    for name, entry in catalogue().worlds.items():
        if entry.file is not None and re.search(rf"-{year}$", name):
            world = load_world(name)
            if target in world.economies:
                return trade_in(world, target, year, name)
    return None


def trade_in(world: World, target: str, year: int, source: str) -> ProductTrade:
    """Return a target's trade by partner and sector in a world, goods and services.

    Parameters
    ----------
    source
        What the rows name as their source.

    Raises
    ------
    KeyError
        If the world has no such economy.
    """
    trade = world.dataset["trade"].transpose("origin", "destination", "sector")
    cells: dict[tuple[Flow, str, str], float] = {}
    for flow, values in (
        ("export", trade.sel(origin=target)),
        ("import", trade.sel(destination=target)),
    ):
        table = np.asarray(values, dtype=float)
        for n, partner in enumerate(world.economies):
            for s, sector in enumerate(world.sectors):
                if partner != target and table[n, s] > SMALLEST:
                    cells[flow, partner, sector] = float(table[n, s])  # type: ignore[index]
    services = [sector for sector, kind in sector_kinds().items() if kind == "services"]
    return ProductTrade.of_sectors(target, year, cells, source, services)
