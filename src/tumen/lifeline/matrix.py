"""All targets by all partners: one solve for each pair gives the loss of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING, Any

from tumen.lifeline.dependence import Progress
from tumen.lifeline.parting import SUBSTITUTE_PRICE, part
from tumen.world import World

if TYPE_CHECKING:
    from tumen.equilibrium.closures import Closure

Pair = tuple[str, str]
Row = dict[str, Any]
COLUMNS = (
    "target",
    "partner",
    "exports_musd",
    "imports_musd",
    "trade_share",
    "income_loss_pct",
    "substitutes",
    "problem",
)
BATCH = 20
"""Pairs that a worker takes at a time."""

_WORLD: list[World] = []
"""The worker's own copy, read once."""


def dependence_matrix(
    world: World,
    deficits: Closure = "keep",
    substitute_price: float = SUBSTITUTE_PRICE,
    workers: int = 1,
    told: Progress = lambda what, done, total: None,
) -> list[Row]:
    """Return a row for every target and partner that trade with each other.

    Parameters
    ----------
    world
        The baseline.
    deficits, substitute_price
        As for :func:`tumen.lifeline.dependence.dependence`.
    workers
        Processes.
    told
        Hears of progress, in pairs.

    Returns
    -------
    list of dict
        ``target, partner, exports_musd, imports_musd, trade_share, income_loss_pct,
        substitutes, problem``, sorted by target and loss; None where there is no solution.
    """
    between = world.accounts.trade.sum(axis=0)
    place = {name: index for index, name in enumerate(world.economies)}
    pairs = [
        (a, b)
        for a, b in combinations(world.economies, 2)
        if between[place[a], place[b]] + between[place[b], place[a]] > 0
    ]
    batches = [pairs[start : start + BATCH] for start in range(0, len(pairs), BATCH)]
    work = partial(_losses, deficits=deficits, substitute_price=substitute_price)
    found: list[Row] = []
    for batch in _each(work, batches, world, workers):
        told("pairs of economies", len(found) // 2, len(pairs))
        found += batch
    total = {name: _foreign(between, place[name]) for name in world.economies}
    for row in found:
        n, k = place[row["target"]], place[row["partner"]]
        row["exports_musd"], row["imports_musd"] = float(between[k, n]), float(between[n, k])
        row["trade_share"] = (row["exports_musd"] + row["imports_musd"]) / total[row["target"]]
    found.sort(key=lambda row: (row["target"], _rank(row["income_loss_pct"]), row["partner"]))
    return [{name: row[name] for name in COLUMNS} for row in found]


def _rank(loss: float | None) -> float:
    """Largest loss first, and before it what has no solution."""
    return -inf if loss is None else -loss


def _foreign(between: Any, n: int) -> float:
    return float(between[:, n].sum() + between[n].sum() - 2 * between[n, n])


def _each(
    work: partial[list[Row]], batches: Sequence[list[Pair]], world: World, workers: int
) -> Iterator[list[Row]]:
    """Results of the batches in order, from this process or from several."""
    if workers <= 1:
        _remember(world.dataset.copy())
        yield from map(work, batches)
        return
    pool: Executor
    with ProcessPoolExecutor(workers, initializer=_remember, initargs=(world.dataset,)) as pool:
        yield from pool.map(work, batches)


def _remember(dataset: Any) -> None:
    _WORLD[:] = [World(dataset)]


def _losses(pairs: Sequence[Pair], deficits: Closure, substitute_price: float) -> list[Row]:
    found = []
    for pair in pairs:
        parted = part(_WORLD[0], *pair, deficits, substitute_price)
        for target, partner in (pair, pair[::-1]):
            found.append(
                {
                    "target": target,
                    "partner": partner,
                    "income_loss_pct": parted.income_loss_pct(target),
                    "substitutes": " ".join(parted.substitutes[target]),
                    "problem": parted.problem,
                }
            )
    return found
