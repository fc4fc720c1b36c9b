"""Where a play tips: the value of a motive at which the vote or the support switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.statecraft.proposer import GRID

Array = npt.NDArray[np.float64]

HALVINGS = 20
"""A switch between two values is found to a millionth of their distance."""
MOST = 50
"""Switches of a curve."""
LEAST_MOVE = 1e-6
"""A figure that moves by less stands still."""
LEAST_JUMP = 1e-3
"""Support that rises by less, between two texts next to each other, has not jumped."""


class Played(Protocol):
    """How a game is played: a ``Play``, or the ``Stance`` of one state in a council."""

    @property
    def vote(self) -> str:
        """Yes or veto."""

    @property
    def support(self) -> str:
        """None, quiet, brazen or open."""

    @property
    def text(self) -> float:
        """The cut r."""

    @property
    def net_cut(self) -> float:
        """What is left of it, n."""

    @property
    def collapse(self) -> float:
        """Chance that the target falls, P."""

    @property
    def backfill(self) -> float:
        """Support b."""

    @property
    def detection(self) -> float:
        """Chance that it is noticed, q."""


class Playable(Protocol):
    """A game whose motives can be changed by name."""

    @property
    def motives(self) -> list[str]:
        """Their names."""

    def varied(self, **motives: float) -> Playable:
        """Return the game with some of them changed."""

    def solve(self) -> Played:
        """Return how it is played."""


class Supporting(Protocol):
    """A game that answers to a text."""

    def backfill(self, text: Array) -> Array:
        """Return the best support at each text, were it in force."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A value of a motive at which the play changes its kind."""

    motive: str
    at: float
    what: str
    """vote or support."""
    before: str
    """Below the value."""
    after: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The play along one motive."""

    motive: str
    values: Array
    plays: tuple[Played, ...]
    switches: tuple[Switch, ...]

    def column(self, name: str) -> npt.NDArray[np.generic]:
        """Return one figure of the play (``text``, ``vote``, …) at each value."""
        return np.array([getattr(play, name) for play in self.plays])

    def against(self, name: str, sign: int) -> list[tuple[float, float]]:
        """Return between which values a figure moves against an expected sign (1 or −1).

        Steps that touch follow each other in one pair.
        """
        moves = np.diff(np.array([getattr(play, name) for play in self.plays], float))
        found: list[tuple[float, float]] = []
        for place in np.flatnonzero(sign * moves < -LEAST_MOVE).tolist():
            low, high = float(self.values[place]), float(self.values[place + 1])
            if found and found[-1][1] == low:
                low = found.pop()[0]
            found.append((low, high))
        return found


@dataclass(frozen=True, slots=True)
class PhaseMap:
    """The play over two motives."""

    across: str
    across_values: Array
    up: str
    up_values: Array
    plays: tuple[tuple[Played, ...], ...]
    """By row, a row for each value of ``up``."""

    def column(self, name: str) -> npt.NDArray[np.generic]:
        """Return one figure of the play, dims up, across."""
        return np.array([[getattr(play, name) for play in row] for row in self.plays])

    def shares(self) -> dict[tuple[str, str], float]:
        """Return the share of the map under each kind of play, (vote, support)."""
        kinds = [(play.vote, play.support) for row in self.plays for play in row]
        return {kind: kinds.count(kind) / len(kinds) for kind in sorted(set(kinds))}


@dataclass(frozen=True, slots=True)
class Jump:
    """The text beyond which the best support is another local maximum: quiet, then brazen."""

    text: float
    before: float
    after: float


def along(
    game: Playable, motive: str, values: Sequence[float] | Array, halvings: int = HALVINGS
) -> Curve:
    """Solve the game along a motive, and find where vote and support switch.

    Parameters
    ----------
    halvings
        How often the distance between two values is halved to find a switch.
    values
        Rising. A kind of play that comes and goes between two neighbours may be missed.

    Examples
    --------
    >>> from tumen.statecraft.game import VoteBackfillGame
    >>> from tumen.statecraft.textbook import BASE
    >>> curve = along(VoteBackfillGame(**BASE), "penalty", [0.1, 1.0, 2.0])
    >>> [(each.what, each.before, each.after) for each in curve.switches]
    [('support', 'brazen', 'quiet')]
    """
    check_motives(game, [motive])
    plays = tuple(solved_at(game, motive, value) for value in values)
    switches: list[Switch] = []
    for place in range(len(plays) - 1):
        for what in ("vote", "support"):
            before, after = (getattr(plays[place + step], what) for step in (0, 1))
            between = (float(values[place]), float(values[place + 1]))
            while before != after and between[0] < between[1] and len(switches) < MOST:
                found, beyond = _switch(game, motive, what, between, halvings)
                switches.append(found)
                before, between = found.after, (beyond, between[1])
    return Curve(motive, np.array(values, float), plays, tuple(switches))


def phase_map(
    game: Playable,
    across: str,
    across_values: Sequence[float] | Array,
    up: str,
    up_values: Sequence[float] | Array,
) -> PhaseMap:
    """Solve the game over two motives."""
    check_motives(game, [across, up])
    rows = [game.varied(**{up: float(value)}) for value in up_values]
    plays = tuple(tuple(solved_at(row, across, value) for value in across_values) for row in rows)
    return PhaseMap(across, np.array(across_values, float), up, np.array(up_values, float), plays)


def support_jump(game: Supporting) -> Jump | None:
    """Return the largest jump of the best support as the text grows; None if it only bends.

    Examples
    --------
    >>> from tumen.statecraft.game import VoteBackfillGame
    >>> from tumen.statecraft.textbook import BASE
    >>> jump = support_jump(VoteBackfillGame(**BASE))
    >>> 0.3 < jump.text < 0.5 and jump.before < 0.1 < jump.after
    True
    """
    support = game.backfill(GRID)
    place = int(np.diff(support).argmax())
    low, high = GRID[place], GRID[place + 1]
    middle = (support[place] + support[place + 1]) / 2
    for _ in range(2 * HALVINGS):
        text = (low + high) / 2
        if game.backfill(np.array([text]))[0] > middle:
            high = text
        else:
            low = text
    before, after = game.backfill(np.array([low, high])).tolist()
    return Jump(float(low), before, after) if after - before > LEAST_JUMP else None


def solved_at(game: Playable, motive: str, value: float) -> Played:
    """Solve the game with one motive changed."""
    return game.varied(**{motive: float(value)}).solve()


def check_motives(game: Playable, names: Sequence[str]) -> None:
    """Refuse names that a game does not have."""
    found = [
        Problem("motive", f"is {name!r}, which no game has; {did_you_mean(name, game.motives)}")
        for name in names
        if name not in game.motives
    ]
    if found:
        raise InvalidInput(found)


def _switch(
    game: Playable, motive: str, what: str, between: tuple[float, float], halvings: int
) -> tuple[Switch, float]:
    """Return the first switch from the kind on the left, and a value just beyond it."""
    low, high = between
    before, after = (str(getattr(solved_at(game, motive, each), what)) for each in between)
    for _ in range(halvings):
        middle = (low + high) / 2
        found = str(getattr(solved_at(game, motive, middle), what))
        if found == before:
            low = middle
        else:
            high, after = middle, found
    return Switch(motive, (low + high) / 2, what, before, after), high
