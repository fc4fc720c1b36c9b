"""The gradient by every flow, against one solve of the same world."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

import xarray as xr

from benchmarks.timing import Row, seconds_of
from tumen import Outcome, Shock, World, gradient, load_world, solve

TARGET = "RUS"
SENDERS = (
    "AUS AUT BEL BGR CAN CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ISL ITA JPN KOR "
    "LTU LUX LVA MLT NLD NOR NZL POL PRT ROU SVK SVN SWE TWN USA"
)
BUDGET = 1.5
ROUNDS = 30


def gradient_rows() -> list[Row]:
    """Time a solve and a gradient in turns, for the target's real income and a sender's."""
    world = load_world("world-2022-prk")
    senders = [name for name in SENDERS.split() if name in world.economies]
    cells = {(TARGET, name, "*"): 0.0 for name in senders}
    cells |= {(name, TARGET, "*"): 0.0 for name in senders}
    shock = Shock.of(world, cells)

    def solved() -> Outcome:
        return solve(world, shock)

    outcome = solved()
    return [_row(world, outcome, solved, name) for name in (TARGET, "USA")]


def _row(world: World, outcome: Outcome, solved: Callable[[], Outcome], name: str) -> Row:
    weights = (outcome.real_income["economy"] == name).astype(float)
    found: xr.Dataset = gradient(outcome, weights)
    pairs = [
        (seconds_of(solved), seconds_of(partial(gradient, outcome, weights))) for _ in range(ROUNDS)
    ]
    solve_seconds, gradient_seconds = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = gradient_seconds / solve_seconds
    size = f"{len(world.economies)} × {len(world.sectors)}"
    text = (
        f"gradient of real income of {name} under the Western embargo of {TARGET}, {size}: "
        f"{1e3 * gradient_seconds:5.1f} ms, {found.attrs['iterations']} iterations; "
        f"{ratio:.2f} × one solve of {1e3 * solve_seconds:.1f} ms (budget {BUDGET:g})"
    )
    figures = {"seconds": gradient_seconds, "ratio": ratio}
    return Row(f"gradient of {name}", text, figures, ratio <= BUDGET)
