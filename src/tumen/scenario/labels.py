"""Every code that a scenario names, checked against the world it runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tumen.errors import InvalidInput, Problem
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.scenario.schema import EVERYONE, Links, Scenario, Step

if TYPE_CHECKING:
    from tumen.world import World


@dataclass(frozen=True, slots=True)
class Mention:
    """One code at one place of a scenario."""

    place: Place
    label: str
    kind: str
    """economy or sector."""
    plural: bool = False
    """True where a group or "*" may stand."""


def refuse_unknown(scenario: Scenario, world: World) -> None:
    """Refuse a scenario that names what its world does not have.

    Raises
    ------
    InvalidInput
        With every such economy and sector and the nearest that exist.
    """
    problems = label_problems(scenario, world, lambda place: _dotted(scenario, place))
    if problems:
        raise InvalidInput(problems, f"scenario {scenario.id}")


def label_problems(
    scenario: Scenario, world: World, where: Callable[[Place], str]
) -> list[Problem]:
    """Return a problem for each code that is neither in the world nor a group, at its first place.

    Parameters
    ----------
    where
        Turns a place of the scenario into the words of a message, such as ``file:line``.
    """
    problems: dict[tuple[str, str], Problem] = {}
    for group in scenario.groups:
        if group in world.economies:
            message = f"the group {group!r} has the name of an economy; rename it"
            problems["group", group] = Problem(where(("groups", group)), message)
    for mention in mentions(scenario):
        known = world.sectors if mention.kind == "sector" else world.economies
        if mention.label in known or (mention.kind, mention.label) in problems:
            continue
        if mention.plural and (mention.label == EVERYONE or _is_group(scenario, mention)):
            continue
        problems[mention.kind, mention.label] = Problem(
            where(mention.place), _unknown(scenario, mention, known)
        )
    return list(problems.values())


def _is_group(scenario: Scenario, mention: Mention) -> bool:
    return mention.kind == "economy" and mention.label in scenario.groups


def mentions(scenario: Scenario) -> Iterator[Mention]:
    """Yield every code in the order of the file."""
    for role in ("target", "benefactor", "newcomer"):
        yield Mention((role,), getattr(scenario, role), "economy")
    for index, label in enumerate(scenario.withdrawing):
        yield Mention(("withdrawing", index), label, "economy", plural=True)
    for group, members in scenario.groups.items():
        for index, label in enumerate(members):
            yield Mention(("groups", group, index), label, "economy")
    for at, step in enumerate(scenario.steps):
        for kind in ("freeness", "hidden", "openings"):
            for position, rule in enumerate(getattr(step, kind)):
                yield from _of_rule(rule, ("steps", at, kind, position))
        yield from _of_law(step, at)
        for position, transfer in enumerate(step.transfers):
            place: Place = ("steps", at, "transfers", position)
            yield Mention((*place, "giver"), transfer.giver, "economy", transfer.giver == EVERYONE)
            yield Mention((*place, "receiver"), transfer.receiver, "economy")
    yield from _of_support(scenario)
    for position, volume in enumerate(scenario.volumes):
        yield Mention(("volumes", position, "sector"), volume.sector, "sector")
    if scenario.backtest is not None:
        for position, fit in enumerate(scenario.backtest.fits):
            yield Mention(("backtest", "fits", position, "partner"), fit.partner, "economy")
        for position, record in enumerate(scenario.backtest.recorded):
            if record.partner is not None:
                place = ("backtest", "recorded", position, "partner")
                yield Mention(place, record.partner, "economy")
    yield from _of_timeline(scenario)


def _of_timeline(scenario: Scenario) -> Iterator[Mention]:
    """Yield the codes of goods that are followed and of partners in records."""
    if scenario.timeline is None:
        return
    for position, good in enumerate(scenario.timeline.goods):
        yield Mention(("timeline", "goods", position, "sector"), good.sector, "sector")
    for position, seen in enumerate(scenario.timeline.history):
        if seen.partner is not None:
            yield Mention(("timeline", "history", position, "partner"), seen.partner, "economy")


def _of_support(scenario: Scenario) -> Iterator[Mention]:
    """Yield the codes of states that step in and of their goods."""
    for at, each in enumerate(scenario.support):
        yield Mention(("support", at, "id"), each.id, "economy")
        for position, item in enumerate(each.goods):
            yield Mention(("support", at, "goods", position, "sector"), item.sector, "sector")
        for position, link in enumerate(each.facilitation):
            place: Place = ("support", at, "facilitation", position)
            for index, label in enumerate(link.sectors):
                yield Mention((*place, "sectors", index), label, "sector", plural=True)


def _of_law(step: Step, at: int) -> Iterator[Mention]:
    """Yield the codes of rules about partners, payment and closed firms."""
    for kind in ("enforcement", "finance", "smuggling"):
        for position, rule in enumerate(getattr(step, kind)):
            place: Place = ("steps", at, kind, position)
            for index, label in enumerate(rule.partners):
                yield Mention((*place, "partners", index), label, "economy", plural=True)
            for index, label in enumerate(getattr(rule, "hubs", [])):
                yield Mention((*place, "hubs", index), label, "economy", plural=True)
            for index, label in enumerate(getattr(rule, "sectors", [])):
                yield Mention((*place, "sectors", index), label, "sector", plural=True)
    for position, route in enumerate(step.smuggling):
        if route.earner not in ("partner", "target"):
            yield Mention(("steps", at, "smuggling", position, "earner"), route.earner, "economy")
    for position, closed in enumerate(step.capacity):
        yield Mention(("steps", at, "capacity", position, "economy"), closed.economy, "economy")
        for index, label in enumerate(closed.sectors):
            yield Mention(("steps", at, "capacity", position, "sectors", index), label, "sector")


def _of_rule(rule: Links, place: Place) -> Iterator[Mention]:
    for field in ("origins", "destinations", "sectors"):
        kind = "sector" if field == "sectors" else "economy"
        for index, label in enumerate(getattr(rule, field)):
            yield Mention((*place, field, index), label, kind, plural=True)


def _unknown(scenario: Scenario, mention: Mention, known: Sequence[str]) -> str:
    """Say whether a code is an economy that the world leaves out, or a misspelling."""
    from tumen.catalogue.bundled import economy_names

    economy = mention.kind == "economy"
    name = economy_names().get(mention.label) if economy else None
    if name is not None:
        return (
            f'"{mention.label}", {name}, is no economy of this world and there is no rest of the '
            "world (see tumen world info); insert it from its own accounts, or leave it out"
        )
    if economy and mention.label in scenario.groups:
        return f'"{mention.label}" is a group, here one economy must stand'
    groups = list(scenario.groups) if mention.plural and economy else []
    noun = "economy of this world and no group" if groups else f"{mention.kind} of this world"
    return f'"{mention.label}" is no {noun}; {did_you_mean(mention.label, [*groups, *known])}'


def _dotted(scenario: Scenario, place: Place) -> str:
    """Write a place as a path, members of lists by their id."""
    from tumen.files.located import Located

    return Located(scenario.model_dump(mode="json"), {}).name(place)
