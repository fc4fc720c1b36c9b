"""The inverse question: which motives make what was observed the best that everyone could do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.statecraft.tipping import Playable, Played, check_motives

Array = npt.NDArray[np.float64]
Range = tuple[float, float]
Spread = Sequence[float]
"""Values that cut what is thought possible into parts of equal chance, rising: (low, high) is even
between them, (low, central, high) has half of its chance on each side of the central value."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen; None was not seen. Ranges hold the tolerance."""

    vote: str | None = None
    text: Range | None = None
    backfill: Range | None = None
    support: str | tuple[str, ...] | None = None
    """none, quiet, brazen or open; or those of them that it may have been."""

    def __post_init__(self) -> None:
        found = [
            Problem(name, f"is {value[0]:g} to {value[1]:g}, must rise")
            for name, value in (("text", self.text), ("backfill", self.backfill))
            if value is not None and not value[0] <= value[1]
        ]
        kinds = (("vote", ("yes", "veto")), ("support", ("none", "quiet", "brazen", "open")))
        for name, allowed in kinds:
            given = getattr(self, name) or ()
            for value in (given,) if isinstance(given, str) else given:
                if value not in allowed:
                    message = f"is {value!r}, must be one of {', '.join(allowed)}"
                    found.append(Problem(name, message))
        if found:
            raise InvalidInput(found, "observed")

    @property
    def _kinds(self) -> tuple[str, ...]:
        return (self.support,) if isinstance(self.support, str) else self.support or ()

    def fits(self, play: Played) -> bool:
        """Tell whether a play is what was observed."""
        return (
            self.vote in (None, play.vote)
            and (self.support is None or play.support in self._kinds)
            and (self.text is None or self.text[0] <= play.text <= self.text[1])
            and (self.backfill is None or self.backfill[0] <= play.backfill <= self.backfill[1])
        )


@dataclass(frozen=True, slots=True)
class Consistent:
    """Motives that were drawn, and those under which the observed play is the solution."""

    ranges: dict[str, Spread]
    """What was thought possible before."""
    draws: Array
    """Dims draw, motive (in the order of ``ranges``)."""
    plays: tuple[Played, ...]
    fits: npt.NDArray[np.bool_]

    @property
    def share(self) -> float:
        """The share of the draws under which the observed play is the solution."""
        return float(self.fits.mean())

    def remaining(self, low: float = 0.0, high: float = 1.0) -> dict[str, Range] | None:
        """Return each motive's range, or quantiles, over the draws that fit; None if none does."""
        if not self.fits.any():
            return None
        ends = np.quantile(self.draws[self.fits], [low, high], axis=0).T
        return {name: (float(a), float(b)) for name, (a, b) in zip(self.ranges, ends)}


def drawn(ranges: Mapping[str, Spread], draws: int, seed: int = 0) -> Array:
    """Draw motives from ranges, dims draw, motive: a Latin hypercube, which covers each evenly.

    Examples
    --------
    >>> points = drawn({"penalty": (0.0, 1.0, 10.0)}, 4)[:, 0]
    >>> (points < 1.0).sum().item(), (points > 1.0).sum().item()
    (2, 2)
    """
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(ranges), rng=seed).random(draws)
    columns = [
        np.interp(unit[:, place], np.linspace(0.0, 1.0, len(spread)), spread)
        for place, spread in enumerate(ranges.values())
    ]
    return np.column_stack(columns)


def played(game: Playable, names: Sequence[str], points: Array) -> tuple[Played, ...]:
    """Solve a game at points of its motives, dims draw, motive."""
    return tuple(game.varied(**dict(zip(names, point))).solve() for point in points.tolist())


def consistent(
    game: Playable,
    observed: Observed,
    ranges: Mapping[str, Spread],
    draws: int = 512,
    seed: int = 0,
) -> Consistent:
    """Draw motives from ranges and keep those under which the game plays as observed.

    Parameters
    ----------
    game
        Holds what is not drawn.
    draws, seed
        As for :func:`drawn`.

    Examples
    --------
    >>> from tumen.statecraft.game import VoteBackfillGame
    >>> from tumen.statecraft.textbook import BASE
    >>> found = consistent(
    ...     VoteBackfillGame(**BASE),
    ...     Observed(vote="yes", backfill=(0.01, 1.0)),
    ...     {"survival_value": (1.0, 20.0), "penalty": (0.1, 5.0)},
    ...     draws=64,
    ... )
    >>> 0 < found.share < 1
    True
    """
    _check(game, ranges, draws)
    points = drawn(ranges, draws, seed)
    plays = played(game, list(ranges), points)
    fits = np.array([observed.fits(play) for play in plays])
    return Consistent(dict(ranges), points, plays, fits)


def _check(game: Playable, ranges: Mapping[str, Spread], draws: int) -> None:
    check_motives(game, list(ranges))
    found = [
        Problem(name, f"is {' to '.join(f'{each:g}' for each in spread)}, must rise")
        for name, spread in ranges.items()
        if list(spread) != sorted(spread)
    ]
    if not ranges:
        found.append(Problem("ranges", "is empty, must hold at least one motive"))
    if draws < 1:
        found.append(Problem("draws", f"is {draws}, must be at least 1"))
    if found:
        raise InvalidInput(found, "motives")
    for end in (0, -1):
        game.varied(**{name: each[end] for name, each in ranges.items()})
