"""The equations turned round: what an objective gains by the unknowns at a solution.

``by_x`` is the derivative of the objective by x, all else that comes later in a step followed
through (a vector-Jacobian product, by hand). Each function takes a part of
:func:`tumen.equilibrium.model.step` in reverse; notation and letters are those of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps_pullback import ByCovered, BySettled, SettledCaps
from tumen.equilibrium.labour import LabourMarket
from tumen.equilibrium.model import (
    SMALLEST,
    Prices,
    Spending,
    State,
    System,
    labour_payments,
    price_equations,
    spending_equations,
)
from tumen.equilibrium.technology import Uses

Array = NDArray[np.float64]


class Shadow(NamedTuple):
    """Derivatives of the objective by the logs of the unknowns, those of :class:`State`."""

    wage: Array
    price: Array
    wedge: Array
    spread: Array
    expenditure: Array

    def pack(self) -> Array:
        """As one vector."""
        return np.concatenate([part.ravel() for part in self])

    def unpacked(self, vector: Array) -> Shadow:
        """The shadow of another :meth:`pack`; the parts are views."""
        parts, start = [], 0
        for part in self:
            parts.append(vector[start : start + part.size].reshape(part.shape))
            start += part.size
        return Shadow(*parts)


class Aim(NamedTuple):
    """Partial derivatives of the objective by what a solution shows."""

    income: Array
    """n: by I'."""
    log_price: Array
    """s, n: by ln P̂."""
    trade: Array | None
    """s, n, i: by sellers' receipts; None where it does not look at trade."""


class Sums(NamedTuple):
    """Derivatives of the objective by what flows add up to; those by links follow from them."""

    appeal: Array
    """s, n: by Φ."""
    output: Array
    """s, i: by Y'."""
    exports: Array
    """n."""
    imports: Array
    """n."""
    income: Array
    """n: by I', tariff revenue and rents in it."""
    given: Array
    """n: by a dollar that an economy receives."""
    covered: ByCovered | None
    """By the covered parts under caps."""
    log_cost: Array
    """s, i: by ln ĉ."""


@dataclass(frozen=True, slots=True)
class Point:
    """A system at its solution, with all that its equations give there."""

    system: System
    state: State
    prices: Prices
    spending: Spending
    price_slope: Array
    """s, n: d ln P̂ / dΦ."""
    bought: Array
    """s, n: X', as good as 0 where nothing is bought."""
    turnover: Array
    """s, n: X'/Φ², what X'/Φ loses by Φ."""
    sold: Array
    """s, i: foreign demand that reaches a seller, at unit strength and net of tariffs."""
    weight: Array
    """n: share of an economy's value added in its block's."""
    pace: Array
    """n: step of a log wage per dollar of the gap of its balance."""
    caps: SettledCaps | None
    market: LabourMarket | None
    payments: Array | None
    """s, m: what sectors pay workers who cannot move."""

    @classmethod
    def of(cls, system: System, state: State) -> Point:
        """Evaluate the equations at a solution."""
        prices = price_equations(system, state)
        earned = np.exp(state.wage) * system.value_added
        spending = spending_equations(system, state, prices, earned, state.expenditure)
        traded = np.maximum(spending.exports, spending.imports)
        payments = labour_payments(system, prices, spending)
        market = None
        if system.labour is not None and payments is not None:
            market = system.labour.market(payments)
        return cls(
            system=system,
            state=state,
            prices=prices,
            spending=spending,
            price_slope=1 / (system.minus_theta * prices.appeal),
            bought=np.maximum(spending.expenditure, SMALLEST),
            turnover=spending.demand / prices.appeal,
            sold=system.flows.sales(spending.demand),
            weight=earned / np.bincount(system.block, earned)[system.block],
            pace=system.wage_damping / np.where(traded > 0, traded, system.value_added),
            caps=SettledCaps.of(system.caps, state.wedge, prices.covered, spending),
            market=market,
            payments=payments,
        )

    def nothing(self) -> Shadow:
        """A shadow of zeros."""
        return Shadow(*(np.zeros_like(part) for part in self.state))


