"""The price of smuggling, and what it leaves of a banned link."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tumen.errors import InvalidInput, Problem

Array = NDArray[np.float64]


def smuggling_mark_up(extra_transport: float, seizure: float, fine: float) -> float:
    """Return the ratio μ of the buyer's to the seller's price that covers transport and risk.

    Parameters
    ----------
    extra_transport
        Extra cost of the hidden route, share of the price.
    seizure
        Probability that a cargo is seized, from 0 to below 1.
    fine
        Fine on a seized cargo, share of its price.

    Raises
    ------
    InvalidInput
        For a negative cost or fine, or a probability outside [0, 1).

    Notes
    -----
    μ = (1 + k + q·f) / (1 − q): who delivers a cargo must earn what the seized ones cost
    (Bhagwati and Hansen 1973; Pitt 1981).

    Examples
    --------
    >>> round(smuggling_mark_up(extra_transport=0.1, seizure=0.2, fine=0.5), 3)
    1.5
    >>> smuggling_mark_up(0, 0, 0)
    1.0
    """
    problems = []
    for name, value in (("extra_transport", extra_transport), ("fine", fine)):
        if not 0 <= value < np.inf:
            problems.append(Problem(name, f"is {value:g}, must be a share ≥ 0"))
    if not 0 <= seizure < 1:
        problems.append(Problem("seizure", f"is {seizure:g}, must be at least 0 and below 1"))
    if problems:
        raise InvalidInput(problems, "smuggling")
    return float((1 + extra_transport + seizure * fine) / (1 - seizure))


def smuggling_freeness(
    mark_up: float,
    theta: ArrayLike,
    hub_costs: Sequence[ArrayLike] = (),
    substitution: float | None = None,
) -> Array:
    """Return the freeness σ of the banned part of a link, by the hidden route and by hubs.

    Parameters
    ----------
    mark_up
        μ ≥ 1 of the direct hidden route; infinite where there is none.
    theta
        Trade elasticity, any shape.
    hub_costs
        Cost factor ≥ 1 (margin × detour) of each hub, shapes like ``theta``.
    substitution
        ν ≥ θ, how easily routes replace each other; None: θ.

    Raises
    ------
    InvalidInput
        For a cost below 1 or ν below θ.

    Notes
    -----
    σ = min(1, μ^(−ν) + Σ_h (m_h t_h)^(−ν))^(θ/ν): the best of several routes in the same family
    as the model's own sellers (Eaton and Kortum 2002), never better than the open link.

    Examples
    --------
    >>> smuggling_freeness(1.5, 4.0).round(4).item()
    0.1975
    >>> smuggling_freeness(1.5, 4.0, hub_costs=[1.5]).round(4).item()
    0.3951
    """
    elasticity = np.asarray(theta, dtype=float)
    exponent = elasticity if substitution is None else np.full_like(elasticity, substitution)
    costs = [np.asarray(cost, dtype=float) for cost in (mark_up, *hub_costs)]
    problems = [
        Problem("cost", f"is {cost.min():g}, a route must cost at least 1 times the open one")
        for cost in costs
        if not (cost >= 1).all()
    ]
    if (exponent < elasticity).any():
        problems.append(Problem("substitution", "must not be below the trade elasticity"))
    if problems:
        raise InvalidInput(problems, "smuggling")
    routes = sum(cost**-exponent for cost in costs)
    freeness: Array = np.minimum(1.0, routes) ** (elasticity / exponent)
    return freeness
