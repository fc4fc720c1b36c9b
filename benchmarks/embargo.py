"""The bundled world under a full embargo of a large economy."""

from __future__ import annotations

from benchmarks.timing import iteration_products, median_seconds
from tumen import Shock, load_world, solve

CASES = (("world-2022-prk", "RUS"), ("world-2022", "CHN"))
"""China is cut from the world without North Korea, which has no other source of crude."""
ITERATIONS = 60
BUDGET = 2.0


def embargo_rows() -> list[str]:
    """Wall time as a multiple of the array products that the iterations need."""
    rows = []
    for name, target in CASES:
        world = load_world(name)
        shock = Shock.of(world, {(target, "*", "*"): 0.0, ("*", target, "*"): 0.0})
        solve(world, shock, deficits="zero")  # the baseline without deficits is solved once
        seconds = median_seconds(lambda shock=shock: solve(world, shock, deficits="zero"), 9)
        outcome = solve(world, shock, deficits="zero")
        flows = outcome.question.system().flows
        products = iteration_products(world, flows) * outcome.iterations
        ratio = seconds / products
        met = ratio <= BUDGET and outcome.iterations <= ITERATIONS
        rows.append(
            f"embargo of {target}, {len(world.economies)} × {len(world.sectors)}: {1e3 * seconds:5.1f} ms, {outcome.iterations} "
            f"iterations, worst imbalance {outcome.worst_imbalance:.0e}; "
            f"{ratio:.2f} × its array products (budget {BUDGET:g}) {'met' if met else 'NOT MET'}"
        )
    return rows
