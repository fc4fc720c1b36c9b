"""Trade that gravity makes, with noise of known size, as tables and as stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from tumen.monitor.build import build
from tumen.monitor.panel import Asked, Panel
from tumen.monitor.store import Store

NAMES = (
    "ARG", "AUS", "BRA", "CAN", "CHL", "CHN", "DEU", "EGY", "FRA", "GBR", "IDN", "IND", "ITA",
    "JPN", "KEN", "MEX", "NGA", "NOR", "PER", "PHL",
)  # fmt: skip
FIRST, LAST = 2006, 2017


def gravity_links(seed: int, noise: float = 0.2, economies: int = 14) -> pd.DataFrame:
    """Yearly trade of every pair: effects of pairs and of both sides' years, log-normal noise."""
    random = np.random.default_rng(seed)
    years = LAST - FIRST + 1
    size, pair = random.normal(2, 1, economies), random.normal(0, 1, (economies, economies))
    sell, buy = (random.normal(0, 0.2, (economies, years)).cumsum(axis=1) for _ in "sb")
    rows = []
    for i in range(economies):
        for j in range(economies):
            if i == j:
                continue
            mean = np.exp(size[i] / 2 + size[j] / 2 + pair[i, j] + sell[i] + buy[j])
            value = mean * random.lognormal(-(noise**2) / 2, noise, years)
            rows += [(NAMES[i], NAMES[j], FIRST + t, value[t]) for t in range(years)]
    return pd.DataFrame(rows, columns=["origin", "destination", "year", "musd"])


def with_support(
    links: pd.DataFrame, origin: str, destination: str, since: int, musd: float
) -> pd.DataFrame:
    """Add hidden support to a flow."""
    here = (links.origin == origin) & (links.destination == destination) & (links.year >= since)
    return links.assign(musd=links.musd + musd * here)


@contextmanager
def panel(
    folder: Path, rows: pd.DataFrame, target: str, since: int, products: str = "*"
) -> Iterator[Panel]:
    """Open a store of rows: origin, destination, product, year, musd; tonnes and reporter too."""
    table = rows.rename(columns={"origin": "exporter", "destination": "importer", "musd": "value"})
    path = folder / "rows-HS92.csv"
    if "product" not in table:
        table = table.assign(product="270111")
    table.to_csv(path, index=False)
    build([path], folder / "store")
    with Store(folder / "store").opened() as connection:
        yield Panel(connection, Asked(target, products, since))
