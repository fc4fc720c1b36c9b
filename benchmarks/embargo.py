"""The bundled world under a full embargo of a large economy."""

from __future__ import annotations

from functools import partial

from benchmarks.timing import Row, seconds_and_product
from tumen import Shock, load_world, solve
from tumen.equilibrium.model import array_products

CASES = (("world-2022-prk", "RUS"), ("world-2022", "CHN"))
"""China is cut from the world without North Korea, which has no other source of crude."""
ITERATIONS = 60
BUDGET = 2.0


def embargo_rows() -> list[Row]:
    """Wall time as a multiple of the array products that the iterations need."""
    return [_row(name, target) for name, target in CASES]


def _row(name: str, target: str) -> Row:
    world = load_world(name)
    shock = Shock.of(world, {(target, "*", "*"): 0.0, ("*", target, "*"): 0.0})
    solved = partial(solve, world, shock, deficits="zero")
    solved()  # the baseline without deficits is solved once and kept
    outcome = solved()
    system = outcome.question.system()
    count = outcome.iterations * array_products(system)
    seconds, product = seconds_and_product(solved, system.flows, 40)
    ratio = seconds / (count * product)
    met = ratio <= BUDGET and outcome.iterations <= ITERATIONS
    size = f"{len(world.economies)} × {len(world.sectors)}"
    text = (
        f"embargo of {target}, {size}: {1e3 * seconds:5.1f} ms, {outcome.iterations} iterations, "
        f"worst imbalance {outcome.worst_imbalance:.0e}; {ratio:.2f} × ({count} array products × "
        f"{1e6 * product:.0f} µs) (budget {BUDGET:g})"
    )
    figures = {"seconds": seconds, "ratio": ratio, "iterations": outcome.iterations}
    return Row(f"embargo of {target}", text, figures, met)
