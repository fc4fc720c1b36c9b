"""What it would take to make up a loss: in money, in goods, in open trade, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tumen.equilibrium import Outcome, solve
from tumen.errors import Infeasible, InvalidInput, NotConverged, Problem
from tumen.world import Shock, World

Goods = Mapping[str, float]
"""Sector → million USD a year at baseline costs."""
LARGEST_IN_IMPORTS = 20.0
"""Support is sought up to this multiple of the target's baseline imports."""
LARGEST_FACTOR = 1e4
"""Freeness is sought up to this factor."""
ACCURACY = 1e-9
"""Relative accuracy of an amount of support."""
TRIED_PARTS = (0.002, 0.02, 0.1, 0.4, 1.0)
"""Parts of the largest amount that are tried: most answers are small."""
EDGE_STEPS = 8
"""Halvings towards what the giver can just pay."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A target under a shock, before the support in question; deficits are kept but for support."""

    world: World
    shock: Shock
    target: str

    def solved(self, shock: Shock | None = None, near: Outcome | None = None) -> Outcome:
        """Solve the situation, or another shock on the same world, starting from ``near``."""
        return solve(self.world, self.shock if shock is None else shock, start=near)


@dataclass(frozen=True, slots=True)
class Compensation:
    """The least support that gives back a share of the target's loss."""

    kind: str
    """"money", "freeness", or the sector of goods given in kind."""
    giver: str
    """Who gives; empty for freeness."""
    share: float
    """Of the loss of real income that is to be given back."""
    musd: float | None
    """Million USD a year (for freeness the factor less 1); None: no amount does."""
    giver_cost_musd: float | None
    """Real income that the giver loses, million USD a year."""
    giver_cost_pct: float | None
    """The same in per cent of its income."""
    best_share: float
    """Largest share that was reached."""
    best_musd: float
    """With this much."""


def with_transfer(situation: Situation, giver: str, musd: float) -> Shock:
    """The shock with ``musd`` a year from ``giver`` to the target; negative takes."""
    world, shock = situation.world, situation.shock
    deficit = shock.deficit
    if deficit is None:
        values = np.array(world.accounts.deficit)
        deficit = world.labelled(values, ("economy",))
    deficit = deficit.copy()
    deficit.loc[{"economy": situation.target}] += musd
    deficit.loc[{"economy": giver}] -= musd
    return replace(shock, deficit=deficit)


def with_goods(situation: Situation, origin: str, destination: str, goods: Goods) -> Shock:
    """The shock with goods opened from ``origin`` to ``destination``, on top of what it opens.

    Raises
    ------
    InvalidInput
        If the buyer does not spend that much on a product.

    Notes
    -----
    ω = v (1 + Σω) / (X − v), v with the buyer's tariff: at baseline costs the new goods take v of
    the buyer's X, also where other openings stand.
    """
    import xarray as xr

    world, shock = situation.world, situation.shock
    dims = ("origin", "destination", "sector")
    opening = shock.opening
    if opening is None:
        opening = xr.zeros_like(world.dataset["trade"].transpose(*dims))
    values = opening.transpose(*dims).values.copy()
    i, n = world.economies.index(origin), world.economies.index(destination)
    problems = []
    for sector, musd in goods.items():
        s = world.sectors.index(sector)
        tariff = world.accounts.tariff
        paid = musd if tariff is None else musd * float(1 + tariff[s, n, i])
        spent = float(world.accounts.spending[s, n])
        if not 0 <= paid < spent:
            problems.append(
                Problem(
                    f"goods, sector {sector}",
                    f"{paid:.4g} million USD a year, but {destination} spends {spent:.4g} on it; "
                    "give less than that",
                )
            )
            continue
        values[i, n, s] += paid * (1 + values[:, n, s].sum()) / (spent - paid)
    if problems:
        raise InvalidInput(problems, "support")
    return replace(shock, opening=xr.DataArray(values, opening.transpose(*dims).coords, dims))


def in_kind(situation: Situation, giver: str, sector: str, musd: float) -> Shock:
    """The shock with goods of one sector opened, and their value at baseline costs paid for.

    What arrives may be worth more or less than that once prices have moved.
    """
    paid = replace(situation, shock=with_transfer(situation, giver, musd))
    return with_goods(paid, giver, situation.target, {sector: musd})


