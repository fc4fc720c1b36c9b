"""Puts the blocks of a question together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.links import blocks, empty_rows, open_links
from tumen.equilibrium.question import Question
from tumen.equilibrium.solver import Attempt, solve_block
from tumen.errors import Infeasible

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
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
    trade: Array
    """s, n, i: net of tariffs."""
    revenue: Array
    deficit: Array
    block: NDArray[np.intp]
    """n: number of the block."""
    iterations: int
    worst_imbalance: float


def solve_question(
    question: Question, economies: Sequence[str], sectors: Sequence[str], tolerance: float
) -> Solution:
    """Split into blocks, refuse what has no answer, solve each block and join the answers.

    Raises
    ------
    Infeasible, NotConverged
    """
    accounts = question.accounts
    groups = blocks(
        open_links(question.strength, question.active),
        question.deficit,
        np.maximum(accounts.exports, accounts.imports),
        economies,
    )
    parts = [(members, question.restricted(members)) for members in groups]
    problems = [
        problem
        for members, part in parts
        for problem in empty_rows(
            part.strength, part.active, [economies[n] for n in members], sectors
        )
    ]
    if problems:
        raise Infeasible(problems)
    solved = [
        (members, part, solve_block(part, [economies[n] for n in members], tolerance))
        for members, part in parts
    ]
    return _joined(solved, question)


def _joined(
    solved: list[tuple[NDArray[np.intp], Question, Attempt]], question: Question
) -> Solution:
    cells = question.accounts.beta.shape
    count = cells[1]
    wage, revenue, deficit = np.ones(count), np.zeros(count), np.zeros(count)
    price, cost, spending, output = (np.zeros(cells) for _ in range(4))
    trade = np.zeros((cells[0], count, count))
    block = np.zeros(count, dtype=np.intp)
    for number, (members, part, attempt) in enumerate(solved):
        state, step = attempt.state, attempt.step
        wage[members] = np.exp(state.wage)
        price[:, members] = np.exp(state.price)
        cost[:, members] = np.exp(step.log_cost)
        spending[:, members] = np.where(part.active, np.exp(state.expenditure), 0.0)
        output[:, members] = step.output
        revenue[members] = step.revenue
        deficit[members] = step.deficit
        flows = attempt.system.flows.cells()
        flows *= step.strength[:, None, :]
        flows *= step.demand[:, :, None]
        if members.size == count:
            trade = flows
        else:
            rows = np.zeros((cells[0], members.size, count))
            rows[:, :, members] = flows
            trade[:, members, :] = rows
        block[members] = number
    return Solution(
        wage,
        price,
        cost,
        spending,
        output,
        trade,
        revenue,
        deficit,
        block,
        max(attempt.iterations for _, _, attempt in solved),
        max(attempt.residual for _, _, attempt in solved),
    )
