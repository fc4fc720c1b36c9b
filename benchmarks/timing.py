"""Measuring: medians of repeated calls, and the reference product that absolute times scale by."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from tumen.equilibrium.dense import DenseFlows

REFERENCE_PRODUCT = 4.9e-6
"""Seconds of the reference product on the machine where the peers were timed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the printout, and the figures behind it."""

    name: str
    text: str
    figures: dict[str, float] = field(default_factory=dict)
    """Ratios, seconds and counts, by name."""
    met: bool | None = None
    """Whether its budget is met; None: it has none, or could not be run."""

    def __str__(self) -> str:
        verdict = {True: " met", False: " NOT MET", None: ""}[self.met]
        return f"{self.text}{verdict}"


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median wall time of ``repeats`` calls after one that is not counted."""
    call()
    return statistics.median(seconds_of(call) for _ in range(repeats))


def reference_product() -> float:
    """Seconds of a batched product of 40 × 31 × 31 by 40 × 31 × 1 on this machine."""
    draw = np.random.default_rng(0)
    matrices, vectors = draw.random((40, 31, 31)), draw.random((40, 31, 1))

    def many() -> None:
        for _ in range(200):
            np.matmul(matrices, vectors)

    return median_seconds(many, 9) / 200


def seconds_and_product(
    call: Callable[[], object], flows: DenseFlows, rounds: int
) -> tuple[float, float]:
    """Median seconds of ``call``, and of one product of all flows with a vector (s, i).

    Both are timed in turns, so that a machine that slows down slows both.
    """
    strength = np.random.default_rng(0).random(flows.home.shape)[:, :, None]
    product = partial(np.matmul, flows.foreign, strength)
    calls, products = [], []
    call()
    for _ in range(rounds):
        calls.append(seconds_of(call))
        products += [seconds_of(product) for _ in range(40)]
    return statistics.median(calls), statistics.median(products)


def seconds_of(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
