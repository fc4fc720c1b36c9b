"""What share of a target's trade the law bans or caps on a day, without double counting."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tumen.catalogue.bundled import data, names
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.regime.consistency import BANS
from tumen.regime.flows import sector_trade
from tumen.regime.law import Array, Law, law_on
from tumen.regime.measure import Measure
from tumen.regime.regime import Regime, load_regime
from tumen.regime.shares import added
from tumen.sources.product_trade import (
    FLOWS,
    REMITTANCE,
    Flow,
    ProductTrade,
    load_product_trade,
)


@dataclass(frozen=True, slots=True)
class MeasureShare:
    """One measure in force, and the share of its flow that it reaches by itself."""

    id: str
    citation: str
    instrument: str
    flow: str
    share: float
    """Of goods exports or imports; of services sold; of remittances for work abroad; 0 for what is
    about none of them."""
    from_: datetime.date
    bites_from: datetime.date
    title: str
    unknown: float
    """The share of the flow that it may reach besides, where nobody says how much."""


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A partner, a sector or an act, and its part of the coverage of a flow."""

    flow: Flow
    name: str
    musd: float
    """Baseline value of the group; for an act, the value that it adds to the ban."""
    banned: float
    """Share of the group's value under a ban; for an act, the share of the flow that it adds."""
    capped: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The law on one day on one year's trade; shares are of goods trade, by product."""

    regime: str
    target: str
    date: datetime.date
    base_year: int
    exports_share: float
    imports_share: float
    exports_capped_share: float
    imports_capped_share: float
    exports_winding_down_share: float
    exports_unpriced_share: float
    measures: tuple[MeasureShare, ...]
    imports_winding_down_share: float
    imports_unpriced_share: float
    exports_judged_share: float
    """exports_share with the rows whose product is judgement."""
    imports_judged_share: float
    services_share: float
    """Of services sold, under a ban."""
    services_winding_down_share: float
    remittances_share: float
    """Of the pay of workers abroad, under a ban."""
    remittances_winding_down_share: float
    exports_musd: float
    imports_musd: float
    services_musd: float
    remittances_musd: float
    partners: tuple[GroupShare, ...]
    sectors: tuple[GroupShare, ...]
    acts: tuple[GroupShare, ...]
    """What each act adds to the bans before it, priced rows only."""

    def payload(self) -> dict[str, Any]:
        """Return the object of ``tumen coverage --json``."""
        head = {
            "regime": self.regime,
            "target": self.target,
            "date": self.date.isoformat(),
            "base_year": self.base_year,
        }
        shares = {
            name: getattr(self, name)
            for name in (
                "exports_share", "imports_share", "exports_capped_share", "imports_capped_share",
                "exports_winding_down_share", "exports_unpriced_share",
            )
        }  # fmt: skip
        measures = [
            {
                "id": each.id,
                "citation": each.citation,
                "instrument": each.instrument,
                "flow": each.flow,
                "share": each.share,
                "from": each.from_.isoformat(),
                "bites_from": each.bites_from.isoformat(),
            }
            for each in self.measures
        ]
        pay = {name: getattr(self, name) for name in _PAY}
        return {**head, **shares, "measures": measures, **pay}


_PAY = ("remittances_musd", "remittances_share", "remittances_winding_down_share")
"""What the payload says of pay of workers abroad, which is in no share of trade."""


def coverage(law: Law, date: datetime.date) -> Coverage:
    """Return the coverage of a table of trade on a day.

    Notes
    -----
    Only rows whose value a source gives count in the shares of ban and cap; the others are in
    ``exports_unpriced_share``, so that a split by judgement cannot raise a share. The share of
    a flow is Σ value × union of bans / Σ value of all goods, services left out.

    Examples
    --------
    >>> found = coverage(bundled_law("un-dprk"), datetime.date(2017, 9, 11))
    >>> 0.82 < found.exports_share < 0.84
    True
    """
    priced = law.priced.astype(float)
    banned, biting, capped = law.banned(date), law.banned(date, "bites"), law.capped(date)
    unpriced = law.unpriced(date)
    share = _totals(law)
    out, into, sold = share["export"], share["import"], share["services export"]
    pay = share[REMITTANCE]
    return Coverage(
        regime="+".join(regime.id for regime in law.regimes),
        target=law.trade.target,
        date=date,
        base_year=law.trade.year,
        exports_share=out.of(banned * priced),
        imports_share=into.of(banned * priced),
        exports_capped_share=out.of(capped * priced),
        imports_capped_share=into.of(capped * priced),
        exports_winding_down_share=out.of((banned - biting) * priced),
        imports_winding_down_share=into.of((banned - biting) * priced),
        exports_unpriced_share=out.of(unpriced),
        imports_unpriced_share=into.of(unpriced),
        exports_judged_share=out.of(banned),
        imports_judged_share=into.of(banned),
        services_share=sold.of(banned),
        services_winding_down_share=sold.of(banned - biting),
        remittances_share=pay.of(banned),
        remittances_winding_down_share=pay.of(banned - biting),
        exports_musd=out.total,
        imports_musd=into.total,
        services_musd=sold.total,
        remittances_musd=pay.total,
        measures=tuple(_measure_shares(law, date, share, priced)),
        partners=tuple(_groups(law, "partner", banned * priced, capped * priced)),
        sectors=tuple(_groups(law, "sector", banned * priced, capped * priced)),
        acts=tuple(_acts(law, date, share, priced)),
    )


