"""The equations: one step of the Caliendo–Parro model in changes.

Notation: n buys, i sells, s is a sector, k an input; a hat (here: the logarithm of new / old)
is a change. Arrays are sector-major. The sources are Caliendo and Parro (2015, equations 6 to 11)
and, for one sector without inputs, Arkolakis, Costinot and Rodríguez-Clare (2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Caps, Settlement, settle
from tumen.equilibrium.dense import DenseFlows

Array = NDArray[np.float64]

SMALLEST = 1e-300
"""Spending below this counts as this: income may be negative on the way."""
WAGE_STEP = 1.0
"""Largest change of a log wage in one iteration: near isolation wages move by 10 and more."""


class Deficits(Protocol):
    """A closure: what D' is while wages and trade move."""

    def __call__(self, log_wage: Array, exports: Array, imports: Array) -> Array:
        """Return D' (n), summing to zero."""


@dataclass(frozen=True, slots=True)
class System:
    """One block of economies that trade with each other, and all that an iteration reads."""

    flows: DenseFlows
    theta: Array
    """s: trade elasticity θ."""
    beta: Array
    """s, i: value added in output."""
    gamma: Array
    """i, k, s: spending on input k per unit of output of s."""
    alpha: Array
    """s, n: final demand shares."""
    log_productivity: Array
    """s, i: ln Â."""
    idle: Array
    """s, n: 1 where the buyer does not use the product at all, otherwise 0."""
    value_added: Array
    """n: baseline w·L, million dollars a year."""
    deficits: Deficits
    block: NDArray[np.intp]
    """n: number of the block of economies that trade with each other, from 0."""
    caps: Caps | None
    """Limits on groups of flows."""
    wage_damping: Array
    """n: 1 / (1 + θ̄), θ̄ weighted by the economy's own trade."""


@dataclass(frozen=True, slots=True)
class State:
    """The unknowns, in logarithms: ŵ (n), P̂ (s, n), the level X' (s, n) and q of each cap (c)."""

    wage: Array
    price: Array
    expenditure: Array
    wedge: Array

    def pack(self) -> Array:
        """All unknowns as one vector."""
        return np.concatenate([self.wage, self.price.ravel(), self.expenditure.ravel(), self.wedge])

    @staticmethod
    def unpack(vector: Array, sectors: int, economies: int) -> State:
        """Undo :meth:`pack`; the parts are views."""
        cells = sectors * economies
        return State(
            vector[:economies],
            vector[economies : economies + cells].reshape(sectors, economies),
            vector[economies + cells : economies + 2 * cells].reshape(sectors, economies),
            vector[economies + 2 * cells :],
        )


@dataclass(frozen=True, slots=True)
class Step:
    """What one evaluation of the equations at a state gives."""

    next: State
    log_cost: Array
    """s, i: ln ĉ."""
    strength: Array
    """s, i: ĉ^(−θ)."""
    demand: Array
    """s, n: X'/Φ."""
    output: Array
    """s, i: Y', million dollars."""
    revenue: Array
    """n: tariff revenue R'."""
    deficit: Array
    """n: D'."""
    rents: Array
    """n: what the wedges of caps earn."""
    settlement: Settlement | None
    """Receipts and payments under caps."""
    income: Array
    """n: ŵ·w·L + R' + D' + rents."""
    exports: Array
    imports: Array
    imbalance: Array
    """n: (exports − imports + D') / max(exports, imports); over w·L where nothing is traded."""


def step(system: System, state: State) -> Step:
    """Evaluate every equation once at ``state`` and return the next state beside the pieces."""
    flows, theta, idle = system.flows, system.theta[:, None], system.idle
    log_cost = system.beta * state.wage
    log_cost += np.matmul(state.price.T[:, None, :], system.gamma)[:, 0, :].T
    log_cost -= system.log_productivity
    strength = np.exp(-theta * log_cost)
    foreign, foreign_net = flows.appeal(strength)
    home = flows.home * strength
    appeal = foreign + home
    covered = None if system.caps is None else system.caps.covered(flows, strength)
    if system.caps is not None and covered is not None:
        system.caps.bend(appeal, covered, state.wedge)
    appeal += idle  # a product that nobody uses has price 1 and no demand
    log_price = np.log(appeal)
    log_price /= -theta

    demand = np.exp(state.expenditure)
    demand -= idle
    demand /= appeal
    output = flows.sales(demand)
    output *= strength
    exports, imports = output.sum(axis=0), (demand * foreign_net).sum(axis=0)
    if flows.foreign_net is None:
        revenue = np.zeros_like(exports)
        output += home * demand
    else:
        home_net = flows.home_net * strength
        revenue = (demand * (foreign - foreign_net + home - home_net)).sum(axis=0)
        output += home_net * demand

    rents = abroad = np.zeros_like(exports)
    settlement = None
    if system.caps is not None and covered is not None:
        settlement = settle(system.caps, state.wedge, covered, demand, log_cost)
        settlement.book(output, exports, imports, revenue)
        rents, abroad = settlement.rents(exports.size)

    deficit = system.deficits(state.wage, exports, imports)
    income = np.exp(state.wage) * system.value_added + revenue + deficit + rents
    expenditure = system.alpha * income
    expenditure += np.matmul(system.gamma, output.T[:, :, None])[:, :, 0].T
    expenditure += idle
    log_expenditure = np.log(np.maximum(expenditure, SMALLEST, out=expenditure))

    traded = np.maximum(exports, imports)
    gap = exports - imports + deficit + abroad
    imbalance = gap / np.where(traded > 0, traded, system.value_added)
    wage = state.wage + np.clip(imbalance * system.wage_damping, -WAGE_STEP, WAGE_STEP)
    wage -= numeraire(wage, system.value_added, system.block)
    return Step(
        State(
            wage,
            log_price,
            log_expenditure,
            state.wedge if settlement is None else settlement.next_wedge,
        ),
        log_cost,
        strength,
        demand,
        output,
        revenue,
        deficit,
        rents,
        settlement,
        income,
        exports,
        imports,
        imbalance,
    )


def numeraire(wage: Array, value_added: Array, block: NDArray[np.intp]) -> Array:
    """Log of each economy's numeraire (n): its block's value added at new over old wages."""
    new = np.bincount(block, np.exp(wage) * value_added)
    old = np.bincount(block, value_added)
    levels: Array = np.log(new / old)[block]
    return levels
