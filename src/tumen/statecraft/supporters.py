"""Several supporters: each one's hidden support is a best reply to that of the others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tumen.statecraft.state import State
from tumen.statecraft.target import Target

Array = npt.NDArray[np.float64]

ROUNDS = 80
SETTLED = 1e-9
"""Support that moves by less has settled."""
SAME = 1e-3
"""Equilibria closer than this, for every supporter, are one."""
LOOKS, STEPS = 3, 17
"""The end of a line is found by looking at so many points, so many times closer."""
DAMPING = (1.0, 0.5)
"""Full best replies reach corners, damped ones end cycles; every start tries both."""


@dataclass(frozen=True, slots=True)
class SupportEquilibria:
    """All equilibria in support that were found at one text, dims equilibrium, supporter.

    Where some form a line, along which one supporter takes over from another, the line is one row:
    a point of it, and the least and the most of each supporter along it.
    """

    points: Array
    """Ordered by the sum. Empty: none in pure strategies."""
    low: Array
    high: Array
    starts: int
    """From how many starts they were looked for."""

    @property
    def line(self) -> bool:
        """Whether some form a line: read the ranges, not the points."""
        return bool((self.high - self.low > SAME).any())

    @property
    def unique(self) -> bool:
        """Whether one was found, and no other from any start."""
        return len(self.points) == 1 and not self.line

    @property
    def ranges(self) -> list[tuple[float, float]]:
        """The least and the most of each supporter over all equilibria; empty if there is none."""
        if not len(self.points):
            return []
        low, high = self.low.min(axis=0), self.high.max(axis=0)
        return list(zip(low.tolist(), high.tolist(), strict=True))


def support_equilibria(
    target: Target, states: Sequence[State], text: float, passed: bool = True, grid: int = 7
) -> SupportEquilibria:
    """Find the Nash equilibria in support at a text.

    Parameters
    ----------
    grid
        How many starts to take along each supporter's range (for three or more, 3).

    Notes
    -----
    Sequential best replies, full and damped by half, from a grid of starts. An equilibrium counts
    if no supporter gains by leaving it. That no other was found from any start is no proof.

    Examples
    --------
    >>> from tumen.statecraft.game import VoteBackfillGame
    >>> from tumen.statecraft.textbook import BASE
    >>> game = VoteBackfillGame(**BASE)
    >>> found = support_equilibria(game.target, [game.state, game.state], 0.3)
    >>> found.unique, found.points.round(4).tolist()
    (True, [[0.0531, 0.0531]])
    """
    starts = _starts(target, states, text, passed, grid)
    cuts = np.full(len(starts), text)
    ends = np.vstack([replies(target, states, cuts, starts, passed, each) for each in DAMPING])
    cuts = np.full(len(ends), text)
    stable = ends[regret(target, states, cuts, ends, passed) <= SETTLED]
    points, low, high = _distinct(target, states, text, stable, passed)
    return SupportEquilibria(points, low, high, len(ends))


def replies(
    target: Target,
    states: Sequence[State],
    text: Array,
    start: Array,
    passed: bool = True,
    damping: float = 1.0,
) -> Array:
    """Return where sequential best replies end; array (problem, supporter) in and out."""
    support = start.copy()
    moving = np.arange(len(start))
    for _ in range(ROUNDS):
        before = support[moving]
        now = before.copy()
        for place, state in enumerate(states):
            best, _ = state.reply(target, text[moving], others(states, now, place), passed)
            now[:, place] += damping * (best - now[:, place])
        support[moving] = now
        moving = moving[np.abs(now - before).max(axis=1) >= SETTLED / 10]
        if not moving.size:
            break
    return support


def others(states: Sequence[State], support: Array, place: int) -> Array:
    """Return what all but one supply that arrives: the sum of φb."""
    supplied = support * np.array([state.effectiveness for state in states])
    rest: Array = supplied.sum(axis=1) - supplied[:, place]
    return rest


def regret(
    target: Target, states: Sequence[State], text: Array, support: Array, passed: bool = True
) -> Array:
    """Return what the supporter that gains most would gain by leaving, relative to its motives."""
    worst = np.zeros(len(support))
    for place, state in enumerate(states):
        rest = others(states, support, place)
        _, best = state.reply(target, text, rest, passed)
        supplied = rest + state.effectiveness * support[:, place]
        own = state.payoff(support[:, place], target.collapse(text, supplied, passed), passed)
        worst = np.maximum(worst, (best - own) / state.scale)
    return worst


def _starts(target: Target, states: Sequence[State], text: float, passed: bool, grid: int) -> Array:
    count = grid if len(states) <= 2 else 3
    cut = np.array([text])
    axes = [np.linspace(0.0, float(each.limit(cut, passed)[0]), count) for each in states]
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)


def _distinct(
    target: Target, states: Sequence[State], text: float, points: Array, passed: bool
) -> tuple[Array, Array, Array]:
    """Return points that lie on no line of another's, with the ranges of their own lines."""
    effect = np.array([state.effectiveness for state in states])
    kept: list[tuple[Array, Array, Array]] = []
    for point in points[np.lexsort([*points.T, points.sum(axis=1).round(6)])]:
        known = any(
            (point > low - SAME).all()
            and (point < high + SAME).all()
            and abs((point - other) @ effect) < SAME
            for other, low, high in kept
        )
        if not known:
            line = np.array([point, *_stretched(target, states, text, point, passed)])
            kept.append((point, line.min(axis=0), line.max(axis=0)))
    shape = (len(kept), len(states))
    point, low, high = (np.array([row[each] for row in kept]).reshape(shape) for each in range(3))
    return point, low, high


def _stretched(
    target: Target, states: Sequence[State], text: float, point: Array, passed: bool
) -> list[Array]:
    """Return how far one supporter can take over from another and all stay in equilibrium.

    What arrives stays the same on the way, for along a line of equilibria nothing else changes.
    """
    limits = np.array([float(each.limit(np.array([text]), passed)[0]) for each in states])
    effect = np.array([state.effectiveness for state in states])
    found = []
    for more, less in itertools.permutations(range(len(states)), 2):
        room = min((limits - point)[more] * effect[more], point[less] * effect[less])
        if room <= SAME:
            continue
        direction = np.zeros(len(states))
        direction[more], direction[less] = 1 / effect[more], -1 / effect[less]
        low, high = 0.0, room
        for _ in range(LOOKS):
            moved = np.linspace(low, high, STEPS)
            points = point + moved[:, None] * direction
            stays = regret(target, states, np.full(STEPS, text), points, passed) <= SETTLED
            last = int(np.argmin(stays)) - 1 if not stays.all() else STEPS - 1
            low, high = moved[max(last, 0)], moved[min(last + 1, STEPS - 1)]
        if low > SAME:
            found.append(point + low * direction)
    return found
