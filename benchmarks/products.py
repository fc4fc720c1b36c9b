"""A world by product of BACI's size: reads of the flows, seconds and peak memory.

Run as a program of its own (``python -m benchmarks.products``) it solves once and prints JSON, so
that its memory is that of nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from tumen import ProductWorld, Shock, World, solve
from tumen.equilibrium.sparse import compiled_kernel
from tumen.sources.flow_table import FlowTable

ECONOMIES, PRODUCTS, SECTORS = 230, 5000, 50
FLOWS = 11_000_000
READS = 60
MEMORY = 1.5
Array = NDArray[np.float64]


def product_rows() -> list[str]:
    """One row for each kernel that is installed, each in a process of its own."""
    return [_row(name) for name in ("numba", "numpy")]


def _row(kernel: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.products", kernel], capture_output=True, text=True
    )
    if done.returncode:
        return f"by product, {kernel}: not run: {done.stderr.strip().splitlines()[-1]}"
    seen = json.loads(done.stdout)
    met = seen["reads"] <= READS and seen["gigabytes"] < MEMORY
    return (
        f"by product, {ECONOMIES} × {PRODUCTS}, {seen['flows'] / 1e6:.1f} million flows, {kernel}: "
        f"{seen['reads']} reads in {seen['solve_seconds']:.1f} s ({1e3 * seen['read_seconds']:.0f} "
        f"ms a read), world built in {seen['build_seconds']:.1f} s, peak memory "
        f"{seen['gigabytes']:.2f} GB (budget {READS} reads, {MEMORY:g} GB) "
        f"{'met' if met else 'NOT MET'}"
    )


def flow_table(economies: int, products: int, flows: int, seed: int = 0) -> FlowTable:
    """Draw a table as BACI has it, home sales added: few large exporters, many thin flows."""
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(0, 2, economies))
    reach = np.sqrt(size[:, None] * size[None, :])
    np.fill_diagonal(reach, 0.0)
    chance = _chance(reach, flows / products)
    pieces = []
    for product in range(products):
        cell = np.flatnonzero(draw.random(reach.shape).ravel() < chance.ravel())
        home = np.arange(economies) * (economies + 1)
        cell = np.concatenate([cell, home]).astype(np.int32)
        value = np.exp(draw.normal(0, 1.5, cell.size)) * reach.ravel()[cell]
        value[-economies:] = 20 * size * np.exp(draw.normal(0, 0.5, economies))
        pieces.append((cell, np.full(cell.size, product, dtype=np.int32), value))
    cell, product_, value = (np.concatenate(parts) for parts in zip(*pieces))
    names = tuple(f"e{n}" for n in range(economies))
    origin, destination = (cell // economies).astype(np.int16), (cell % economies).astype(np.int16)
    labels = tuple(f"{k:06d}" for k in range(products))
    return FlowTable(names, labels, origin, destination, product_, value)


def _chance(reach: Array, wanted: float) -> Array:
    """Chances of a flow, in proportion to reach and at most 0.8, that give the wanted number."""
    low, high = 0.0, 1e6 / reach.mean()
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if np.minimum(middle * reach, 0.8).sum() < wanted else (low, middle)
        )
    chance: Array = np.minimum(low * reach, 0.8)
    return chance


def product_world(table: FlowTable, sectors: int, seed: int = 0) -> ProductWorld:
    """A world on the table's flows: every economy buys all it uses in the same proportions."""
    draw = np.random.default_rng(seed)
    names = [f"s{k}" for k in range(sectors)]
    sector_of = {p: names[k * sectors // len(table.products)] for k, p in enumerate(table.products)}
    trade = table.by_sector(sector_of, names)
    economies = list(table.economies)
    bought = trade.sum("origin").rename(destination="economy")
    mix = bought / bought.sum("sector")
    beta = draw.uniform(0.4, 0.6, len(economies))
    value_added = xr.DataArray(beta, {"economy": economies})
    dataset = xr.Dataset(
        {
            "trade": trade,
            "value_added_share": value_added * xr.ones_like(mix),
            "input_share": (1 - value_added) * mix.rename(sector="input") * xr.ones_like(mix),
            "final_share": mix,
            "trade_elasticity": ("sector", draw.uniform(3, 9, sectors)),
        }
    )
    theta = dict(zip(table.products, draw.uniform(3, 9, len(table.products)), strict=True))
    sigma = dict.fromkeys(names, 2.0)
    return ProductWorld(
        World(dataset), table, sector_of, home="untold", elasticity=theta, product_elasticity=sigma
    )


def main(kernel: str) -> None:
    """Embargo the second largest economy and print what it took."""
    if kernel == "numba" and compiled_kernel() is None:
        sys.exit("numba is not installed (extra fast)")
    if kernel == "numpy":
        compiled_kernel.cache_clear()
        sys.modules["numba"] = None  # type: ignore[assignment]
    table = flow_table(ECONOMIES, PRODUCTS, FLOWS)
    start = time.perf_counter()
    world = product_world(table, SECTORS)
    del table
    build = time.perf_counter() - start
    target = world.economies[int(np.argsort(world.world.accounts.value_added)[-2])]
    shock = Shock.of(world, {(target, "*", "*"): 0.0, ("*", target, "*"): 0.0})
    start = time.perf_counter()
    outcome = solve(world, shock, deficits="zero")
    seconds = time.perf_counter() - start
    links = outcome.question.products
    assert links is not None
    cost = np.zeros(outcome.solution.cost.shape)
    start = time.perf_counter()
    links.read(cost)
    read = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    seen = {
        "flows": int(world.cells.value.size),
        "reads": outcome.iterations,
        "solve_seconds": seconds,
        "build_seconds": build,
        "read_seconds": read,
        "gigabytes": peak,
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "numba")
