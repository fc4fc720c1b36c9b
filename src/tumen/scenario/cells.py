"""The target's flows as arrays: direction, partner and sector, and which of them a rule means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.scenario.rules import Direction, EnforcementRule, SmugglingRule
from tumen.scenario.schema import EVERYONE, Links, Scenario

if TYPE_CHECKING:
    from tumen.world import World

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DIRECTIONS: tuple[Direction, ...] = ("export", "import")
"""The first axis of arrays about the target's flows."""


def on_links(scenario: Scenario, world: World, values: Array, elsewhere: float) -> Array:
    """Spread values of the target (direction, partner, sector) over all links.

    Returns
    -------
    Array (origin, destination, sector), ``elsewhere`` on links of others and on home sales.
    """
    count = len(world.economies)
    target = world.economies.index(scenario.target)
    links = np.full((count, count, len(world.sectors)), elsewhere)
    links[target] = values[0]
    links[:, target] = values[1]
    links[target, target] = elsewhere
    return links


def partner_cells(scenario: Scenario, world: World, rule: EnforcementRule | SmugglingRule) -> Mask:
    """Trade of the target that a rule about partners covers (direction, partner, sector)."""
    partners = members(scenario, world, rule.partners)
    partners[world.economies.index(scenario.target)] = False
    sectors = np.array([EVERYONE in rule.sectors or s in rule.sectors for s in world.sectors])
    directions = np.array([direction in rule.flows for direction in DIRECTIONS])
    cells: Mask = directions[:, None, None] & partners[None, :, None] & sectors
    return cells


def members(scenario: Scenario, world: World, names: Sequence[str]) -> Mask:
    """Which economies a list of codes, groups and "*" names."""
    named = {label for name in names for label in scenario.groups.get(name, [name])}
    return np.array([EVERYONE in named or label in named for label in world.economies])


def link_cells(scenario: Scenario, world: World, rule: Links) -> Mask:
    """Cells of a rule; home sales only where an economy is named on both sides."""
    named = [_named(scenario, world.economies, side) for side in (rule.origins, rule.destinations)]
    origins = named[0] | (EVERYONE in rule.origins)
    destinations = named[1] | (EVERYONE in rule.destinations)
    codes = set(rule.sectors)
    sectors = np.array([EVERYONE in codes or sector in codes for sector in world.sectors])
    cells: Mask = origins[:, None, None] & destinations[None, :, None] & sectors
    home = np.arange(len(world.economies))
    cells[home, home] &= (named[0] & named[1])[:, None]
    return cells


def _named(scenario: Scenario, labels: Sequence[str], names: Sequence[str]) -> Mask:
    """Which labels a list of codes and groups names; "*" names none of them."""
    named = {label for name in names for label in scenario.groups.get(name, [name])}
    return np.array([label in named for label in labels], dtype=bool)


def of_target(scenario: Scenario, world: World, links: Mask) -> Mask:
    """Cells (origin, destination, sector) as the target's flows (direction, partner, sector)."""
    target = world.economies.index(scenario.target)
    return np.stack([links[target], links[:, target]])
