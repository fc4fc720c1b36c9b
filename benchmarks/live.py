"""The live page: from a slider to its new number, alone and with twenty people at once."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np

from benchmarks.timing import Row
from tests.serve.server import serving
from tumen.scenario.load import load_scenario
from tumen.serve.dials import Dial, dials

CASE = "dprk-2017"
BUDGET = 0.15
MOVES, PEOPLE, EACH = 60, 20, 8
PAUSE = 0.4
"""Seconds that somebody looks before moving on."""


def live_rows() -> Iterator[Row]:
    """Time the part of the page that follows a control, over HTTP on loopback."""
    known = [
        dial
        for dial in dials(load_scenario(CASE))
        if dial.kind == "number" and dial.group != "motives"
    ]
    draw = np.random.default_rng(0)
    with serving(CASE) as address:
        _moved(address, known[0], 0.0)
        alone = [_moved(address, known[n % len(known)], draw.random()) for n in range(MOVES)]
        median = statistics.median(alone)
        text = (
            f"slider to number, {CASE}: median {1e3 * median:.0f} ms, nine in ten under "
            f"{1e3 * float(np.quantile(alone, 0.9)):.0f} ms (budget {1e3 * BUDGET:.0f})"
        )
        yield Row("slider", text, {"seconds": median}, median <= BUDGET)
        yield _together(address, known)


def _together(address: str, known: list[Dial]) -> Row:
    taken: list[float] = []
    failed: list[str] = []

    def move(seed: int) -> None:
        draw = np.random.default_rng(seed)
        for _ in range(EACH):
            try:
                taken.append(_moved(address, known[draw.integers(len(known))], draw.random()))
            except OSError as error:
                failed.append(str(error))
            time.sleep(PAUSE)

    people = [threading.Thread(target=move, args=(n,)) for n in range(PEOPLE)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    median = statistics.median(taken)
    text = (
        f"{PEOPLE} people move sliders: {len(taken)} answers, {len(failed)} errors, median "
        f"{median:.1f} s, longest {max(taken):.1f} s"
    )
    return Row("sliders of twenty", text, {"seconds": median, "errors": len(failed)}, not failed)


def _moved(address: str, dial: Dial, part: float) -> float:
    """Seconds until the answer to a control at a part of its length is there."""
    value = dial.low + part * (dial.high - dial.low)
    form = urlencode({"case": CASE, f"d.{dial.path}": value}).encode()
    start = time.perf_counter()
    with urlopen(Request(f"{address}/live/answer", form), timeout=120) as answer:
        if b'class="lead"' not in answer.read():
            raise OSError(f"no answer for {dial.path}={value}")
    return time.perf_counter() - start
