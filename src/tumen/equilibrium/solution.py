"""From a question to its solution: blocks first, then the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Settlement
from tumen.equilibrium.dense import DenseFlows
from tumen.equilibrium.links import blocks, empty_rows, open_links
from tumen.equilibrium.model import State
from tumen.equilibrium.question import Question
from tumen.equilibrium.solver import Attempt, reach
from tumen.equilibrium.technology import log_mean
from tumen.errors import Infeasible

if TYPE_CHECKING:
    from tumen.world.accounts import Accounts

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """The solved unknowns of all economies, sector-major, money at each block's own numeraire."""

    wage: Array
    """n: labour income per worker of the baseline."""
    price: Array
    """s, n: P̂."""
    cost: Array
    """s, i: ĉ."""
    spending: Array
    """s, n."""
    output: Array
    """s, i."""
    flows: DenseFlows
    """Link strengths."""
    strength: Array
    """s, i: ĉ^(−θ)."""
    demand: Array
    """s, n: X'/Φ."""
    revenue: Array
    rents: Array
    """n: what the wedges of caps earn."""
    settlement: Settlement | None
    """Receipts and payments under caps."""
    log_wedge: Array
    """c: ln q."""
    deficit: Array
    employment: Array
    """s, n: L̂; 1 where labour is mobile."""
    sector_wage: Array
    """s, n: the wage that a sector pays."""
    price_index: Array
    """n: P̂ of final demand."""
    block: NDArray[np.intp]
    """n: number of the block."""
    iterations: int
    worst_imbalance: float

    def state(self, question: Question) -> State:
        """Return where a search for the answer to another question may start."""
        cold = question.start()
        stuck = question.accounts.stuck
        spread = np.log(self.sector_wage[:, stuck] / self.wage[stuck])
        price = np.where(question.active, np.log(self.price), 0.0)
        spending = np.where(question.active, np.maximum(self.spending, 0.0), 0.0)
        wedge = cold.wedge
        if question.caps is not None and wedge.shape == self.log_wedge.shape:
            wedge = question.caps.project(self.log_wedge)
        return State(np.log(self.wage), price, wedge, spread, spending)

    @cached_property
    def trade(self) -> Array:
        """s, n, i: sellers' receipts, net of tariffs and wedges, home sales included."""
        flows = self.flows.net()
        flows *= self.strength[:, None, :]
        flows *= self.demand[:, :, None]
        if self.settlement is not None:
            caps = self.settlement.caps
            less = self.settlement.receipts - self.settlement.uncapped
            np.add.at(flows, (caps.sector, caps.buyer, caps.seller), less)
        return flows


def solve_question(
    question: Question,
    economies: Sequence[str],
    sectors: Sequence[str],
    tolerance: float,
    near: Solution | None = None,
) -> Solution:
    """Split into blocks, refuse what has no answer, and solve, starting from ``near``.

    Raises
    ------
    Infeasible, NotConverged
    """
    accounts = question.accounts
    groups = blocks(
        open_links(question.flows.foreign, question.active),
        question.deficit,
        np.maximum(accounts.exports, accounts.imports),
        economies,
    )
    question = question.split(groups)
    if question.products is None:
        problems = empty_rows(question.flows, question.active, economies, sectors)
    else:
        problems = question.products.problems()
    if problems:
        raise Infeasible(problems)
    start = None if near is None else near.state(question)
    looked = None if near is None else near.log_wedge
    attempt = reach(question, economies, tolerance, start, looked)
    state, prices, spending = attempt.state, attempt.step.prices, attempt.step.spending
    employment, sector_wage = _labour(attempt)
    return Solution(
        wage=np.exp(state.wage),
        price=np.exp(state.price),
        cost=np.exp(prices.log_cost),
        spending=attempt.step.last_expenditure,
        output=spending.output,
        flows=prices.flows,
        strength=prices.strength,
        demand=spending.demand,
        revenue=spending.revenue,
        rents=spending.rents,
        settlement=spending.settlement,
        log_wedge=state.wedge,
        deficit=spending.deficit,
        employment=employment,
        sector_wage=sector_wage,
        price_index=_price_index(accounts, state.price),
        block=question.block,
        iterations=attempt.iterations,
        worst_imbalance=attempt.residual,
    )


def _labour(attempt: Attempt) -> tuple[Array, Array]:
    """Employment and wages by sector (s, n)."""
    wage = np.repeat(attempt.state.wage[None], attempt.state.price.shape[0], axis=0)
    employment = np.ones_like(wage)
    labour, market = attempt.system.labour, attempt.step.labour
    if labour is not None and market is not None:
        wage[:, labour.members] += market.log_wage
        employment[:, labour.members] = market.employment
    return employment, np.exp(wage)


def _price_index(accounts: Accounts, log_price: Array) -> Array:
    """P̂^C = [Σ α P̂^(1−η)]^(1/(1−η)), Π P̂^α where η is 1 (n)."""
    elasticities = accounts.elasticities
    power = np.zeros(log_price.shape[1]) if elasticities is None else 1 - elasticities.final
    weights, prices = (values.T[:, :, None] for values in (accounts.alpha, log_price))
    index: Array = np.exp(log_mean(weights, prices, power[:, None])[:, 0])
    return index
