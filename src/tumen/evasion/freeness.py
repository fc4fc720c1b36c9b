"""Law × enforcement → what is legal, unenforced and smuggled of each link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tumen.errors import InvalidInput, Problem

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinkParts:
    """Freeness of a link in three parts, relative to the whole baseline link."""

    legal: Array
    """Never banned."""
    unenforced: Array
    """Banned, and traded in the open all the same."""
    smuggled: Array
    """Banned, enforced, and traded in hiding."""

    @property
    def total(self) -> Array:
        """φ of the link."""
        return self.legal + self.unenforced + self.smuggled


def link_parts(
    coverage: ArrayLike, enforcement: ArrayLike, finance: ArrayLike, smuggling: ArrayLike
) -> LinkParts:
    """Split links by what the law covers and what is enforced of it.

    Parameters
    ----------
    coverage
        b: part of the link's value under a ban, 0 to 1.
    enforcement
        e: part of the banned value that the partner stops, 0 to 1.
    finance
        φ_fin: freeness of open trade, 0 to 1.
    smuggling
        σ: freeness of the hidden route, 0 to 1.

    Returns
    -------
    LinkParts, in the common shape of the arguments.

    Raises
    ------
    InvalidInput
        For any value outside [0, 1].

    Notes
    -----
    φ = [(1 − b) + b (1 − e)] max(φ_fin, σ) + b e σ: open trade takes the hidden route where paying
    is dearer than hiding, so that no ban ever frees a link.

    Examples
    --------
    >>> parts = link_parts(0.8, 0.5, 1.0, 0.1)
    >>> [round(float(part), 2) for part in (parts.legal, parts.unenforced, parts.smuggled)]
    [0.2, 0.4, 0.04]
    """
    b, e, fin, sigma = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (coverage, enforcement, finance, smuggling))
    )
    names = ("coverage", "enforcement", "finance", "smuggling")
    problems = [
        Problem(name, f"holds {float(values.min()):g} to {float(values.max()):g}, must be 0 to 1")
        for name, values in zip(names, (b, e, fin, sigma), strict=True)
        if not ((values >= 0) & (values <= 1)).all()
    ]
    if problems:
        raise InvalidInput(problems, "freeness")
    open_ = np.maximum(fin, sigma)  # who can hide banned goods can hide the payment of legal ones
    return LinkParts((1 - b) * open_, b * (1 - e) * open_, b * e * sigma)
