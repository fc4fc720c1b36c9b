"""Settings of a step: the previous step's rules with its own on top, computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.files.nearest import did_you_mean
from tumen.scenario.schema import (
    FreenessRule,
    HiddenRule,
    Links,
    OpeningRule,
    Scenario,
    TransferRule,
)

if TYPE_CHECKING:
    from tumen.world import Shock, World

Array = NDArray[np.float64]
_Rule = TypeVar("_Rule", FreenessRule, HiddenRule, OpeningRule, TransferRule)


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules in force at a step, in order."""

    freeness: tuple[FreenessRule, ...] = ()
    hidden: tuple[HiddenRule, ...] = ()
    openings: tuple[OpeningRule, ...] = ()
    transfers: tuple[TransferRule, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Settings on a world: the shock, and which part of each link is hidden.

    Arrays are (origin, destination, sector); strengths are in units of the buyer's baseline
    spending, as π·φ and ω are.
    """

    shock: Shock
    legal: Array
    """φ of recorded trade."""
    hidden: Array
    """φ of trade that partners do not record."""
    opened: Array
    """ω opened in the open."""
    opened_hidden: Array
    """ω opened in hiding."""
    hidden_transfer: float
    """Unrecorded transfers to the target, million USD a year."""


def accumulated(scenario: Scenario) -> Iterator[tuple[str, str, Settings]]:
    """Yield (id, label, settings) of the baseline and of every step."""
    settings = Settings()
    yield "baseline", f"Baseline {scenario.target_year}", settings
    for step in scenario.steps:
        settings = Settings(
            _on_top(settings.freeness, step.freeness),
            _on_top(settings.hidden, step.hidden),
            _on_top(settings.openings, step.openings),
            _on_top(settings.transfers, step.transfers),
            step.provisional,
        )
        yield step.id, step.label, settings


def _on_top(before: Sequence[_Rule], new: Sequence[_Rule]) -> tuple[_Rule, ...]:
    """Rules in force: a new rule replaces the one of its name and stands last."""
    replaced = {rule.id for rule in new}
    return (*(rule for rule in before if rule.id not in replaced), *new)


def arrange(scenario: Scenario, world: World, settings: Settings, level: Level) -> Arrangement:
    """Turn settings into a shock on ``world``.

    Raises
    ------
    InvalidInput
        For every economy or sector that the world does not have.
    """
    import xarray as xr

    from tumen.world import Shock

    problems = _label_problems(scenario, world, settings)
    if problems:
        raise InvalidInput(problems, f"scenario {scenario.id}")
    shape = (len(world.economies), len(world.economies), len(world.sectors))
    legal, hidden = np.ones(shape), np.zeros(shape)
    opened, opened_hidden = np.zeros(shape), np.zeros(shape)
    for rule in settings.freeness:
        legal[_cells(scenario, world, rule)] = rule.left.at(level)
    for concealed in settings.hidden:
        hidden[_cells(scenario, world, concealed)] = concealed.added.at(level)
    for opening in settings.openings:
        cells = _cells(scenario, world, opening)
        strength = _opening_strength(world, cells, opening.musd.at(level))
        (opened_hidden if opening.hidden else opened)[cells] += strength[cells]
    dims = ("origin", "destination", "sector")
    coords = {dim: world.labels[dim] for dim in dims}
    total = opened + opened_hidden
    deficit, hidden_transfer = _deficit(scenario, world, settings, level)
    shock = Shock(
        freeness=xr.DataArray(legal + hidden, coords, dims),
        opening=xr.DataArray(total, coords, dims) if total.any() else None,
        deficit=None
        if deficit is None
        else xr.DataArray(deficit, {"economy": world.labels["economy"]}, ("economy",)),
    )
    return Arrangement(shock, legal, hidden, opened, opened_hidden, hidden_transfer)


def _members(scenario: Scenario, labels: Sequence[str], names: Sequence[str]) -> NDArray[np.bool_]:
    """Which labels a list of codes, groups and "*" names."""
    chosen = np.zeros(len(labels), dtype=bool)
    for name in names:
        for label in scenario.groups.get(name, [name]):
            if label == "*":
                chosen[:] = True
            else:
                chosen[labels.index(label)] = True
    return chosen


def _cells(scenario: Scenario, world: World, rule: Links) -> NDArray[np.bool_]:
    """Cells of a rule; home sales only where an economy is named on both sides."""
    economies = world.economies
    origins = _members(scenario, economies, rule.origins)
    destinations = _members(scenario, economies, rule.destinations)
    sectors = _members(scenario, world.sectors, rule.sectors)
    cells = origins[:, None, None] & destinations[None, :, None] & sectors[None, None, :]
    named = _members(scenario, economies, [name for name in rule.origins if name != "*"])
    named &= _members(scenario, economies, [name for name in rule.destinations if name != "*"])
    home = np.arange(len(economies))
    cells[home, home] &= named[:, None]
    return cells


def _opening_strength(world: World, cells: NDArray[np.bool_], musd: float) -> Array:
    """ω that sells ``musd`` in all at baseline costs: v / (X − v) in each cell."""
    spending = world.accounts.spending.T[None, :, :]
    value = musd / max(int(cells.sum()), 1)
    room = np.where(cells, spending - value, 1.0)
    short = np.argwhere(cells & (room <= 0))
    if short.size:
        _, n, s = short[0]
        raise InvalidInput(
            f"opening of {value:g} million USD a year is more than {world.economies[n]} spends on "
            f"{world.sectors[s]} ({world.accounts.spending[s, n]:.4g}); open less"
        )
    return np.where(cells, value / room, 0.0)


def _deficit(
    scenario: Scenario, world: World, settings: Settings, level: Level
) -> tuple[Array | None, float]:
    """D' with all transfers, and how much of what reaches the target is hidden."""
    if not settings.transfers:
        return None, 0.0
    deficit = np.array(world.accounts.deficit)
    hidden = 0.0
    for rule in settings.transfers:
        amount = rule.musd.at(level)
        receiver = world.economies.index(rule.receiver)
        weight = np.zeros(deficit.size)
        if rule.giver == "*":
            weight = np.array(world.accounts.value_added)
            weight[receiver] = 0.0
        else:
            weight[world.economies.index(rule.giver)] = 1.0
        deficit[receiver] += amount
        deficit -= amount * weight / weight.sum()
        if rule.hidden and rule.receiver == scenario.target:
            hidden += amount
    return deficit, hidden


def _label_problems(scenario: Scenario, world: World, settings: Settings) -> list[Problem]:
    """Every code that the world does not know, with the rule that names it."""
    problems: dict[str, Problem] = {}

    def look(rule: str, kind: str, names: Sequence[str], known: Sequence[str]) -> None:
        for name in names:
            for label in scenario.groups.get(name, [name]):
                if label != "*" and label not in known and label not in problems:
                    problems[label] = Problem(
                        f"rule {rule}", f"{kind} {label!r} is not in the world; "
                        + missing_hint(label, known)
                    )

    for kind in ("target", "benefactor", "newcomer"):
        look(kind, "economy", [getattr(scenario, kind)], world.economies)
    for rule in (*settings.freeness, *settings.hidden, *settings.openings):
        look(rule.id, "economy", [*rule.origins, *rule.destinations], world.economies)
        look(rule.id, "sector", rule.sectors, world.sectors)
    for transfer in settings.transfers:
        look(transfer.id, "economy", [transfer.giver, transfer.receiver], world.economies)
    return list(problems.values())


def missing_hint(label: str, known: Sequence[str]) -> str:
    """Say whether a code is an economy that the world leaves out, or a misspelling."""
    from tumen.catalogue.bundled import economy_names

    name = economy_names().get(label)
    if name is None:
        return did_you_mean(label, known)
    return (
        f"{name} is no economy of it and there is no rest of the world (see tumen world info); "
        "insert it from its own accounts, or leave it out"
    )
