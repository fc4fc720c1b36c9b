"""Joint acceleration of wages, prices and spending; a solution is accepted on own trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
NOTHING_LEFT = 0.01
"""An economy that keeps less than this of what it earns, on the way, has no equilibrium."""
LITTLE_TRADE = 0.01
"""An economy left with less than this of its trade can hardly move a deficit."""
LARGE_PRODUCTIVITY = 3.0
"""A log change beyond this is named as the likely cause of a failure."""
SAME_WEDGE = 1e-6
"""Log wedges closer than this are the same."""
PATIENCE = 25
"""Iterations without progress before the acceleration starts afresh."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where an iteration ended, converged or not."""

    system: System
    state: State
    step: Step
    iterations: int
    residual: float
    """Largest of own-trade imbalances and market residuals."""
    converged: bool


def iterate(system: System, start: State, tolerance: float, limit: int) -> Attempt:
    """Iterate from ``start`` until all residuals are below ``tolerance``, or ``limit`` times."""
    sectors, economies = start.price.shape
    vector = start.pack()
    markets = slice(economies, economies + 2 * start.price.size)
    accelerator = Anderson(vector.size)
    best, stale = np.inf, 0
    for iteration in range(1, limit + 1):
        state = State.unpack(vector, sectors, economies)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            result = step(system, state)
        value = result.next.pack()
        move = value - vector
        residual = float(np.maximum(_largest(move[markets]), _largest(result.imbalance)))
        if result.settlement is not None:
            residual = float(np.maximum(residual, _largest(result.settlement.gap)))
        if not np.isfinite(residual + move[:economies].sum()):
            return Attempt(system, state, result, iteration, float("inf"), False)
        if residual <= tolerance:
            return Attempt(system, state, result, iteration, residual, True)
        stale = 0 if residual < 0.9 * best else stale + 1
        best = min(best, residual)
        if stale > PATIENCE:
            accelerator.restart()
            stale = 0
        change = accelerator.propose(value, move)
        change -= vector
        largest = _largest(change)
        if largest > LARGEST_MOVE:
            change *= LARGEST_MOVE / largest
        vector = vector + change
        if system.caps is not None:
            vector[markets.stop :] = system.caps.project(vector[markets.stop :])
    return Attempt(system, state, result, limit, residual, False)


def _largest(values: Array) -> float:
    """Largest absolute value; NaN if there is one."""
    return float(np.maximum(values.max(), -values.min()))


def reach(question: Question, economies: Sequence[str], tolerance: float) -> Attempt:
    """Solve a question, directly or else by moving towards the goal in stages.

    Raises
    ------
    NotConverged
        With the worst economy, its imbalance and the likely cause.
    """
    last = attempt = iterate(question.system(), question.start(), tolerance, DIRECT_LIMIT)
    if not attempt.converged:
        last, attempt = _in_stages(question, attempt, tolerance)
    if not attempt.converged or (attempt.step.income <= 0).any():
        raise _failure(question, last, attempt, economies)
    return _confirmed(attempt, economies, tolerance)


def _confirmed(attempt: Attempt, economies: Sequence[str], tolerance: float) -> Attempt:
    """Where several caps bind, look from the other side: their wedges must come out the same."""
    caps, found = attempt.system.caps, attempt.state.wedge
    if caps is None or int((found > caps.floor).sum()) < 2:
        return attempt
    above = caps.project(2 * found + 0.5)
    again = iterate(attempt.system, replace(attempt.state, wedge=above), tolerance, DIRECT_LIMIT)
    if not again.converged or np.abs(again.state.wedge - found).max() < SAME_WEDGE:
        return attempt
    cause = "several caps bind and their wedges have more than one solution; merge the caps"
    raise NotConverged(economies[0], 0.0, attempt.iterations + again.iterations, cause)


def _in_stages(question: Question, attempt: Attempt, tolerance: float) -> tuple[Attempt, Attempt]:
    """Move from the baseline to the goal, in steps as long as each of them converges.

    Returns the last stage that converged (the direct attempt if none did) and the last of all.
    """
    used, last = attempt.iterations, attempt
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
        last = replace(staged, iterations=used)
        if goal >= 1.0:
            return last, last
        if (staged.step.income <= 0).any():
            break  # it gives away more than it earns, and the rest of the way asks for more
        share, state = goal, staged.state
        length *= 1.5
    return last, replace(attempt, iterations=used, converged=False)


def _failure(
    question: Question, last: Attempt, attempt: Attempt, economies: Sequence[str]
) -> NotConverged:
    """Name the worst economy and the likely cause."""
    earned = last.step.income - last.step.deficit
    left = np.divide(last.step.income, earned, out=np.ones_like(earned), where=earned > 0)
    tight = np.where(last.step.deficit != 0, _trade_left(question), 1.0).min() < LITTLE_TRADE
    if last.converged and left.min() < NOTHING_LEFT and not tight:
        worst, step = int(np.argmin(left)), last.step
        cause = (
            f"it has to give away {-step.deficit[worst]:.4g} and earns {earned[worst]:.4g}, "
            "which leaves nothing to live on; give it a smaller surplus, or use deficits='zero'"
        )
    else:
        step = attempt.step
        imbalance = np.where(np.isfinite(step.imbalance), step.imbalance, np.inf)
        worst = int(np.argmax(np.abs(imbalance)))
        cause = _cause(question, step, economies)
    return NotConverged(economies[worst], float(step.imbalance[worst]), attempt.iterations, cause)


def _cause(question: Question, step: Step, economies: Sequence[str]) -> str:
    """Say what probably stands in the way of a solution, and what to do."""
    left = np.where(step.deficit != 0, _trade_left(question), 1.0)
    tightest = int(np.argmin(left))
    if left[tightest] < LITTLE_TRADE:
        return (
            f"freeness leaves {left[tightest]:.1e} of the trade of {economies[tightest]}, and its "
            f"deficit of {step.deficit[tightest]:.4g} has to pass through it; use deficits='zero' "
            "or 'income', or shut the links wholly"
        )
    if np.abs(question.log_productivity).max() > LARGE_PRODUCTIVITY:
        return "a productivity change by a factor above 20; it is a ratio, 1 for no change"
    return (
        "the shock is far from the baseline, or the tolerance is below what the data allow; "
        "try a part of the shock, or a larger tolerance"
    )


def _trade_left(question: Question) -> Array:
    """Part of every economy's foreign trade that freeness leaves at unchanged costs (n)."""
    trade, baseline = question.accounts.trade, question.baseline
    ratio = np.divide(question.strength, baseline, out=np.zeros_like(trade), where=baseline > 0)
    foreign = trade * (1 - np.eye(trade.shape[1]))
    before, after = (
        flow.sum(axis=(0, 1)) + flow.sum(axis=(0, 2)) for flow in (foreign, foreign * ratio)
    )
    left: Array = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    return left
