"""Money that crosses borders for no trade: pay of workers abroad, transfers, illicit income."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Level
from tumen.regime.shares import CapInForce
from tumen.scenario.cells import Array, members
from tumen.scenario.enforcement import enforced_on
from tumen.scenario.law_caps import yearly_limit
from tumen.scenario.rules import REMITTANCE, LawSetting
from tumen.scenario.schema import EVERYONE, Scenario
from tumen.scenario.support_rules import illicit_income
from tumen.scenario.target_law import caps_of_target, remittances_of_target

if TYPE_CHECKING:
    from tumen.scenario.settings import Settings
    from tumen.world import World


@dataclass(frozen=True, slots=True)
class Remittances:
    """Pay of the target's workers abroad by the economy it comes from, million USD a year."""

    before: Array
    """In the baseline, part of the target's deficit."""
    left: Array
    """What the law and partners leave of it; the rest stays with who no longer pays."""

    @property
    def before_musd(self) -> float:
        """All of the baseline's."""
        return float(self.before.sum())

    @property
    def left_musd(self) -> float:
        """All that is left."""
        return float(self.left.sum())


@dataclass(frozen=True, slots=True)
class Financing:
    """What a step makes of deficits."""

    deficit: Array | None
    """D' by economy, million USD a year; None: as in the baseline."""
    transfers_musd: float
    """What the target gets, net, beyond the baseline's money: support, gifts, illicit income."""
    hidden_musd: float
    """The part of it that partners do not record."""


def remittances(scenario: Scenario, world: World, settings: Settings, level: Level) -> Remittances:
    """Return what law and enforcement leave of the target's pay from abroad.

    Parameters
    ----------
    level
        Which end of the rules' ranges.

    Notes
    -----
    As for goods: V (b e + early · moving) is lost, b the share under a ban in the law's sense,
    moving what old contracts may still earn. A cap on work abroad stops e of what exceeds it.
    """
    before = world.remittances[:, world.economies.index(scenario.target)]
    law = settings.law
    if law is None or not before.any():
        return Remittances(before, before.copy())
    enforced, early = _enforcement(scenario, world, settings, level)
    banned, moving = remittances_of_target(scenario, world, law, level)
    ahead = early * moving
    stopped = banned * enforced + ahead
    for cap in caps_of_target(scenario, law, level):
        if not cap.on_trade:
            stopped += enforced * _above(scenario, world, cap, law, before, ahead)
    return Remittances(before, before * (1 - stopped))


def _enforcement(
    scenario: Scenario, world: World, settings: Settings, level: Level
) -> tuple[Array, Array]:
    """Shares stopped once banned, e, and ahead of time, by economy that pays."""
    enforced, early = np.ones(len(world.economies)), np.zeros(len(world.economies))
    for rule in settings.enforcement:
        if REMITTANCE not in rule.flows or EVERYONE not in rule.sectors:
            continue
        payers = members(scenario, world, rule.partners)
        day = None if settings.law is None else settings.law.date
        stopped = None if day is None else enforced_on(scenario, rule, day, level)
        if stopped is not None:
            enforced[payers] = stopped
        if rule.early is not None:
            early[payers] = rule.early.at(level)
    return enforced, early


def _above(
    scenario: Scenario, world: World, cap: CapInForce, law: LawSetting, before: Array, ahead: Array
) -> Array:
    """Part of each payer's remittances above a cap, what is stopped ahead of time left out."""
    covered = np.zeros_like(before)
    for cell in cap.cells:
        if cell.partner in world.economies:
            covered[world.economies.index(cell.partner)] = cell.share
    covered = np.maximum(covered - ahead, 0.0)
    total = float((before * covered).sum())
    limit = yearly_limit(scenario, world, cap, law.date)
    return covered * max(0.0, 1 - limit / total) if total > 0 else covered


def financing(
    scenario: Scenario, world: World, settings: Settings, level: Level, pay: Remittances
) -> Financing:
    """Return D' with all transfers and what is left of remittances; it sums to zero.

    Raises
    ------
    InvalidInput
        If remittances end under the closure "income", where deficits are no sums of dollars.
    """
    moves = [
        (rule.giver, rule.receiver, rule.musd.at(level), rule.hidden) for rule in settings.transfers
    ]
    if settings.illicit:
        moves.append((EVERYONE, scenario.target, illicit_income(settings.illicit, level), True))
    moves = [move for move in moves if move[2] != 0]
    lost = pay.before - pay.left
    if lost.any() and scenario.deficits == "income":
        message = 'a ban on work abroad takes dollars away: it needs deficits "keep" or "zero"'
        raise InvalidInput(Problem("deficits", message))
    if not moves and not lost.any():
        return Financing(None, 0.0, 0.0)
    deficit = world.accounts.deficit + lost
    target = world.economies.index(scenario.target)
    deficit[target] -= lost.sum()
    transfers = hidden = 0.0
    for giver, receiver_name, amount, concealed in moves:
        receiver = world.economies.index(receiver_name)
        weight = np.zeros(deficit.size)
        if giver == EVERYONE:
            weight = np.array(world.accounts.value_added)
            weight[receiver] = 0.0
        else:
            weight[world.economies.index(giver)] = 1.0
        paid = amount * weight / weight.sum()
        deficit[receiver] += amount
        deficit -= paid
        transfers += (amount if receiver == target else 0.0) - float(paid[target])
        hidden += amount if concealed and receiver == target else 0.0
    return Financing(deficit, transfers, hidden)
