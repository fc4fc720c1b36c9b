"""Cap: a limit on a group of flows, held by one price wedge that somebody earns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tumen.errors import Problem

if TYPE_CHECKING:
    from tumen.world.world import World

CappedFlow = tuple[str, str, str, float]
"""(origin, destination, sector, share): the part of the cell's baseline value that is covered."""


@dataclass(frozen=True, slots=True)
class Cap:
    """Limit what a group of foreign flows may sell in a year.

    Parameters
    ----------
    flows
        (origin, destination, sector, share) of each cell; share is the part of the link, at the
        freeness that the shock gives, that the cap covers, above 0 and at most 1: of the
        baseline value where the shock leaves the link's freeness alone.
    limit
        Above 0: million USD a year of sellers' receipts, or units a year.
    by
        "value" or "quantity".
    units
        For a quantity cap: baseline units per million USD, one number for all flows or one each.
    max_wedge
        Largest ratio μ ≥ 1 of the buyer's to the seller's price; what exceeds the cap at that
        wedge is smuggled. None: no such exit.
    rent
        Who earns the wedge: "destination", "origin" or the label of an economy.
    smuggled_wedge
        With ``max_wedge``: the ratio, from 1 to μ, that smugglers earn on what exceeds the cap;
        the rest of μ is burned. None: all of μ.
    smuggled_rent
        Who earns that; empty: as ``rent``.
    name
        Label of the cap in the outcome.

    Notes
    -----
    One wedge q holds for the group: freeness × q^(−θ), 0 ≤ q − 1 ⟂ limit − flow ≥ 0.

    Examples
    --------
    >>> Cap([("CHN", "PRK", "C19", 1.0)], limit=0.5, by="quantity", units=0.036).by
    'quantity'
    """

    flows: Sequence[CappedFlow]
    limit: float
    by: Literal["value", "quantity"] = "value"
    units: float | Sequence[float] | None = None
    max_wedge: float | None = None
    rent: str = "destination"
    smuggled_wedge: float | None = None
    smuggled_rent: str = ""
    name: str = ""

    def units_of_flows(self) -> list[float]:
        """Units per million USD of each flow; 1 for a value cap."""
        if self.units is None:
            return [1.0] * len(self.flows)
        if isinstance(self.units, int | float):
            return [float(self.units)] * len(self.flows)
        return [float(unit) for unit in self.units]

    def problems(self, world: World, place: str) -> list[Problem]:
        """Return everything that keeps this cap from being applied to ``world``."""
        return _flow_problems(self.flows, world, place) + self._number_problems(world, place)

    def _number_problems(self, world: World, place: str) -> list[Problem]:
        found = []
        if not (math.isfinite(self.limit) and self.limit > 0):
            found.append(
                Problem(place, f"limit is {self.limit!r}, must be above 0; a ban is freeness 0")
            )
        if self.by not in ("value", "quantity"):
            found.append(Problem(place, f"by is {self.by!r}, must be 'value' or 'quantity'"))
        if (self.by == "quantity") != (self.units is not None):
            found.append(Problem(place, "units go with by='quantity', and only so"))
        units = self.units_of_flows()
        if len(units) != len(self.flows) or not all(0 < unit < math.inf for unit in units):
            found.append(Problem(place, "units must be above 0, one number or one for each flow"))
        if self.max_wedge is not None and not 1 <= self.max_wedge < math.inf:
            found.append(Problem(place, f"max_wedge is {self.max_wedge!r}, must be at least 1"))
        found += _rent_problems(self.rent, world, place)
        return found + self._smuggling_problems(world, place)

    def _smuggling_problems(self, world: World, place: str) -> list[Problem]:
        found = []
        if self.smuggled_wedge is not None and not 1 <= self.smuggled_wedge <= (
            self.max_wedge or 0
        ):
            found.append(
                Problem(
                    place,
                    f"smuggled_wedge is {self.smuggled_wedge!r}, must lie between 1 and max_wedge, "
                    f"{self.max_wedge!r}",
                )
            )
        if self.smuggled_rent:
            found += _rent_problems(self.smuggled_rent, world, place)
        return found


@dataclass(frozen=True, slots=True)
class Wedge:
    """A price ratio between buyer and seller on a part of some flows, earned by somebody.

    Parameters
    ----------
    flows
        (origin, destination, sector, share): the part of the link, at the freeness that the shock
        gives, that the wedge lies on.
    ratio
        q ≥ 1: what the buyer pays over what the seller receives.
    rent
        Who earns it: "destination", "origin" or the label of an economy.

    Notes
    -----
    Freeness × q^(−θ) on that part; the difference is income of the named party, like tariff
    revenue. Middlemen of smuggled goods earn such a wedge.
    """

    flows: Sequence[CappedFlow]
    ratio: float
    rent: str = "destination"

    def problems(self, world: World, place: str) -> list[Problem]:
        """Return everything that keeps this wedge from being applied to ``world``."""
        found = _flow_problems(self.flows, world, place)
        if not 1 <= self.ratio < math.inf:
            found.append(Problem(place, f"ratio is {self.ratio!r}, must be at least 1"))
        return found + _rent_problems(self.rent, world, place)


def _flow_problems(flows: Sequence[CappedFlow], world: World, place: str) -> list[Problem]:
    from tumen.world.shock import cell_problems

    found = [] if flows else [Problem(place, "covers no flow")]
    for flow in flows:
        if not isinstance(flow, tuple | list) or len(flow) != 4:
            found.append(Problem(place, f"{flow!r} must be (origin, destination, sector, share)"))
            continue
        origin, destination, sector, share = flow
        found += cell_problems(world, (origin, destination, sector))
        if "*" in flow[:3]:
            found.append(Problem(place, f"{flow!r}: name every cell, '*' is not allowed here"))
        if origin == destination:
            found.append(Problem(place, f"{flow!r} are home sales; only foreign flows are capped"))
        if not 0 < share <= 1:
            found.append(Problem(place, f"{flow!r}: share must be above 0 and at most 1"))
    if len({tuple(flow[:3]) for flow in flows}) < len(flows):
        found.append(Problem(place, "names a flow twice"))
    return found


def _rent_problems(rent: str, world: World, place: str) -> list[Problem]:
    if rent in ("destination", "origin", *world.economies):
        return []
    return [Problem(place, f"rent is {rent!r}, must be destination, origin or an economy")]
