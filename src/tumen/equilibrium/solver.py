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
LOOK_AGAIN = 1e-8
"""Tolerance of the search that starts on the other side of the wedges."""
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
    economies, cells = start.price.shape[1], start.price.size
    wedges = slice(economies + cells, economies + cells + start.wedge.size)
    state, vector = start, start.pack()
    accelerator = Anderson(vector.size)
    best, stale = np.inf, 0
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for iteration in range(1, limit + 1):
            result = step(system, state)
            value = result.next.pack()
            move = value - vector
            distance = float(move @ move + result.imbalance @ result.imbalance)
            if not np.isfinite(distance):
                return Attempt(system, state, result, iteration, float("inf"), False)
            if distance <= 2 * vector.size * tolerance**2:  # else some residual is above
                residual = _residual(result, move[economies : economies + cells])
                if residual <= tolerance:
                    return Attempt(system, state, result, iteration, residual, True)
            stale = 0 if distance < 0.8 * best else stale + 1
            best = min(best, distance)
            if stale > PATIENCE:
                accelerator.restart()
                stale = 0
            change = accelerator.propose(value, move)
            change -= vector
            if change @ change > LARGEST_MOVE**2:  # else no element is as large
                change *= min(1.0, LARGEST_MOVE / _largest(change))
            vector = vector + change
            if system.caps is not None:
                vector[wedges] = system.caps.project(vector[wedges])
            state = state.moved(vector, result.next.expenditure)
    residual = _residual(result, move[economies : economies + cells])
    return Attempt(system, state, result, limit, residual, False)


def _residual(result: Step, price_move: Array) -> float:
    """Largest of own-trade imbalances, market residuals, gaps of caps and of labour markets."""
    settlement = result.spending.settlement
    gap = 0.0 if settlement is None else _largest(settlement.gap)
    if result.labour is not None:
        gap = max(gap, _largest(result.labour_gap))
    return max(_largest(price_move), _largest(result.imbalance), result.spending_residual(), gap)


def _largest(values: Array) -> float:
    """Largest absolute value; NaN if there is one."""
    return float(np.abs(values).max())


def reach(
    question: Question,
    economies: Sequence[str],
    tolerance: float,
    start: State | None = None,
    looked: Array | None = None,
) -> Attempt:
    """Solve a question, from ``start``, else from the baseline, else towards the goal in stages.

    Parameters
    ----------
    looked
        Log wedges of the answer that ``start`` is; it was looked at from both sides.

    Raises
    ------
    NotConverged
        With the worst economy, its imbalance and the likely cause.
    """
    near = None if start is None else iterate(question.system(), start, tolerance, DIRECT_LIMIT)
    if near is not None and near.converged and (near.step.spending.income > 0).all():
        if _bind_alike(question, near.state.wedge, looked):
            return near
        return _confirmed(near, economies, max(tolerance, LOOK_AGAIN))
    last = attempt = iterate(question.system(), question.start(), tolerance, DIRECT_LIMIT)
    if not attempt.converged:
        last, attempt = _in_stages(question, attempt, tolerance)
    if not attempt.converged or (attempt.step.spending.income <= 0).any():
        raise _failure(question, last, attempt, economies)
    return _confirmed(attempt, economies, max(tolerance, LOOK_AGAIN))


def _bind_alike(question: Question, found: Array, looked: Array | None) -> bool:
    """Whether the same caps bind as in an answer whose wedges were looked at from both sides."""
    if question.caps is None:
        return True
    if looked is None or looked.shape != found.shape:
        return False
    floor = question.caps.floor
    return bool(((looked > floor) == (found > floor)).all())


def _confirmed(attempt: Attempt, economies: Sequence[str], tolerance: float) -> Attempt:
    """Where several caps bind, look from the other side: their wedges must come out the same."""
    caps, found = attempt.system.caps, attempt.state.wedge
    if caps is None or int((found > caps.floor).sum()) < 2:
        return attempt
    above = caps.project(2 * found + 0.5)
    again = iterate(attempt.system, attempt.state._replace(wedge=above), tolerance, DIRECT_LIMIT)
    if not again.converged or np.abs(again.state.wedge - found).max() < SAME_WEDGE:
        return attempt
    apart = int(np.argmax(np.abs(again.state.wedge - found)))
    buyer = economies[caps.buyer[np.flatnonzero(caps.group == apart)[0]]]
    cause = (
        "several caps bind and their wedges have more than one solution; merge the caps, or, where "
        "caps on all exports and on all imports differ by the deficit, leave one of them out"
    )
    raise NotConverged(buyer, 0.0, attempt.iterations + again.iterations, cause)


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
        if (staged.step.spending.income <= 0).any():
            break  # it gives away more than it earns, and the rest of the way asks for more
        share, state = goal, staged.state
        length *= 1.5
    return last, replace(attempt, iterations=used, converged=False)


def _failure(
    question: Question, last: Attempt, attempt: Attempt, economies: Sequence[str]
) -> NotConverged:
    """Name the worst economy and the likely cause."""
    spending = last.step.spending
    earned = spending.income - spending.deficit
    left = np.divide(spending.income, earned, out=np.ones_like(earned), where=earned > 0)
    tight = np.where(spending.deficit != 0, _trade_left(question), 1.0).min() < LITTLE_TRADE
    step = attempt.step
    if last.converged and left.min() < NOTHING_LEFT and not tight:
        worst = int(np.argmin(left))
        cause = (
            f"it has to give away {-spending.deficit[worst]:.4g} and earns {earned[worst]:.4g}, "
            "which leaves nothing to live on; give it a smaller surplus, or use deficits='zero'"
        )
        step = last.step
    else:
        imbalance = np.where(np.isfinite(step.imbalance), step.imbalance, np.inf)
        worst = int(np.argmax(np.abs(imbalance)))
        cause = _cause(question, step, economies)
    return NotConverged(economies[worst], float(step.imbalance[worst]), attempt.iterations, cause)


def _cause(question: Question, step: Step, economies: Sequence[str]) -> str:
    """Say what probably stands in the way of a solution, and what to do."""
    deficit = step.spending.deficit
    left = np.where(deficit != 0, _trade_left(question), 1.0)
    tightest = int(np.argmin(left))
    if left[tightest] < LITTLE_TRADE:
        return (
            f"freeness leaves {left[tightest]:.1e} of the trade of {economies[tightest]}, and its "
            f"deficit of {deficit[tightest]:.4g} has to pass through it; use deficits='zero' "
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
    trade, baseline = question.accounts.trade, question.accounts.shares
    ratio = np.divide(
        question.flows.foreign, baseline, out=np.zeros_like(trade), where=baseline > 0
    )
    foreign = trade * (1 - np.eye(trade.shape[1]))
    before, after = (
        flow.sum(axis=(0, 1)) + flow.sum(axis=(0, 2)) for flow in (foreign, foreign * ratio)
    )
    left: Array = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    return left
