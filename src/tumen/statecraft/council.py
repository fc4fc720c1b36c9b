"""A council: several states vote, several support; one veto is enough.

Every state that has a veto compares the text with what follows its own veto, so the state that
gains least by a yes binds. All supporters play best replies to each other's support.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.statecraft import proposer as offers
from tumen.statecraft.checks import Bounds, problems
from tumen.statecraft.detection import power
from tumen.statecraft.game import kind_of_support
from tumen.statecraft.proposer import TEXTS, Proposer, Response, largest_accepted
from tumen.statecraft.state import State
from tumen.statecraft.supporters import (
    SETTLED,
    SupportEquilibria,
    regret,
    replies,
    support_equilibria,
)
from tumen.statecraft.target import Target

Array = npt.NDArray[np.float64]

REVERSION = {"reversion": Bounds("r0, the cut that others make alone after a veto", 0, 1)}


@dataclass(frozen=True, slots=True)
class Seat:
    """What one state does in the play of a council."""

    name: str
    vote: str
    """yes, veto, or none where it has no veto; at the text that was offered."""
    margin: float
    """What it gains by yes rather than its veto."""
    backfill: float
    detection: float
    support: str


@dataclass(frozen=True, slots=True)
class CouncilPlay:
    """How a council plays; read off the solution."""

    vote: str
    text: float
    net_cut: float
    collapse: float
    binding: str
    tightest: str
    """Who gains least by a yes, relative to its motives; empty where nobody has a veto."""
    seats: tuple[Seat, ...]


@dataclass(frozen=True, kw_only=True)
class Council:
    """Several states, one proposer, one target.

    Parameters
    ----------
    states
        Those that vote (``veto=True``), support (``capacity`` above 0), or both; names differ.
    reversion
        r0.
    select
        Which equilibrium in support is expected where there are several: the least support in
        all, or the most.
    texts, accuracy
        At how many texts the proposer looks before it looks closer, and how close it looks in the
        end. With fewer a solve is quicker and may miss a narrow peak.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from tumen.statecraft.game import VoteBackfillGame
    >>> from tumen.statecraft.textbook import BASE
    >>> game = VoteBackfillGame(**BASE)
    >>> first = replace(game.state, name="first")
    >>> second = replace(game.state, name="second", survival_value=4.0, capacity=0.0)
    >>> play = Council(
    ...     target=game.target, states=(first, second), proposer=game.proposer, reversion=0.35
    ... ).solve()
    >>> play.vote, play.tightest, round(play.text, 4)
    ('yes', 'first', 0.2632)
    """

    target: Target
    states: tuple[State, ...]
    proposer: Proposer
    reversion: float
    select: Literal["least", "most"] = "least"
    texts: int = TEXTS
    accuracy: float = offers.ACCURACY

    def __post_init__(self) -> None:
        found = [*problems(self, REVERSION)]
        names = [state.name for state in self.states]
        if not names:
            found.append(Problem("states", "is empty, must have at least one state"))
        found += [
            Problem("states", f"has {name!r} twice, names must differ")
            for name in sorted({each for each in names if names.count(each) > 1})
        ]
        if self.select not in ("least", "most"):
            found.append(Problem("select", f"is {self.select!r}, must be 'least' or 'most'"))
        if found:
            raise InvalidInput(found, "council")

    def solve(self) -> CouncilPlay:
        """Return the play: the best text that nobody vetoes, or the reversion."""
        text = self.proposer.offer(self.respond, self._kinks, self.texts, self.accuracy)
        found = self.respond(offers.beyond(text, self.accuracy))
        margins = self.margins(np.array([text]))[0]
        if not found.accepted[0]:
            return self._play(self.reversion, False, margins, "no acceptable text")
        gain = float(self.proposer.payoff(found.net_cut, found.collapse)[0]) - self._without
        if gain < -offers.TIE * self.proposer.scale:
            return self._play(self.reversion, False, margins, "reversion")
        return self._play(text, True, margins, self.proposer.binding(text, found))

    def respond(self, text: Array) -> Response:
        """Return what follows from each text if it is offered."""
        support = self.support(text)
        supplied = support @ self._effectiveness
        scaled = self._margins(text, support) / [state.scale for state in self.states]
        voting = [state.veto for state in self.states]
        return Response(
            self.target.net_cut(text, supplied),
            self.target.collapse(text, supplied),
            scaled[:, voting].min(axis=1, initial=np.inf),
        )

    def support(self, text: Array, passed: bool = True) -> Array:
        """Return everyone's support at each text, dims text, state.

        Sequential best replies from nothing, from everything and from each state alone.
        """
        limits = np.stack([each.limit(text, passed) for each in self.states], axis=1)
        alone = [limits * (np.arange(len(self.states)) == each) for each in range(len(self.states))]
        starts = [0 * limits, limits, *alone] if len(self.states) > 1 else [0 * limits]
        cuts = np.tile(text, len(starts))
        ends = replies(self.target, self.states, cuts, np.vstack(starts), passed)
        left = regret(self.target, self.states, cuts, ends, passed)
        total = (ends @ self._effectiveness) * (1 if self.select == "least" else -1)
        # Where nothing settled, the end that is nearest to an equilibrium stands in for one.
        rank = np.where(left <= SETTLED, total, 1e3 + left).reshape(len(starts), len(text))
        chosen = rank.argmin(axis=0)
        found: Array = ends.reshape(len(starts), len(text), -1)[chosen, np.arange(len(text))]
        return found

    def margins(self, text: Array) -> Array:
        """Return what each state gains by a yes rather than its veto, dims text, state."""
        return self._margins(text, self.support(text))

    def equilibria(self, play: CouncilPlay) -> SupportEquilibria:
        """Return all equilibria in support that are found at the text in force."""
        return support_equilibria(self.target, self.states, play.text, play.vote == "yes")

    def acceptance_bound(self) -> float | None:
        """Return the largest text that nobody vetoes, or None."""
        return largest_accepted(self.respond, self._kinks)

    def _margins(self, text: Array, support: Array) -> Array:
        collapse = self.target.collapse(text, support @ self._effectiveness)
        return np.stack(
            [
                state.payoff(support[:, place], collapse) - self._refused[place]
                for place, state in enumerate(self.states)
            ],
            axis=1,
        )

    @property
    def _kinks(self) -> list[float]:
        return [self.target.black_market, *(state.capacity for state in self.states)]

    @cached_property
    def _effectiveness(self) -> Array:
        return np.array([state.effectiveness for state in self.states])

    @cached_property
    def _after_veto(self) -> tuple[Array, Array, Array]:
        """Support, net cut and chance of collapse after a veto."""
        text = np.array([self.reversion])
        support = self.support(text, passed=False)
        supplied = support @ self._effectiveness
        net_cut = self.target.net_cut(text, supplied, passed=False)
        return support[0], net_cut, self.target.collapse(text, supplied, passed=False)

    @cached_property
    def _refused(self) -> list[float]:
        support, _, collapse = self._after_veto
        return [
            float(state.payoff(support[place : place + 1], collapse, passed=False)[0])
            for place, state in enumerate(self.states)
        ]

    @cached_property
    def _without(self) -> float:
        _, net_cut, collapse = self._after_veto
        return float(self.proposer.payoff(net_cut, collapse, passed=False)[0])

    def _play(self, text: float, passed: bool, margins: Array, binding: str) -> CouncilPlay:
        cut = np.array([text])
        support = self.support(cut)[0] if passed else self._after_veto[0]
        supplied = np.array([support @ self._effectiveness])
        relative = margins / [state.scale for state in self.states]
        voting = [
            (gain, state.name)
            for gain, state in zip(relative.tolist(), self.states, strict=True)
            if state.veto
        ]
        return CouncilPlay(
            vote="yes" if passed else "veto",
            text=text,
            net_cut=float(self.target.net_cut(cut, supplied, passed)[0]),
            collapse=float(self.target.collapse(cut, supplied, passed)[0]),
            binding=binding,
            tightest=min(voting)[1] if voting else "",
            seats=tuple(
                self._seat(state, float(support[place]), float(margins[place]), passed)
                for place, state in enumerate(self.states)
            ),
        )

    def _seat(self, state: State, backfill: float, margin: float, passed: bool) -> Seat:
        caught = float(power(backfill, state.noise, state.false_alarm)) if passed else 0.0
        willing = margin / state.scale >= -offers.REFUSED
        return Seat(
            name=state.name,
            vote=("yes" if willing else "veto") if state.veto else "none",
            margin=margin,
            backfill=backfill,
            detection=caught,
            support=kind_of_support(backfill, caught, passed),
        )
