"""Solves one block: joint acceleration of wages, prices and spending; accepts on own trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.anderson import Anderson
from tumen.equilibrium.model import State, Step, System, step
from tumen.equilibrium.question import Question
from tumen.errors import NotConverged

Array = NDArray[np.float64]

LARGEST_MOVE = 2.0
"""Largest change of any log unknown in one iteration."""
DIRECT_LIMIT = 300
"""Iterations of the direct attempt, and of each stage of the continuation."""
TOTAL_LIMIT = 20_000
SMALLEST_STAGE = 1e-4
"""Stages of the continuation shorter than this end the solve."""
PATIENCE = 25
"""Iterations without progress before the acceleration starts afresh."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where an iteration ended, converged or not."""

    state: State
    step: Step
    iterations: int
    residual: float
    """Largest of own-trade imbalances and market residuals."""
    converged: bool


def iterate(system: System, start: State, tolerance: float, limit: int) -> Attempt:
    """Iterate from ``start`` until every residual is below ``tolerance`` or ``limit`` is reached."""
    sectors, economies = start.price.shape
    vector = start.pack()
    accelerator = Anderson(vector.size)
    best, stale = np.inf, 0
    for iteration in range(1, limit + 1):
        state = State.unpack(vector, sectors, economies)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            result = step(system, state)
        value = result.next.pack()
        move = value - vector
        residual = max(
            float(np.abs(move[economies:]).max()), float(np.abs(result.imbalance).max())
        )
        if not np.isfinite(residual) or not np.isfinite(move).all():
            return Attempt(state, result, iteration, float("inf"), False)
        if residual <= tolerance:
            return Attempt(state, result, iteration, residual, True)
        stale = 0 if residual < 0.9 * best else stale + 1
        best = min(best, residual)
        if stale > PATIENCE:
            accelerator.restart()
            stale = 0
        change = accelerator.propose(value, move) - vector
        largest = float(np.abs(change).max())
        if largest > LARGEST_MOVE:
            change *= LARGEST_MOVE / largest
        vector = vector + change
    return Attempt(state, result, limit, residual, False)


def solve_block(question: Question, economies: Sequence[str], tolerance: float) -> Attempt:
    """Solve one block, directly or else by moving towards the goal in stages.

    Raises
    ------
    NotConverged
        With the worst economy, its imbalance and the likely cause.
    """
    attempt = iterate(question.system(), question.start(), tolerance, DIRECT_LIMIT)
    if attempt.converged:
        return attempt
    used = attempt.iterations
    share, length, state = 0.0, 0.25, question.start()
    while used < TOTAL_LIMIT and length >= SMALLEST_STAGE:
        goal = min(share + length, 1.0)
        aim = tolerance if goal >= 1.0 else max(tolerance, 1e-6)
        staged = iterate(question.on_the_way(goal), state, aim, DIRECT_LIMIT)
        used += staged.iterations
        if not staged.converged:
            attempt = staged if np.isfinite(staged.residual) else attempt
            length /= 2
            continue
        share, state = goal, staged.state
        length *= 1.5
        if share >= 1.0:
            return Attempt(staged.state, staged.step, used, staged.residual, True)
    raise _failure(question, attempt, economies, used)


def _failure(
    question: Question, attempt: Attempt, economies: Sequence[str], used: int
) -> NotConverged:
    imbalance = np.where(np.isfinite(attempt.step.imbalance), attempt.step.imbalance, np.inf)
    worst = int(np.argmax(np.abs(imbalance)))
    accounts = question.accounts
    foreign = 1 - np.eye(accounts.value_added.size)
    before = (accounts.trade * foreign)[:, worst, :].sum() + (accounts.trade * foreign)[:, :, worst].sum()
    left = np.where(question.baseline > 0, question.strength / np.where(question.baseline > 0, question.baseline, 1), 0) * accounts.trade * foreign
    after = left[:, worst, :].sum() + left[:, :, worst].sum()
    if after < 1e-2 * before and abs(question.deficit[worst]) > 0:
        cause = (
            f"freeness leaves {after / before:.1e} of its trade, and a deficit of "
            f"{question.deficit[worst]:.4g} has to pass through it; use deficits='zero' or "
            "'income', or shut the links wholly"
        )
    elif np.abs(question.log_productivity).max() > 3:
        cause = "a productivity change by a factor above 20"
    else:
        cause = "the shock is far from the baseline, or tolerance is below what the data allow"
    return NotConverged(economies[worst], float(imbalance[worst]), used, cause)
