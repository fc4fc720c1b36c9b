"""The equations: one step of the Caliendo–Parro model in changes.

Notation: n buys, i sells, s is a sector, k an input; a hat (here: the logarithm of new / old)
is a change. Arrays are sector-major. The sources are Caliendo and Parro (2015, equations 6 to 11)
and, for one sector without inputs, Arkolakis, Costinot and Rodríguez-Clare (2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Caps, Covered, Settlement, settle
from tumen.equilibrium.closures import Pulled
from tumen.equilibrium.dense import DenseFlows
from tumen.equilibrium.labour import Labour, LabourMarket
from tumen.equilibrium.products import ProductLinks
from tumen.equilibrium.technology import Technology, Uses

Array = NDArray[np.float64]

SMALLEST = 1e-300
"""Keeps the ratio of two zeros from being asked for."""
SWEEPS = 2
"""Times that spending is computed anew at the same prices (tried: 1 to 3, least time)."""
SHORT_RUN_SWEEPS = 3
"""The same where inputs are hard to replace: with 2 some searches stay at 1e-7 (tried: 2 to 10)."""
PRODUCT_SWEEPS = 3
"""The same by product, where a sweep is cheap beside a read (tried: 1 to 6, fewest reads)."""
WAGE_STEP = 1.0
"""Largest change of a log wage in one iteration: near isolation wages move by 10 and more."""


class Deficits(Protocol):
    """A closure: what D' is while wages and trade move."""

    def __call__(self, log_wage: Array, exports: Array, imports: Array) -> Array:
        """Return D' (n), summing to zero."""

    def pulled(self, by_deficit: Array, log_wage: Array, exports: Array) -> Pulled:
        """Turn derivatives by D' (n) into those by what the closure reads."""


@dataclass(frozen=True, slots=True)
class System:
    """One block of economies that trade with each other, and all that an iteration reads."""

    flows: DenseFlows
    minus_theta: Array
    """s, i: −θ, spelled out because a product with a full array is the faster one."""
    cost_share: Array
    """i, k, s: spending on input k per unit of output of s, γ; the last k is labour, β."""
    use_share: Array
    """n, s, k: spending on s per unit of output of k, γ; the last k is income, α."""
    log_productivity: Array | None
    """s, i: ln Â; None: none changes."""
    idle: Array | None
    """s, n: 1 where the buyer does not use the product at all, otherwise 0; None: all are used."""
    value_added: Array
    """n: baseline w·L, million dollars a year."""
    deficits: Deficits
    block: NDArray[np.intp]
    """n: number of the block of economies that trade with each other, from 0."""
    caps: Caps | None
    """Limits on groups of flows."""
    wage_damping: Array
    """n: 1 / (1 + θ̄), θ̄ weighted by the economy's own trade."""
    technology: Technology | None = None
    """Economies with elasticities of their inputs, or with wages by sector."""
    labour: Labour | None = None
    """Economies where labour cannot move; all of them are in ``technology``."""
    products: ProductLinks | None = None
    """Links by product, in place of ``flows``; None: the world is by sector only."""
    tariff: Array | None = None
    """s, n, i: τ' that goes with ``products``."""

    @property
    def stuck(self) -> NDArray[np.intp]:
        """m: positions of the economies in ``labour`` among those in ``technology``."""
        if self.labour is None or self.technology is None:
            return np.zeros(0, dtype=np.intp)
        return np.searchsorted(self.technology.members, self.labour.members)


class State(NamedTuple):
    """The unknowns: logarithms of ŵ (n), P̂ (s, n) and of each cap's q (c), and X' (s, n) itself.

    Where labour cannot move, ŵ is its income per worker of the baseline, and ``spread`` (s, m) the
    log of a sector's wage over it. Spending given prices and wages is a contraction of its own,
    so it is carried along and not accelerated; a sum of what is sold, it never turns negative by
    extrapolation.
    """

    wage: Array
    price: Array
    wedge: Array
    spread: Array
    expenditure: Array

    def pack(self) -> Array:
        """The accelerated unknowns as one vector."""
        return np.concatenate([self.wage, self.price.ravel(), self.wedge, self.spread.ravel()])

    def moved(self, vector: Array, expenditure: Array) -> State:
        """The state at another :meth:`pack`; the parts are views."""
        economies, cells = self.wage.size, self.price.size
        price = vector[economies : economies + cells].reshape(self.price.shape)
        after = economies + cells + self.wedge.size
        wedge, spread = vector[economies + cells : after], vector[after:]
        return State(
            vector[:economies], price, wedge, spread.reshape(self.spread.shape), expenditure
        )


