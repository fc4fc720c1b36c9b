"""Where a play tips: the value of a motive at which the vote or the support switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.statecraft.game import Play, VoteBackfillGame
from tumen.statecraft.proposer import GRID

Array = npt.NDArray[np.float64]

HALVINGS = 20
"""A switch between two values is found to a millionth of their distance."""
LEAST_MOVE = 1e-6
"""A figure that moves by less stands still."""
LEAST_JUMP = 1e-3
"""Support that rises by less, between two texts next to each other, has not jumped."""


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
    plays: tuple[Play, ...]
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
    plays: tuple[tuple[Play, ...], ...]
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


def along(game: VoteBackfillGame, motive: str, values: Sequence[float] | Array) -> Curve:
    """Solve the game along a motive, and find where vote and support switch.

    Parameters
    ----------
    values
        Rising. Of several switches between neighbours one is found.

    Examples
    --------
    >>> from tumen.statecraft.textbook import BASE
    >>> curve = along(VoteBackfillGame(**BASE), "penalty", [0.1, 1.0, 2.0])
    >>> [(each.what, each.before, each.after) for each in curve.switches]
    [('support', 'brazen', 'quiet')]
    """
    check_motives([motive])
    plays = tuple(varied(game, motive, value) for value in values)
    switches = []
    for place in range(len(plays) - 1):
        for what in ("vote", "support"):
            before, after = (getattr(plays[place + step], what) for step in (0, 1))
            if before != after:
                between = (float(values[place]), float(values[place + 1]))
                switches.append(_switch(game, motive, what, between))
    return Curve(motive, np.array(values, float), plays, tuple(switches))


def phase_map(
    game: VoteBackfillGame,
    across: str,
    across_values: Sequence[float] | Array,
    up: str,
    up_values: Sequence[float] | Array,
) -> PhaseMap:
    """Solve the game over two motives."""
    check_motives([across, up])
    rows = [replace(game, **{up: float(value)}) for value in up_values]
    plays = tuple(tuple(varied(row, across, value) for value in across_values) for row in rows)
    return PhaseMap(across, np.array(across_values, float), up, np.array(up_values, float), plays)


def support_jump(game: VoteBackfillGame) -> Jump | None:
    """Return the largest jump of the best support as the text grows; None if it only bends.

    Examples
    --------
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


def varied(game: VoteBackfillGame, motive: str, value: float) -> Play:
    """Solve the game with one motive changed."""
    return replace(game, **{motive: float(value)}).solve()


def check_motives(names: Sequence[str]) -> None:
    """Refuse names that a game does not have."""
    known = [each.name for each in fields(VoteBackfillGame)]
    found = [
        Problem("motive", f"is {name!r}, which no game has; {did_you_mean(name, known)}")
        for name in names
        if name not in known
    ]
    if found:
        raise InvalidInput(found)


def _switch(game: VoteBackfillGame, motive: str, what: str, between: tuple[float, float]) -> Switch:
    low, high = between
    before, after = (str(getattr(varied(game, motive, each), what)) for each in between)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = str(getattr(varied(game, motive, middle), what))
        if found == before:
            low = middle
        else:
            high, after = middle, found
    return Switch(motive, (low + high) / 2, what, before, after)
