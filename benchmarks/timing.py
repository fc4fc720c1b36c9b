"""Measuring: medians of repeated calls, and the reference product that absolute times scale by."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from tumen.equilibrium.dense import DenseFlows
from tumen.world import World

REFERENCE_PRODUCT = 4.9e-6
"""Seconds of the reference product on the machine where the peers were timed."""


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median wall time of ``repeats`` calls after one that is not counted."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def reference_product() -> float:
    """Seconds of a batched product of 40 × 31 × 31 by 40 × 31 × 1 on this machine."""
    draw = np.random.default_rng(0)
    matrices, vectors = draw.random((40, 31, 31)), draw.random((40, 31, 1))

    def many() -> None:
        for _ in range(200):
            np.matmul(matrices, vectors)

    return median_seconds(many, 9) / 200


def iteration_products(world: World, flows: DenseFlows) -> float:
    """Seconds of the array products that one iteration needs, measured one by one.

    Forward and transposed products with the flows, and forward and transposed with the input
    shares; no exponentials, logarithms or acceleration.
    """
    accounts = world.accounts
    cells = accounts.beta
    strength = np.random.default_rng(0).random(cells.shape)
    gamma, column = accounts.gamma, np.ascontiguousarray(strength.T)
    calls: list[Callable[[], object]] = [
        lambda: flows.appeal(strength),
        lambda: flows.sales(strength),
        lambda: np.matmul(gamma, column[:, :, None]),
        lambda: np.matmul(column[:, None, :], gamma),
    ]
    return sum(median_seconds(call, 200) for call in calls)
