"""Economies that a case treats alike, merged into one: the same answer for the target, far sooner.

A target's losses depend on others through what they sell to it and buy from it. Economies under the
same rules keep their part of the target's trade when they are merged, product by product, so only
what happens among them is lost. How much that matters is measured on the case itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tumen.scenario.labels import mentions
from tumen.scenario.law_calendar import regime
from tumen.scenario.schema import EVERYONE, Scenario, WorldChoice

if TYPE_CHECKING:
    from tumen.world import World

Into = tuple[tuple[str, str], ...]
"""(economy, the one that stands for it), in the order of the world."""


class MergedWorld(WorldChoice):
    """A baseline with merged economies: made by :func:`merged`, never written in a file."""

    into: Into
    """Economies that another one stands for."""


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What tells economies apart."""

    single: frozenset[str]
    """Economies that stand for themselves."""
    lists: tuple[frozenset[str], ...]
    """Groups and partners of measures: members of the same ones are alike."""

    def of(self, economy: str) -> tuple[object, ...]:
        """Return the same for economies that are alike."""
        if economy in self.single:
            return (economy,)
        return tuple(economy in members for members in self.lists)


def merged(scenario: Scenario, world: World) -> Scenario:
    """Return the case on a baseline in which economies that it treats alike are one.

    Parameters
    ----------
    world
        The scenario's own.

    Returns
    -------
    Scenario; the same one where nothing more can be merged. The largest of merged economies stands
    for all; trade by product is theirs together.

    Examples
    --------
    >>> from tumen.scenario.baseline import scenario_world
    >>> from tumen.scenario.load import load_scenario
    >>> case = load_scenario("dprk-2017")
    >>> len(scenario_world(merged(case, scenario_world(case))).economies)
    11
    """
    if merged_into(scenario) or any(EVERYONE in names for names in _spread_out(scenario)):
        return scenario
    like = _likeness(scenario)
    classes: dict[tuple[object, ...], list[str]] = {}
    for economy in world.economies:
        classes.setdefault(like.of(economy), []).append(economy)
    size = dict(zip(world.economies, world.accounts.value_added.tolist(), strict=True))
    largest = {key: max(members, key=lambda each: size[each]) for key, members in classes.items()}
    into = tuple(
        (economy, largest[like.of(economy)])
        for economy in world.economies
        if economy != largest[like.of(economy)]
    )
    if not into:
        return scenario
    choice = MergedWorld(**scenario.world.model_dump(), into=into)
    return scenario.model_copy(update={"world": choice})


def merged_into(scenario: Scenario) -> Into:
    """Return which economies others stand for in the scenario's world; mostly none."""
    return scenario.world.into if isinstance(scenario.world, MergedWorld) else ()


_MERGED: WeakKeyDictionary[World, dict[Into, World]] = WeakKeyDictionary()


def merged_world(world: World, into: Into) -> World:
    """Return ``world`` with economies merged; the same object again for the same ones."""
    kept = _MERGED.setdefault(world, {})
    if into not in kept:
        kept[into] = world.aggregated(economies=dict(into))
    return kept[into]


def _likeness(scenario: Scenario) -> _Likeness:
    single = {
        each.label
        for each in mentions(scenario)
        if each.kind == "economy" and each.place[0] != "groups"
    }
    if scenario.statecraft is not None:
        single |= {scenario.statecraft.proposer.id}
        single |= {each.id for each in scenario.statecraft.states}
    for names in _spread_out(scenario):
        single |= {label for name in names for label in scenario.groups.get(name, [])}
    lists = [frozenset(members) for members in scenario.groups.values()]
    for name in sorted(set(_regimes(scenario))):
        lists += _partners(name)
    return _Likeness(frozenset(single), tuple(dict.fromkeys(lists)))


def _spread_out(scenario: Scenario) -> Iterator[list[str]]:
    """Names of which every economy counts by itself: it shares a sum, or is a way round."""
    for step in scenario.steps:
        for opening in step.openings:
            yield from (opening.origins, opening.destinations)
        yield from (rule.hubs for rule in step.smuggling)


def _regimes(scenario: Scenario) -> Iterator[str]:
    for step in scenario.steps:
        yield from step.law.regimes if step.law is not None else ()
    for section in (scenario.backtest, scenario.timeline):
        yield from section.regimes if section is not None else ()


@lru_cache(maxsize=32)
def _partners(name: str) -> tuple[frozenset[str], ...]:
    """Whom measures of a regime, and exemptions from them, are about."""
    law = regime(name)
    found: list[frozenset[str]] = []
    for measure in law.measures:
        named = [law.partners(measure)]
        named += [law.members(each.partners) for each in measure.exemptions if each.partners]
        found += [members for members in named if members is not None]
    return tuple(found)