def timeline(law: Law) -> list[tuple[datetime.date, str, Coverage]]:
    """Return the coverage at every adoption: its day, the acts, and the law when it begins.

    Notes
    -----
    An act counts from the first day of the first of its measures, which may be a day or two
    after the adoption.

    Examples
    --------
    >>> for adopted, acts, found in timeline(bundled_law("un-dprk"))[-3:]:
    ...     print(adopted, acts, f"{found.exports_share:.3f}")
    2017-08-05 UNSCR 2371 (2017) 0.568
    2017-09-11 UNSCR 2375 (2017) 0.835
    2017-12-22 UNSCR 2397 (2017) 0.865
    """
    found = []
    for adopted in sorted({measure.adopted for measure in law.measures}):
        own = [measure for measure in law.measures if measure.adopted == adopted]
        acts = " and ".join(dict.fromkeys(measure.act for measure in own))
        found.append((adopted, acts, coverage(law, min(measure.from_ for measure in own))))
    return found


class _Shares:
    """Shares of the value of some rows."""

    def __init__(self, law: Law, mask: Any) -> None:
        self.value = law.value * mask
        self.total = math.fsum(self.value)

    def of(self, share: Array) -> float:
        """Return Σ value × share / Σ value; 0 where there is no value."""
        if self.total == 0:
            return 0.0
        return min(1.0, math.fsum(self.value * share) / self.total)


def _totals(law: Law) -> dict[str, _Shares]:
    """Return the values that shares are of: goods and services of both directions, remittances."""
    goods: dict[str, _Shares] = {flow: _Shares(law, law.side(flow)) for flow in FLOWS}
    services = {f"services {flow}": _Shares(law, law.side(flow, services=True)) for flow in FLOWS}
    return {**goods, **services, REMITTANCE: _Shares(law, law.side(REMITTANCE, services=True))}


def _measure_shares(
    law: Law, date: datetime.date, share: dict[str, _Shares], priced: Array
) -> list[MeasureShare]:
    found = []
    for index, measure in enumerate(law.measures):
        if not measure.in_force(date):
            continue
        of = share.get(_base(measure))
        central = law.reaches["central"][index]
        rest = np.where(law.unknown[index], law.reaches["high"][index] - central, 0.0)
        found.append(
            MeasureShare(
                id=law.name(index),
                citation=measure.citation,
                instrument=measure.instrument,
                flow=measure.flow,
                share=of.of(central * priced) if of else 0.0,
                from_=measure.from_,
                bites_from=measure.bites_from,
                title=measure.title,
                unknown=of.of(rest * priced) if of else 0.0,
            )
        )
    return found


def _base(measure: Measure) -> str:
    """Return which total a measure's share is of."""
    if measure.flow == "labour":
        return REMITTANCE
    if measure.instrument == "service_ban" or not (measure.scope or measure.reaches):
        return f"services {measure.flow}"
    return measure.flow


def _groups(law: Law, key: str, banned: Array, capped: Array) -> list[GroupShare]:
    labels = np.array([getattr(row, key) for row in law.trade.rows])
    found = []
    for flow in FLOWS:
        goods = law.side(flow)
        names, place = np.unique(labels[goods], return_inverse=True)
        values = [
            np.bincount(place, law.value[goods] * share[goods], len(names))
            for share in (np.ones_like(banned), banned, capped)
        ]
        for name, total, under, limited in zip(names, *values, strict=True):
            shares = (float(part / total) if total > 0 else 0.0 for part in (under, limited))
            found.append(GroupShare(flow, str(name), float(total), *shares))
    return found


def _acts(
    law: Law, date: datetime.date, share: dict[str, _Shares], priced: Array
) -> list[GroupShare]:
    kept = law.kept(BANS, date)
    rows = added(law.reached(kept, date, "law")) * priced
    found: dict[tuple[Flow, str], float] = {}
    for index, row in zip(kept, rows, strict=True):
        for flow in FLOWS:
            key = flow, law.measures[index].act
            found[key] = found.get(key, 0.0) + share[flow].of(row)
    return [
        GroupShare(flow, act, part * share[flow].total, part, 0.0)
        for (flow, act), part in found.items()
        if part > 0
    ]


def trade_names() -> list[str]:
    """Names of the bundled tables of trade by product."""
    return names("trade", ".csv")


def bundled_trade(target: str, year: int) -> ProductTrade:
    """Return the bundled trade of a target in a year, by product where that is at hand.

    Raises
    ------
    InvalidInput
        If there is neither a table by product nor the target in the bundled world of the year.

    Examples
    --------
    >>> bundled_trade("PRK", 2016).total("import") > 3729
    True
    """
    name = f"{target.lower()}-{year}"
    if name in trade_names():
        return load_product_trade(data("trade", f"{name}.csv"))
    found = sector_trade(target, year)
    if found is None:
        hint = did_you_mean(name, trade_names())
        raise InvalidInput(Problem(f"trade of {target} in {year}", f"is not bundled; {hint}"))
    return found


def bundled_law(regimes: str | Regime | Sequence[str | Regime], year: int | None = None) -> Law:
    """Lay bundled regimes, or files, over the bundled trade of their target.

    Parameters
    ----------
    regimes
        Names, paths or regimes; the first one's target and base year are used.
    year
        Another base year.

    Examples
    --------
    >>> law = bundled_law(["un-dprk", "china-dprk-2017"])
    >>> law.trade.year
    2016
    """
    several = [regimes] if isinstance(regimes, str | Regime) else list(regimes)
    if not several:
        raise InvalidInput("name at least one regime")
    loaded = [each if isinstance(each, Regime) else load_regime(each) for each in several]
    first = loaded[0]
    return law_on(loaded, bundled_trade(first.targets[0], year or first.base_year))
