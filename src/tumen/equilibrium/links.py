"""Which economies still trade with each other, and questions that have no answer.

Each strongly connected set of economies whose deficits cancel is a block with its own numeraire.
A set that only buys or only sells lives on a transfer and belongs to the block that pays it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tumen.errors import Infeasible, Problem

Array = NDArray[np.float64]
Members = NDArray[np.intp]


def open_links(strength: Array, active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return (seller, buyer): a product that the buyer uses can be bought from the seller."""
    usable: NDArray[np.bool_] = (strength > 0) & active[:, :, None]
    links = np.array(usable.any(axis=0).T)
    np.fill_diagonal(links, False)
    return links


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
    if _hub(links):
        return [np.arange(links.shape[0])]
    from scipy.sparse.csgraph import connected_components

    count, member_of = connected_components(links, directed=True, connection="strong")
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
    joined, block_of = connected_components(between, directed=True, connection="weak")
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


def _hub(links: NDArray[np.bool_]) -> bool:
    """Tell whether some economy trades both ways with all others, which makes one block of all."""
    both: NDArray[np.bool_] = links & links.T
    return bool((both.sum(axis=0) == links.shape[0] - 1).any())


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
    strength: Array,
    needed: NDArray[np.bool_],
    economies: Sequence[str],
    sectors: Sequence[str],
) -> list[Problem]:
    """Name every buyer whose every source of a product it needs is shut (an infinite price)."""
    shut = needed & ~(strength > 0).any(axis=2)
    return [
        Problem(
            f"economy {economies[n]}, sector {sectors[s]}",
            "every source of this product is shut, home sales included, so its price is infinite; "
            "leave a source open, or open a costly substitute (Shock.opening)",
        )
        for s, n in np.argwhere(shut)
    ]
