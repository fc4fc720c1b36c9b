"""Hidden routes of the target's flows: what they leave of a link, and who earns what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from tumen.errors import InvalidInput, Problem
from tumen.evasion import detour_costs, head_ries_freeness, smuggling_freeness
from tumen.evasion.hubs import DEFAULT_MARGIN
from tumen.evidence.quantity import Level
from tumen.scenario.cells import DIRECTIONS, Array, Mask, members, partner_cells
from tumen.scenario.rules import SmugglingRule
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from tumen.world import World


@dataclass(frozen=True, slots=True)
class Routes:
    """Hidden routes of the target's flows (direction, partner, sector)."""

    freeness: Array
    """σ, what buyers pay to middlemen included; 0 where there is no route."""
    mark_up: Array
    """μ; infinite where there is no route."""
    direct: Array
    """The part of σ that the direct route carries; the rest goes round by hubs."""
    wedge: Array
    """q = μ^(1 − ι): what middlemen of the direct route earn; 1 where nobody does."""
    theta: Array
    earner: dict[str, Mask]
    """Who earns it on which cells."""

    @classmethod
    def of(
        cls, scenario: Scenario, world: World, rules: Sequence[SmugglingRule], level: Level
    ) -> Routes:
        """Lay the rules of smuggling over the target's flows; later rules win."""
        shape = (len(DIRECTIONS), len(world.economies), len(world.sectors))
        theta = np.broadcast_to(world.accounts.theta, shape)
        mark_up, wedge = np.full(shape, np.inf), np.ones(shape)
        earner: dict[str, Mask] = {}
        for rule in rules:
            cells = partner_cells(scenario, world, rule)
            ratio = rule.mark_up.at(level)
            mark_up[cells] = ratio
            wedge[cells] = ratio ** (1 - rule.burned.at(level))
            for mask in earner.values():
                mask &= ~cells
            earner[rule.earner] = earner.get(rule.earner, np.zeros(shape, dtype=bool)) | cells
        freeness, direct = np.zeros(shape), np.ones(shape)
        for rule in rules:
            covered = partner_cells(scenario, world, rule)
            led = not rule.hubs
            for direction, partner in np.argwhere(covered.any(axis=2)):
                costs = _hub_costs(scenario, world, rule, int(direction), int(partner), level)
                left = smuggling_freeness(rule.mark_up.at(level), world.accounts.theta, costs)
                cells = covered[direction, partner]
                led = led or any(np.isfinite(cost[cells]).any() for cost in costs)
                freeness[direction, partner, cells] = left[cells]
                alone = smuggling_freeness(rule.mark_up.at(level), world.accounts.theta)
                routes = alone + sum(cost**-world.accounts.theta for cost in costs)
                direct[direction, partner, cells] = (alone / routes)[cells]
            if not led:
                raise _no_way(rule)
        return cls(freeness, mark_up, direct, wedge, theta, earner)

    def exit(self, scenario: Scenario, at: tuple[int, int, int]) -> tuple[float, float, str]:
        """μ, the part of it that middlemen earn, and who they are, for a flow's excess."""
        who = next((name for name, mask in self.earner.items() if mask[at]), "")
        earner = payee(scenario, who, at[0]) if who else ""
        return float(self.mark_up[at]), float(self.wedge[at]), earner


def payee(scenario: Scenario, earner: str, direction: int) -> str:
    """Who earns a hidden route's wedge: for "partner" the other end of the link."""
    if earner == "partner":
        return "destination" if direction == 0 else "origin"
    return scenario.target if earner == "target" else earner


def _no_way(rule: SmugglingRule) -> InvalidInput:
    problem = (
        f"none of the hubs {', '.join(rule.hubs)} trades with both ends in these sectors in the "
        "baseline, in both directions, so nothing is known of the way round; name other hubs, or "
        "open a link"
    )
    return InvalidInput(Problem(f"smuggling {rule.id}", problem))


def _hub_costs(
    scenario: Scenario,
    world: World,
    rule: SmugglingRule,
    direction: int,
    partner: int,
    level: Level,
) -> list[Array]:
    """Margin × detour by each hub (sector); the ends are no hubs, unknown legs no route."""
    if not rule.hubs:
        return []
    ends = [world.economies.index(scenario.target), partner]
    seller, buyer = ends if direction == 0 else ends[::-1]
    margin = DEFAULT_MARGIN if rule.margin is None else rule.margin.at(level)
    costs = detour_costs(_head_ries(world), world.accounts.theta, seller, buyer)
    chosen = np.flatnonzero(members(scenario, world, rule.hubs))
    return [margin * costs[:, hub] for hub in chosen if hub not in ends]


_HEAD_RIES: WeakKeyDictionary[World, Array] = WeakKeyDictionary()


def _head_ries(world: World) -> Array:
    """φ̄ of the world (s, n, i), kept as long as the world lives."""
    if world not in _HEAD_RIES:
        _HEAD_RIES[world] = head_ries_freeness(world.accounts.shares)
    return _HEAD_RIES[world]
