"""Caps as stocks over the calendar year: what is left of a limit is spread over its months."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tumen.endurance.currency import MONTHS

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.world import Cap, Shock

BINDS = 1e-6
"""A flow this close to its limit, relatively, is held by it."""
LEAST = 1e-6
"""Part of a yearly limit that a month has at least: the engine takes no limit of 0."""


@dataclass(slots=True)
class YearlyCaps:
    """What has moved under each cap since January."""

    _year: str = ""
    _used: dict[str, float] = field(default_factory=dict)
    """In the cap's own unit: million USD, or units."""

    def paced(self, shock: Shock, month: str) -> Shock:
        """Return the shock with limits as a month may use them, at annual rates.

        Notes
        -----
        (L − used since January) · 12 / months left: what a month does not use, later ones may.
        Before a cap began, even use is counted.
        """
        if month[:4] != self._year:
            self._year, self._used = month[:4], {}
        left = MONTHS + 1 - int(month[5:])
        return replace(shock, caps=tuple(self._paced(cap, left) for cap in shock.caps))

    def _paced(self, cap: Cap, months_left: int) -> Cap:
        even = (MONTHS - months_left) * cap.limit / MONTHS
        ahead = self._used.setdefault(cap.name, even) - even
        # As a difference to even use, so that a cap that binds all year stays as it is.
        if abs(ahead) <= BINDS * cap.limit:
            return cap
        limit = cap.limit - ahead * MONTHS / months_left
        return replace(cap, limit=max(limit, LEAST * cap.limit))

    def count(self, outcome: Outcome) -> None:
        """Add what a month moved."""
        flows = outcome.cap_flow.values
        for cap, flow in zip(outcome.shock.caps, flows, strict=True):
            self._used[cap.name] += min(float(flow), cap.limit) / MONTHS


def binding(outcome: Outcome) -> tuple[str, ...]:
    """Names of the caps that hold their flow."""
    flows = outcome.cap_flow.values
    return tuple(
        cap.name
        for cap, flow in zip(outcome.shock.caps, flows, strict=True)
        if flow >= cap.limit * (1 - BINDS)
    )
