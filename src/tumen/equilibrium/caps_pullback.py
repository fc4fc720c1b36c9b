"""What an objective gains by what caps read, from what it gains by what they settle.

``by_x`` is the derivative of the objective by x. Which caps bind, and which leak at their
ceiling, is held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Caps, Covered, Settlement
from tumen.equilibrium.model import Spending

Array = NDArray[np.float64]


class BySettled(NamedTuple):
    """Derivatives of the objective by what caps settle, at their cells (f) and groups (c)."""

    receipts: Array
    """f: by what sellers receive."""
    tariffs: Array
    rent: Array
    smuggled_rent: Array
    log_flow: Array
    """c: by the log of what the limit speaks of."""


class ByCovered(NamedTuple):
    """Derivatives of the objective by what caps read, at their cells (f) and groups (c)."""

    gross: Array
    """f: by the strength of the covered part, in the buyer's spending."""
    net: Array
    """f: in what the seller receives."""
    demand: Array
    """f: by X'/Φ of the buyer."""
    log_cost: Array
    """f: by ln ĉ of the seller, at given strength."""
    log_wedge: Array
    """c: by ln q."""


@dataclass(frozen=True, slots=True)
class SettledCaps:
    """Caps at a solution."""

    caps: Caps
    log_wedge: Array
    """c."""
    covered: Covered
    buyers: Array
    """f: X'/Φ of the buyer."""
    settlement: Settlement

    @classmethod
    def of(
        cls, caps: Caps | None, log_wedge: Array, covered: Covered | None, spending: Spending
    ) -> SettledCaps | None:
        """Take what the caps read at a solution; None without any."""
        if caps is None or covered is None or spending.settlement is None:
            return None
        buyers = spending.demand[caps.sector, caps.buyer]
        return cls(caps, log_wedge, covered, buyers, spending.settlement)

    @property
    def binding(self) -> NDArray[np.bool_]:
        """c: the wedge holds the flow at its limit, below the ceiling."""
        caps = self.caps
        held: NDArray[np.bool_] = (self.log_wedge > caps.floor) & (self.log_wedge < caps.ceiling)
        return held

    def pulled(self, by: BySettled) -> ByCovered:
        """Turn derivatives by what is settled into those by what the caps read."""
        caps, settled = self.caps, self.settlement
        wedge = self.log_wedge[caps.group]
        arriving = settled.payments * np.exp(-wedge)
        above = self._above()
        kept = np.exp(-caps.smuggled)[caps.group]
        by_hidden = by.smuggled_rent - by.rent + (by.receipts - by.smuggled_rent) * kept
        by_legal = by.receipts - by.rent
        by_above = by_hidden * settled.payments - by_legal * arriving
        by_units = self._by_flow(by.log_flow, by_above, above)[caps.group] * settled.per_dollar
        above = above[caps.group]
        by_arriving = by_legal * (1 - above) + by_units
        by_payments = by.rent + by_hidden * above + by_arriving * np.exp(-wedge)
        factor = np.exp(-caps.theta * wedge)
        levied = self.covered.gross - self.covered.net
        by_uncapped = by_payments * factor - by.receipts
        by_levied = by.tariffs * (factor - 1)
        by_paid = by_payments * settled.payments + by.tariffs * levied * self.buyers * factor
        by_wedge = -by_arriving * arriving - caps.theta * by_paid
        quantity = caps.by_quantity[caps.group]
        return ByCovered(
            gross=by_levied * self.buyers,
            net=(by_uncapped - by_levied) * self.buyers,
            demand=by_uncapped * self.covered.net + by_levied * levied,
            log_cost=np.where(quantity, -by_units * arriving, 0.0),
            log_wedge=np.bincount(caps.group, by_wedge, caps.limit.size).astype(float),
        )

    def bent(self, by_appeal: Array, by: ByCovered) -> ByCovered:
        """Add what the objective gains by Φ of the buyers (f)."""
        caps = self.caps
        lost = np.expm1(-caps.theta * self.log_wedge[caps.group])
        by_wedge = -caps.theta * by_appeal * self.covered.gross * (1 + lost)
        summed = np.bincount(caps.group, by_wedge, caps.limit.size)
        log_wedge = np.where(self.binding, by.log_wedge + summed, 0.0)
        return by._replace(gross=by.gross + by_appeal * lost, log_wedge=log_wedge)

    def _above(self) -> Array:
        """Part of what is paid for that exceeds its cap (c)."""
        caps, flow = self.caps, self.settlement.flow
        leaks = caps.leaks & (self.log_wedge >= caps.ceiling) & (flow > caps.limit)
        above: Array = np.where(leaks, 1 - caps.limit / np.where(leaks, flow, 1.0), 0.0)
        return above

    def _by_flow(self, by_log_flow: Array, by_above: Array, above: Array) -> Array:
        """By what the limit speaks of (c): binding caps hold it, leaking ones smuggle the rest."""
        caps, flow = self.caps, self.settlement.flow
        leaked = np.bincount(caps.group, by_above, flow.size) * (1 - above) * (above > 0)
        by_log = np.where(self.binding, by_log_flow, 0.0) + leaked
        by_flow: Array = np.divide(by_log, flow, out=np.zeros_like(flow), where=flow > 0)
        return by_flow
