"""Who takes over what the benefactor withdrew, and what it would take to make up the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.lifeline.illicit import load_streams
from tumen.lifeline.replacement import TargetFlows, replacement, takeovers
from tumen.lifeline.support import (
    Compensation,
    Situation,
    compensating_freeness,
    compensating_goods,
    compensating_money,
)
from tumen.scenario import measure
from tumen.scenario.cells import DIRECTIONS, Mask, members
from tumen.scenario.citations import citable
from tumen.scenario.result import SteppingIn, StreamRow, VolumeReplaced
from tumen.scenario.rules import Direction
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome

Array = NDArray[np.float64]
SHARES = (0.5, 1.0)
"""Parts of the loss that support is asked to give back."""


def stepping_in(scenario: Scenario, outcome: Outcome, arrangement: Arrangement) -> SteppingIn:
    """Read the last step: who took over, how much the newcomer replaces, in dollars and units."""
    world = outcome.world
    withdrew = members(scenario, world, scenario.withdrawing or [scenario.benefactor])
    newcomers = members(
        scenario, world, [scenario.newcomer, *(each.id for each in scenario.support)]
    )
    flows = {flow: target_flows(outcome, arrangement, scenario.target, flow) for flow in DIRECTIONS}
    rows = [
        row
        for flow, given in flows.items()
        for row in takeovers(flow, given, withdrew, world.sectors)
    ]
    return SteppingIn(
        takeovers=tuple(rows),
        replacement=replacement(list(flows.values()), withdrew, newcomers),
        volumes=tuple(_volumes(scenario, outcome, flows, withdrew, newcomers)),
        streams=tuple(_streams(scenario, outcome, arrangement)),
    )


def target_flows(outcome: Outcome, arrangement: Arrangement, target: str, flow: str) -> TargetFlows:
    """Split the target's exports or imports by partner and sector into what lets them move."""
    world = outcome.world
    n = world.economies.index(target)
    shares = world.accounts.shares.transpose(2, 1, 0)
    legal, hidden = shares * arrangement.legal, shares * arrangement.hidden
    unenforced = shares * np.minimum(arrangement.unenforced, arrangement.legal)
    total = legal + hidden + arrangement.opened + arrangement.opened_hidden
    scale = np.divide(outcome.trade.values, total, out=np.zeros_like(total), where=total > 0)
    eased = np.minimum(shares * arrangement.eased, legal - unenforced)
    eased_hidden = np.minimum(shares * arrangement.eased_hidden, hidden)
    over = np.minimum(measure.over_caps(outcome), scale * (legal - unenforced - eased))

    def of_target(values: Array) -> Array:
        part = values[n] if flow == "export" else values[:, n]
        part = np.array(part)
        part[n] = 0.0
        return part

    before = world.accounts.trade.transpose(2, 1, 0)
    parts = measure.trade_parts(outcome, arrangement)
    return TargetFlows(
        before=of_target(before),
        legal=of_target(scale * (legal - unenforced - eased) - over),
        evaded=of_target(scale * (unenforced + hidden - eased_hidden) + over),
        opened=of_target(scale * (arrangement.opened + eased)),
        opened_hidden=of_target(scale * (arrangement.opened_hidden + eased_hidden)),
        hidden=of_target(parts["hidden"]),
        recorded_before=of_target(before * measure.recorded_share(world)),
        recorded=of_target(parts["recorded"]),
    )


def _volumes(
    scenario: Scenario,
    outcome: Outcome,
    flows: dict[Direction, TargetFlows],
    withdrew: Mask,
    newcomers: Mask,
) -> Iterator[VolumeReplaced]:
    """Turn dollars into units at baseline unit values; sellers' cost changes are taken out."""
    world = outcome.world
    n = world.economies.index(scenario.target)
    for volume in scenario.volumes:
        s = world.sectors.index(volume.sector)
        given = flows[volume.flow]
        before = float(given.before[:, s].sum())
        if before <= 0:
            continue
        cost = outcome.solution.cost[s]
        sold = cost[n] if volume.flow == "export" else cost
        units = volume.amount.central / 1e6 / before
        # What support opens is counted at its own price, where that is stated.
        price = _support_price(scenario, volume.sector)
        own = units if price is None else 1 / price
        opened, unseen = own * given.opened[:, s] / sold, own * given.opened_hidden[:, s] / sold
        legal, evaded = units * given.legal[:, s] / sold, units * given.evaded[:, s] / sold
        smuggled = units * (given.hidden - given.opened_hidden)[:, s] / sold
        now = legal + evaded + opened + unseen
        was = units * given.before[:, s]
        yield VolumeReplaced(
            product=volume.id,
            unit=f"million {volume.unit}",
            flow=volume.flow,
            baseline=float(was.sum()),
            now=float(now.sum()),
            lost_with_benefactor=float((was - now)[withdrew].sum()),
            newcomer_recorded=float((now - unseen - smuggled - was)[newcomers].sum()),
            newcomer_hidden=float((unseen + smuggled)[newcomers].sum()),
        )


def _support_price(scenario: Scenario, sector: str) -> float | None:
    """USD a unit that supporters' goods of a sector are stated at; None: nowhere."""
    prices = [
        item.price.central
        for each in scenario.support
        for item in each.goods
        if item.sector == sector and item.price is not None
    ]
    return prices[0] if prices else None


def _streams(scenario: Scenario, outcome: Outcome, arrangement: Arrangement) -> Iterator[StreamRow]:
    """Trade streams beside all trade of their sectors that nobody records, and pay of workers."""
    if scenario.streams is None:
        return
    world = outcome.world
    n = world.economies.index(scenario.target)
    parts = measure.foreign_parts(outcome, arrangement, n)
    for stream in load_streams(scenario.streams, citable(scenario)).streams:
        if stream.channel == "remittance":
            paid = arrangement.remittances.left_musd
            yield StreamRow(stream.id, stream.name, stream.revenue, paid)
        if stream.channel != "trade":
            continue
        chosen = np.isin(world.sectors, stream.sectors)
        way = 0 if stream.flow == "export" else 1
        unseen = parts["hidden"][way] + parts["unrecorded"][way]
        yield StreamRow(stream.id, stream.name, stream.revenue, float(unseen[:, chosen].sum()))


def compensations(
    scenario: Scenario, outcome: Outcome, arrangement: Arrangement
) -> list[Compensation]:
    """Return what the newcomer would have to give, in money and in kind, before it steps in.

    Parameters
    ----------
    outcome, arrangement
        Of the step before the support.
    """
    if scenario.deficits == "income":
        return []  # deficits follow incomes: nobody can be given a sum of dollars
    situation = Situation(outcome.world, arrangement.shock, scenario.target)
    giver, found = scenario.newcomer, []
    for share in SHARES:
        money = compensating_money(situation, giver, share)
        found.append(money)
        if money.musd is None:
            found.append(compensating_freeness(situation, share))
        found += [
            compensating_goods(situation, giver, sector, share)
            for sector in _given_in_kind(scenario, outcome, giver)
        ]
    return found


def _given_in_kind(scenario: Scenario, outcome: Outcome, giver: str) -> list[str]:
    """Sectors of volumes that the target buys and the giver makes."""
    world = outcome.world
    i, n = world.economies.index(giver), world.economies.index(scenario.target)
    return [
        volume.sector
        for volume in scenario.volumes
        if volume.flow == "import"
        and world.accounts.output[world.sectors.index(volume.sector), i] > 0
        and world.accounts.spending[world.sectors.index(volume.sector), n] > 0
    ]
