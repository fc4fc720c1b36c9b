"""RAS: the smallest proportional change that makes a table meet its row and column totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, NotConverged, Problem

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

RAS_TOLERANCE = 1e-13
"""Columns are met to this part of the table's total; rows exactly."""
RAS_LIMIT = 20_000


def ras(prior: Array, rows: Array, columns: Array, name: str = "table") -> Array:
    """Scale ``prior`` until its rows and columns sum to the totals.

    Parameters
    ----------
    prior
        Array (row, column), not negative.
    rows, columns
        Totals in the same unit; they must have the same sum.
    name
        What to call the table in an error.

    Returns
    -------
    Array (row, column) with the zeros of ``prior``.

    Raises
    ------
    InvalidInput
        If the totals differ, a number is negative or not finite, or a row or column with a
        total has no cell.
    NotConverged
        If the zeros of ``prior`` admit no such table.

    Notes
    -----
    Bacharach (1970), *Biproportional Matrices and Input-Output Change*.

    Examples
    --------
    >>> import numpy as np
    >>> ras(np.ones((2, 2)), np.array([3.0, 1.0]), np.array([2.0, 2.0]))
    array([[1.5, 1.5],
           [0.5, 0.5]])
    """
    total = float(rows.sum())
    _refuse_impossible(prior, rows, columns, name)
    table = prior.astype(float)
    for _ in range(RAS_LIMIT):
        table = table * _ratio(columns, table.sum(axis=0))
        table = table * _ratio(rows, table.sum(axis=1))[:, None]
        gap = float(np.abs(table.sum(axis=0) - columns).max())
        if gap <= RAS_TOLERANCE * total:
            return table
    raise NotConverged(
        name, gap / total, RAS_LIMIT, "the zeros of the table leave no way to meet its totals"
    )


def _ratio(wanted: Array, seen: Array) -> Array:
    ratio: Array = np.divide(wanted, seen, out=np.zeros_like(seen), where=seen > 0)
    return ratio


def _refuse_impossible(prior: Array, rows: Array, columns: Array, name: str) -> None:
    problems = []
    total = max(float(rows.sum()), 1e-300)
    if abs(rows.sum() - columns.sum()) > 1e-9 * total:
        problems.append(
            Problem(name, f"rows sum to {rows.sum():.8g}, columns to {columns.sum():.8g}")
        )
    if not (np.isfinite(prior).all() and (prior >= 0).all()):
        problems.append(Problem(name, "the prior must be finite and not negative"))
    for axis, totals, kind in ((1, rows, "row"), (0, columns, "column")):
        problems += [
            Problem(name, f"{kind} {index} is to sum to {totals[index]:.6g}, must be a number ≥ 0")
            for index in np.flatnonzero(~(totals >= 0) | np.isinf(totals))
        ]
        empty = (prior.sum(axis=axis) <= 0) & (totals > 1e-12 * total)
        problems += [
            Problem(name, f"{kind} {index} must sum to {totals[index]:.6g} but has no cell")
            for index in np.flatnonzero(empty)
        ]
    if problems:
        raise InvalidInput(problems)


def fit_uses(dataset: xr.Dataset, economies: Sequence[str] | None = None) -> xr.Dataset:
    """Fit ``input_share`` and ``final_share`` to the trade flows, value added fixed.

    Parameters
    ----------
    dataset
        Structurally sound world data.
    economies
        Those to fit; None: all. A product that is bought but that no use is known for goes to
        final demand.

    Returns
    -------
    The dataset with new shares and without ``deficit`` (trade implies it); the largest change
    of each economy is listed in the attribute ``rebalanced``.

    Raises
    ------
    InvalidInput
        If an economy's final demand would be negative, or its totals cannot be met.
    NotConverged
        If the zeros of its uses leave no way to meet them.

    Notes
    -----
    Bacharach (1970); rows are purchases by product, columns are sectors and final demand.
    """
    from tumen.world.accounts import accounts_of

    dataset = dataset.drop_vars("deficit", errors="ignore").copy()
    accounts = accounts_of(dataset)
    inputs = np.array(accounts.gamma)
    final = np.array(accounts.alpha)
    labels = [str(label) for label in dataset["economy"].values]
    chosen = range(len(labels)) if economies is None else [labels.index(e) for e in economies]
    report = []
    for n in chosen:
        output = accounts.output[:, n]
        prior = np.column_stack(
            [accounts.gamma[n] * output, accounts.alpha[:, n] * accounts.income[n]]
        )
        rows = accounts.spending[:, n]
        prior[(prior.sum(axis=1) <= 0) & (rows > 0), -1] = 1e-6 * rows.sum()
        prior[rows <= 0] = 0.0
        columns = np.append(output * (1 - accounts.beta[:, n]), accounts.income[n])
        table = ras(prior, rows, columns, f"uses of {labels[n]}")
        made = output > 0
        inputs[n][:, made] = table[:, :-1][:, made] / output[made]
        final[:, n] = table[:, -1] / accounts.income[n]
        moved = np.abs(table - prior).sum() / (2 * prior.sum())
        report.append(f"{labels[n]} {100 * moved:.3g} %")
    dataset["final_share"] = (("economy", "sector"), final.T)
    if "input_share" in dataset:
        dataset["input_share"] = (("economy", "input", "sector"), inputs)
    dataset.attrs["rebalanced"] = "share of uses moved: " + ", ".join(report)
    return dataset
