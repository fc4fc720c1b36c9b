"""Errors of a forecast where nothing is suspected: how large an excess has to be to mean something.

The same rule that forecasts a suspected flow forecasts many others. Their errors, scaled by a
power of what was expected, give the standard error, the interval and the chance of a false alarm
of the suspected one, whatever their distribution is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.monitor.finding import LEVEL

Array = NDArray[np.float64]
ALARM = 0.05
"""Nominal rate of false alarms."""
NEAREST = 150
"""Flows of about the same expected size that one is compared with."""
FEWEST = 20
"""Below this many, nothing is said."""
_MIDDLE = 0.6827
"""Share of a normal distribution within one standard error."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A flow against what was expected of it, million USD a year."""

    excess: float
    low: float
    high: float
    error: float
    p_value: float
    """Chance of as large an excess where nothing is suspected."""
    compared: int
    """Flows whose errors it was held against."""


@dataclass(frozen=True)
class Reference:
    """Forecasts where nothing is suspected, and what came.

    Parameters
    ----------
    expected, actual
        Arrays (flow), million USD a year; expected above 0.

    Notes
    -----
    Errors grow as a power of the expected flow: log (y − μ)² on log μ (Park), kept between 1
    (Poisson) and 2 (the same per cent for all).

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> expected = random.lognormal(3, 1, 2000)
    >>> reference = Reference(expected, expected * (1 + 0.1 * random.normal(size=2000)))
    >>> judged = reference.judge(130.0, 100.0)
    >>> round(judged.error), judged.low > 0, judged.p_value < 0.02
    (10, True, True)
    """

    expected: Array
    actual: Array

    @property
    def power(self) -> float:
        """By how much the logarithm of squared errors rises with that of the expected flow."""
        squared = (self.actual - self.expected) ** 2
        used = squared > 0
        if used.sum() < FEWEST or np.ptp(np.log(self.expected[used])) < 0.5:
            return 2.0
        slope = np.polyfit(np.log(self.expected[used]), np.log(squared[used]), 1)[0]
        return float(np.clip(slope, 1.0, 2.0))

    def judge(self, actual: float, expected: float) -> Judged | None:
        """Hold a flow against its forecast; None if there is too little to compare it with."""
        if not (expected > 0 and self.expected.size >= FEWEST):
            return None
        scale = expected ** (self.power / 2)
        scores = self.scores(expected)
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(scores, [tail, 1 - tail]) * scale
        inner = np.quantile(scores, [(1 - _MIDDLE) / 2, (1 + _MIDDLE) / 2])
        excess = actual - expected
        above = int((scores >= excess / scale).sum())
        return Judged(
            excess,
            excess - float(high),
            excess - float(low),
            float(np.ptp(inner) / 2 * scale),
            (1 + above) / (1 + scores.size),
            scores.size,
        )

    def scores(self, expected: float) -> Array:
        """Scaled errors of the flows nearest in expected size."""
        order = np.random.default_rng(0).permutation(self.expected.size)  # ties in no order
        distance = np.abs(np.log(self.expected[order] / expected))
        near = order[np.argsort(distance, kind="stable")[:NEAREST]]
        scale = self.expected[near] ** (self.power / 2)
        scores: Array = (self.actual[near] - self.expected[near]) / scale
        return scores

    def detects(self, added: float, expected: float, alarm: float) -> float:
        """Share of unsuspected flows that would be flagged if so much were added to them.

        Each is left out of what it is compared with, so that ``added`` 0 gives the rate of false
        alarms. The suspect flow is in no estimate: what is added changes no forecast.
        """
        scores = np.sort(self.scores(expected))
        lifted = scores + added / expected ** (self.power / 2)
        above = scores.size - np.searchsorted(scores, lifted, side="left")
        itself = lifted <= scores
        p_values = (1 + above - itself) / scores.size
        return float((p_values < alarm).mean())

    def noise(self, expected: float, alarm: float, seed: int = 0) -> tuple[float, float, float]:
        """Return the σ with which 1 − Φ(z − b/σ) meets the detection measured here.

        Errors have fatter tails than the normal ones of the formula, so σ is taken where it
        matters: at the support that is flagged half of the time.

        Returns
        -------
        low, central, high: from resampling the compared flows.
        """
        from scipy.special import ndtri

        scores = self.scores(expected)
        scale = expected ** (self.power / 2) / float(ndtri(1 - alarm))
        random = np.random.default_rng(seed)
        drawn = scores[random.integers(0, scores.size, (400, scores.size))]
        above = np.quantile(drawn, 1 - alarm, axis=1) - np.median(drawn, axis=1)
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(above, [tail, 1 - tail]) * scale
        central = (np.quantile(scores, 1 - alarm) - np.median(scores)) * scale
        return float(min(low, central)), float(central), float(max(high, central))


def combined(p_values: list[float]) -> float:
    """Combine p-values that may depend on each other: their harmonic mean (Wilson 2019).

    One strong signal among weak ones still counts, and one that sees nothing takes none away.

    Examples
    --------
    >>> round(combined([0.01, 0.6]), 3), round(combined([0.3]), 3), round(combined([0.02, 1]), 3)
    (0.02, 0.3, 0.039)
    """
    return len(p_values) / sum(1 / max(value, 1e-12) for value in p_values)


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share.

    Examples
    --------
    >>> low, high = share_interval(5, 100)
    >>> round(low, 3), round(high, 3)
    (0.022, 0.112)
    """
    z = 1.959964
    share = count / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * float(np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2)))
    return max(0.0, middle - half), min(1.0, middle + half)
