"""The bans that hurt a target most for what each member of a coalition is ready to lose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium import Outcome, gradient, solve
from tumen.errors import Infeasible, InvalidInput, NotConverged, Problem
from tumen.files.nearest import did_you_mean
from tumen.lifeline.painful import PainfulFlows, painful_flows
from tumen.lifeline.support import Situation, with_transfer
from tumen.world import Shock, World

Array = NDArray[np.float64]
Direction = Literal["export", "import"]
"""Seen from the target."""

FIRST_STEP, LEAST_STEP = 0.25, 2e-3
"""How far a share that is banned may move at once, at first and at last."""
MOST_STEPS = 60
KEPT = 1e-4
"""A limit may be exceeded by this part of it: losses are curved, and steps are straight."""
GAIN = 1e-5
"""Steps that promise a smaller part of the target's loss are not taken."""
LEVEL = 1e-6
"""Transfers share losses to this part of them."""


@dataclass(frozen=True, slots=True)
class Ban:
    """A share of one flow that the package bans."""

    member: str
    direction: Direction
    sector: str
    share: float
    trade_musd: float
    """Baseline sales, million USD a year."""


@dataclass(frozen=True, slots=True)
class MemberCost:
    """What the package costs a member, million USD a year of real income."""

    member: str
    loss_musd: float
    loss_pct: float
    limit_musd: float
    transfer_musd: float
    """Received from the other members; below 0: paid."""


@dataclass(frozen=True, slots=True)
class Package:
    """The best package that was found."""

    target: str
    target_loss_musd: float
    target_loss_pct: float
    bans: tuple[Ban, ...]
    """The largest first."""
    members: tuple[MemberCost, ...]
    steps: int
    """Linear programmes, over all starts."""
    starts: dict[str, float]
    """Start → the target's loss that it led to, million USD; where they differ, more than one
    package is the best nearby."""

    @property
    def senders_loss_musd(self) -> float:
        """What all members lose together."""
        return sum(each.loss_musd for each in self.members)


