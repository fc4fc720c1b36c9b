"""What a financial cut-off leaves of legal trade."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tumen.errors import InvalidInput, Problem

Array = NDArray[np.float64]


def finance_freeness(share: float, wedge: float, theta: ArrayLike) -> Array:
    """Return the freeness of legal trade when a part of it has to be paid by dearer channels.

    Parameters
    ----------
    share
        g: part of the trade that has no other channel, from 0 to 1.
    wedge
        t ≥ 0: extra cost of paying, share of the price; infinite: no channel at all.
    theta
        Trade elasticity, any shape.

    Raises
    ------
    InvalidInput
        For a share outside [0, 1] or a negative wedge.

    Notes
    -----
    φ = (1 − g) + g (1 + t)^(−θ).

    Examples
    --------
    >>> finance_freeness(0.5, 0.1, 5.0).round(4).item()
    0.8105
    >>> finance_freeness(0.0, 0.1, 5.0).item()
    1.0
    """
    problems = []
    if not 0 <= share <= 1:
        problems.append(Problem("share", f"is {share:g}, must be between 0 and 1"))
    if not wedge >= 0:
        problems.append(Problem("wedge", f"is {wedge:g}, must not be negative"))
    if problems:
        raise InvalidInput(problems, "finance")
    dearer: Array = (1 + wedge) ** -np.asarray(theta, dtype=float)
    return (1 - share) + share * dearer
