"""A proposer who does not know what the target's survival is worth to the veto state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.statecraft.game import VoteBackfillGame
from tumen.statecraft.proposer import GRID, TIE
from tumen.statecraft.search import climb

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Values that S may have, and how likely each is."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        found = []
        if len(self.values) != len(self.weights) or not self.values:
            message = f"has {len(self.weights)} for {len(self.values)} values, must have one each"
            found.append(Problem("weights", message))
        if not all(np.isfinite(each) and each >= 0 for each in self.values):
            found.append(Problem("values", f"is {self.values}, must be numbers not below 0"))
        if not all(each >= 0 for each in self.weights) or abs(sum(self.weights) - 1) > 1e-9:
            message = f"is {self.weights}, must be not below 0 and sum to 1"
            found.append(Problem("weights", message))
        if found:
            raise InvalidInput(found, "beliefs")

    @classmethod
    def evenly(cls, low: float, high: float, count: int = 41) -> Beliefs:
        """Return an even distribution by the midpoints of equal parts.

        Examples
        --------
        >>> Beliefs.evenly(0, 20, 2).values
        (5.0, 15.0)
        """
        parts = low + (high - low) * (np.arange(count) + 0.5) / count
        return cls(tuple(parts.tolist()), (1 / count,) * count)

    @classmethod
    def drawn(cls, values: Sequence[float]) -> Beliefs:
        """Return draws, each as likely as the other."""
        return cls(tuple(float(each) for each in values), (1 / len(values),) * len(values))


@dataclass(frozen=True, slots=True)
class Gamble:
    """The text that a proposer risks, and the chance that it passes."""

    text: float | None
    """None: it offers none, for the reversion is worth more."""
    chance_of_yes: float
    expected_net_cut: float
    expected_collapse: float
    expected_payoff: float


@dataclass(frozen=True)
class UncertainGame:
    """A game whose proposer knows S only as beliefs; everything else is known.

    Examples
    --------
    >>> from tumen.statecraft.textbook import BASE
    >>> game = VoteBackfillGame(**BASE)
    >>> gamble = UncertainGame(game, Beliefs.evenly(5, 15, 11)).solve()
    >>> 0 < gamble.chance_of_yes <= 1
    True
    """

    game: VoteBackfillGame
    beliefs: Beliefs

    def chances(self, text: Array) -> Array:
        """Return the chance that each text passes."""
        passed: Array = self._expected(text)[0]
        return passed

    def solve(self) -> Gamble:
        """Return the text with the best prospects (the largest, within 1e-9)."""
        scale = self.game.proposer.scale
        text = climb(lambda cut: self._expected(cut)[3] / scale, GRID, TIE)
        passed, *prospects = (float(each[0]) for each in self._expected(np.array([text])))
        without = [float(each) for each in self._weights @ self._without]
        if passed == 0 or prospects[2] < without[2] - TIE * scale:
            return Gamble(None, 0.0, *without)
        return Gamble(text, passed, *prospects)

    @cached_property
    def _games(self) -> list[VoteBackfillGame]:
        return [replace(self.game, survival_value=each) for each in self.beliefs.values]

    @cached_property
    def _weights(self) -> Array:
        return np.array(self.beliefs.weights)

    @cached_property
    def _without(self) -> Array:
        return np.array([game.without_text for game in self._games])

    def _expected(self, text: Array) -> Array:
        """Chance of a yes, net cut, chance of collapse and payoff, dims (these, text)."""
        total = np.zeros((4, len(text)))
        for game, weight, without in zip(self._games, self._weights, self._without):
            found = game.respond(text)
            payoff = game.proposer.payoff(found.net_cut, found.collapse)
            yes = np.stack([np.ones_like(text), found.net_cut, found.collapse, payoff])
            total += weight * np.where(found.accepted, yes, np.append(0.0, without)[:, None])
        total[0] = np.minimum(total[0], 1.0)  # weights sum to 1 but for rounding
        return total