def compensating_money(situation: Situation, giver: str, share: float) -> Compensation:
    """The least transfer that gives back ``share`` of the target's loss of real income.

    Notes
    -----
    Sought on [0, 20 × baseline imports] with few solves (Brent's method).
    """
    n = situation.world.economies.index(situation.target)
    largest = LARGEST_IN_IMPORTS * float(situation.world.accounts.imports[n])
    return _least(
        situation, "money", giver, share, largest, lambda s: with_transfer(situation, giver, s)
    )


def compensating_goods(situation: Situation, giver: str, sector: str, share: float) -> Compensation:
    """The least value of goods given in kind that gives back ``share`` of the loss."""
    world = situation.world
    s, n = world.sectors.index(sector), world.economies.index(situation.target)
    largest = 0.95 * float(world.accounts.spending[s, n])
    return _least(
        situation, sector, giver, share, largest, lambda v: in_kind(situation, giver, sector, v)
    )


def compensating_freeness(situation: Situation, share: float) -> Compensation:
    """The least common factor on the freeness of all the target's links that gives back a share.

    ``musd`` is then the factor less 1, and nobody pays for it: what is needed where money cannot
    help, because nothing it would buy gets through.
    """
    return _least(
        situation, "freeness", "", share, LARGEST_FACTOR, lambda more: _freer(situation, 1 + more)
    )


def _freer(situation: Situation, factor: float) -> Shock:
    import xarray as xr

    world, shock = situation.world, situation.shock
    dims = ("origin", "destination", "sector")
    freeness = shock.freeness
    if freeness is None:
        freeness = xr.ones_like(world.dataset["trade"].transpose(*dims))
    values = freeness.transpose(*dims).values.copy()
    t = world.economies.index(situation.target)
    home = values[t, t].copy()
    values[t] *= factor
    values[:, t] *= factor
    values[t, t] = home
    return replace(shock, freeness=xr.DataArray(values, freeness.transpose(*dims).coords, dims))


def _least(
    situation: Situation,
    kind: str,
    giver: str,
    share: float,
    largest: float,
    shock_of: Callable[[float], Shock],
) -> Compensation:
    """Find the least amount on a bracket; where none does, say the best that was reached."""
    from scipy.optimize import brentq

    before = situation.solved()
    start = _income(before, situation.target)
    goal = start + share * (1 - start)
    tried: dict[float, Outcome | None] = {0.0: before}

    def short(amount: float) -> float:
        if amount not in tried:
            try:
                tried[amount] = situation.solved(shock_of(amount), before)
            except (Infeasible, NotConverged):
                tried[amount] = None
        outcome = tried[amount]
        return start - goal if outcome is None else _income(outcome, situation.target) - goal

    amount: float | None = 0.0 if goal <= start else None
    if amount is None:
        below, enough = _bracket(short, tried, largest)
        if enough is not None:
            amount = float(brentq(short, below, enough, rtol=ACCURACY, xtol=ACCURACY * enough))
            short(amount)
    reached = {
        tested: _income(outcome, situation.target)
        for tested, outcome in tried.items()
        if outcome is not None
    }
    best = max(reached, key=lambda tested: (reached[tested], -tested))
    cost = None if amount is None else _cost(situation, giver, before, tried[amount])
    return Compensation(
        kind=kind,
        giver=giver,
        share=share,
        musd=amount,
        giver_cost_musd=None if cost is None else cost[0],
        giver_cost_pct=None if cost is None else cost[1],
        best_share=(reached[best] - start) / (1 - start) if start < 1 else 1.0,
        best_musd=best,
    )


def _bracket(
    short: Callable[[float], float], tried: Mapping[float, Outcome | None], largest: float
) -> tuple[float, float | None]:
    """Return an amount that is too little, and one that does; None if none does.

    Beyond what the giver can pay there is no solution: the edge is approached from below.
    """
    below = 0.0
    for part in TRIED_PARTS:
        above = part * largest
        if short(above) >= 0:
            return below, above
        if tried[above] is None:
            for _ in range(EDGE_STEPS):
                middle = (below + above) / 2
                if short(middle) >= 0:
                    return below, middle
                below, above = (below, middle) if tried[middle] is None else (middle, above)
            return below, None
        below = above
    return below, None


def _income(outcome: Outcome, economy: str) -> float:
    return float(outcome.real_income.sel(economy=economy))


def _cost(
    situation: Situation, giver: str, before: Outcome, after: Outcome | None
) -> tuple[float, float] | None:
    """Real income that the giver loses, million USD a year and per cent; None if nobody gives."""
    if after is None or not giver:
        return None
    income = float(situation.world.accounts.income[situation.world.economies.index(giver)])
    loss = _income(before, giver) - _income(after, giver)
    return loss * income, 100 * loss
