"""From law to shock: what the regimes in force leave of each link of the target, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tumen.evasion import (
    detour_costs,
    finance_freeness,
    head_ries_freeness,
    link_parts,
    smuggling_freeness,
)
from tumen.evasion.hubs import DEFAULT_MARGIN
from tumen.evidence.quantity import Level
from tumen.regime.coverage import bundled_law
from tumen.regime.law import Law, Sense
from tumen.regime.shares import CapInForce, banned_shares, caps_in_force
from tumen.scenario.rules import FinanceRule, LawSetting, PartnerRule, SmugglingRule
from tumen.scenario.schema import EVERYONE, Scenario

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
    """The part of both ``recorded`` and ``hidden_weight`` that is banned and not stopped."""
    smuggled: Array
    """Freeness of hidden routes, before what their middlemen earn."""
    hidden_weight: Array
    """What hidden routes bring the seller, in the same units as ``recorded``."""
    caps: tuple[Cap, ...]
    wedges: tuple[Wedge, ...]
    productivity: Array | None
    """(economy, sector): what closed firms leave."""


@lru_cache(maxsize=16)
def _law(regimes: tuple[str, ...], year: int) -> Law:
    return bundled_law(list(regimes), year)


def scenario_law(scenario: Scenario, setting: LawSetting) -> Law:
    """Lay the regimes of a setting over the target's trade of the baseline year."""
    return _law(tuple(setting.regimes), scenario.target_year)


def law_parts(scenario: Scenario, world: World, settings: Settings, level: Level) -> LawParts:
    """Return what law, enforcement, finance, smuggling and closures make of the links.

    Parameters
    ----------
    level
        Which end of the rules' ranges.

    Notes
    -----
    φ = [(1 − b) + b (1 − e)] φ_fin + b e σ, with b from :func:`banned_shares`.
    """
    shape = (len(world.economies), len(world.economies), len(world.sectors))
    coverage = coverage_on_links(scenario, world, settings.law, level)
    enforced, recording = np.ones(shape), np.ones(shape)
    for rule in settings.enforcement:
        cells = partner_cells(scenario, world, rule)
        enforced[cells] = rule.enforced.at(level)
        recording[cells] = 1.0 if rule.recorded is None else rule.recorded.at(level)
    finance = _finance(scenario, world, settings.finance, level)
    routes = _Routes.of(scenario, world, settings.smuggling, level)
    parts = link_parts(coverage, enforced, finance, routes.freeness)
    strength = parts.smuggled * routes.wedge**routes.theta
    unseen = parts.unenforced * (1 - recording)
    return LawParts(
        recorded=parts.legal + parts.unenforced * recording,
        unenforced=parts.unenforced,
        smuggled=strength + unseen,
        hidden_weight=parts.smuggled / routes.wedge + unseen,
        caps=tuple(_caps(scenario, world, settings, enforced, routes, level)),
        wedges=tuple(
            _wedges(
                world,
                scenario.target,
                parts.total - parts.smuggled + strength,
                strength,
                routes,
            )
        ),
        productivity=_productivity(world, settings, level),
    )


def coverage_on_links(
    scenario: Scenario,
    world: World,
    setting: LawSetting | None,
    level: Level,
    sense: Sense | None = None,
) -> Array:
    """Share b of each link (origin, destination, sector) under a ban; 0 without a law."""
    covered = np.zeros((len(world.economies), len(world.economies), len(world.sectors)))
    if setting is None:
        return covered
    law = scenario_law(scenario, setting)
    shares = banned_shares(law, setting.date, sense or setting.sense, level)
    return on_links(scenario, world, shares.values, shares)


def on_links(scenario: Scenario, world: World, values: Array, labels: object) -> Array:
    """Spread values (flow, partner, sector) over the target's links."""
    covered = np.zeros((len(world.economies), len(world.economies), len(world.sectors)))
    target = world.economies.index(scenario.target)
    sectors = [world.sectors.index(str(s)) for s in labels["sector"].values]  # type: ignore[index]
    for p, partner in enumerate(labels["partner"].values):  # type: ignore[index]
        if str(partner) in world.economies:
            n = world.economies.index(str(partner))
            covered[target, n, sectors] = values[0, p]
            covered[n, target, sectors] = values[1, p]
    return covered


