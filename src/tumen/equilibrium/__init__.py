"""World + Shock → Outcome: the multi-sector trade model in changes."""

from __future__ import annotations

from tumen.equilibrium.gradient import gradient
from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.product_outcome import ProductOutcome
from tumen.equilibrium.solve import solve

__all__ = ["Outcome", "ProductOutcome", "gradient", "solve"]
