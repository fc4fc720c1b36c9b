"""How time grows with economies, sectors, flows by product and draws: fitted exponents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from benchmarks.products import flow_table, product_world
from benchmarks.timing import Row, median_seconds
from tests.support.worlds import world
from tumen import Outcome, Shock, solve
from tumen.ensemble.ensemble import ensemble
from tumen.equilibrium.products import ProductLinks
from tumen.scenario.load import load_scenario

ECONOMIES, SECTORS = (40, 80, 160, 320), (10, 20, 40, 80)
MIDDLE = (40, 10)
FLOWS = (50_000, 200_000, 800_000, 3_200_000)
PARTNERS, PRODUCTS = 100, 1000
DRAWS = (5, 10, 20)


def scaling_rows() -> Iterator[Row]:
    """Time an embargo of one economy while one size grows and the others stay, and draws."""
    iteration = "ms an iteration"
    by_economies = [_seconds_of_iteration(size, MIDDLE[1]) for size in ECONOMIES]
    yield _row("economies", ECONOMIES, by_economies, iteration)
    by_sectors = [_seconds_of_iteration(MIDDLE[0], size) for size in SECTORS]
    yield _row("sectors", SECTORS, by_sectors, iteration)
    yield _row("flows by product", FLOWS, [_seconds_of_read(size) for size in FLOWS], "ms a read")
    yield _row("draws", DRAWS, [_seconds_of_draws(size) for size in DRAWS], "ms in all")


def _row(name: str, sizes: Sequence[int], seconds: Sequence[float], unit: str) -> Row:
    exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    told = ", ".join(
        f"{size:,}: {1e3 * each:.2f}" for size, each in zip(sizes, seconds, strict=True)
    )
    text = f"scaling with {name}: {unit} at {told}; exponent {exponent:.2f}"
    figures = {"exponent": exponent}
    figures |= {f"seconds at {size}": each for size, each in zip(sizes, seconds, strict=True)}
    return Row(f"scaling, {name}", text, figures)


def _seconds_of_read(flows: int) -> float:
    """One read of all flows by product, home sales included, with the kernel that is installed."""
    fine = product_world(flow_table(PARTNERS, PRODUCTS, flows), 10)
    links = ProductLinks.of(fine, None)
    costs = np.zeros_like(fine.world.accounts.beta)
    return median_seconds(partial(links.read, costs), 7)


def _seconds_of_draws(draws: int) -> float:
    """Draws of the 2017 case's ladder, one process."""
    case = load_scenario("dprk-2017")
    return median_seconds(partial(ensemble, case, draws, months=False), 1)


def _seconds_of_iteration(economies: int, sectors: int) -> float:
    base = world(economies, sectors, seed=2)
    shock = Shock.of(base, {("e0", "*", "*"): 0.0, ("*", "e0", "*"): 0.0})

    def solved() -> Outcome:
        return solve(base, shock, deficits="zero")

    return median_seconds(solved, 5) / solved().iterations
