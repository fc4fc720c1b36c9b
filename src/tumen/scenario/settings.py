"""Settings of a step: the previous step's rules with its own on top, computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.files.located import Path as Place
from tumen.scenario.cells import link_cells
from tumen.scenario.financing import Remittances, financing, remittances
from tumen.scenario.law_duties import with_one_rate
from tumen.scenario.leakage import LawParts, law_parts
from tumen.scenario.routes import HubRoute
from tumen.scenario.rules import (
    CapacityRule,
    EnforcementRule,
    FinanceRule,
    LawSetting,
    SmugglingRule,
)
from tumen.scenario.schema import (
    FreenessRule,
    HiddenRule,
    OpeningRule,
    Scenario,
    TransferRule,
)
from tumen.scenario.stems import begun
from tumen.scenario.support_rules import support_rules
from tumen.scenario.support_schema import IllicitRule, Supporter

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world import Shock, World

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
LINK = ("origin", "destination", "sector")


class Named(Protocol):
    """A rule of any kind."""

    @property
    def id(self) -> str:
        """Its name."""


_Rule = TypeVar("_Rule", bound=Named)


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules in force at a step, in order."""

    law: LawSetting | None = None
    enforcement: tuple[EnforcementRule, ...] = ()
    finance: tuple[FinanceRule, ...] = ()
    capacity: tuple[CapacityRule, ...] = ()
    smuggling: tuple[SmugglingRule, ...] = ()
    freeness: tuple[FreenessRule, ...] = ()
    hidden: tuple[HiddenRule, ...] = ()
    openings: tuple[OpeningRule, ...] = ()
    transfers: tuple[TransferRule, ...] = ()
    illicit: tuple[IllicitRule, ...] = ()
    support: tuple[Supporter, ...] = ()
    provisional: bool = False
    waiting: tuple[FinanceRule | CapacityRule, ...] = ()
    """Rules of which the measure is not felt on the law's day."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Settings on a world: the shock, and which part of each link is hidden.

    Arrays are (origin, destination, sector); strengths are in units of the buyer's baseline
    spending, as π·φ and ω are.
    """

    shock: Shock
    legal: Array
    """φ of recorded trade, at what its sellers receive: duties of the law taken off."""
    hidden: Array
    """φ of trade that partners do not record, at what its sellers receive."""
    opened: Array
    """ω opened in the open."""
    opened_hidden: Array
    """ω opened in hiding."""
    unenforced: Array
    """φ of trade that is banned and not stopped, in the open or not."""
    eased: Array
    """φ of recorded trade that supporters' easier terms add."""
    eased_hidden: Array
    """φ of hidden trade that they add."""
    by_hubs: dict[str, HubRoute]
    """Hub → the part of ``hidden`` that goes round by it, and where its legs are fitted."""
    untouched: Mask
    """Links of which no setting changes the freeness."""
    remittances: Remittances
    """Pay of the target's workers abroad, before and now."""
    transfer: float
    """Transfers to the target beyond the baseline, net, million USD a year."""
    hidden_transfer: float
    """The unrecorded part of them."""


def accumulated(scenario: Scenario) -> Iterator[tuple[str, str, Settings]]:
    """Yield (id, label, settings in force) of the baseline and of every step."""
    settings = Settings()
    yield "baseline", f"Baseline {scenario.target_year}", settings
    for step in scenario.steps:
        settings = Settings(
            law=step.law or settings.law,
            enforcement=_on_top(settings.enforcement, step.enforcement),
            finance=_on_top(settings.finance, step.finance),
            capacity=_on_top(settings.capacity, step.capacity),
            smuggling=_on_top(settings.smuggling, step.smuggling),
            freeness=_on_top(settings.freeness, step.freeness),
            hidden=_on_top(settings.hidden, step.hidden),
            openings=_on_top(settings.openings, step.openings),
            transfers=_on_top(settings.transfers, step.transfers),
            illicit=_on_top(settings.illicit, step.illicit),
            support=_on_top(
                settings.support, [each for each in scenario.support if each.id in step.support]
            ),
            provisional=step.provisional,
        )
        yield step.id, step.label, _in_force(scenario, settings)


