"""The sparse kernel: one read of all flows by product gives prices and sellers' shares by sector.

Products of a sector are put together here, so that everything else is the model by sector: Φ by
product in a first sweep over a buyer's row, shares in a second while the row is still in the
cache. With numba (the extra ``fast``) the sweeps are compiled, otherwise NumPy does the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

UNIT = 1e-9
"""An elasticity closer to one than this is one."""
CHUNK = 1 << 20
"""Flows that NumPy takes at once, which bounds its memory."""


WORTH_A_THREAD = 1 << 16
"""Flows below which another thread costs more than it saves."""


class Flows(NamedTuple):
    """What a read needs, besides costs; g are groups (sector · buyer), r rows, f flows."""

    group_start: Index
    """g + 1: first row."""
    row_start: Index
    """r + 1: first flow."""
    row_class: NDArray[np.int32]
    """r: place in the table of strengths."""
    row_share: Array
    """r: δ, the product's share in the buyer's spending on the sector."""
    row_theta: Array
    """r."""
    group_power: Array
    """g: 1 − σ, σ between products of the sector."""
    seller: NDArray[np.uint16]
    weight: Array
    """f: π·φ."""


@dataclass(frozen=True, slots=True)
class Read:
    """Sellers' shares and prices by sector at given costs."""

    shares: Array
    """g, i: each seller's share in the buyer's spending on the sector."""
    log_price: Array
    """g: ln P̂ of the sector's products together."""


Kernel = Callable[[Flows, Array, Array, Array, int, int], None]


