"""How likely hidden trade is to be noticed: the power of a one-sided test on trade data."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Values = TypeVar("Values", float, Array)


def power(backfill: Values, noise: float, false_alarm: float) -> Values:
    """Return the chance that hidden trade is flagged.

    Parameters
    ----------
    backfill
        b, share of the target's baseline trade with its benefactor.
    noise
        σ: standard error of the monitor's counterfactual, in the same unit, above 0.
    false_alarm
        α: how often honest trade is flagged.

    Notes
    -----
    q(b) = 1 − Φ(z_{1−α} − b/σ).

    Examples
    --------
    >>> round(float(power(0.0, 0.1, 0.05)), 4), round(float(power(0.0553, 0.1, 0.05)), 4)
    (0.05, 0.1374)
    """
    from scipy.special import ndtr, ndtri

    flagged: Values = ndtr(backfill / noise - ndtri(1 - false_alarm))
    return flagged


def backfill_at(chance: float, noise: float, false_alarm: float) -> float:
    """Return the hidden trade that is flagged with a given chance, at least 0.

    Examples
    --------
    >>> round(backfill_at(0.5, 0.1, 0.05), 4)
    0.1645
    """
    from scipy.special import ndtri

    return max(0.0, noise * float(ndtri(chance) - ndtri(false_alarm)))
