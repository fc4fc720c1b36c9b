"""Solving a baseline: the world that fits the shares which data imply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from tumen.equilibrium.dense import DenseFlows
from tumen.equilibrium.question import Question
from tumen.equilibrium.solution import solve_question
from tumen.errors import InvalidInput, Problem
from tumen.world.accounts import accounts_of

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.accounts import Accounts


BASELINE_TOLERANCE = 1e-10


def _refuse_unsupplied(dataset: xr.Dataset, accounts: Accounts) -> None:
    """Refuse uses of a product by a buyer without any purchase of it: nothing says its price."""
    wanted = accounts.uses() > 1e-9 * accounts.spending.sum(axis=0)
    problems = [
        Problem(
            f"economy {dataset['economy'].values[n]}, sector {dataset['sector'].values[s]}",
            "its shares use this product, but it buys none, not even at home; give it a flow, or "
            "set final_share and input_share to 0 there",
        )
        for s, n in np.argwhere(wanted & (accounts.spending <= 0))
    ]
    if problems:
        raise InvalidInput(problems, "equilibrate")


def balanced_dataset(dataset: xr.Dataset, deficits: Literal["keep", "zero"]) -> xr.Dataset:
    """Return ``dataset`` with the flows, and deficits, that its shares imply in equilibrium.

    Raises
    ------
    InvalidInput
        If ``deficits`` is unknown, the given deficits do not cancel, or a buyer uses a product
        that nobody sells to it.
    Infeasible, NotConverged
    """
    if deficits not in ("keep", "zero"):
        raise InvalidInput(Problem("deficits", f"is {deficits!r}, must be 'keep' or 'zero'"))
    # The shares of the data are those of the new equilibrium: how they would move plays no part.
    accounts = accounts_of(dataset).published()
    wanted = accounts.deficit if deficits == "keep" else np.zeros_like(accounts.deficit)
    traded = np.maximum(accounts.exports, accounts.imports).sum()
    if abs(wanted.sum()) > 1e-6 * max(traded, 1e-300):
        raise InvalidInput(Problem("deficit", f"deficits sum to {wanted.sum():.6g}, must be 0"))
    _refuse_unsupplied(dataset, accounts)
    wanted = wanted - wanted.sum() * accounts.value_added / accounts.value_added.sum()
    flows = DenseFlows.of(accounts.shares.copy(), accounts.tariff)
    question = Question(accounts, flows, accounts.tariff, np.zeros_like(accounts.beta), wanted)
    economies = [str(label) for label in dataset["economy"].values]
    sectors = [str(label) for label in dataset["sector"].values]
    solution = solve_question(question, economies, sectors, BASELINE_TOLERANCE)
    trade = solution.trade.transpose(2, 1, 0)
    old = dataset["trade"].values
    moved = np.abs(trade - old).sum() / old.sum()
    balanced = dataset.drop_vars("deficit", errors="ignore").copy()
    balanced["trade"] = (("origin", "destination", "sector"), np.ascontiguousarray(trade))
    balanced.attrs["equilibrated"] = (
        f"deficits {deficits}; flows moved by {100 * moved:.3g} % of world sales"
    )
    return balanced
