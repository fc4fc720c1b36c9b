"""Which flows hurt a target most for each dollar that those who cut them lose themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium import Outcome, gradient
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    from tumen.world import World

Array = NDArray[np.float64]

CUT = 0.01
"""Part of a flow's freeness that is taken away; small, for the losses are first-order."""
NOTHING = 1e-6
"""A loss below this part of the trade that the cut concerns is none: nothing is divided by it."""


@dataclass(frozen=True, slots=True)
class PainfulFlow:
    """One flow between a sender and the target, and what one per cent less freeness of it does."""

    origin: str
    destination: str
    sector: str
    trade_musd: float
    """Sales at the outcome, million USD a year."""
    target_loss_musd: float
    """Real income that the target loses, million USD a year at baseline prices; positive."""
    senders_loss_musd: float
    """The same of all senders together; negative: they gain."""
    ratio: float | None
    """The target's loss for each dollar that the senders lose; None: they lose nothing."""


@dataclass(frozen=True, slots=True)
class PainfulFlows:
    """The flows that hurt the target most, for what they cost the senders."""

    target: str
    senders: tuple[str, ...]
    costly: tuple[PainfulFlow, ...]
    """Flows that cost the senders something, the largest ratio first."""
    free: tuple[PainfulFlow, ...]
    """Flows by which the senders gain or lose nothing, the target's largest loss first."""
    missing: str
    """Why there may be no flow: who trades with nobody; otherwise empty."""


def painful_flows(
    outcome: Outcome,
    target: str,
    senders: str | Sequence[str],
    most: int = 10,
    least_musd: float = 1.0,
) -> PainfulFlows:
    """Return the flows whose restriction hurts the target most per dollar that the senders lose.

    Parameters
    ----------
    outcome
        Where things stand: the next one per cent of each flow's freeness is taken away there.
    target
        The economy to be hurt.
    senders
        The economy, or the coalition, that restricts its trade with the target, both ways.
    most
        Length of each of the two lists.
    least_musd
        Flows below this are left out, million USD a year: ratios of specks lead nowhere.

    Raises
    ------
    InvalidInput
        For an economy that the world does not have, no senders, or the target among them.
    NotConverged
        As :func:`tumen.gradient`.

    Notes
    -----
    Two gradients, of the target's real income and of the senders' together, in dollars at
    baseline prices. Everybody reacts: trade moves to others, prices and wages follow. Losses are
    first-order; whoever shuts a flow should solve again. Flows whose restriction helps the target
    are left out. No ratio exists where the senders gain, because prices move in their favour, or
    lose less than a millionth of the trade concerned: those flows stand apart.

    Examples
    --------
    >>> import tumen
    >>> outcome = tumen.solve(tumen.load_world("world-2022"))
    >>> found = painful_flows(outcome, "RUS", ["DEU", "FRA"], most=3)
    >>> [row.ratio >= found.costly[2].ratio for row in found.costly]
    [True, True, True]
    """
    coalition = (senders,) if isinstance(senders, str) else tuple(senders)
    _refuse(outcome.world, target, coalition, most)
    hurt, missing = _loss(outcome, [target])
    cost, _ = _loss(outcome, coalition)
    trade = outcome.solution.trade.transpose(2, 1, 0)
    between = _between(outcome.world, target, coalition)[:, :, None]
    with np.errstate(invalid="ignore"):
        chosen = between & (trade >= max(least_musd, 1e-300)) & (hurt > NOTHING * CUT * trade)
    rows = [
        _row(outcome.world, (i, n, s), float(trade[i, n, s]), hurt[i, n, s], cost[i, n, s])
        for i, n, s in np.argwhere(chosen)
    ]
    costly = sorted((row for row in rows if row.ratio is not None), key=lambda row: -_ratio(row))
    free = sorted((row for row in rows if row.ratio is None), key=lambda row: -row.target_loss_musd)
    return PainfulFlows(target, coalition, tuple(costly[:most]), tuple(free[:most]), missing)


def _ratio(row: PainfulFlow) -> float:
    return -np.inf if row.ratio is None else row.ratio


def _loss(outcome: Outcome, economies: Sequence[str]) -> tuple[Array, str]:
    """Dollars of real income that ``economies`` lose by a cut of each flow, and what is missing."""
    import xarray as xr

    world = outcome.world
    weight = np.where(np.isin(world.economies, economies), world.accounts.income, 0.0)
    dollars = world.labelled(weight, ("economy",))
    found = gradient(outcome, xr.Dataset({"real_income": dollars}))
    freeness = outcome.shock.freeness
    level = 1.0 if freeness is None else freeness.broadcast_like(found["freeness"])
    loss = CUT * (found["freeness"] * level).transpose("origin", "destination", "sector")
    return np.asarray(loss.values, dtype=float), str(found.attrs["missing"])


def _between(world: World, target: str, senders: Sequence[str]) -> NDArray[np.bool_]:
    """Whether a pair is the target and a sender (origin, destination)."""
    ours, theirs = np.isin(world.economies, senders), np.array(world.economies) == target
    pairs: NDArray[np.bool_] = np.outer(ours, theirs) | np.outer(theirs, ours)
    return pairs


def _row(
    world: World, cell: tuple[int, int, int], trade: float, hurt: float, cost: float
) -> PainfulFlow:
    i, n, s = cell
    ratio = float(hurt / cost) if cost > NOTHING * CUT * trade else None
    return PainfulFlow(
        world.economies[i],
        world.economies[n],
        world.sectors[s],
        trade,
        float(hurt),
        float(cost),
        ratio,
    )


def _refuse(world: World, target: str, senders: Sequence[str], most: int) -> None:
    problems = [
        Problem(place, f"the world has no economy {name!r}; {did_you_mean(name, world.economies)}")
        for place, name in [("target", target), *(("senders", name) for name in senders)]
        if name not in world.economies
    ]
    if not senders:
        problems.append(Problem("senders", "is empty; name one economy or more"))
    if target in senders:
        problems.append(Problem("senders", f"{target} is the target; leave it out"))
    if most < 1:
        problems.append(Problem("most", f"is {most!r}, must be at least 1"))
    if problems:
        raise InvalidInput(problems, "painful flows")
