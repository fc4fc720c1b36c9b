"""From law to shock: what the regimes in force leave of each link of the target, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.evasion import (
    detour_costs,
    finance_freeness,
    head_ries_freeness,
    link_parts,
    smuggling_freeness,
)
from tumen.evasion.hubs import DEFAULT_MARGIN
from tumen.evidence.quantity import Level
from tumen.scenario.law_caps import CappedLinks, law_caps
from tumen.scenario.law_duties import LawDuties
from tumen.scenario.rules import (
    EnforcementRule,
    FinanceRule,
    LawSetting,
    PartnerRule,
    SmugglingRule,
)
from tumen.scenario.schema import EVERYONE, Scenario
from tumen.scenario.target_law import (
    DIRECTIONS,
    caps_of_target,
    coverage_of_target,
    moving_of_target,
)

if TYPE_CHECKING:
    from tumen.scenario.settings import Settings
    from tumen.world import Cap, Wedge, World

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LawParts:
    """Links under the law, (origin, destination, sector), relative to the baseline link."""

    recorded: Array
    """Freeness of open trade that customs record."""
    unenforced: Array
    """The part of ``recorded`` that is banned and not stopped."""
    duty: Array
    """Revenue of duties on ``recorded``, beyond that of the baseline's tariffs."""
    smuggled: Array
    """Freeness of hidden routes, before what their middlemen earn."""
    hidden_weight: Array
    """What hidden routes bring the seller, in the same units as ``recorded``."""
    caps: tuple[Cap, ...]
    wedges: tuple[Wedge, ...]
    productivity: Array | None
    """(economy, sector): what closed firms leave."""


def law_parts(scenario: Scenario, world: World, settings: Settings, level: Level) -> LawParts:
    """Return what law, enforcement, finance, smuggling and closures make of the links.

    Parameters
    ----------
    level
        Which end of the rules' ranges.

    Notes
    -----
    φ = [(1 − b) + b (1 − e)] φ_fin + b e σ, with b from
    :func:`tumen.regime.shares.banned_shares`. What old contracts may still move is not in b, but
    for the part that a partner stops ahead of time, which is in b at e = 1. Open trade under a duty
    keeps ((1 + τ')/(1 + τ))^(−θ) of its strength, unless hiding leaves more.
    """
    enforced, early, recording = _enforcement(scenario, world, settings.enforcement, level)
    coverage = coverage_of_target(scenario, world, settings.law, level)
    ahead = np.zeros_like(coverage)
    if early.any():
        ahead = early * moving_of_target(scenario, world, settings.law, level)
    finance = _finance(scenario, world, settings.finance, level)
    routes = _Routes.of(scenario, world, settings.smuggling, level)
    stopped = np.divide(
        coverage * enforced + ahead, coverage + ahead, out=enforced.copy(), where=ahead > 0
    )
    parts = link_parts(coverage + ahead, stopped, finance, routes.freeness)
    duties = LawDuties.of(scenario, world, settings.law, level)
    legal, on_legal = duties.on_legal(parts.legal, (1 - coverage - ahead) * routes.freeness)
    passing = coverage * (1 - enforced) * recording
    unenforced, on_banned = duties.on_unenforced(
        parts.unenforced * recording, passing * routes.freeness
    )
    middlemen = parts.smuggled * routes.direct
    round_about = parts.smuggled - middlemen
    carried = middlemen * routes.wedge**routes.theta
    strength = round_about + carried
    unseen = parts.unenforced * (1 - recording)
    recorded = legal + unenforced
    total = recorded + unseen + strength
    hidden = round_about + middlemen / routes.wedge + unseen
    links = CappedLinks(
        enforced, np.maximum(finance, routes.freeness), np.maximum(total, 1e-300), routes.mark_up
    )
    return LawParts(
        recorded=on_links(scenario, world, recorded, 1.0),
        unenforced=on_links(scenario, world, unenforced, 0.0),
        duty=on_links(scenario, world, on_legal + on_banned, 0.0),
        smuggled=on_links(scenario, world, strength + unseen, 0.0),
        hidden_weight=on_links(scenario, world, hidden, 0.0),
        caps=tuple(_caps(scenario, world, settings.law, links, level)),
        wedges=tuple(_wedges(scenario, world, total, carried, routes)),
        productivity=_productivity(world, settings, level),
    )


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


