"""The adjoint: what one scalar of a solution gains by everything that was asked, in one solve.

A solution is a fixed point z = G(z, p) of one step. What the objective J gains by the unknowns,
λ, solves λ = G_z' λ + J_z; then dJ/dp = J_p + λ' G_p. It is iterated like the solution itself, by
the same acceleration. Which caps bind, whose workers are idle and what savings allow is held
fixed. Only relative wages count within a block, so its numeraire carries no λ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.anderson import Anderson
from tumen.equilibrium.pose import Slopes
from tumen.equilibrium.pullback import Aim, Point, Sums, pull
from tumen.errors import GradientNotConverged

Array = NDArray[np.float64]

TOLERANCE = 1e-8
"""Largest residual in the equations of an economy, relative to its own λ."""
LEAST = 1e-10
"""An economy's λ counts as at least this part of the largest."""
LIMIT = 1000
"""Iterations."""


@dataclass(frozen=True, slots=True)
class Adjoint:
    """What the objective gains by all that flows add up to."""

    point: Point
    aim: Aim
    sums: Sums
    iterations: int
    residual: float
    """Largest residual in the equations of an economy, relative to its own λ."""


def solve_adjoint(point: Point, aim: Aim, economies: Sequence[str]) -> Adjoint:
    """Solve for λ.

    Raises
    ------
    GradientNotConverged
        With the economy whose equations are furthest off.
    """
    nothing = point.nothing()
    direct = pull(point, nothing, aim)[0].pack()
    vector, accelerator = direct, Anderson(direct.size)
    for iteration in range(1, LIMIT + 1):
        value = pull(point, nothing.unpacked(vector), None)[0].pack()
        value += direct
        move = value - vector
        if move @ move <= 2 * TOLERANCE**2 * (vector @ vector):  # else some economy is above
            own = _own_residual(point, move, vector)
            if own.max() <= TOLERANCE:
                sums = pull(point, nothing.unpacked(vector), aim)[1]
                return Adjoint(point, aim, sums, iteration, float(own.max()))
        vector = accelerator.propose(value, move)
    own = _own_residual(point, move, vector)
    worst = int(np.argmax(own))
    cause = "the solution is at the edge of where one exists, or a cap only just binds"
    raise GradientNotConverged(economies[worst], float(own[worst]), LIMIT, cause)


def _own_residual(point: Point, move: Array, vector: Array) -> Array:
    """Residual of every economy's equations relative to its own λ (n)."""
    left, size = _by_economy(point, move), _by_economy(point, vector)
    size = np.maximum(size, LEAST * size.max())
    own: Array = np.divide(left, size, out=np.zeros_like(left), where=size > 0)
    return own


def _by_economy(point: Point, vector: Array) -> Array:
    """Length of each economy's part of a shadow (n); wedges of caps count with a buyer."""
    system, shadow = point.system, point.nothing().unpacked(vector)
    squares = shadow.wage**2 + (shadow.price**2).sum(axis=0) + (shadow.expenditure**2).sum(axis=0)
    if system.labour is not None:
        squares[system.labour.members] += (shadow.spread**2).sum(axis=0)
    if system.caps is not None:
        first = np.searchsorted(system.caps.group, np.arange(shadow.wedge.size))
        np.add.at(squares, system.caps.buyer[first], shadow.wedge**2)
    length: Array = np.sqrt(squares)
    return length


def by_links(adjoint: Adjoint, slopes: Slopes, tariff: Array | None) -> tuple[Array, Array]:
    """Derivatives by the levels of freeness and of tariffs (s, n, i), at the rates ``tariff``."""
    strength = adjoint.point.system.flows.gross()
    by_net = _by_net(adjoint)
    total = _by_gross(adjoint)
    if tariff is None:
        total += by_net
    else:
        by_net /= 1 + tariff
        total += by_net
        by_net /= 1 + tariff
    by_net *= strength
    by_tariff = slopes.tariff * total
    by_tariff -= by_net
    total *= slopes.freeness
    return total, by_tariff


def _by_gross(adjoint: Adjoint) -> Array:
    """By the strength of links in the buyer's spending (s, n, i), at given receipts."""
    point, by = adjoint.point, adjoint.sums
    buyers = by.appeal + point.spending.demand * by.income
    by_gross = buyers[:, :, None] * point.prices.strength[:, None, :]
    if point.caps is not None and by.covered is not None:
        _add_covered(point, by_gross, by.covered.gross)
    return by_gross


def _by_net(adjoint: Adjoint) -> Array:
    """By the strength of links in what the seller receives (s, n, i)."""
    point, by = adjoint.point, adjoint.sums
    demand, strength = point.spending.demand, point.prices.strength
    buyers = np.stack([demand, demand * (by.imports - by.income)], axis=2)
    sellers = np.stack([strength * (by.output + by.exports), strength], axis=1)
    by_net: Array = np.matmul(buyers, sellers)
    home = np.arange(demand.shape[1])
    by_net[:, home, home] = demand * strength * (by.output - by.income)
    if adjoint.aim.trade is not None:
        by_net += adjoint.aim.trade * demand[:, :, None] * strength[:, None, :]
    if point.caps is not None and by.covered is not None:
        _add_covered(point, by_net, by.covered.net)
    return by_net


def _add_covered(point: Point, by_links: Array, by_covered: Array) -> None:
    """Add what strength of links gains through the parts under caps, in place."""
    caps = point.system.caps
    if caps is not None:
        cells = (caps.sector, caps.buyer, caps.seller)
        moved = by_covered * caps.share * point.prices.strength[caps.sector, caps.seller]
        np.add.at(by_links, cells, moved)
