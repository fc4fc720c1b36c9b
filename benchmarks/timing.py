"""Measuring: medians of repeated calls, and the reference product that absolute times scale by."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from tumen.equilibrium.dense import DenseFlows

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


def flow_product(flows: DenseFlows) -> float:
    """Seconds of one product of all flows with a vector (s, i), repeated on its own."""
    strength = np.random.default_rng(0).random(flows.home.shape)

    def product() -> None:
        np.matmul(flows.foreign, strength[:, :, None])

    return median_seconds(product, 400)