def partner_cells(scenario: Scenario, world: World, rule: PartnerRule) -> Mask:
    """Flows of the target that a rule about partners covers (direction, partner, sector)."""
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


def _enforcement(
    scenario: Scenario, world: World, rules: Sequence[EnforcementRule], level: Level
) -> tuple[Array, Array, Array]:
    """e, what is stopped ahead of time, and what customs record (direction, partner, sector)."""
    shape = (len(DIRECTIONS), len(world.economies), len(world.sectors))
    enforced, early, recording = np.ones(shape), np.zeros(shape), np.ones(shape)
    for rule in rules:
        cells = partner_cells(scenario, world, rule)
        if rule.enforced is not None:
            enforced[cells] = rule.enforced.at(level)
            recording[cells] = 1.0 if rule.recorded is None else rule.recorded.at(level)
        if rule.early is not None:
            early[cells] = rule.early.at(level)
    return enforced, early, recording


def _finance(scenario: Scenario, world: World, rules: Sequence[FinanceRule], level: Level) -> Array:
    freeness = np.ones((len(DIRECTIONS), len(world.economies), len(world.sectors)))
    for rule in rules:
        partners = members(scenario, world, rule.partners)
        left = finance_freeness(rule.share.at(level), rule.wedge.at(level), world.accounts.theta)
        freeness[:, partners] = left
    return freeness


@dataclass(frozen=True, slots=True)
class _Routes:
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
    ) -> _Routes:
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


def _wedges(
    scenario: Scenario, world: World, total: Array, strength: Array, routes: _Routes
) -> list[Wedge]:
    """What middlemen earn on hidden routes: one wedge for each direction, ratio and earner."""
    from tumen.world import Wedge

    target = world.economies.index(scenario.target)
    trade = world.accounts.trade
    flows = np.stack([trade[:, :, target].T, trade[:, target, :].T])
    carried = (strength > 0) & (flows > 0) & (routes.wedge > 1)
    found = []
    for earner, mask in routes.earner.items():
        for direction in range(len(DIRECTIONS)):
            cells = (carried & mask)[direction]
            for ratio in np.unique(routes.wedge[direction][cells]):
                covered = [
                    (
                        *_ends(scenario, world, direction, partner),
                        world.sectors[sector],
                        float(min(1.0, (strength / total)[direction, partner, sector])),
                    )
                    for partner, sector in np.argwhere(cells & (routes.wedge[direction] == ratio))
                ]
                found.append(Wedge(covered, float(ratio), _payee(scenario, earner, direction)))
    return found


def _ends(scenario: Scenario, world: World, direction: int, partner: int) -> tuple[str, str]:
    """Origin and destination of the target's flow with a partner."""
    ends = scenario.target, world.economies[partner]
    return ends if direction == 0 else ends[::-1]


def _payee(scenario: Scenario, earner: str, direction: int) -> str:
    """Who earns a hidden route's wedge: for "partner" the other end of the link."""
    if earner == "partner":
        return "destination" if direction == 0 else "origin"
    return scenario.target if earner == "target" else earner


def _caps(
    scenario: Scenario, world: World, law: LawSetting | None, links: CappedLinks, level: Level
) -> list[Cap]:
    if law is None:
        return []
    caps = caps_of_target(scenario, law, level)
    return law_caps(scenario, world, caps, links, law.date, level)


def _productivity(world: World, settings: Settings, level: Level) -> Array | None:
    if not settings.capacity:
        return None
    left = np.ones((len(world.economies), len(world.sectors)))
    for rule in settings.capacity:
        economy = world.economies.index(rule.economy)
        for sector in rule.sectors:
            left[economy, world.sectors.index(sector)] = rule.left.at(level)
    return left
