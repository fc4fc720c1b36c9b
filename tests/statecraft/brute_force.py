"""The vote and backfill game solved the plain way, on a dense grid, by its equations alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class Plain:
    accepted: bool
    """Some text passes, and the proposer prefers the best of them to no text."""
    text: float
    net_cut: float
    payoff: float
    closeness: float
    """How near the other vote is: the smaller of both margins that decide."""


def payoff_yes(game: Mapping[str, Any], text: Any, backfill: Any) -> Any:
    net = np.maximum(0, text - game["effectiveness"] * backfill - game["black_market"])
    return _gross(game, net, backfill) + reward(game, backfill)


def reward(game: Mapping[str, Any], backfill: Any) -> Any:
    threshold = norm.ppf(1 - game["false_alarm"])
    unseen = norm.cdf(threshold - backfill / game["noise"])
    return game["relief"] * unseen - game["penalty"] * (1 - unseen)


def _gross(game: Mapping[str, Any], net: Any, backfill: Any) -> Any:
    loss = game["income_loss"](net) if callable(game["income_loss"]) else game["income_loss"] * net
    hazard = game["horizon"] * game["base_hazard"] * np.exp(game["hazard_slope"] * loss)
    trade = game["profit"] * backfill - game["cost"] * backfill**2 / 2
    return trade - game["survival_value"] * (1 - np.exp(-hazard))


def veto(game: Mapping[str, Any], count: int = 4001) -> tuple[float, float]:
    """Payoff of a veto, and the net cut that follows."""
    most = game.get("capacity_after_veto")
    most = game["capacity"] if most is None else most
    backfill = np.linspace(0, min(game["reversion"], most), count)
    net = np.maximum(0, game["reversion"] - game["effectiveness"] * backfill)
    payoffs = _gross(game, net, backfill) - game["veto_cost"]
    return float(payoffs.max()), float(net[payoffs.argmax()])


def solve(game: Mapping[str, Any], texts: int = 401, backfills: int = 401) -> Plain:
    shares = np.linspace(0, 1, backfills)
    refused, n0 = veto(game)
    margins, payoffs, nets = np.empty(texts), np.empty(texts), np.empty(texts)
    grid = np.linspace(0, 1, texts)
    backfill = shares * np.minimum(grid, game["capacity"])[:, None]
    values = payoff_yes(game, grid[:, None], backfill)
    chosen = backfill[np.arange(texts), values.argmax(axis=1)]
    margins = values.max(axis=1) - refused
    nets = np.maximum(0, grid - game["effectiveness"] * chosen - game["black_market"])
    payoffs = game["proposer_gain"] * nets + game["unanimity"]
    accepted = margins >= 0
    none = game["proposer_gain"] * n0
    if not accepted.any():
        return Plain(False, game["reversion"], n0, none, float(-margins.max()))
    best = np.where(accepted, payoffs, -np.inf)
    top = int(best.argmax())
    if best[top] < none:
        return Plain(False, game["reversion"], n0, none, float(none - best[top]))
    closeness = min(float(margins.max()), float(best[top] - none))
    return Plain(True, float(grid[top]), float(nets[top]), float(best[top]), closeness)
