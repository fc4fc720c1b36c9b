"""Who buys the final sales of each producing node: a prior, then RAS.

The network tells what each node sells to final users, not where they live.
Prior: (share of the origin in the destination's intermediate purchases of the
product) x (the product's share in world final sales) x (destination's GDP less
its trade balance). Then rows are fitted to the final sales of each node and
columns to GDP less the published balance, rescaled to the world total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.build_world.network import Network


@dataclass(frozen=True)
class Allocation:
    """Final sales by (sector, origin, destination), and how the fit went."""

    final: np.ndarray
    iterations: int
    column_error: float
    home_only: list[str]
    rescale: float


def purchase_shares(network: Network) -> np.ndarray:
    """Return the origins' shares in each destination's purchases of a product."""
    bought = network.intermediate.sum(axis=2)
    total = bought.sum(axis=1, keepdims=True)
    shares: np.ndarray = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    return shares


def prior_flows(network: Network, spending: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return the prior (sector, origin, destination) and the nodes that sell at home only."""
    product = network.final_sales.sum(axis=1) / network.final_sales.sum()
    prior = purchase_shares(network) * product[:, None, None] * spending[None, None, :]
    prior[network.final_sales <= 0] = 0.0
    lonely = np.argwhere((network.final_sales > 0) & (prior.sum(axis=2) <= 0))
    for sector, economy in lonely:
        prior[sector, economy, economy] = network.final_sales[sector, economy]
    names = [f"{network.economies[e]} {network.sectors[s]}" for s, e in lonely]
    return prior, names


def fit_rows(flows: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Scale every (sector, origin) row to its final sales."""
    total = flows.sum(axis=2)
    factor = np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)
    scaled: np.ndarray = flows * factor[:, :, None]
    return scaled


def column_targets(network: Network, balances: np.ndarray) -> tuple[np.ndarray, float]:
    """Return final spending by destination, summing to world final sales.

    `balances` is the trade balance over GDP, NaN where no figure is known: such
    an economy gets what the row-only allocation gives it, and the others are
    rescaled to the rest.
    """
    gdp = network.value_added
    known = ~np.isnan(balances)
    wanted = gdp * (1.0 - np.where(known, balances, 0.0))
    prior, _ = prior_flows(network, wanted)
    free = fit_rows(prior, network.final_sales).sum(axis=(0, 1))
    rest = network.final_sales.sum() - free[~known].sum()
    factor = float(rest / wanted[known].sum())
    return np.where(known, wanted * factor, free), factor


def allocate(
    network: Network, balances: np.ndarray, tolerance: float = 1e-13, most: int = 5000
) -> Allocation:
    """Fit the prior to rows and columns; the last step is on rows, so they hold exactly."""
    targets, factor = column_targets(network, balances)
    flows, lonely = prior_flows(network, targets)
    error = np.inf
    for count in range(1, most + 1):
        columns = flows.sum(axis=(0, 1))
        flows = fit_rows(flows * (targets / columns), network.final_sales)
        error = float(np.max(np.abs(flows.sum(axis=(0, 1)) / targets - 1.0)))
        if error < tolerance:
            return Allocation(flows, count, error, lonely, factor)
    raise RuntimeError(f"RAS did not converge in {most} rounds: worst column off by {error:.2e}")
