"""What drives an answer: Sobol indices of first order, estimated from the draws themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_CLASSES = 20
FEWEST_IN_CLASS = 8
"""Draws of a class at least, so that its mean says something."""


def first_order(inputs: Array, answer: Array) -> Array:
    """Return Var(E[Y | X_i]) / Var(Y) of each input.

    Parameters
    ----------
    inputs
        Dims draw, input.
    answer
        Y, dims draw, all finite.

    Returns
    -------
    Dims input, from 0 to 1. What they leave of 1 is interaction, and the noise of few draws.

    Notes
    -----
    Draws are put into classes of X_i of equal size; the variance between the classes over the whole
    variance is the index (Plischke 2010, "given data"). That share is too large by chance alone,
    by (K − 1)/(n − 1) with K classes of n draws where X_i does nothing: it is corrected as an
    adjusted R² is, and not below 0.

    Examples
    --------
    >>> draw = np.random.default_rng(0).random((4000, 3))
    >>> first_order(draw, 3 * draw[:, 0] + draw[:, 1]).round(1).tolist()
    [0.9, 0.1, 0.0]
    """
    count = len(answer)
    whole = float(((answer - answer.mean()) ** 2).sum())
    classes = min(MOST_CLASSES, count // FEWEST_IN_CLASS)
    if whole == 0 or classes < 2:
        return np.zeros(inputs.shape[1])
    return np.array([_index(column, answer, classes, whole) for column in inputs.T])


def chance(count: int) -> float:
    """Return the index that an input without any effect hardly exceeds (two standard errors).

    Notes
    -----
    Without an effect (K − 1) F is about χ² of K − 1 degrees of freedom, so the standard error is
    sqrt(2 (K − 1)) / (n − 1).

    Examples
    --------
    >>> chance(1000) < 0.02 < 0.1 < chance(40)
    True
    """
    classes = min(MOST_CLASSES, count // FEWEST_IN_CLASS)
    if classes < 2:
        return 1.0
    return float(2 * np.sqrt(2 * (classes - 1)) / (count - 1))


def _index(values: Array, answer: Array, classes: int, whole: float) -> float:
    levels = np.unique(values)
    if levels.size <= classes:
        place = np.searchsorted(levels, values)
    else:
        place = (
            np.argsort(np.argsort(values, kind="stable"), kind="stable") * classes // len(values)
        )
    size = np.bincount(place)
    used = size > 0
    means = np.bincount(place, answer)[used] / size[used]
    between = float((size[used] * (means - answer.mean()) ** 2).sum())
    count, groups = len(answer), int(used.sum())
    if groups >= count:
        return 0.0
    within = (whole - between) / (count - groups)
    return max(0.0, 1 - within / (whole / (count - 1)))
