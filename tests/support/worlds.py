"""Worlds that tests invent: sizes drawn wide, home bias; inputs, tariffs, deficits on request."""

from __future__ import annotations

import numpy as np
import xarray as xr

from tumen.world import World


def dataset(
    economies: int,
    sectors: int,
    seed: int = 0,
    inputs: bool = True,
    deficits: float = 0.02,
    tariffs: float = 0.0,
) -> xr.Dataset:
    """Data that are no equilibrium yet; economies e0, e1, … and sectors s0, s1, …."""
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(0, 1.5, economies))
    trade = np.exp(draw.normal(0, 1, (economies, economies, sectors)))
    trade *= (size[:, None] * size[None, :] / size.sum())[:, :, None]
    home = np.arange(economies)
    trade[home, home] *= 2 * economies
    beta = draw.uniform(0.3, 0.7, (economies, sectors)) if inputs else np.ones((economies, sectors))
    gamma = draw.dirichlet(np.ones(sectors), (economies, sectors)).transpose(0, 2, 1)
    alpha = draw.dirichlet(np.ones(sectors), economies)
    value_added = (beta * trade.sum(axis=1)).sum(axis=1)
    deficit = draw.normal(0, deficits, economies) * value_added if deficits else np.zeros(economies)
    deficit -= deficit.sum() * value_added / value_added.sum()
    labels, names = [f"e{n}" for n in home], [f"s{k}" for k in range(sectors)]
    variables = {
        "trade": (("origin", "destination", "sector"), trade),
        "value_added_share": (("economy", "sector"), beta),
        "input_share": (("economy", "input", "sector"), gamma * (1 - beta)[:, None, :]),
        "final_share": (("economy", "sector"), alpha),
        "trade_elasticity": (("sector",), draw.uniform(2, 9, sectors)),
        "deficit": (("economy",), deficit),
    }
    if tariffs:
        rates = draw.uniform(0, tariffs, trade.shape)
        rates[home, home] = 0.0
        variables["tariff"] = (("origin", "destination", "sector"), rates)
    coords = dict.fromkeys(("origin", "destination", "economy"), labels)
    coords |= dict.fromkeys(("sector", "input"), names)
    return xr.Dataset(variables, coords)


def world(
    economies: int,
    sectors: int,
    seed: int = 0,
    inputs: bool = True,
    deficits: float = 0.02,
    tariffs: float = 0.0,
) -> World:
    """A balanced world; ``deficits=0`` gives one without deficits."""
    data = dataset(economies, sectors, seed, inputs, deficits, tariffs)
    return World.equilibrate(data, deficits="keep" if deficits else "zero")


def cut(world: World, economy: str, freeness: float) -> xr.DataArray:
    """Freeness that leaves ``economy`` only the given part of every foreign link."""
    dims = ("origin", "destination", "sector")
    array = xr.ones_like(world.dataset["trade"])
    n = world.economies.index(economy)
    array[n, :, :] = freeness
    array[:, n, :] = freeness
    array[n, n, :] = 1.0
    return array.transpose(*dims)
