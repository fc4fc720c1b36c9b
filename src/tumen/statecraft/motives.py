"""The inverse question: which motives make what was observed the best that everyone could do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.statecraft.game import Play, VoteBackfillGame
from tumen.statecraft.tipping import check_motives

Array = npt.NDArray[np.float64]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen; None was not seen. Ranges hold the tolerance."""

    vote: str | None = None
    text: Range | None = None
    backfill: Range | None = None
    support: str | None = None
    """none, quiet, brazen or open."""

    def __post_init__(self) -> None:
        found = [
            Problem(name, f"is {value[0]:g} to {value[1]:g}, must rise")
            for name, value in (("text", self.text), ("backfill", self.backfill))
            if value is not None and not value[0] <= value[1]
        ]
        kinds = (("vote", ("yes", "veto")), ("support", ("none", "quiet", "brazen", "open")))
        for name, allowed in kinds:
            value = getattr(self, name)
            if value is not None and value not in allowed:
                found.append(Problem(name, f"is {value!r}, must be one of {', '.join(allowed)}"))
        if found:
            raise InvalidInput(found, "observed")

    def fits(self, play: Play) -> bool:
        """Tell whether a play is what was observed."""
        return (
            self.vote in (None, play.vote)
            and self.support in (None, play.support)
            and (self.text is None or self.text[0] <= play.text <= self.text[1])
            and (self.backfill is None or self.backfill[0] <= play.backfill <= self.backfill[1])
        )


@dataclass(frozen=True, slots=True)
class Consistent:
    """Motives that were drawn, and those under which the observed play is the solution."""

    ranges: dict[str, Range]
    """What was thought possible before."""
    draws: Array
    """Dims draw, motive (in the order of ``ranges``)."""
    plays: tuple[Play, ...]
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


def consistent(
    game: VoteBackfillGame,
    observed: Observed,
    ranges: Mapping[str, Range],
    draws: int = 512,
    seed: int = 0,
) -> Consistent:
    """Draw motives evenly from ranges and keep those under which the game plays as observed.

    Parameters
    ----------
    game
        Holds what is not drawn.
    draws, seed
        A Latin hypercube: every motive's range is covered evenly.

    Examples
    --------
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
    from scipy.stats import qmc

    low, high = np.array(list(ranges.values()), float).T
    unit = qmc.LatinHypercube(len(ranges), rng=seed).random(draws)
    points = low + (high - low) * unit
    plays = tuple(replace(game, **dict(zip(ranges, point))).solve() for point in points.tolist())
    fits = np.array([observed.fits(play) for play in plays])
    return Consistent(dict(ranges), points, plays, fits)


def _check(game: VoteBackfillGame, ranges: Mapping[str, Range], draws: int) -> None:
    check_motives(list(ranges))
    found = [
        Problem(name, f"is {low:g} to {high:g}, must rise")
        for name, (low, high) in ranges.items()
        if not low <= high
    ]
    if not ranges:
        found.append(Problem("ranges", "is empty, must hold at least one motive"))
    if draws < 1:
        found.append(Problem("draws", f"is {draws}, must be at least 1"))
    if found:
        raise InvalidInput(found, "motives")
    for end in (0, 1):
        replace(game, **{name: each[end] for name, each in ranges.items()})