@dataclass(frozen=True)
class Coalition:
    """Members, what each is ready to lose, and what they may ban.

    Parameters
    ----------
    world
        The baseline.
    target
        Whom the package is to hurt.
    limits
        Member → share of its real income that it is ready to lose.
    directions, sectors
        What may be banned, seen from the target; sectors None: all.
    transfers
        Whether members compensate each other: then only the sum of the limits binds, and
        everybody loses the same part of its own.

    Raises
    ------
    InvalidInput
        With everything that cannot be.
    """

    world: World
    target: str
    limits: Mapping[str, float]
    directions: tuple[Direction, ...] = ("export", "import")
    sectors: tuple[str, ...] | None = None
    transfers: bool = False

    def __post_init__(self) -> None:
        problems = [
            Problem(place, f"no {kind} {name!r}; {did_you_mean(name, known)}")
            for place, kind, known, names in (
                ("target", "economy", self.world.economies, [self.target]),
                ("limits", "economy", self.world.economies, list(self.limits)),
                ("sectors", "sector", self.world.sectors, list(self.sectors or ())),
            )
            for name in names
            if name not in known
        ]
        if self.target in self.limits:
            problems.append(Problem("limits", f'"{self.target}" is the target and no member'))
        if not self.limits:
            problems.append(Problem("limits", "is empty; name at least one member"))
        problems += [
            Problem(f"limits, {name}", f"is {limit:g}, must be a share above 0 and up to 1")
            for name, limit in self.limits.items()
            if not 0 < limit <= 1
        ]
        if not self.directions:
            problems.append(Problem("directions", "is empty; name export, import or both"))
        if problems:
            raise InvalidInput(problems, "package")

    def best(self, start: Package | None = None) -> Package:
        """Return the package that hurts the target most within the limits.

        Parameters
        ----------
        start
            A package of the same coalition under other limits, tried as a start as well.

        Raises
        ------
        InvalidInput
            If there is no trade that could be banned.

        Notes
        -----
        Sequential linear programmes (SciPy's HiGHS) in the shares x that are banned, φ = 1 − x:
        gradients of the target's and of every member's real income at the outcome, a step within
        a trust region, a new solve; a step is taken where the loss of the target, less a penalty
        for limits that are exceeded, rises. Losses are curved, so the best nearby need not be the
        best of all: it starts from nothing and from whole bans in the order of the target's loss
        for a dollar of the members'.

        Examples
        --------
        >>> import tumen
        >>> world = tumen.load_world("world-2022")
        >>> found = Coalition(world, "RUS", {"DEU": 2e-4}, sectors=("B06", "C28")).best()
        >>> found.members[0].loss_pct < 0.0201, found.target_loss_musd > found.senders_loss_musd
        (True, True)
        """
        if not self._cells:
            raise InvalidInput(Problem("package", "no trade with the target could be banned"))
        found: dict[str, _State] = {}
        steps = 0
        starts = {"nothing": np.zeros(len(self._cells)), "ratios": self._greedy()}
        if start is not None:
            starts["before"] = self._shares_of(start)
        for name, shares in starts.items():
            found[name], count = self._climbed(shares)
            steps += count
        chosen = max(found.values(), key=lambda state: state.hurt)
        return self._package(chosen, steps, {name: each.hurt for name, each in found.items()})

    def frontier(self, factors: Sequence[float] = (0.25, 0.5, 1.0, 2.0, 4.0)) -> list[Package]:
        """Return the best packages when every limit is multiplied, in the order of the factors."""
        packages: list[Package] = []
        for factor in sorted(factors):
            limits = {name: min(1.0, factor * limit) for name, limit in self.limits.items()}
            wider = replace(self, limits=limits)
            packages.append(wider.best(packages[-1] if packages else None))
        return packages

    def first_cuts(self, most: int = 5) -> PainfulFlows:
        """Return the flows that hurt the target most for each dollar of the members', at first."""
        return painful_flows(solve(self.world), self.target, self._members, most)

    @cached_property
    def _members(self) -> list[str]:
        return list(self.limits)

    @cached_property
    def _cells(self) -> list[tuple[str, Direction, str]]:
        """(member, direction, sector) with baseline trade."""
        trade = self.world.dataset["trade"]
        chosen = self.sectors or self.world.sectors
        cells: list[tuple[str, Direction, str]] = []
        for member in self._members:
            for direction in self.directions:
                origin, destination = self._ends(member, direction)
                moved = trade.sel(origin=origin, destination=destination)
                cells += [(member, direction, s) for s in chosen if float(moved.sel(sector=s)) > 0]
        return cells

    def _ends(self, member: str, direction: Direction) -> tuple[str, str]:
        return (self.target, member) if direction == "export" else (member, self.target)

    @cached_property
    def _index(self) -> tuple[NDArray[np.intp], ...]:
        """Positions of the cells (origin, destination, sector)."""
        economies, sectors = self.world.economies, self.world.sectors
        places = [
            (*map(economies.index, self._ends(member, direction)), sectors.index(sector))
            for member, direction, sector in self._cells
        ]
        return tuple(np.array(each) for each in zip(*places, strict=True))

    @cached_property
    def _limit(self) -> Array:
        """Dollars that each member is ready to lose; with transfers their sum."""
        income = [self._income(name) * limit for name, limit in self.limits.items()]
        return np.array([sum(income)] if self.transfers else income)

    def _income(self, economy: str) -> float:
        return float(self.world.accounts.income[self.world.economies.index(economy)])

    def _shock(self, shares: Array) -> Shock:
        import xarray as xr

        base = xr.ones_like(self.world.dataset["trade"].transpose(*_DIMS), dtype=float)
        base.values[self._index] = 1 - shares
        return Shock(freeness=base)

    def _state(self, shares: Array, near: Outcome | None) -> _State:
        outcome = solve(self.world, self._shock(shares), start=near)
        members = np.array([self._loss(outcome, [name]) for name in self._members])
        costs = np.array([members.sum()]) if self.transfers else members
        return _State(shares, outcome, self._loss(outcome, [self.target]), members, costs)

    def _loss(self, outcome: Outcome, economies: Sequence[str]) -> float:
        """Dollars of real income that economies lose."""
        return sum(
            self._income(name) * (1 - float(outcome.real_income.sel(economy=name)))
            for name in economies
        )

    def _slope(self, outcome: Outcome, economies: Sequence[str]) -> Array:
        """Derivative of their loss by each share; 0 where none exists."""
        import xarray as xr

        weight = np.where(np.isin(self.world.economies, economies), self.world.accounts.income, 0.0)
        dollars = self.world.labelled(weight, ("economy",))
        found = gradient(outcome, xr.Dataset({"real_income": dollars}))
        slope: Array = np.nan_to_num(found["freeness"].transpose(*_DIMS).values[self._index])
        return slope

    def _slopes(self, outcome: Outcome) -> tuple[Array, Array]:
        """Of the target's loss (cell), and of what the limits are about (limit, cell)."""
        groups = [self._members] if self.transfers else [[name] for name in self._members]
        hurt = self._slope(outcome, [self.target])
        return hurt, np.array([self._slope(outcome, group) for group in groups])

    def _climbed(self, shares: Array) -> tuple[_State, int]:
        """Improve shares step by step; return where they end and how many steps were tried."""
        state = self._state(shares, None)
        size, steps = FIRST_STEP, 0
        slopes = self._slopes(state.outcome)
        while size >= LEAST_STEP and steps < MOST_STEPS:
            steps += 1
            move, price, promise = _programme(
                *slopes, self._limit - state.costs, state.shares, size
            )
            if promise <= GAIN * max(state.hurt, 1e-9) and state.within(self._limit):
                size /= 2
                continue
            tried = self._tried(np.clip(state.shares + move, 0.0, 1.0), state.outcome)
            if tried is not None and tried.merit(self._limit, price) > state.merit(
                self._limit, price
            ):
                state, slopes = tried, self._slopes(tried.outcome)
                size = min(2 * size, 1.0)
            else:
                size /= 2
        return self._shrunk(state), steps

    def _tried(self, shares: Array, near: Outcome) -> _State | None:
        try:
            return self._state(shares, near)
        except (Infeasible, NotConverged):
            return None

    def _shrunk(self, state: _State) -> _State:
        """Take all shares back by the same part until no limit is exceeded."""
        low, high = 0.0, 1.0
        if state.within(self._limit):
            return state
        for _ in range(12):
            middle = (low + high) / 2
            found = self._tried(middle * state.shares, state.outcome)
            if found is not None and found.within(self._limit):
                low = middle
            else:
                high = middle
        return self._state(low * state.shares, state.outcome)

    def _greedy(self) -> Array:
        """Whole bans by the target's loss for a dollar of the members', until limits are met."""
        zero = np.zeros(len(self._cells))
        outcome = self._state(zero, None).outcome
        hurt, costs = self._slopes(outcome)
        paid = np.maximum(costs, 0).sum(axis=0)
        order = np.argsort(-hurt / np.maximum(paid, 1e-9 * np.abs(hurt).max()))
        left, shares = self._limit.copy(), zero
        for cell in order[hurt[order] > 0]:
            cost = np.maximum(costs[:, cell], 0)
            if (cost <= left).all():
                shares[cell], left = 1.0, left - cost
        return shares if self._tried(shares, outcome) is not None else zero

    def _shares_of(self, package: Package) -> Array:
        known = {(ban.member, ban.direction, ban.sector): ban.share for ban in package.bans}
        return np.array([known.get(cell, 0.0) for cell in self._cells])

    def _package(self, state: _State, steps: int, starts: dict[str, float]) -> Package:
        trade = self.world.accounts.trade.transpose(2, 1, 0)[self._index]
        bans = [
            Ban(*cell, float(share), float(value))
            for cell, share, value in zip(self._cells, state.shares, trade, strict=True)
            if share > LEAST_STEP
        ]
        moved, hurt, members = self._compensated(state)
        return Package(
            target=self.target,
            target_loss_musd=hurt,
            target_loss_pct=100 * hurt / self._income(self.target),
            bans=tuple(sorted(bans, key=lambda ban: -ban.share * ban.trade_musd)),
            members=tuple(
                MemberCost(
                    name,
                    float(loss),
                    100 * float(loss) / self._income(name),
                    self._income(name) * self.limits[name],
                    float(paid),
                )
                for name, loss, paid in zip(self._members, members, moved, strict=True)
            ),
            steps=steps,
            starts=starts,
        )

    def _compensated(self, state: _State) -> tuple[Array, float, Array]:
        """Transfers among members, and the losses of target and members with them."""
        moved = np.zeros(len(self._members))
        hurt, losses = state.hurt, state.members
        if not self.transfers:
            return moved, hurt, losses
        limits = np.array([self._income(name) * self.limits[name] for name in self._members])
        shock = self._shock(state.shares)
        for _ in range(12):
            fair = losses.sum() * limits / limits.sum()
            if np.abs(losses - fair).max() <= LEVEL * max(np.abs(losses).sum(), 1e-9):
                break
            moved = moved + losses - fair
            moved -= moved.mean()
            paid = shock
            for name, musd in zip(self._members[1:], moved[1:], strict=True):
                # The first member stands on the other side of every transfer; they cancel.
                aside = Situation(self.world, paid, name)
                paid = with_transfer(aside, self._members[0], float(musd))
            outcome = solve(self.world, paid, start=state.outcome)
            losses = np.array([self._loss(outcome, [name]) for name in self._members])
            hurt = self._loss(outcome, [self.target])
        return moved, hurt, losses