class Prices(NamedTuple):
    """Costs and prices at given wages and input prices."""

    log_cost: Array
    """s, i: ln ĉ."""
    flows: DenseFlows
    """Links by sector; by product they move with costs."""
    strength: Array
    """s, i: ĉ^(−θ); 1 where the links hold it already, product by product."""
    foreign: Array
    """s, n: Φ from abroad, and net of tariffs what its sellers receive of it."""
    foreign_net: Array
    home: Array
    """s, n: Φ from home, the same net of tariffs."""
    home_net: Array
    appeal: Array
    """s, n: Φ, wedges of caps taken off; 1 for a product that nobody uses."""
    log_price: Array
    """s, n: ln P̂."""
    covered: Covered | None
    """The part of Φ under caps."""
    uses: Uses | None
    """Costs and shares of the economies in ``technology``."""


class Spending(NamedTuple):
    """What is bought, sold and earned at given wages, prices and spending."""

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
    gap: Array
    """n: exports − imports + D', rents from abroad included."""
    expenditure: Array
    """s, n: the X' that these incomes and sales ask for."""


class Step(NamedTuple):
    """What one evaluation of the equations at a state gives."""

    next: State
    prices: Prices
    spending: Spending
    imbalance: Array
    """n: (exports − imports + D') / max(exports, imports); over w·L where nothing is traded."""
    last_expenditure: Array
    """s, n: the X' that ``spending`` was computed from."""
    labour: LabourMarket | None
    """Wages and employment where labour cannot move."""
    labour_gap: Array
    """s, m: log of what a sector pays its workers over what they ask."""

    def spending_residual(self) -> float:
        """Largest relative change of X' in the last sweep."""
        old, new = self.last_expenditure, self.spending.expenditure
        change = np.abs(new - old) / np.maximum(np.maximum(old, new), SMALLEST)
        return float(change.max())


def step(system: System, state: State) -> Step:
    """Evaluate the equations at ``state``: prices once, spending as often as :func:`sweeps`."""
    prices = price_equations(system, state)
    value_added = np.exp(state.wage) * system.value_added
    expenditure = state.expenditure
    for _ in range(sweeps(system)):
        last = expenditure
        spending = spending_equations(system, state, prices, value_added, last)
        expenditure = spending.expenditure
    traded = np.maximum(spending.exports, spending.imports)
    imbalance = spending.gap / np.where(traded > 0, traded, system.value_added)
    pace = np.minimum(np.maximum(imbalance * system.wage_damping, -WAGE_STEP), WAGE_STEP)
    wage = state.wage + pace
    wage -= numeraire(wage, system.value_added, system.block)
    settlement = spending.settlement
    wedge = state.wedge if settlement is None else settlement.next_wedge
    market, gap, spread = _labour_market(system, state, prices, spending)
    following = State(wage, prices.log_price, wedge, spread, expenditure)
    return Step(following, prices, spending, imbalance, last, market, gap)


def _labour_market(
    system: System, state: State, prices: Prices, spending: Spending
) -> tuple[LabourMarket | None, Array, Array]:
    """The market for workers who cannot move, its residual and the next spread (s, m)."""
    labour, payments = system.labour, labour_payments(system, prices, spending)
    if labour is None or payments is None:
        return None, state.spread, state.spread
    market = labour.market(payments)
    gap = market.log_wage - state.spread
    return market, gap, state.spread + labour.pace * gap


def labour_payments(system: System, prices: Prices, spending: Spending) -> Array | None:
    """What sectors pay workers who cannot move (s, m); None where all can."""
    if system.labour is None or prices.uses is None:
        return None
    share = prices.uses.cost_share[system.stuck, -1].T
    payments: Array = share * spending.output[:, system.labour.members]
    return payments


def price_equations(system: System, state: State) -> Prices:
    """Costs ĉ and Φ at ``state``; the price is Φ^(−1/θ)."""
    log_cost, uses = _costs(system, state)
    if system.products is not None:
        return _product_prices(system, system.products, log_cost, uses)
    flows = system.flows
    strength = np.multiply(log_cost, system.minus_theta, order="C")
    np.exp(strength, out=strength)
    foreign, foreign_net = flows.appeal(strength)
    home = flows.home * strength
    home_net = home if flows.foreign_net is None else flows.home_net * strength
    appeal = foreign + home
    covered = None
    if system.caps is not None:
        covered = system.caps.covered(flows, strength, log_cost, state.wedge)
        system.caps.bend(appeal, covered)
    if system.idle is not None:
        appeal += system.idle  # a product that nobody uses has price 1 and no demand
    log_price = np.log(appeal)
    log_price /= system.minus_theta
    return Prices(
        log_cost, flows, strength, foreign, foreign_net, home, home_net, appeal, log_price,
        covered, uses,
    )  # fmt: skip