def read(flows: Flows, strength: Array, compiled: bool | None = None) -> Read:
    """Read all flows once at sellers' ``strength`` ĉ^(−θ) (class, i).

    Parameters
    ----------
    compiled
        Whether numba does it; None: where it is installed.

    Notes
    -----
    Φ_np = Σ_i π·φ ĉ^(−θ_p), P̂_np = Φ_np^(−1/θ_p), P̂_ns^(1−σ) = Σ_p δ_np P̂_np^(1−σ) (geometric
    where σ is 1); a seller's share is Σ_p δ_np (P̂_np/P̂_ns)^(1−σ) · π·φ ĉ^(−θ_p)/Φ_np.
    """
    groups = flows.group_start.size - 1
    shares, log_price = np.zeros((groups, strength.shape[1])), np.zeros(groups)
    kernel = compiled_kernel() if compiled is not False else None
    if kernel is None:
        for first, last in parts(flows, -(-flows.seller.size // CHUNK)):
            _read_numpy(flows, strength, shares, log_price, first, last)
        return Read(shares, log_price)
    runs = list(parts(flows, min(threads(), 1 + flows.seller.size // WORTH_A_THREAD)))
    if len(runs) == 1:
        kernel(flows, strength, shares, log_price, *runs[0])
        return Read(shares, log_price)
    with ThreadPoolExecutor(len(runs)) as pool:
        work = [
            pool.submit(kernel, flows, strength, shares, log_price, first, last)
            for first, last in runs
        ]
        for run in work:
            run.result()
    return Read(shares, log_price)


def threads() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def compiled_kernel() -> Kernel | None:
    """The compiled kernel, or None where numba is not installed."""
    try:
        import numba
    except ImportError:
        return None
    # Threads of our own: numba's do not survive a fork, and it is told to let go of the GIL.
    try:
        compiled = numba.njit(nogil=True, error_model="numpy", cache=True)(sweep_groups)
    except RuntimeError:  # no place to keep it that can be written to
        compiled = numba.njit(nogil=True, error_model="numpy")(sweep_groups)
    return cast(Kernel, compiled)


def parts(flows: Flows, count: int) -> Iterator[tuple[int, int]]:
    """Cut the groups into at most ``count`` runs with about as many flows each."""
    before = flows.row_start[flows.group_start]
    bounds = np.searchsorted(before, np.linspace(0, before[-1], count + 1))
    bounds[0], bounds[-1] = 0, before.size - 1
    for first, last in pairwise(bounds.tolist()):
        if first < last:
            yield first, last


def sweep_groups(
    flows: Flows, strength: Array, shares: Array, log_price: Array, first: int, last: int
) -> None:
    """Fill ``shares`` and ``log_price`` of groups ``first`` to ``last``: two sweeps over each row.

    Written for numba; as plain Python it is right and slow.
    """
    reached = np.empty(strength.shape[1])
    for group in range(first, last):
        start, end = flows.group_start[group], flows.group_start[group + 1]
        power, out = flows.group_power[group], shares[group]
        total = gathered = 0.0
        for row in range(start, end):
            own = strength[flows.row_class[row]]
            begin, stop = flows.row_start[row], flows.row_start[row + 1]
            weight, seller = flows.weight[begin:stop], flows.seller[begin:stop]
            appeal = 0.0
            for k in range(weight.size):
                reached[k] = weight[k] * own[seller[k]]
                appeal += reached[k]
            part = flows.row_share[row]
            if appeal == 0.0 and power < 0.0:
                gathered -= part  # what cannot be bought is replaced
                continue
            rise = -np.log(appeal) / flows.row_theta[row]
            if abs(power) < UNIT:
                gathered += part * rise
            else:
                above = np.expm1(power * rise)
                gathered += part * above
                part *= 1 + above
            total += part
            part /= appeal
            for k in range(weight.size):
                out[seller[k]] += part * reached[k]
        if end > start:
            out /= total
            log_price[group] = gathered if abs(power) < UNIT else np.log1p(gathered) / power


def _read_numpy(
    flows: Flows, strength: Array, shares: Array, log_price: Array, first: int, last: int
) -> None:
    """Do what :func:`sweep_groups` does, with NumPy."""
    rows = slice(flows.group_start[first], flows.group_start[last])
    if rows.start == rows.stop:
        return
    group, reached, appeal = row_appeal(flows, strength, first, last)
    power, delta = flows.group_power[group], flows.row_share[rows]
    with np.errstate(divide="ignore"):
        rise = -np.log(appeal) / flows.row_theta[rows]
    plain = np.abs(power) < UNIT
    with np.errstate(invalid="ignore"):
        above = np.where(plain, 0.0, np.expm1(power * rise))
    gathered = np.bincount(group - first, delta * np.where(plain, rise, above), last - first)
    total = np.bincount(group - first, delta * (1 + above), last - first)
    part = np.divide(delta * (1 + above), appeal, out=np.zeros_like(appeal), where=appeal > 0)
    part /= total[group - first]
    lengths = np.diff(flows.row_start[rows.start : rows.stop + 1])
    span = slice(flows.row_start[rows.start], flows.row_start[rows.stop])
    cell = np.repeat((group - first) * strength.shape[1], lengths) + flows.seller[span]
    sums = np.bincount(cell, np.repeat(part, lengths) * reached, (last - first) * strength.shape[1])
    shares[first:last] = sums.reshape(last - first, -1)
    own = flows.group_power[first:last]
    geometric = np.abs(own) < UNIT
    composite = np.log1p(np.where(geometric, 0.0, gathered)) / np.where(geometric, 1.0, own)
    log_price[first:last] = np.where(geometric, gathered, composite)


def row_appeal(flows: Flows, strength: Array, first: int, last: int) -> tuple[Index, Array, Array]:
    """Return the group of each row, π·φ ĉ^(−θ) of each flow, and Φ of each row of some groups."""
    start, stop = flows.group_start[first], flows.group_start[last]
    group = np.repeat(np.arange(first, last), np.diff(flows.group_start[first : last + 1]))
    begin, end = flows.row_start[start], flows.row_start[stop]
    lengths = np.diff(flows.row_start[start : stop + 1])
    place = np.repeat(flows.row_class[start:stop].astype(np.int64) * strength.shape[1], lengths)
    place += flows.seller[begin:end]
    reached = flows.weight[begin:end] * strength.ravel()[place]
    appeal = np.add.reduceat(reached, flows.row_start[start:stop] - begin)
    return group, reached, appeal
