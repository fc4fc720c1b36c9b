"""One sector without inputs, the question of the ge_gravity family, against its R program."""

from __future__ import annotations

import numpy as np

from benchmarks.peers import Peer, slowest
from benchmarks.timing import Row, median_seconds
from tests.support.worlds import world
from tumen import Outcome, Shock, solve

BUDGET = 5.0


def one_sector_rows(scale: float) -> list[Row]:
    """Time a trade agreement among a fifth of 150 and of 300 economies.

    The peer was timed with 150; its iterations multiply matrices, so 300 are taken to cost it four
    times as much.
    """
    peer = slowest("ge_gravity", "trade agreement")
    return [
        _row(size, peer, scale * peer.seconds * (size / peer.economies) ** 2) for size in (150, 300)
    ]


def _row(economies: int, peer: Peer, peer_seconds: float) -> Row:
    base = world(economies, 1, seed=1, inputs=False)
    members = base.economies[: economies // 5]
    cells = {(i, n, "*"): float(np.exp(0.22)) for i in members for n in members if i != n}
    shock = Shock.of(base, cells)

    def solved() -> Outcome:
        return solve(base, shock)

    seconds = median_seconds(solved, 9)
    ratio = peer_seconds / seconds
    text = (
        f"one sector, {economies} economies: {1e3 * seconds:.1f} ms, {solved().iterations} "
        f"iterations; {ratio:.0f} × faster than ge_gravity in R (scaled from {peer.economies}, not "
        f"run; budget {BUDGET:g})"
    )
    figures = {"seconds": seconds, "ratio": ratio}
    return Row(f"one sector, {economies}", text, figures, ratio >= BUDGET)
