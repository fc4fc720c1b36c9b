"""Who takes over the trade of a partner that withdrew: diversion, evasion and support apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TargetFlows:
    """A target's flows by partner and sector; arrays are (partner, sector), million USD a year.

    The parts of what moves now, at what sellers receive, add up to all of it.
    """

    before: Array
    """In the baseline."""
    legal: Array
    """Now: what no law forbids."""
    evaded: Array
    """Now: what is banned and not stopped, and what is smuggled."""
    opened: Array
    """Now: support in trade that partners record."""
    opened_hidden: Array
    """Now: support in trade that nobody records."""
    hidden: Array
    """Now: what is smuggled and what is opened in hiding."""
    recorded_before: Array
    """In the baseline, as partners' customs record it."""
    recorded: Array
    """Now, as they record it: less than all that is not hidden, where services move unrecorded."""

    @property
    def now(self) -> Array:
        """All that moves now."""
        return self.legal + self.evaded + self.opened + self.opened_hidden


@dataclass(frozen=True, slots=True)
class Takeover:
    """What became of withdrawn trade in one sector and direction, million USD a year."""

    flow: str
    """export or import, seen from the target."""
    sector: str
    withdrawn_musd: float
    """Legal trade that those who withdrew no longer do."""
    evasion_musd: float
    """Banned trade that goes on with them, and what others gained by evasion."""
    diversion_musd: float
    """What others gained without any change of their policy."""
    support_musd: float
    """What was opened in support."""

    @property
    def lost_musd(self) -> float:
        """What nobody took over; below 0 if others gained more than was withdrawn."""
        taken = self.evasion_musd + self.diversion_musd + self.support_musd
        return self.withdrawn_musd - taken


@dataclass(frozen=True, slots=True)
class Replacement:
    """How much of what was withdrawn the newcomers replace."""

    withdrawn_musd: float
    """Legal trade that those who withdrew no longer do, both directions."""
    recorded_musd: float
    """Extra recorded trade with the newcomers; negative: it fell."""
    hidden_musd: float
    """Extra hidden trade with it."""

    @property
    def recorded_ratio(self) -> float:
        """Extra recorded trade over what was lost; 0 if nothing was."""
        return self.recorded_musd / self.withdrawn_musd if self.withdrawn_musd > 0 else 0.0

    @property
    def hidden_ratio(self) -> float:
        """Extra hidden trade over what was lost; 0 if nothing was."""
        return self.hidden_musd / self.withdrawn_musd if self.withdrawn_musd > 0 else 0.0


def gains(flows: TargetFlows, withdrew: Mask) -> tuple[Array, Array, Array]:
    """Return evasion, diversion and support of each partner and sector (partner, sector).

    Parameters
    ----------
    flows
        Before and now.
    withdrew
        Which partners withdrew: their own evasion counts whole, their gains do not.

    Notes
    -----
    What a partner gained is support as far as support was opened, then evasion as far as banned
    trade moves, and the rest is diversion; a partner that lost took over nothing.
    """
    gained = np.maximum(flows.now - flows.before, 0.0)
    support = np.minimum(gained, flows.opened + flows.opened_hidden)
    evasion = np.minimum(gained - support, flows.evaded)
    diversion = gained - support - evasion
    support[withdrew] = (flows.opened + flows.opened_hidden)[withdrew]
    evasion[withdrew] = flows.evaded[withdrew]
    diversion[withdrew] = 0.0
    return evasion, diversion, support


def takeovers(
    flow: str, flows: TargetFlows, withdrew: Mask, sectors: Sequence[str]
) -> list[Takeover]:
    """Return one row for every sector in which trade was withdrawn or somebody gained.

    Raises
    ------
    InvalidInput
        For a part that is negative.

    Examples
    --------
    >>> import numpy as np
    >>> before, legal = np.array([[100.0], [5.0]]), np.array([[20.0], [9.0]])
    >>> none = np.zeros((2, 1))
    >>> flows, withdrew = TargetFlows(before, legal, *[none] * 6), np.array([True, False])
    >>> (row,) = takeovers("import", flows, withdrew, ["C19"])
    >>> row.withdrawn_musd, row.diversion_musd, row.lost_musd
    (80.0, 4.0, 76.0)
    """
    for name in TargetFlows.__dataclass_fields__:
        if (getattr(flows, name) < 0).any():
            raise InvalidInput(Problem(f"flows, {name}", "holds a negative value"))
    parts = [values.sum(axis=0) for values in gains(flows, withdrew)]
    withdrawn = np.maximum(flows.before - flows.legal, 0.0)[withdrew].sum(axis=0)
    return [
        Takeover(flow, sector, float(withdrawn[s]), *(float(part[s]) for part in parts))
        for s, sector in enumerate(sectors)
        if withdrawn[s] > 0 or any(part[s] > 0 for part in parts)
    ]


def replacement(both: Sequence[TargetFlows], withdrew: Mask, newcomers: Mask) -> Replacement:
    """Return what the newcomers do in place of those who withdrew, over all flows given."""
    withdrawn = recorded = hidden = 0.0
    for flows in both:
        withdrawn += float(np.maximum(flows.before - flows.legal, 0.0)[withdrew].sum())
        recorded += float((flows.recorded - flows.recorded_before)[newcomers].sum())
        hidden += float(flows.hidden[newcomers].sum())
    return Replacement(withdrawn, recorded, hidden)
