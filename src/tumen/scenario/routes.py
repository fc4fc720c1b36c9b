"""Hidden routes of the target's flows: what they leave of a link, and who earns what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from tumen.errors import InvalidInput, Problem
from tumen.evasion import (
    LinkFreeness,
    detour_costs,
    head_ries_freeness,
    smuggling_freeness,
    with_fitted_links,
)
from tumen.evasion.hubs import DEFAULT_MARGIN
from tumen.evidence.quantity import Level
from tumen.scenario.cells import DIRECTIONS, Array, Mask, members, partner_cells
from tumen.scenario.rules import SmugglingRule
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from tumen.world import World


@dataclass(frozen=True, slots=True)
class HubRoute:
    """A way round by one hub, for flows of the target (direction, partner, sector)."""

    share: Array
    """The part of σ that it carries."""
    fitted: Mask
    """Where a leg, or the direct way it is held against, is fitted and not seen in trade."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Hidden routes of the target's flows (direction, partner, sector)."""

    freeness: Array
    """σ, what buyers pay to middlemen included; 0 where there is no route."""
    mark_up: Array
    """μ; infinite where there is no route."""
    direct: Array
    """The part of σ that the direct route carries; the rest goes round by hubs."""
    hubs: dict[str, HubRoute]
    """Hub → its part of the rest."""
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
        freeness, direct = np.zeros(shape), np.ones(shape)
        earner: dict[str, Mask] = {}
        hubs: dict[str, HubRoute] = {}
        for rule in rules:
            cells = partner_cells(scenario, world, rule)
            ratio = rule.mark_up.at(level)
            mark_up[cells] = ratio
            wedge[cells] = ratio ** (1 - rule.burned.at(level))
            for mask in earner.values():
                mask &= ~cells
            earner[rule.earner] = earner.get(rule.earner, np.zeros(shape, dtype=bool)) | cells
            costs = _costs_by_hubs(scenario, world, rule, cells, level)
            left = smuggling_freeness(ratio, theta, [cost for cost, _ in costs.values()])
            alone = smuggling_freeness(ratio, theta)
            routes = alone + sum((cost**-theta for cost, _ in costs.values()), np.zeros(shape))
            freeness[cells], direct[cells] = left[cells], (alone / routes)[cells]
            for route in hubs.values():
                route.share[cells], route.fitted[cells] = 0.0, False
            for hub, (cost, fitted) in costs.items():
                route = hubs.setdefault(hub, HubRoute(np.zeros(shape), np.zeros(shape, dtype=bool)))
                route.share[cells] = (cost**-theta / routes)[cells]
                route.fitted[cells] = fitted[cells]
        return cls(freeness, mark_up, direct, hubs, wedge, theta, earner)

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


def _costs_by_hubs(
    scenario: Scenario, world: World, rule: SmugglingRule, cells: Mask, level: Level
) -> dict[str, tuple[Array, Mask]]:
    """Hub → margin × detour (direction, partner, sector), and where a leg of it is fitted.

    The ends are no hubs, and a way of which nothing is known is no route.
    """
    target = world.economies.index(scenario.target)
    margin = DEFAULT_MARGIN if rule.margin is None else rule.margin.at(level)
    chosen = np.flatnonzero(members(scenario, world, rule.hubs))
    found = {
        world.economies[hub]: (np.full(cells.shape, np.inf), np.zeros(cells.shape, dtype=bool))
        for hub in chosen
    }
    for direction, partner in np.argwhere(cells.any(axis=2)) if found else ():
        seller, buyer = (target, partner) if direction == 0 else (partner, target)
        links = _link_freeness(world)
        costs = margin * detour_costs(links.values, world.accounts.theta, seller, buyer)
        costs[links.silent] = np.inf
        for hub in chosen:
            cost, guessed = found[world.economies[hub]]
            cost[direction, partner] = costs[:, hub]
            legs = (seller, hub), (hub, buyer), (seller, buyer)
            guessed[direction, partner] = np.any([links.fitted[:, n, i] for n, i in legs], axis=0)
    if found and not any(np.isfinite(cost[cells]).any() for cost, _ in found.values()):
        raise _no_way(rule)
    return found


def _no_way(rule: SmugglingRule) -> InvalidInput:
    problem = (
        f"none of the hubs {', '.join(rule.hubs)} sells these goods at home and trades them with "
        "anybody in both directions in the baseline, so nothing is known of the way round; name "
        "other hubs, or open a link"
    )
    return InvalidInput(Problem(f"smuggling {rule.id}", problem))


_LINKS: WeakKeyDictionary[World, LinkFreeness] = WeakKeyDictionary()


def _link_freeness(world: World) -> LinkFreeness:
    """φ̄ of the world, kept as long as the world lives."""
    if world not in _LINKS:
        _LINKS[world] = with_fitted_links(head_ries_freeness(world.accounts.shares))
    return _LINKS[world]
