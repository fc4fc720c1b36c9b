"""A state with a vote or the means to support: its motives, its payoffs, its best support."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput
from tumen.statecraft.checks import Bounds, problems
from tumen.statecraft.detection import power
from tumen.statecraft.search import Peaks, Rows, peaks
from tumen.statecraft.target import Target

Array = npt.NDArray[np.float64]

RULES = {
    "survival_value": Bounds("S, what the target's survival is worth to the state", 0),
    "effectiveness": Bounds("φ, what a unit of support makes up for", 0),
    "profit": Bounds("g, earned on a unit of support"),
    "cost": Bounds("c, of support, which rises with its square", 0),
    "penalty": Bounds("F, paid when hidden support is caught", 0),
    "relief": Bounds("ρ, the worth of relief from the state's own sanctions", 0),
    "veto_cost": Bounds("κ, what a veto costs", 0),
    "noise": Bounds("σ, the standard error of the monitor's figure", 0, open_ends=True),
    "false_alarm": Bounds("α, how often honest trade is flagged", 0, 1, open_ends=True),
    "capacity": Bounds("B, the most that can be supplied, a share of baseline trade", 0),
    "capacity_after_veto": Bounds("B after a veto; leave it out where it is B", 0),
}

_EVEN = np.linspace(0.0, 1.0, 41)
_IN_ERRORS = np.linspace(0.0, 8.0, 33)
"""Standard errors beyond honest trade: detection rises from α to 1 on the way."""
ROUNDING = 1e-12
"""Payoffs that differ by less, relative to the motives, are equal."""


@dataclass(frozen=True, kw_only=True)
class State:
    """The motives of one state (payoffs in one unit of its own, support in shares of trade)."""

    survival_value: float
    effectiveness: float
    profit: float
    cost: float
    penalty: float
    relief: float
    veto_cost: float
    noise: float
    false_alarm: float
    capacity: float
    capacity_after_veto: float | None = None
    name: str = "state"
    veto: bool = True
    """Has a veto."""

    def __post_init__(self) -> None:
        found = [*problems(self, RULES)]
        if found:
            raise InvalidInput(found, self.name)

    @cached_property
    def scale(self) -> float:
        """The size of the payoffs, for what counts as equal; 1 where nothing matters."""
        motives = (self.survival_value, abs(self.profit), self.cost, self.penalty)
        return sum((*motives, self.relief, self.veto_cost)) or 1.0

    def limit(self, text: Array, passed: bool = True) -> Array:
        """Return the most it can supply: no more than was cut, and no more than it has."""
        most = self.capacity
        if not passed and self.capacity_after_veto is not None:
            most = self.capacity_after_veto
        return np.minimum(text, most)

    def payoff(self, backfill: Array, collapse: Array, passed: bool = True) -> Array:
        """Return what the state gets from its support, at a chance of collapse.

        Notes
        -----
        After a yes −S P + g b − c b²/2 + ρ(1 − q) − F q; after a veto, where support is open,
        −S P + g b − c b²/2 − κ.
        """
        trade = self.profit * backfill - self.cost * backfill**2 / 2
        gained = trade - self.survival_value * collapse
        if not passed:
            return gained - self.veto_cost
        caught = power(backfill, self.noise, self.false_alarm)
        return gained + self.relief - (self.relief + self.penalty) * caught

    def peaks(self, target: Target, text: Array, others: Array, passed: bool = True) -> Peaks:
        """Return all local maxima of support at each text, given what others supply (their φb)."""

        def objective(backfill: Array, row: Rows) -> Array:
            supplied = others[row, None] + self.effectiveness * backfill
            collapse = target.collapse(text[row, None], supplied, passed)
            return self.payoff(backfill, collapse, passed)

        limit = self.limit(text, passed)[:, None]
        leak = target.black_market if passed else 0.0
        whole = (text - others - leak)[:, None] / max(self.effectiveness, ROUNDING)
        nodes = [limit * _EVEN, np.clip(whole, 0.0, limit)]
        if passed:
            nodes.append(np.minimum(self.noise * _IN_ERRORS, limit))
        return peaks(objective, np.sort(np.hstack(nodes), axis=1))

    def reply(
        self, target: Target, text: Array, others: Array, passed: bool = True
    ) -> tuple[Array, Array]:
        """Return the best support at each text and its payoff; at a tie the quieter one."""
        return self.peaks(target, text, others, passed).best(ROUNDING * self.scale)