def pull(point: Point, shadow: Shadow, aim: Aim | None) -> tuple[Shadow, Sums]:
    """Follow one step backwards.

    Parameters
    ----------
    shadow
        Derivatives by the unknowns that the step returns.
    aim
        The objective's own; None for zero.

    Returns
    -------
    Shadow
        Derivatives by the unknowns that the step starts from.
    Sums
        Derivatives by what all parameters work through.
    """
    system, spending, block = point.system, point.spending, point.system.block
    # Wages are measured in the numeraire of their block: only relative ones count.
    by_wage = shadow.wage - point.weight * np.bincount(block, shadow.wage)[block]
    by_gap = by_wage * point.pace
    by_output, by_income, by_uses = _by_uses(point, shadow)
    if aim is not None:
        by_income = by_income + aim.income
    closed = system.deficits.pulled(by_income + by_gap, point.state.wage, spending.exports)
    sums = Sums(
        appeal=shadow.price * point.price_slope,
        output=by_output,
        exports=by_gap + closed.exports,
        imports=-by_gap,
        income=by_income,
        given=closed.given,
        covered=None,
        log_cost=np.zeros_like(by_output),
    )
    by_settled = _by_settled(point, sums, by_gap, shadow.wedge, aim)
    by_demand, sums = _by_demand(point, sums, by_settled, aim)
    sums = _by_cost(point, sums, aim)
    by_price, by_labour, by_spread = _by_inputs(point, sums.log_cost, by_uses)
    by_wage += closed.wage + by_income * np.exp(point.state.wage) * system.value_added + by_labour
    if aim is not None:
        by_price += aim.log_price
    by_wedge = np.zeros(0) if sums.covered is None else sums.covered.log_wedge
    binding = shadow.wedge if point.caps is None else shadow.wedge * point.caps.binding
    stay = 0.0 if system.labour is None else 1 - system.labour.pace
    before = Shadow(
        by_wage,
        by_price,
        by_wedge + binding,
        by_spread + stay * shadow.spread,
        by_demand * spending.demand,
    )
    return before, sums


def _by_uses(point: Point, shadow: Shadow) -> tuple[Array, Array, Uses | None]:
    """By Y' (s, i), by I' (n), and by the shares of economies in ``technology``.

    These are what X' and the wages of workers who cannot move are computed from.
    """
    system, spending, uses = point.system, point.spending, point.prices.uses
    by_wanted = shadow.expenditure / point.bought
    by_earned = np.matmul(by_wanted.T[:, None, :], system.use_share)[:, 0, :].T
    by_output, by_income = np.ascontiguousarray(by_earned[:-1]), by_earned[-1].copy()
    technology = system.technology
    if technology is None or uses is None:
        return by_output, by_income, None
    members = technology.members
    wanted, made = by_wanted[:, members], spending.output[:, members]
    by_output[:, members] = np.einsum("eks,ke->se", uses.cost_share[:, :-1], wanted)
    by_income[members] = (uses.final_share * wanted).sum(axis=0)
    by_share = np.zeros_like(uses.cost_share)
    by_share[:, :-1] = wanted.T[:, :, None] * made.T[:, None, :]
    labour = system.labour
    if labour is not None and point.market is not None and point.payments is not None:
        by_log_wage = labour.pace * shadow.spread
        by_payments = labour.pulled(point.payments, point.market, by_log_wage)
        share = uses.cost_share[system.stuck, -1].T
        by_output[:, labour.members] += by_payments * share
        by_share[system.stuck, -1] = (by_payments * spending.output[:, labour.members]).T
    return (
        by_output,
        by_income,
        Uses(np.zeros_like(made), by_share, wanted * spending.income[members]),
    )