def partner_cells(scenario: Scenario, world: World, rule: PartnerRule) -> Mask:
    """Cells of the target's links that a rule about partners covers."""
    cells = np.zeros((len(world.economies), len(world.economies), len(world.sectors)), dtype=bool)
    target = world.economies.index(scenario.target)
    partners = members(scenario, world, rule.partners)
    partners[target] = False
    sectors = np.array([EVERYONE in rule.sectors or s in rule.sectors for s in world.sectors])
    chosen = partners[:, None] & sectors[None, :]
    if "export" in rule.flows:
        cells[target] |= chosen
    if "import" in rule.flows:
        cells[:, target] |= chosen
    return cells


def members(scenario: Scenario, world: World, names: Sequence[str]) -> Mask:
    """Which economies a list of codes, groups and "*" names."""
    named = {label for name in names for label in scenario.groups.get(name, [name])}
    return np.array([EVERYONE in named or label in named for label in world.economies])


def _finance(scenario: Scenario, world: World, rules: Sequence[FinanceRule], level: Level) -> Array:
    freeness = np.ones((len(world.economies), len(world.economies), len(world.sectors)))
    target = world.economies.index(scenario.target)
    for rule in rules:
        partners = members(scenario, world, rule.partners)
        partners[target] = False
        left = finance_freeness(rule.share.at(level), rule.wedge.at(level), world.accounts.theta)
        freeness[target, partners] = left
        freeness[partners, target] = left
    return freeness


@dataclass(frozen=True, slots=True)
class _Routes:
    """Hidden routes on links (origin, destination, sector)."""

    freeness: Array
    """σ, what buyers pay to middlemen included; 0 where there is no route."""
    mark_up: Array
    """μ; infinite where there is no route."""
    wedge: Array
    """q = μ^(1 − ι): what middlemen earn; 1 where nobody does."""
    theta: Array
    earner: dict[str, Mask]
    """Who earns it on which cells."""

    @classmethod
    def of(
        cls, scenario: Scenario, world: World, rules: Sequence[SmugglingRule], level: Level
    ) -> _Routes:
        shape = (len(world.economies), len(world.economies), len(world.sectors))
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
        freeness = np.zeros(shape)
        for rule in rules:
            for o, d in _pairs(partner_cells(scenario, world, rule)):
                cells = partner_cells(scenario, world, rule)[o, d]
                ratio = rule.mark_up.at(level)
                costs = _hub_costs(scenario, world, rule, o, d, level)
                left = smuggling_freeness(ratio, world.accounts.theta, costs)
                freeness[o, d, cells] = left[cells]
        return cls(freeness, mark_up, wedge, theta, earner)


def _pairs(cells: Mask) -> list[tuple[int, int]]:
    """Origins and destinations that a rule covers."""
    return [(int(o), int(d)) for o, d in np.argwhere(cells.any(axis=2))]


def _hub_costs(
    scenario: Scenario, world: World, rule: SmugglingRule, o: int, d: int, level: Level
) -> list[Array]:
    """Margin × detour by each hub (sector); the ends themselves are no hubs.

    A hub with an unknown leg is no route. Where all hubs are unknown the list has infinities only.
    """
    if not rule.hubs:
        return []
    margin = DEFAULT_MARGIN if rule.margin is None else rule.margin.at(level)
    costs = detour_costs(_head_ries(world), world.accounts.theta, seller=o, buyer=d)
    chosen = np.flatnonzero(members(scenario, world, rule.hubs))
    return [margin * costs[:, hub] for hub in chosen if hub not in (o, d)]


_HEAD_RIES: WeakKeyDictionary[World, Array] = WeakKeyDictionary()


def _head_ries(world: World) -> Array:
    """φ̄ of the world (s, n, i), kept as long as the world lives."""
    if world not in _HEAD_RIES:
        _HEAD_RIES[world] = head_ries_freeness(world.accounts.shares)
    return _HEAD_RIES[world]