def _in_force(scenario: Scenario, settings: Settings) -> Settings:
    """Put aside the rules whose measure is not felt on the law's day."""
    finance, later = begun(scenario, settings.law, settings.finance)
    capacity, later_too = begun(scenario, settings.law, settings.capacity)
    return replace(settings, finance=finance, capacity=capacity, waiting=(*later, *later_too))


def _on_top(before: Sequence[_Rule], new: Sequence[_Rule]) -> tuple[_Rule, ...]:
    """Rules in force: a new rule replaces the one of its name and stands last."""
    replaced = {rule.id for rule in new}
    return (*(rule for rule in before if rule.id not in replaced), *new)


def arrange(scenario: Scenario, world: World, settings: Settings, level: Level) -> Arrangement:
    """Turn settings into a shock on ``world``.

    Parameters
    ----------
    scenario
        Gives the groups and the target; its labels are those of ``world``
        (:func:`tumen.scenario.labels.refuse_unknown`).
    settings
        The rules in force.
    level
        Which end of their ranges.

    Raises
    ------
    InvalidInput
        If an opening is more than the buyer spends.
    """
    from tumen.world import Shock

    unaided = replace(settings, support=())
    settings = with_support(scenario, settings)
    shape = (len(world.economies), len(world.economies), len(world.sectors))
    law = law_parts(scenario, world, settings, level) if settings.law else None
    legal = np.ones(shape) if law is None else law.recorded.copy()
    duty = np.zeros(shape) if law is None else law.duty.copy()
    hidden = np.zeros(shape) if law is None else law.smuggled.copy()
    weight = np.zeros(shape) if law is None else law.hidden_weight.copy()
    for rule in settings.freeness:
        cells = link_cells(scenario, world, rule)
        legal[cells], duty[cells] = rule.left.at(level), 0.0
    for concealed in settings.hidden:
        cells = link_cells(scenario, world, concealed)
        hidden[cells] = weight[cells] = concealed.added.at(level)
    for added in support_rules(scenario, settings.support).hidden:
        cells = link_cells(scenario, world, added)
        hidden[cells] += added.added.at(level)
        weight[cells] += added.added.at(level)
    opened, opened_hidden = _openings(scenario, world, settings.openings, level)
    pay = remittances(scenario, world, settings, level)
    money = financing(scenario, world, settings, level, pay)
    total = opened + opened_hidden
    freeness, tariff = legal + hidden, None
    if duty.any():
        freeness, tariff = with_one_rate(world, freeness, duty, total)
    shock = Shock(
        freeness=world.labelled(freeness, LINK),
        tariff=None if tariff is None else world.labelled(tariff, LINK),
        opening=world.labelled(total, LINK) if total.any() else None,
        deficit=None if money.deficit is None else world.labelled(money.deficit, ("economy",)),
        productivity=_productivity(world, law),
        caps=() if law is None else law.caps,
        wedges=() if law is None else law.wedges,
    )
    unenforced = np.zeros(shape) if law is None else law.unenforced
    untouched = (legal == 1) & (hidden == 0) & (total == 0) & (unenforced == 0)
    untouched &= ~_under_caps(world, shock)
    received = legal - duty * _tariff_factor(world)
    eased = eased_hidden = np.zeros(shape)
    if any(each.facilitation for each in settings.support):
        alone = arrange(scenario, world, unaided, level)
        eased = np.maximum(received - alone.legal, 0.0)
        eased_hidden = np.maximum(weight - alone.hidden, 0.0)
    return Arrangement(
        shock=shock,
        legal=received,
        hidden=weight,
        opened=opened,
        opened_hidden=opened_hidden,
        unenforced=unenforced,
        eased=eased,
        eased_hidden=eased_hidden,
        by_hubs={} if law is None else law.by_hubs,
        untouched=untouched,
        remittances=pay,
        transfer=money.transfers_musd,
        hidden_transfer=money.hidden_musd,
    )