def _by_settled(
    point: Point, sums: Sums, by_gap: Array, by_wedge: Array, aim: Aim | None
) -> ByCovered | None:
    """By what caps read, through what they settle."""
    if point.caps is None:
        return None
    caps = point.caps.caps
    by_receipts = sums.output[caps.sector, caps.seller] + sums.exports[caps.seller]
    by_receipts += sums.imports[caps.buyer]
    if aim is not None and aim.trade is not None:
        by_receipts += aim.trade[caps.sector, caps.buyer, caps.seller]
    by_earned = sums.income + by_gap
    return point.caps.pulled(
        BySettled(
            by_receipts,
            sums.income[caps.buyer],
            by_earned[caps.payee] - by_gap[caps.buyer],
            by_earned[caps.smuggler] - by_gap[caps.buyer],
            caps.pace * by_wedge,
        )
    )


def _by_demand(
    point: Point, sums: Sums, by_settled: ByCovered | None, aim: Aim | None
) -> tuple[Array, Sums]:
    """By X'/Φ at given Φ (s, n), and the sums with what Φ gains of it."""
    flows, prices = point.system.flows, point.prices
    received = sums.output + sums.exports
    by_demand = flows.worth(received * prices.strength) + prices.home_net * sums.output
    by_demand += sums.imports * prices.foreign_net
    if flows.foreign_net is not None:
        levied = prices.foreign - prices.foreign_net + prices.home - prices.home_net
        by_demand += sums.income * levied
    if aim is not None and aim.trade is not None:
        by_demand += np.matmul(aim.trade * flows.net(), prices.strength[:, :, None])[:, :, 0]
    if point.caps is not None and by_settled is not None:
        cells = (point.caps.caps.sector, point.caps.caps.buyer)
        np.add.at(by_demand, cells, by_settled.demand)
    by_appeal = sums.appeal - by_demand * point.turnover
    if point.caps is not None and by_settled is not None:
        by_settled = point.caps.bent(by_appeal[cells], by_settled)
    return by_demand, sums._replace(appeal=by_appeal, covered=by_settled)


def _by_cost(point: Point, sums: Sums, aim: Aim | None) -> Sums:
    """The sums with derivatives by ln ĉ (s, i), through ĉ^(−θ) and quantity caps."""
    flows, prices, demand = point.system.flows, point.prices, point.spending.demand
    by_strength = (sums.output + sums.exports) * point.sold
    if flows.foreign_net is None:
        by_strength += flows.pull(sums.appeal + demand * sums.imports, None)
        by_strength += flows.home * (sums.appeal + demand * sums.output)
    else:
        by_gross = sums.appeal + demand * sums.income
        by_strength += flows.pull(by_gross, demand * (sums.imports - sums.income))
        by_strength += flows.home * by_gross
        by_strength += flows.home_net * demand * (sums.output - sums.income)
    if aim is not None and aim.trade is not None:
        by_strength += np.matmul(demand[:, None, :], aim.trade * flows.net())[:, 0, :]
    by_log_strength = by_strength * prices.strength
    by_log_cost = point.system.minus_theta * by_log_strength
    if point.caps is not None and sums.covered is not None:
        caps, covered = point.caps.caps, point.caps.covered
        through = sums.covered.gross * covered.gross + sums.covered.net * covered.net
        moved = sums.covered.log_cost - caps.theta * through
        np.add.at(by_log_cost, (caps.sector, caps.seller), moved)
    return sums._replace(log_cost=by_log_cost)


def _by_inputs(
    point: Point, by_log_cost: Array, by_uses: Uses | None
) -> tuple[Array, Array, Array]:
    """By ln P̂ (s, n), ln ŵ (n) and the spread of wages (s, m), through costs and shares."""
    system = point.system
    by_inputs = np.matmul(system.cost_share, by_log_cost.T[:, :, None])[:, :, 0].T
    by_price, by_wage = by_inputs[:-1].copy(), by_inputs[-1].copy()
    by_spread = np.zeros_like(point.state.spread)
    technology, uses = system.technology, point.prices.uses
    if technology is not None and uses is not None and by_uses is not None:
        by_all = by_uses._replace(log_cost=by_log_cost[:, technology.members])
        by_price[:, technology.members], by_sector = technology.pulled(uses, by_all)
        by_wage[technology.members] = by_sector.sum(axis=0)
        if system.labour is not None:
            by_spread = by_sector[:, system.stuck]
    return by_price, by_wage, by_spread
