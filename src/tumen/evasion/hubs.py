"""Third economies as detours for banned goods: how far round each way is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem

Array = NDArray[np.float64]

DEFAULT_MARGIN = 1.1
"""m: what a hub's traders take, ratio; judgement."""


def head_ries_freeness(shares: Array) -> Array:
    """Return the freeness of trade between every two economies that baseline shares imply.

    Parameters
    ----------
    shares
        π (sector, buyer, seller): shares in the buyer's spending.

    Returns
    -------
    Array (sector, n, i), symmetric, 1 on the diagonal; NaN where a cell of the four is zero.

    Notes
    -----
    Head and Ries (2001): φ̄ = sqrt(π_ij π_ji / (π_ii π_jj)).

    Examples
    --------
    >>> import numpy as np
    >>> head_ries_freeness(np.array([[[0.8, 0.2], [0.2, 0.8]]]))[0, 0, 1].item()
    0.25
    """
    diagonal = np.einsum("snn->sn", shares)
    product = shares * shares.transpose(0, 2, 1)
    home = diagonal[:, :, None] * diagonal[:, None, :]
    known = (product > 0) & (home > 0)
    freeness: Array = np.sqrt(
        np.divide(product, home, out=np.full_like(product, np.nan), where=known)
    )
    index = np.arange(shares.shape[1])
    freeness[:, index, index] = np.where(diagonal > 0, 1.0, np.nan)
    return freeness


def detour_costs(
    freeness: Array, theta: Array, seller: int, buyer: int, legs: Array | None = None
) -> Array:
    """Return the cost factor t of reaching ``buyer`` from ``seller`` by each other economy.

    Parameters
    ----------
    freeness
        φ̄ (sector, n, i), fitted where trade does not show it
        (:func:`tumen.evasion.gravity.with_fitted_links`), NaN where unknown; a hub with an unknown
        leg is no route.
    theta
        Trade elasticity (sector).
    seller, buyer
        Positions of the two ends.
    legs
        φ_ih φ_hn (sector, hub): what measures leave of both legs; None: all.

    Returns
    -------
    Array (sector, hub): t ≥ 1, infinite where there is no route; the ends themselves are none.

    Raises
    ------
    InvalidInput
        If both ends are the same.

    Notes
    -----
    t = max(1, (φ̄_in / (φ̄_ih φ̄_hn))^(1/θ)) · (φ_ih φ_hn)^(−1/θ). Where the direct freeness is not
    known, the way round is taken to be the direct one's length (t from the legs alone).
    """
    if seller == buyer:
        raise InvalidInput(Problem("hubs", "a detour needs two different ends"))
    direct = freeness[:, buyer, seller]
    way = freeness[:, :, seller] * freeness[:, buyer, :]
    ratio = np.divide(
        np.where(np.isnan(direct), 0.0, direct)[:, None],
        way,
        out=np.full_like(way, np.inf),
        where=np.isfinite(way) & (way > 0),
    )
    cost = np.maximum(1.0, ratio ** (1 / theta[:, None]))
    if legs is not None:
        left = np.divide(1.0, legs, out=np.full_like(legs, np.inf), where=legs > 0)
        cost = cost * left ** (1 / theta[:, None])
    cost[:, [seller, buyer]] = np.inf
    return cost


def cheapest_hubs(costs: Array, weights: Array, count: int = 3) -> list[int]:
    """Return the positions of the ``count`` hubs that serve the banned trade most cheaply.

    Parameters
    ----------
    costs
        t (sector, hub).
    weights
        Value of the banned trade (sector), million USD.
    count
        How many.

    Notes
    -----
    Hubs are ranked by the weighted mean of 1/t over sectors.

    Examples
    --------
    >>> import numpy as np
    >>> cheapest_hubs(np.array([[np.inf, 2.0, 1.2]]), np.array([5.0]), count=1)
    [2]
    """
    total = float(weights.sum())
    if total <= 0:
        return []
    score = (weights[:, None] / costs).sum(axis=0) / total
    order = np.argsort(-score)[:count]
    return [int(hub) for hub in order if score[hub] > 0]
