"""Dependence: trade shares, concentration, and the income lost if each partner walks away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.lifeline.parting import SUBSTITUTE_PRICE, part

if TYPE_CHECKING:
    from tumen.equilibrium.closures import Closure
    from tumen.world import World

Progress = Callable[[str, int, int], None]
"""Told what is being computed, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class PartnerLoss:
    """One partner of the target."""

    partner: str
    exports_musd: float
    """What the target sells to it, million USD a year."""
    imports_musd: float
    remittances_musd: float
    """Pay of the target's workers there; no trade."""
    trade_share: float
    """Of the target's exports and imports together."""
    income_loss_pct: float | None
    """Real income that the target loses if the partner walks away; None: no solution."""
    partner_loss_pct: float | None
    """Real income that the partner loses by it."""
    loss_share: float | None
    """Of the losses by all partners together, each leaving alone."""
    substitutes: tuple[str, ...]
    """Products that only this partner supplies."""
    problem: str = ""
    """Why there is no solution."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """On whom a target depends; partners in order of the income lost with them."""

    target: str
    exports_musd: float
    imports_musd: float
    openness: float
    """Exports and imports over income."""
    exports_concentration: float
    """Herfindahl index of partners' shares, 1 with a single partner."""
    imports_concentration: float
    substitute_price: float
    partners: tuple[PartnerLoss, ...]


def dependence(
    world: World,
    target: str,
    deficits: Closure = "keep",
    substitute_price: float = SUBSTITUTE_PRICE,
    told: Progress = lambda what, done, total: None,
) -> Dependence:
    """Return how much of a target's trade and income hangs on each partner.

    Parameters
    ----------
    world
        The baseline.
    target
        One of its economies.
    deficits, substitute_price
        As for :func:`tumen.lifeline.parting.part`.
    told
        Hears of progress.

    Raises
    ------
    InvalidInput
        If the world has no such economy, or the ratio is not above 1.

    Notes
    -----
    Each partner leaves alone: all trade with it is shut both ways, pay of workers there ends, and
    the equilibrium is solved anew, so that others may take over. Losses do not add up.

    Examples
    --------
    >>> import tumen
    >>> found = dependence(tumen.load_world("world-2022"), "ISL")
    >>> round(sum(row.trade_share for row in found.partners), 6)
    1.0
    """
    _refuse(world, target, substitute_price)
    n = world.economies.index(target)
    between = world.accounts.trade.sum(axis=0)
    exports, imports = between[:, n].copy(), between[n].copy()
    exports[n] = imports[n] = 0.0
    both = exports + imports
    partners = np.flatnonzero((both > 0) | (world.remittances[:, n] > 0))
    rows = []
    for done, k in enumerate(partners):
        partner = world.economies[k]
        told(f"{target} without {partner}", done, partners.size)
        parted = part(world, target, partner, deficits, substitute_price)
        rows.append((k, parted))
    losses = [parted.income_loss_pct(target) for _, parted in rows]
    all_losses = sum(loss for loss in losses if loss is not None)
    found = [
        PartnerLoss(
            partner=world.economies[k],
            exports_musd=float(exports[k]),
            imports_musd=float(imports[k]),
            remittances_musd=float(world.remittances[k, n]),
            trade_share=float(both[k] / both.sum()),
            income_loss_pct=loss,
            partner_loss_pct=parted.income_loss_pct(world.economies[k]),
            loss_share=None if loss is None or all_losses <= 0 else loss / all_losses,
            substitutes=parted.substitutes[target],
            problem=parted.problem,
        )
        for (k, parted), loss in zip(rows, losses, strict=True)
    ]
    # Without a solution the partner is one that the target cannot do without: it comes first.
    found.sort(key=lambda row: -np.inf if row.income_loss_pct is None else -row.income_loss_pct)
    return Dependence(
        target=target,
        exports_musd=float(exports.sum()),
        imports_musd=float(imports.sum()),
        openness=float(both.sum() / world.accounts.income[n]),
        exports_concentration=concentration(exports),
        imports_concentration=concentration(imports),
        substitute_price=substitute_price,
        partners=tuple(found),
    )


def concentration(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Herfindahl index of shares: 1 if one holds all, 1/n if n hold the same; 0 of nothing.

    Examples
    --------
    >>> concentration(np.array([5.0, 5.0, 0.0])), concentration(np.array([3.0]))
    (0.5, 1.0)
    """
    total = float(values.sum())
    return float(((values / total) ** 2).sum()) if total > 0 else 0.0


def _refuse(world: World, target: str, substitute_price: float) -> None:
    problems = []
    if target not in world.economies:
        hint = did_you_mean(target, world.economies)
        problems.append(Problem("target", f"the world has no economy {target!r}; {hint}"))
    if not substitute_price > 1:
        problems.append(
            Problem("substitute_price", f"is {substitute_price:g}, must be a ratio above 1")
        )
    if problems:
        raise InvalidInput(problems, "lifelines")
