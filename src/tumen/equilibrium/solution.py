"""From a question to its solution: blocks first, then the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Settlement
from tumen.equilibrium.dense import DenseFlows
from tumen.equilibrium.links import blocks, empty_rows, open_links
from tumen.equilibrium.question import Question
from tumen.equilibrium.solver import reach
from tumen.errors import Infeasible

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """The solved unknowns of all economies, sector-major, money at each block's own numeraire."""

    wage: Array
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
    block: NDArray[np.intp]
    """n: number of the block."""
    iterations: int
    worst_imbalance: float

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
    question: Question, economies: Sequence[str], sectors: Sequence[str], tolerance: float
) -> Solution:
    """Split into blocks, refuse what has no answer, and solve.

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
    problems = empty_rows(question.flows, question.active, economies, sectors)
    if problems:
        raise Infeasible(problems)
    attempt = reach(question, economies, tolerance)
    state, prices, spending = attempt.state, attempt.step.prices, attempt.step.spending
    return Solution(
        wage=np.exp(state.wage),
        price=np.exp(state.price),
        cost=np.exp(prices.log_cost),
        spending=attempt.step.last_expenditure,
        output=spending.output,
        flows=attempt.system.flows,
        strength=prices.strength,
        demand=spending.demand,
        revenue=spending.revenue,
        rents=spending.rents,
        settlement=spending.settlement,
        log_wedge=state.wedge,
        deficit=spending.deficit,
        block=question.block,
        iterations=attempt.iterations,
        worst_imbalance=attempt.residual,
    )