def _costs(system: System, state: State) -> tuple[Array, Uses | None]:
    """Return ln ĉ (s, i) at ``state``, and the short run's costs and shares."""
    inputs = np.concatenate((state.price, state.wage[None])).T
    log_cost = np.matmul(inputs[:, None, :], system.cost_share)[:, 0, :].T
    uses = None
    if system.technology is not None:
        uses = system.technology.uses(state.price, _sector_wages(system.technology, system, state))
        log_cost[:, system.technology.members] = uses.log_cost
    if system.log_productivity is not None:
        log_cost = log_cost - system.log_productivity
    return log_cost, uses


def _product_prices(
    system: System, products: ProductLinks, log_cost: Array, uses: Uses | None
) -> Prices:
    """Read the links by product at these costs: sellers' shares, of which a buyer's sum to 1."""
    shares, log_price = products.read(log_cost)
    flows = DenseFlows.of(shares, system.tariff)
    one = np.ones_like(log_cost)
    foreign, foreign_net = flows.appeal(one)
    appeal = foreign + flows.home
    if system.idle is not None:
        appeal += system.idle
    return Prices(
        log_cost, flows, one, foreign, foreign_net, flows.home, flows.home_net, appeal, log_price,
        None, uses,
    )  # fmt: skip


def _sector_wages(technology: Technology, system: System, state: State) -> Array:
    """Log wages by sector (s, e) of the economies in ``technology``."""
    wages = np.repeat(state.wage[None, technology.members], state.price.shape[0], axis=0)
    if system.labour is not None:
        wages[:, system.stuck] += state.spread
    return wages


def spending_equations(
    system: System, state: State, prices: Prices, value_added: Array, expenditure: Array
) -> Spending:
    """Sales Y', incomes and the next X' (s, n) that follow from ``expenditure`` (s, n).

    ``value_added`` is ŵ·w·L (n).
    """
    flows = prices.flows
    demand = np.divide(expenditure, prices.appeal, order="C")
    earned = np.empty((demand.shape[0] + 1, demand.shape[1]))
    output = np.multiply(flows.sales(demand), prices.strength, out=earned[:-1])
    exports, imports = output.sum(axis=0), np.einsum("sn,sn->n", demand, prices.foreign_net)
    output += prices.home_net * demand
    if flows.foreign_net is None:
        revenue = np.zeros_like(exports)
    else:
        levied = prices.foreign - prices.foreign_net + prices.home - prices.home_net
        revenue = (demand * levied).sum(axis=0)

    rents = abroad = np.zeros_like(exports)
    settlement = None
    if system.caps is not None and prices.covered is not None:
        settlement = settle(system.caps, prices.covered, demand)
        settlement.book(output, exports, imports, revenue)
        rents, abroad = settlement.rents(exports.size)

    deficit = system.deficits(state.wage, exports, imports)
    income = value_added + revenue + deficit + rents
    earned[-1] = income
    wanted = np.matmul(system.use_share, earned.T[:, :, None])[:, :, 0].T
    if prices.uses is not None and system.technology is not None:
        members, uses = system.technology.members, prices.uses
        inputs = np.matmul(uses.cost_share[:, :-1], output[:, members].T[:, :, None])[:, :, 0]
        wanted[:, members] = inputs.T + uses.final_share * income[members]
    if income.min() < 0:  # it may be, on the way
        wanted = np.maximum(wanted, 0.0)
    return Spending(
        demand,
        output,
        revenue,
        deficit,
        rents,
        settlement,
        income,
        exports,
        imports,
        exports - imports + deficit + abroad,
        wanted,
    )


def array_products(system: System) -> int:
    """Products with all flows, or with all input shares, in one :func:`step`."""
    appeal = 1 if system.flows.foreign_net is None else 2
    return appeal + 1 + 2 * sweeps(system)


def sweeps(system: System) -> int:
    """Times that spending is computed in one :func:`step`."""
    if system.technology is not None:
        return SHORT_RUN_SWEEPS
    return SWEEPS if system.products is None else PRODUCT_SWEEPS


def numeraire(wage: Array, value_added: Array, block: NDArray[np.intp]) -> Array:
    """Log of each economy's numeraire (n): its block's value added at new over old wages."""
    new = np.bincount(block, np.exp(wage) * value_added)
    old = np.bincount(block, value_added)
    levels: Array = np.log(new / old)[block]
    return levels
