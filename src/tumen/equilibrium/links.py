"""Which economies still trade with each other, and questions that have no answer.

Each strongly connected set of economies whose deficits cancel is a block with its own numeraire.
A set that only buys or only sells lives on a transfer and belongs to the block that pays it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.dense import DenseFlows
from tumen.errors import Infeasible, Problem

Array = NDArray[np.float64]
Members = NDArray[np.intp]


def open_links(strength: Array, active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (seller, buyer): a product that the buyer uses can be bought from the seller.

    ``strength`` is that of foreign links (s, n, i), zero on the diagonal.
    """
    usable: NDArray[np.bool_] = (strength > 0) & active[:, :, None]
    return np.array(usable.any(axis=0).T)


def in_circles(links: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell who both sells and buys along some circle of links (n): others only settle a deficit."""
    from scipy.sparse.csgraph import connected_components

    count, member_of = connected_components(links, directed=True, connection="strong")
    size = np.bincount(member_of, minlength=count)
    circle: NDArray[np.bool_] = size[member_of] > 1
    return circle


def blocks(
    links: NDArray[np.bool_], deficit: Array, scale: Array, economies: Sequence[str]
) -> list[Members]:
    """Split economies into blocks that are solved apart.

    Parameters
    ----------
    links
        (seller, buyer).
    deficit
        n: D' that the closure asks for.
    scale
        n: baseline trade; deficits below 1e-9 of it count as zero.

    Raises
    ------
    Infeasible
        If a set of economies must receive goods that cannot reach it, or pay with goods that
        it cannot send.
    """
    count, member_of = _circles(links)
    if count == 1:
        return [np.arange(links.shape[0])]
    sums = _sums(member_of, deficit, count)
    size = _sums(member_of, scale, count)
    unbalanced = np.abs(sums) > 1e-9 * np.maximum(size, 1e-300)
    between = np.zeros((count, count), dtype=bool)
    sellers, buyers = np.nonzero(links)
    between[member_of[sellers], member_of[buyers]] = True
    np.fill_diagonal(between, False)
    between &= unbalanced[:, None] & unbalanced[None, :]
    problems = _one_sided(between, sums, unbalanced, member_of, economies)
    joined, block_of = _joined(between)
    total = _sums(block_of, sums, joined)
    reach = _sums(block_of, size, joined)
    for block in np.flatnonzero(np.abs(total) > 1e-9 * np.maximum(reach, 1e-300)):
        if not problems:
            names = _names(np.flatnonzero(block_of[member_of] == block), economies)
            problems.append(
                Problem(
                    names,
                    f"trade with nobody else, yet their deficits sum to {total[block]:.6g} "
                    "instead of 0; use deficits='zero', or give deficits that cancel among them",
                )
            )
    if problems:
        raise Infeasible(problems)
    return [np.flatnonzero(block_of[member_of] == block) for block in range(joined)]


def _sums(group: NDArray[np.int32], values: Array, count: int) -> Array:
    """Sum ``values`` (n) by group."""
    return np.bincount(group, values, count).astype(float)


def _circles(links: NDArray[np.bool_]) -> tuple[int, NDArray[np.int32]]:
    """Number of sets of economies that trade in circles, and the set of each economy (n)."""
    from scipy.sparse.csgraph import connected_components

    both = links & links.T
    hub = both[int(np.argmax(both.sum(axis=0)))]
    alone = ~(links.any(axis=0) | links.any(axis=1))
    if int(hub.sum() + alone.sum()) == links.shape[0] - 1:
        # Some economy trades both ways with all that trade: no search is needed.
        member_of = np.zeros(links.shape[0], dtype=np.int32)
        member_of[alone] = np.arange(1, 1 + int(alone.sum()))
        return 1 + int(alone.sum()), member_of
    count, member_of = connected_components(links, directed=True, connection="strong")
    return int(count), member_of


def _joined(between: NDArray[np.bool_]) -> tuple[int, NDArray[np.int32]]:
    """Number of blocks that transfers ``between`` sets make of them, and the block of each set."""
    if not between.any():
        return between.shape[0], np.arange(between.shape[0], dtype=np.int32)
    from scipy.sparse.csgraph import connected_components

    joined, block_of = connected_components(between, directed=True, connection="weak")
    return int(joined), block_of


def _one_sided(
    between: NDArray[np.bool_],
    sums: Array,
    unbalanced: NDArray[np.bool_],
    member_of: NDArray[np.int32],
    economies: Sequence[str],
) -> list[Problem]:
    problems = []
    size = np.bincount(member_of)
    for group in sorted(np.flatnonzero(unbalanced), key=lambda group: int(size[group])):
        names = _names(np.flatnonzero(member_of == group), economies)
        verb, its = ("has", "its") if size[group] == 1 else ("have", "their")
        if sums[group] > 0 and not between[:, group].any():
            problems.append(
                Problem(
                    names,
                    f"{verb} a deficit of {sums[group]:.6g}, but {its} imports are closed: goods "
                    f"worth it cannot come in; set {its} deficit to 0 or leave a link open",
                )
            )
        if sums[group] < 0 and not between[group].any():
            problems.append(
                Problem(
                    names,
                    f"{verb} a surplus of {-sums[group]:.6g}, but {its} exports are closed: goods "
                    f"worth it cannot leave; set {its} deficit to 0 or leave a link open",
                )
            )
    return problems


def _names(members: Members, economies: Sequence[str]) -> str:
    shown = [economies[n] for n in members[:5]]
    more = f" and {members.size - 5} more" if members.size > 5 else ""
    return ("economy " if members.size == 1 else "economies ") + ", ".join(shown) + more


def empty_rows(
    flows: DenseFlows,
    needed: NDArray[np.bool_],
    economies: Sequence[str],
    sectors: Sequence[str],
) -> list[Problem]:
    """Name every buyer whose every source of a product it needs is shut (an infinite price)."""
    shut = needed & ~((flows.foreign > 0).any(axis=2) | (flows.home > 0))
    return [
        Problem(
            f"economy {economies[n]}, sector {sectors[s]}",
            "every source of this product is shut, home sales included, so its price is infinite; "
            "leave a source open, or open a costly substitute (Shock.opening)",
        )
        for s, n in np.argwhere(shut)
    ]
