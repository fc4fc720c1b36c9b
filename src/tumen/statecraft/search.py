"""Maxima of functions that have several, or that jump: a grid first, then closer looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

_STEPS = np.linspace(0.0, 1.0, 33)
_CLOSE = 0.01
"""A second parabola is laid through points this much closer than the first."""
_FINE = np.linspace(0.0, 1.0, 33)
_CLIMBS = 4
_ROUNDING = 1e-14
_STEEPEST = 2.0
"""A climb is given up when even a score that rises this fast could not win."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """Local maxima of several problems at once."""

    row: Rows
    """Of which problem."""
    point: Array
    value: Array

    def best(self, tolerance: float) -> tuple[Array, Array]:
        """Return the best point of each problem, the lowest at a tie, and its value."""
        count = int(self.row.max()) + 1
        top = np.full(count, -np.inf)
        np.maximum.at(top, self.row, self.value)
        tied = self.value >= top[self.row] - tolerance
        lowest = np.full(count, np.inf)
        np.minimum.at(lowest, self.row[tied], self.point[tied])
        return lowest, top


def peaks(objective: Callable[[Array, Rows], Array], nodes: Array) -> Peaks:
    """Find all local maxima that a grid shows, each polished within its neighbours.

    Parameters
    ----------
    objective
        Takes points (m, k) and the problem that each of the m rows belongs to.
    nodes
        Array (problem, node), rising along each row.
    """
    everyone = np.arange(len(nodes))
    values = objective(nodes, everyone)
    edge = np.full((len(nodes), 1), -np.inf)
    above_left = values > np.hstack([edge, values[:, :-1]])
    above_right = values >= np.hstack([values[:, 1:], edge])
    row, column = np.nonzero(above_left & above_right)
    last = nodes.shape[1] - 1
    # Two nodes away: a node and its double would hide that the objective still rises.
    left = nodes[row, np.maximum(column - 2, 0)]
    right = nodes[row, np.minimum(column + 2, last)]
    found = _polished(objective, row, nodes[row, column], left, right)
    inside = ((found.point > left) | (left == nodes[row, 0])) & (
        (found.point < right) | (right == nodes[row, last])
    )
    kept = inside | (found.value >= values.max(axis=1)[row])
    return Peaks(row[kept], found.point[kept], found.value[kept])


def _polished(
    objective: Callable[[Array, Rows], Array], row: Rows, best: Array, left: Array, right: Array
) -> Peaks:
    each = np.arange(len(row))
    width = right - left
    points = np.column_stack([best, left[:, None] + width[:, None] * _STEPS])
    best = points[each, objective(points, row).argmax(axis=1)]
    reach = width / (len(_STEPS) - 1)
    left, right = np.maximum(left, best - reach), np.minimum(right, best + reach)
    near = _vertex(objective, row, best, left, right)
    reach = _CLOSE * (right - left)
    nearest = _vertex(
        objective, row, near, np.maximum(left, near - reach), np.minimum(right, near + reach)
    )
    ends = np.column_stack([nearest, near, best])
    values = objective(ends, row)
    # Near its top an objective is flat: rounding must not decide against the parabola.
    values[:, 0] += _ROUNDING * np.abs(values[:, 0])
    chosen = values.argmax(axis=1)
    return Peaks(row, ends[each, chosen], values[each, chosen])


def _vertex(
    objective: Callable[[Array, Rows], Array], row: Rows, best: Array, left: Array, right: Array
) -> Array:
    """Return the top of the parabola through three points, the middle one where it has none."""
    low, middle, high = objective(np.column_stack([left, best, right]), row).T
    down, up = best - left, right - best
    bend = down * (high - middle) + up * (low - middle)
    slope = down**2 * (high - middle) - up**2 * (low - middle)
    inner = bend < 0
    move = np.where(inner, -slope / np.where(inner, 2 * bend, 1.0), 0.0)
    vertex: Array = np.clip(best + move, left, right)
    return vertex


def climb(
    score: Callable[[Array], Array], grid: Array, tolerance: float, accuracy: float = 1e-10
) -> float:
    """Return the largest point within a tolerance of the highest score.

    The score may jump: around each of the best local maxima of the grid a finer grid is laid,
    until it is as fine as the accuracy.
    """
    values = score(grid)
    edge = [-np.inf]
    ends = (values >= np.append(edge, values[:-1])) & (values > np.append(values[1:], edge))
    tops = np.flatnonzero(ends)
    tops = tops[np.argsort(-values[tops], kind="stable")][:_CLIMBS]
    left, right = grid[np.maximum(tops - 1, 0)], grid[np.minimum(tops + 1, len(grid) - 1)]
    best, top = grid[tops], values[tops]
    while (width := right - left).max() > accuracy:
        points = left[:, None] + width[:, None] * _FINE
        found = score(points.ravel()).reshape(points.shape)
        points, found = np.column_stack([points, best]), np.column_stack([found, top])
        top = found.max(axis=1)
        best = np.where(found >= top[:, None] - tolerance, points, -np.inf).max(axis=1)
        alive = top >= top.max() - _STEEPEST * width
        best, top, reach = best[alive], top[alive], width[alive] / (len(_FINE) - 1)
        left, right = np.maximum(left[alive], best - reach), np.minimum(right[alive], best + reach)
    return float(best[top >= top.max() - tolerance].max())
