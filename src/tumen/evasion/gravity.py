"""Freeness of links that do not trade both ways: an additive gravity fitted on those that do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class LinkFreeness:
    """How free links are, as far as trade or the fitted gravity tells."""

    values: Array
    """φ̄ (sector, n, i), NaN where neither does."""
    fitted: Mask
    """Where it is fitted (sector, n, i)."""
    silent: Mask
    """Economies (sector, n) without a known link: ends of a way round, never a hub on it."""


def with_fitted_links(freeness: Array) -> LinkFreeness:
    """Fill unknown links with what the known ones of their sector imply.

    Parameters
    ----------
    freeness
        φ̄ (sector, n, i), symmetric, NaN where a cell of the four is zero
        (:func:`tumen.evasion.hubs.head_ries_freeness`).

    Notes
    -----
    log φ̄_in = a_i + a_n by least squares over the known pairs of a sector. With A the known pairs
    as a graph and D its degrees, (D + A) a = Σ_n log φ̄_in. The sum a_i + a_n is told where a walk
    of an odd number of known pairs leads from i to n; a graph without odd circles leaves one
    direction of a free, which no such sum moves along. An economy without a known pair is put at
    the mean a: in the detour of a way that it is an end of, its a cancels.

    Examples
    --------
    >>> import numpy as np
    >>> links = np.array([[[1, 0.2, 0.1, 0.1], [0.2, 1, 0.05, np.nan],
    ...                    [0.1, 0.05, 1, 0.025], [0.1, np.nan, 0.025, 1]]])
    >>> found = with_fitted_links(links)
    >>> found.values[0, 1, 3].round(3).item(), int(found.fitted.sum())
    (0.05, 2)
    """
    values, fitted = freeness.copy(), np.zeros(freeness.shape, dtype=bool)
    off = ~np.eye(freeness.shape[1], dtype=bool)
    silent: Mask = (np.isfinite(freeness) & off).sum(axis=2) == 0
    for s, links in enumerate(freeness):
        missing = np.isnan(links) & off
        if missing.any():
            implied = _fit(links, off & ~missing)
            fitted[s] = missing & np.isfinite(implied)
            values[s][fitted[s]] = implied[fitted[s]]
    return LinkFreeness(values, fitted, silent)


def _fit(links: Array, known: Mask) -> Array:
    """Return exp(a_i + a_n) of one sector; NaN where the known links do not tell."""
    logs = np.log(links, out=np.zeros_like(links), where=known)
    even, odd = _walks(known)
    parts = np.arange(2 * len(known))
    free = (even[:, None] == parts).astype(float) - (odd[:, None] == parts)
    pairs = np.diag(known.sum(axis=1)) + known
    own = np.linalg.solve(pairs + free @ free.T, logs.sum(axis=1))
    told = even[:, None] == odd[None, :]
    alone, sure = known.sum(axis=1) == 0, told.diagonal()
    if sure.any():
        own = np.where(alone, own[sure].mean(), own)
        told = told | (alone[:, None] & (alone | sure)) | (alone & (alone | sure)[:, None])
    implied: Array = np.where(told, np.exp(own[:, None] + own[None, :]), np.nan)
    return implied


def _walks(known: Mask) -> tuple[Labels, Labels]:
    """Return marks of each economy: i's first is n's second where an odd walk joins them."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(known)
    first, second = np.nonzero(known)
    cover = coo_array((np.ones(first.size), (first, count + second)), shape=(2 * count, 2 * count))
    _, labels = connected_components(cover, directed=False)
    return labels[:count], labels[count:]
