"""The law on the target's flows: what is banned, moving under old contracts or capped, by cell."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tumen.evidence.quantity import Level
from tumen.regime.law import Law, Sense
from tumen.regime.shares import (
    CapInForce,
    banned_remittances,
    banned_shares,
    caps_in_force,
    duties,
)
from tumen.scenario.cells import DIRECTIONS, Array
from tumen.scenario.law_calendar import law_of
from tumen.scenario.merging import Into, merged_into
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world import World


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which law on which trade."""

    regimes: tuple[str, ...]
    year: int
    acts_until: datetime.date | None
    into: Into
    """Partners that another one stands for."""

    @classmethod
    def by(cls, scenario: Scenario, setting: LawSetting) -> _Asked:
        """The law of a setting, on the target's trade of the baseline year."""
        regimes = tuple(setting.regimes)
        return cls(regimes, scenario.target_year, setting.acts_until, merged_into(scenario))


@lru_cache(maxsize=64)
def _law(asked: _Asked) -> Law:
    law = law_of(asked.regimes, asked.year)
    law = law if asked.acts_until is None else law.as_known(asked.acts_until)
    return law.with_partners_merged(dict(asked.into)) if asked.into else law


@lru_cache(maxsize=256)
def _banned(asked: _Asked, date: datetime.date, sense: Sense, level: Level) -> xr.DataArray:
    return banned_shares(_law(asked), date, sense, level)


@lru_cache(maxsize=256)
def _duties(
    asked: _Asked, date: datetime.date, sense: Sense, level: Level
) -> list[tuple[float, xr.DataArray]]:
    return duties(_law(asked), date, sense, level)


@lru_cache(maxsize=256)
def _caps(asked: _Asked, date: datetime.date, sense: Sense, level: Level) -> tuple[CapInForce, ...]:
    return tuple(caps_in_force(_law(asked), date, sense, level))


def scenario_law(scenario: Scenario, setting: LawSetting) -> Law:
    """Lay the regimes of a setting over the target's trade of the baseline year."""
    return _law(_Asked.by(scenario, setting))


def coverage_of_target(
    scenario: Scenario, world: World, setting: LawSetting | None, level: Level
) -> Array:
    """Share b of the target's flows under a ban (direction, partner, sector); 0 without a law.

    Directions are exports and imports; partners and sectors are those of the world.
    """
    return _in_sense(scenario, world, setting, setting.sense if setting else "bites", level)


def moving_of_target(
    scenario: Scenario, world: World, setting: LawSetting | None, level: Level
) -> Array:
    """Share of the target's flows that is banned and that old contracts may still move.

    0 where the setting counts it as banned already (sense "law").
    """
    if setting is None or setting.sense == "law":
        return np.zeros((len(DIRECTIONS), len(world.economies), len(world.sectors)))
    banned, biting = (
        _in_sense(scenario, world, setting, sense, level) for sense in ("law", "bites")
    )
    return np.maximum(banned - biting, 0.0)


def remittances_of_target(
    scenario: Scenario, world: World, setting: LawSetting, level: Level
) -> tuple[Array, Array]:
    """Shares of the pay of the target's workers, by who pays it, under a ban and still moving.

    The second is what old contracts may still earn, 0 where the setting counts it as banned.
    """
    law = scenario_law(scenario, setting)
    banned, moving = (np.zeros(len(world.economies)) for _ in range(2))
    in_law = banned_remittances(law, setting.date, "law", level)
    felt = banned_remittances(law, setting.date, setting.sense, level)
    for place, economy in enumerate(world.economies):
        banned[place] = felt.get(economy, 0.0)
        moving[place] = in_law.get(economy, 0.0) - banned[place]
    return banned, np.maximum(moving, 0.0)


def duties_of_target(
    scenario: Scenario, world: World, setting: LawSetting | None, level: Level
) -> list[tuple[float, Array, Array]]:
    """Return (rate, share that owes it and is not banned, share that is) of the target's flows."""
    if setting is None:
        return []
    found = _duties(_Asked.by(scenario, setting), setting.date, setting.sense, level)
    return [
        (rate, _placed(world, shares.sel(part="free")), _placed(world, shares.sel(part="banned")))
        for rate, shares in found
    ]


def caps_of_target(scenario: Scenario, setting: LawSetting, level: Level) -> tuple[CapInForce, ...]:
    """Return the caps in force on the target's flows, in the sense of the setting."""
    return _caps(_Asked.by(scenario, setting), setting.date, setting.sense, level)


def _in_sense(
    scenario: Scenario, world: World, setting: LawSetting | None, sense: Sense, level: Level
) -> Array:
    if setting is None:
        return np.zeros((len(DIRECTIONS), len(world.economies), len(world.sectors)))
    return _placed(world, _banned(_Asked.by(scenario, setting), setting.date, sense, level))


def _placed(world: World, shares: xr.DataArray) -> Array:
    """Put shares (flow, partner, sector) in the places of a world; 0 for partners without trade."""
    covered = np.zeros((len(DIRECTIONS), len(world.economies), len(world.sectors)))
    place = {label: index for index, label in enumerate(world.economies)}
    sectors = [world.sectors.index(str(sector)) for sector in shares["sector"].values]
    for position, partner in enumerate(shares["partner"].values):
        if str(partner) in place:
            covered[:, place[str(partner)], sectors] = shares.values[:, position]
    return covered
