"""From law to shock: what the regimes in force leave of each link of the target, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tumen.evasion import finance_freeness, link_parts
from tumen.evidence.quantity import Level
from tumen.scenario.cells import (
    DIRECTIONS,
    Array,
    Mask,
    link_cells,
    members,
    of_target,
    on_links,
    partner_cells,
)
from tumen.scenario.enforcement import enforced_on
from tumen.scenario.law_caps import CappedLinks, law_caps
from tumen.scenario.law_duties import LawDuties
from tumen.scenario.routes import HubRoute, Routes, payee
from tumen.scenario.rules import FinanceRule, LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.target_law import caps_of_target, coverage_of_target, moving_of_target

if TYPE_CHECKING:
    from tumen.scenario.settings import Settings
    from tumen.world import Cap, Wedge, World


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
    by_hubs: dict[str, HubRoute]
    """Hub → the part of ``hidden_weight`` that goes round by it, as links of all economies."""
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
    keeps ((1 + τ')/(1 + τ))^(−θ) of its strength, unless hiding leaves more. Where freeness is
    typed in, nothing of this is left, caps, duties and middlemen included; where hidden trade is
    typed in, it stands for all that is not recorded.
    """
    typed = _Typed.of(scenario, world, settings, level)
    enforced, early, recording = _enforcement(scenario, world, settings, level)
    coverage = coverage_of_target(scenario, world, settings.law, level)
    ahead = np.zeros_like(coverage)
    if early.any():
        ahead = early * moving_of_target(scenario, world, settings.law, level)
    stopped = np.divide(
        coverage * enforced + ahead, coverage + ahead, out=enforced.copy(), where=ahead > 0
    )
    passing = coverage * (1 - enforced) * recording
    coverage = np.where(typed.freeness, 0.0, coverage + ahead)
    finance = np.where(typed.freeness, 1.0, _finance(scenario, world, settings.finance, level))
    routes = Routes.of(scenario, world, settings.smuggling, level)
    parts = link_parts(coverage, stopped, finance, routes.freeness)
    duties = LawDuties.of(scenario, world, settings.law, level)
    legal, on_legal = duties.on_legal(parts.legal, (1 - coverage) * routes.freeness)
    unenforced, on_banned = duties.on_unenforced(
        parts.unenforced * recording, passing * routes.freeness
    )
    legal = np.where(typed.freeness, parts.legal, legal)
    duty = np.where(typed.freeness, 0.0, on_legal + on_banned)
    smuggled = np.where(typed.hidden, 0.0, parts.smuggled)
    middlemen = smuggled * routes.direct
    round_about = smuggled - middlemen
    carried = middlemen * routes.wedge**routes.theta
    strength = round_about + carried
    unseen = np.where(typed.hidden, typed.added, parts.unenforced * (1 - recording))
    recorded = legal + unenforced
    total = recorded + unseen + strength
    hidden = round_about + middlemen / routes.wedge + unseen
    open_freeness = np.where(typed.freeness, 0.0, np.maximum(finance, routes.freeness))
    links = CappedLinks(enforced, open_freeness, np.maximum(total, 1e-300), routes)
    return LawParts(
        recorded=on_links(scenario, world, recorded, 1.0),
        unenforced=on_links(scenario, world, unenforced, 0.0),
        duty=on_links(scenario, world, duty, 0.0),
        smuggled=on_links(scenario, world, strength + unseen, 0.0),
        hidden_weight=on_links(scenario, world, hidden, 0.0),
        by_hubs={
            hub: HubRoute(
                on_links(scenario, world, smuggled * route.share, 0.0),
                on_links(scenario, world, route.fitted.astype(float), 0.0) > 0,
            )
            for hub, route in routes.hubs.items()
        },
        caps=tuple(_caps(scenario, world, settings.law, links, level)),
        wedges=tuple(_wedges(scenario, world, total, carried, routes)),
        productivity=_productivity(world, settings, level),
    )


@dataclass(frozen=True, slots=True)
class _Typed:
    """Flows of the target (direction, partner, sector) on which the scenario has the last word."""

    freeness: Mask
    """Freeness is typed in."""
    hidden: Mask
    """Hidden trade is typed in."""
    added: Array
    """That hidden trade, as freeness."""

    @classmethod
    def of(cls, scenario: Scenario, world: World, settings: Settings, level: Level) -> _Typed:
        shape = (len(DIRECTIONS), len(world.economies), len(world.sectors))
        freeness, hidden = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        added = np.zeros(shape)
        for rule in settings.freeness:
            freeness |= of_target(scenario, world, link_cells(scenario, world, rule))
        for concealed in settings.hidden:
            cells = of_target(scenario, world, link_cells(scenario, world, concealed))
            hidden |= cells
            added[cells] = concealed.added.at(level)
        return cls(freeness, hidden, added)


def _enforcement(
    scenario: Scenario, world: World, settings: Settings, level: Level
) -> tuple[Array, Array, Array]:
    """e, what is stopped ahead of time, and what customs record (direction, partner, sector)."""
    shape = (len(DIRECTIONS), len(world.economies), len(world.sectors))
    enforced, early, recording = np.ones(shape), np.zeros(shape), np.ones(shape)
    for rule in settings.enforcement:
        cells = partner_cells(scenario, world, rule)
        day = None if settings.law is None else settings.law.date
        stopped = None if day is None else enforced_on(scenario, rule, day, level)
        if stopped is not None:
            enforced[cells] = stopped
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


def _wedges(
    scenario: Scenario, world: World, total: Array, strength: Array, routes: Routes
) -> list[Wedge]:
    """What middlemen earn on hidden routes: one wedge for each direction, ratio and earner."""
    from tumen.world import Wedge

    target = world.economies.index(scenario.target)
    trade = world.accounts.trade
    flows = np.stack([trade[:, :, target].T, trade[:, target, :].T])
    carried = (strength > 0) & (flows > 0) & (routes.wedge > 1)
    share = np.divide(strength, total, out=np.zeros_like(total), where=total > 0)
    found = []
    for earner, mask in routes.earner.items():
        for direction in range(len(DIRECTIONS)):
            cells = (carried & mask)[direction]
            for ratio in np.unique(routes.wedge[direction][cells]):
                covered = [
                    (
                        *_ends(scenario, world, direction, partner),
                        world.sectors[sector],
                        float(min(1.0, share[direction, partner, sector])),
                    )
                    for partner, sector in np.argwhere(cells & (routes.wedge[direction] == ratio))
                ]
                found.append(Wedge(covered, float(ratio), payee(scenario, earner, direction)))
    return found


def _ends(scenario: Scenario, world: World, direction: int, partner: int) -> tuple[str, str]:
    """Origin and destination of the target's flow with a partner."""
    ends = scenario.target, world.economies[partner]
    return ends if direction == 0 else ends[::-1]


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