_DIMS = ("origin", "destination", "sector")


@dataclass(frozen=True)
class _State:
    shares: Array
    outcome: Outcome
    hurt: float
    members: Array
    costs: Array
    """What the limits are about."""

    def within(self, limit: Array) -> bool:
        return bool((self.costs <= limit * (1 + KEPT)).all())

    def merit(self, limit: Array, price: Array) -> float:
        """The target's loss less a penalty for what exceeds the limits."""
        return self.hurt - float(price @ np.maximum(self.costs - limit, 0.0))


def _programme(
    hurt: Array, costs: Array, room: Array, shares: Array, size: float
) -> tuple[Array, Array, float]:
    """Return the best small move, a price on each limit that makes up for it, and the gain."""
    from scipy.optimize import linprog

    bounds = np.column_stack([np.maximum(-size, -shares), np.minimum(size, 1 - shares)])
    # A start beyond its limits must be able to come back: then less than all of the room is asked.
    least = np.minimum(costs * bounds[:, 0], costs * bounds[:, 1]).sum(axis=1)
    room = np.maximum(room, least)
    found: Any = linprog(-hurt, A_ub=costs, b_ub=room, bounds=bounds, method="highs")
    price = 2 * np.maximum(-found.ineqlin.marginals, 0.0) + 1.0
    return found.x, price, float(hurt @ found.x)