def _under_caps(world: World, shock: Shock) -> Mask:
    """Links that a cap reaches (origin, destination, sector)."""
    reached = np.zeros((len(world.economies), len(world.economies), len(world.sectors)), dtype=bool)
    for cap in shock.caps:
        for origin, destination, sector, _ in cap.flows:
            cell = world.economies.index(origin), world.economies.index(destination)
            reached[(*cell, world.sectors.index(sector))] = True
    return reached


def _productivity(world: World, law: LawParts | None) -> xr.DataArray | None:
    if law is None or law.productivity is None:
        return None
    return world.labelled(law.productivity, ("economy", "sector"))


def idle_rules(scenario: Scenario, world: World) -> Iterator[tuple[Place, str]]:
    """Yield the place of every freeness or hidden rule whose cells hold no baseline trade."""
    trade = world.dataset["trade"].transpose("origin", "destination", "sector").values
    for index, step in enumerate(scenario.steps):
        for kind in ("freeness", "hidden"):
            for position, rule in enumerate(getattr(step, kind)):
                if not trade[link_cells(scenario, world, rule)].any():
                    yield ("steps", index, kind, position), "use openings, or remove it"


def _openings(
    scenario: Scenario, world: World, rules: Sequence[OpeningRule], level: Level
) -> tuple[Array, Array]:
    """ω that sells what the openings promise at baseline costs, in the open and in hiding.

    With ω = v / (X − Σ v) in the cells of one buyer and product, they take Σ v of X together.
    """
    accounts = world.accounts
    shape = (len(world.economies), len(world.economies), len(world.sectors))
    if not rules:
        return np.zeros(shape), np.zeros(shape)
    spending = accounts.spending.T
    values = {False: np.zeros(shape), True: np.zeros(shape)}
    problems: list[Problem] = []
    for rule in rules:
        cells = link_cells(scenario, world, rule)
        values[rule.hidden][cells] += rule.musd.at(level) / max(int(cells.sum()), 1)
        for n, s in np.argwhere(cells.any(axis=0) & (_bought(world, values) >= spending)):
            message = (
                f"with this opening of {rule.musd.at(level):g} million USD a year, "
                f"{world.economies[n]} would be sold more {world.sectors[s]} than the "
                f"{spending[n, s]:.4g} it spends; open less"
            )
            problems.append(Problem(f"rule {rule.id}", message))
    if problems:
        raise InvalidInput(problems, f"scenario {scenario.id}")
    opens = (values[False] + values[True]) > 0
    room = np.where(opens, (spending - _bought(world, values))[None, :, :], 1.0)
    tariff = _tariff_factor(world)
    return values[False] * tariff / room, values[True] * tariff / room


def _bought(world: World, values: dict[bool, Array]) -> Array:
    """Spending on what is opened (destination, sector), tariffs included."""
    total: Array = ((values[False] + values[True]) * _tariff_factor(world)).sum(axis=0)
    return total


def _tariff_factor(world: World) -> Array:
    """1 + τ (origin, destination, sector)."""
    tariff = world.accounts.tariff
    return np.ones((1, 1, 1)) if tariff is None else 1 + tariff.transpose(2, 1, 0)


def with_support(scenario: Scenario, settings: Settings) -> Settings:
    """Settings with what supporters do written as rules on links and money."""
    rules = support_rules(scenario, settings.support)
    return replace(
        settings,
        freeness=(*settings.freeness, *rules.freeness),
        openings=(*settings.openings, *rules.openings),
        transfers=(*settings.transfers, *rules.transfers),
    )
