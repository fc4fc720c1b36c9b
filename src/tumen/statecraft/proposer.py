"""The proposer: what it gets, and the text it offers to those who may refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput
from tumen.statecraft.checks import Bounds, problems
from tumen.statecraft.search import climb

Array = npt.NDArray[np.float64]

RULES = {
    "gain": Bounds("a, the proposer's gain from the whole cut", 0),
    "unanimity": Bounds("λ, the worth of a text that passes", 0),
    "fear": Bounds("what collapse would cost the proposer", 0),
}
TEXTS = 129
GRID = np.linspace(0.0, 1.0, TEXTS)
TIE = 1e-9
"""Of equally good texts the largest is offered."""
REFUSED = 1e-12
"""A veto state that loses less than this, relative to its motives, votes yes."""
_BEYOND = 1e-7
ACCURACY = 1e-10
JUMP = 1e-5
_LEAST = -10.0
_FURTHEST = 5.0


@dataclass(frozen=True, slots=True)
class Response:
    """What follows from each of several texts if it passes, and whether it does."""

    net_cut: Array
    collapse: Array
    margin: Array
    """Payoff of yes less that of a veto, of whoever gains least, relative to its motives."""

    @property
    def accepted(self) -> npt.NDArray[np.bool_]:
        """Whether everyone who has a veto votes yes."""
        return self.margin >= -REFUSED


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who writes the text: U = a n + λ · 1{passed} − fear · P(n)."""

    gain: float
    unanimity: float
    fear: float = 0.0

    def __post_init__(self) -> None:
        found = [*problems(self, RULES)]
        if found:
            raise InvalidInput(found, "proposer")

    @property
    def scale(self) -> float:
        """The size of the payoffs; 1 where nothing matters."""
        return max(self.gain, self.unanimity, self.fear) or 1.0

    def payoff(self, net_cut: Array, collapse: Array, passed: bool = True) -> Array:
        """Return what the proposer gets."""
        return self.gain * net_cut + self.unanimity * passed - self.fear * collapse

    def offer(
        self,
        respond: Callable[[Array], Response],
        kinks: Iterable[float],
        texts: int = TEXTS,
        accuracy: float = ACCURACY,
    ) -> float:
        """Return the best text that passes, or the one that comes closest to passing.

        Parameters
        ----------
        respond
            What follows from each text.
        kinks
            Texts at which something bends, looked at besides an even grid.
        texts
            Points of that grid.
        accuracy
            To which the text is found.
        """

        def score(text: Array) -> Array:
            found = respond(text)
            worth = self.payoff(found.net_cut, found.collapse) / self.scale
            missing = np.maximum(found.margin, -_FURTHEST)
            return np.where(found.accepted, worth, _LEAST + missing)

        grid = texts_with(kinks, np.linspace(0.0, 1.0, texts))
        return climb(score, grid, TIE, accuracy)

    def binding(self, text: float, found: Response) -> str:
        """Say what keeps the proposer from a larger text, from it and the one ``beyond`` it."""
        if text >= 1 - TIE:
            return "full cut"
        if not found.accepted[1]:
            return "acceptance"
        worth = self.payoff(found.net_cut, found.collapse) / self.scale
        return "jump" if worth[0] - worth[1] > JUMP else "interior"


def beyond(text: float, accuracy: float = ACCURACY) -> Array:
    """Return a text and one that is larger by next to nothing, though more than the accuracy."""
    return np.array([text, min(1.0, text + max(_BEYOND, 2 * accuracy))])


def texts_with(kinks: Iterable[float], grid: Array = GRID) -> Array:
    """Return texts from 0 to 1, evenly and at given points, rising."""
    return np.unique(np.append(grid, [each for each in kinks if 0 < each < 1]))


def largest_accepted(
    respond: Callable[[Array], Response], kinks: Iterable[float] = ()
) -> float | None:
    """Return the largest text that nobody vetoes, or None."""

    def score(text: Array) -> Array:
        found = respond(text)
        return np.where(found.accepted, text, _LEAST + np.maximum(found.margin, -_FURTHEST))

    text = climb(score, texts_with(kinks), 0.0)
    return text if respond(np.array([text])).accepted[0] else None
