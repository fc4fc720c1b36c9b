"""Caps of the law on the target's flows: limits in dollars of the baseline year, tightest first."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.regime.measure import CapLimit
from tumen.regime.shares import CapInForce
from tumen.scenario.routes import Routes
from tumen.scenario.rules import BaselineVolume, Direction
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from tumen.world import Cap, World

Array = NDArray[np.float64]
Cell = tuple[str, str, str]
By = Literal["value", "quantity"]
"""What a limit counts."""
DAYS = 365


@dataclass(frozen=True, slots=True)
class CappedLinks:
    """What caps need to know of the target's flows (direction, partner, sector)."""

    enforced: Array
    """e: part of what exceeds the cap that partners stop."""
    open_freeness: Array
    """φ of the part that is not banned."""
    total: Array
    """φ of the whole link."""
    routes: Routes
    """Hidden routes for what exceeds a cap."""


def law_caps(
    scenario: Scenario,
    world: World,
    caps: Sequence[CapInForce],
    links: CappedLinks,
    day: datetime.date,
    level: Level,
) -> list[Cap]:
    """Return the caps as the engine takes them.

    Several caps on one cell are taken to be nested, as acts that copy one another are: the
    tighter counts where they overlap, the looser for what it covers beyond. What partners do not
    enforce loosens a limit towards the baseline; a cap that nobody enforces is none.

    Raises
    ------
    InvalidInput
        For a limit in barrels or tonnes without a volume in the scenario.
    """
    on_trade = [cap for cap in caps if cap.on_trade]
    limits = [(cap, *_limit(scenario, world, cap, day, level)) for cap in on_trade]
    found: list[Cap] = []
    taken: dict[Cell, float] = {}
    for cap, limit, by in sorted(limits, key=lambda each: each[1] / each[0].musd):
        made = _cap(scenario, world, cap, (limit, by), links, taken)
        if made is not None:
            found.append(made)
    return found


def _cap(
    scenario: Scenario,
    world: World,
    cap: CapInForce,
    limit: tuple[float, By],
    links: CappedLinks,
    taken: dict[Cell, float],
) -> Cap | None:
    from tumen.world import Cap

    flows, stopped, covered = [], 0.0, 0.0
    exits: list[tuple[float, float, str]] = []
    for cell in cap.cells:
        if cell.partner not in world.economies or cell.sector not in world.sectors:
            continue
        at = (
            0 if cell.flow == "export" else 1,
            world.economies.index(cell.partner),
            world.sectors.index(cell.sector),
        )
        ends = (scenario.target, cell.partner)
        name = (*(ends if at[0] == 0 else ends[::-1]), cell.sector)
        share = cell.share - taken.get(name, 0.0)
        on_link = share * float(links.open_freeness[at]) / max(float(links.total[at]), 1e-300)
        if share <= 1e-9 or on_link <= 0:
            continue
        taken[name] = taken.get(name, 0.0) + share
        flows.append((*name, min(on_link, 1.0)))
        covered += cell.musd * share / cell.share
        stopped += float(links.enforced[at]) * cell.musd * share / cell.share
        exits.append(links.routes.exit(scenario, at))
    if not flows or stopped <= 0:
        return None
    enforced, own = stopped / covered, limit[0] * covered / cap.musd
    value = enforced * own + (1 - enforced) * max(own, covered)
    mark_up, kept, earner = max(exits)  # the group goes into hiding where its dearest route does
    leaks = bool(np.isfinite(mark_up))
    return Cap(
        flows,
        value,
        by=limit[1],
        units=1.0 if limit[1] == "quantity" else None,
        max_wedge=mark_up if leaks else None,
        smuggled_wedge=kept if leaks else None,
        smuggled_rent=earner if leaks else "",
        name=cap.name,
    )


def _limit(
    scenario: Scenario, world: World, cap: CapInForce, day: datetime.date, level: Level
) -> tuple[float, By]:
    """The lowest limit as million USD a year at baseline prices, and what it counts."""
    target = world.economies.index(scenario.target)

    def traded(flow: Direction, sector: str) -> float:
        trade = world.accounts.trade[world.sectors.index(sector)]
        flows = trade[:, target] if flow == "export" else trade[target]
        return float(np.delete(flows, target).sum())

    value, by = lowest_limit(scenario.volumes, cap, level, traded)
    return value * _a_year(cap, day), by


def yearly_limit(scenario: Scenario, world: World, cap: CapInForce, day: datetime.date) -> float:
    """Return a cap on work abroad as million USD a year."""
    return _limit(scenario, world, cap, day, "central")[0]


def lowest_limit(
    volumes: Sequence[BaselineVolume],
    cap: CapInForce,
    level: Level,
    traded: Callable[[Direction, str], float],
) -> tuple[float, By]:
    """Return the limit that binds, million USD a period at baseline prices, and what it counts.

    Parameters
    ----------
    traded
        Baseline value of the target's (flow, sector), to which ``volumes`` belong.

    Raises
    ------
    InvalidInput
        For limits in barrels or tonnes without a volume.
    """
    found: list[tuple[float, By]] = []
    for limit in cap.cap.limits:
        value = _musd(volumes, cap, limit, level, traded)
        if value is not None:
            found.append((value, "value" if limit.unit == "million USD" else "quantity"))
    if not found and not cap.on_trade:
        message = "limits work abroad in workers; write it in million USD, or against the baseline"
        raise InvalidInput(Problem(f"cap {cap.name}", message))
    if not found:
        units = " or ".join(dict.fromkeys(limit.unit for limit in cap.cap.limits))
        sectors = ", ".join(dict.fromkeys(cell.sector for cell in cap.cells))
        raise InvalidInput(
            Problem(
                f"cap {cap.name}",
                f"limits {sectors} in {units}, and the scenario gives no volume of it; add one to "
                "volumes, in that unit and sector",
            )
        )
    return min(found)


def _a_year(cap: CapInForce, day: datetime.date) -> float:
    """Factor that makes a limit for a whole period one for a year."""
    if cap.cap.period == "year":
        return 1.0
    until = cap.measure.until or day
    return DAYS / max((until - cap.measure.from_).days + 1, 1)


def _musd(
    volumes: Sequence[BaselineVolume],
    cap: CapInForce,
    limit: CapLimit,
    level: Level,
    traded: Callable[[Direction, str], float],
) -> float | None:
    """A limit in million USD at baseline prices; None without a volume that fits."""
    if limit.unit == "million USD":
        return limit.limit
    if limit.unit == "baseline":
        return limit.limit * cap.musd
    reached = {(cell.flow, cell.sector) for cell in cap.cells}
    for volume in volumes:
        if volume.unit == limit.unit and (volume.flow, volume.sector) in reached:
            return limit.limit * traded(volume.flow, volume.sector) / volume.amount.at(level)
    return None