def _wedges(
    world: World, target: str, total: Array, strength: Array, routes: _Routes
) -> list[Wedge]:
    """What middlemen earn on hidden routes, one wedge for each ratio and earner."""
    from tumen.world import Wedge

    trade = world.dataset["trade"].transpose("origin", "destination", "sector").values
    carried = (strength > 0) & (trade > 0) & (routes.wedge > 1)
    found = []
    for earner, mask in routes.earner.items():
        cells = carried & mask
        for ratio in np.unique(routes.wedge[cells]):
            flows = [
                (
                    world.economies[o],
                    world.economies[d],
                    world.sectors[s],
                    float(min(1.0, strength[o, d, s] / total[o, d, s])),
                )
                for o, d, s in np.argwhere(cells & (routes.wedge == ratio))
            ]
            found += [Wedge([flow], float(ratio), _payee(earner, flow, target)) for flow in flows]
    return found


def _payee(earner: str, flow: tuple[str, str, str, float], target: str) -> str:
    """Who earns a hidden route's wedge: the other end of the link for "partner"."""
    if earner == "partner":
        return "destination" if flow[0] == target else "origin"
    return target if earner == "target" else earner


def _caps(
    scenario: Scenario,
    world: World,
    settings: Settings,
    enforced: Array,
    routes: _Routes,
    level: Level,
) -> list[Cap]:
    """Caps of the law on the target's flows, loosened by what partners do not enforce."""
    if settings.law is None:
        return []
    law = scenario_law(scenario, settings.law)
    found = []
    for cap in caps_in_force(law, settings.law.date, level):
        made = _cap(scenario, world, cap, enforced, routes, level)
        if made is not None:
            found.append(made)
    return [cap for cap in found if not any(_inside(cap, other) for other in found)]


def _inside(cap: Cap, other: Cap) -> bool:
    """Tell whether another cap on the same flows is tighter, so that this one cannot bind."""
    same = {tuple(flow[:3]) for flow in cap.flows} == {tuple(flow[:3]) for flow in other.flows}
    return same and other is not cap and other.limit < cap.limit


def _cap(
    scenario: Scenario,
    world: World,
    cap: CapInForce,
    enforced: Array,
    routes: _Routes,
    level: Level,
) -> Cap | None:
    from tumen.world import Cap

    flows, stops, ratios = [], [], []
    target = world.economies.index(scenario.target)
    for cell in cap.cells:
        if cell.partner not in world.economies or cell.sector not in world.sectors:
            continue
        n, s = world.economies.index(cell.partner), world.sectors.index(cell.sector)
        ends = (target, n) if cell.flow == "export" else (n, target)
        flows.append((world.economies[ends[0]], world.economies[ends[1]], cell.sector, cell.share))
        stops.append((enforced[(*ends, s)], cell.musd))
        ratios.append(routes.mark_up[(*ends, s)])
    limit = _limit_musd(scenario, cap, level)
    if not flows or limit is None:
        return None
    weight = sum(musd for _, musd in stops)
    stopped = sum(float(e) * musd for e, musd in stops) / weight
    limit = stopped * limit + (1 - stopped) * max(limit, cap.musd)
    ceiling = float(min(ratios))
    return Cap(
        flows,
        limit,
        by="quantity",
        units=1.0,
        max_wedge=ceiling if np.isfinite(ceiling) else None,
        name=cap.name,
    )


def _limit_musd(scenario: Scenario, cap: CapInForce, level: Level) -> float | None:
    """The lowest limit in million USD a year at baseline prices; None without a known volume."""
    found = []
    for limit in cap.cap.limits:
        if limit.unit == "million USD":
            found.append(limit.limit)
        elif limit.unit == "baseline":
            found.append(limit.limit * cap.musd)
        else:
            for volume in scenario.volumes:
                cells = [
                    cell
                    for cell in cap.cells
                    if (cell.flow, cell.sector) == (volume.flow, volume.sector)
                ]
                if cells and volume.unit == limit.unit:
                    musd = sum(cell.musd for cell in cells)
                    found.append(limit.limit * musd / volume.amount.at(level))
    return min(found) if found else None


def _productivity(world: World, settings: Settings, level: Level) -> Array | None:
    if not settings.capacity:
        return None
    left = np.ones((len(world.economies), len(world.sectors)))
    for rule in settings.capacity:
        economy = world.economies.index(rule.economy)
        for sector in rule.sectors:
            left[economy, world.sectors.index(sector)] = rule.left.at(level)
    return left
