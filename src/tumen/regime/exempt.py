"""What exemptions leave free of the recorded trade, and which of them hold nothing of it."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from tumen.codes.routes import routes
from tumen.regime.law import Law
from tumen.regime.measure import Exemption
from tumen.regime.reach import exempted


@dataclass(frozen=True, slots=True)
class ExemptTrade:
    """An exemption by partners, products or route, of a measure in force."""

    measure: str
    exemption: Exemption
    flow: str
    musd: float
    """What it keeps out of the measure, million USD of the base year; 0: the trade holds nothing
    under it."""


@dataclass(frozen=True, slots=True)
class RouteTrade:
    """What the table of trade holds on a route, million USD of the base year."""

    route: str
    name: str
    flows: dict[str, float]
    """"imports", "services sold" and so on → value."""
    banned: float
    """How much of it is under a ban."""


def exempt_trade(law: Law, date: datetime.date) -> list[ExemptTrade]:
    """Return the exemptions in force on a day that carve flows out, with what they keep free.

    Examples
    --------
    >>> from tumen.regime.coverage import bundled_law
    >>> found = exempt_trade(bundled_law("un-dprk"), datetime.date(2017, 8, 5))
    >>> [(each.measure, each.exemption.id, each.musd) for each in found][-1]
    ('2371-8', 'rajin', 0.0)
    """
    found = []
    for index, (measure, regime) in enumerate(zip(law.measures, law.owners, strict=True)):
        if not measure.in_force(date) or not (measure.scope or measure.services or measure.reaches):
            continue
        for exemption in measure.exemptions:
            if exemption.carves:
                musd = math.fsum(
                    row.musd * exempted(regime, measure, exemption, row) for row in law.trade.rows
                )
                found.append(ExemptTrade(law.name(index), exemption, measure.flow, musd))
    return found


def route_trade(law: Law, date: datetime.date) -> list[RouteTrade]:
    """Return what the table holds on the routes that exemptions in force name."""
    named = dict.fromkeys(each.exemption.route for each in exempt_trade(law, date))
    banned = law.banned(date)
    found = []
    for route in filter(None, named):
        flows: dict[str, float] = {}
        under = 0.0
        for row, share in zip(law.trade.rows, banned, strict=True):
            if row.route == route:
                sold = f"{row.flow}s" if not row.service else _service(row.flow)
                flows[sold] = flows.get(sold, 0.0) + row.musd
                under += row.musd * float(share)
        found.append(RouteTrade(route, routes()[route].name, flows, under))
    return found


def _service(flow: str) -> str:
    return {"export": "services sold", "import": "services bought"}.get(flow, "remittances")
