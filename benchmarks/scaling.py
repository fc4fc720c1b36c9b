"""How the time of a solve grows with economies and sectors: fitted exponents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.timing import Row, median_seconds
from tests.support.worlds import world
from tumen import Outcome, Shock, solve

ECONOMIES, SECTORS = (40, 80, 160, 320), (10, 20, 40, 80)
MIDDLE = (40, 10)


def scaling_rows() -> list[Row]:
    """Time an embargo of one economy while one size grows and the other stays."""
    return [
        _row("economies", ECONOMIES, [(size, MIDDLE[1]) for size in ECONOMIES]),
        _row("sectors", SECTORS, [(MIDDLE[0], size) for size in SECTORS]),
    ]


def _row(name: str, sizes: Sequence[int], shapes: Sequence[tuple[int, int]]) -> Row:
    each = [_seconds_of_iteration(*shape) for shape in shapes]
    exponent = float(np.polyfit(np.log(sizes), np.log(each), 1)[0])
    told = ", ".join(
        f"{size}: {1e3 * seconds:.2f}" for size, seconds in zip(sizes, each, strict=True)
    )
    text = f"scaling with {name}: ms an iteration at {told}; exponent {exponent:.2f}"
    return Row(f"scaling, {name}", text, {"exponent": exponent})


def _seconds_of_iteration(economies: int, sectors: int) -> float:
    base = world(economies, sectors, seed=2)
    shock = Shock.of(base, {("e0", "*", "*"): 0.0, ("*", "e0", "*"): 0.0})

    def solved() -> Outcome:
        return solve(base, shock, deficits="zero")

    return median_seconds(solved, 5) / solved().iterations
