"""How much of one row of trade one measure reaches: a range, never a silent guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tumen.codes.concordance import bundled_concordance
from tumen.codes.products import EVERYTHING, SERVICE, Overlap, Revision, Scope, product_spans
from tumen.evidence.quantity import Level, Quantity
from tumen.regime.measure import Exemption, Measure
from tumen.regime.regime import Regime
from tumen.sources.product_trade import REMITTANCE, ProductRow


@dataclass(frozen=True, slots=True)
class Reach:
    """The share of a row's value that a measure reaches.

    Notes
    -----
    Where a measure cuts through a row and nobody says how much of it is meant, the range is
    0 to 1, the central reading is 0, and ``unknown`` is set: the value is reported as unpriced.
    """

    low: float
    central: float
    high: float
    unknown: bool = False

    def at(self, level: Level) -> float:
        """Return the low, the central or the high reading."""
        return {"low": self.low, "central": self.central, "high": self.high}[level]

    def times(self, share: Quantity) -> Reach:
        """Return the part of it that a stated share leaves."""
        return replace(
            self,
            low=self.low * share.low,
            central=self.central * share.central,
            high=self.high * share.high,
        )

    def without(self, share: Quantity) -> Reach:
        """Return what is left after a stated share is taken out."""
        return replace(
            self,
            low=self.low * (1 - share.high),
            central=self.central * (1 - share.central),
            high=self.high * (1 - share.low),
        )


NOTHING = Reach(0.0, 0.0, 0.0)
WHOLE = Reach(1.0, 1.0, 1.0)
UNKNOWN = Reach(0.0, 0.0, 1.0, unknown=True)


def reach(regime: Regime, measure: Measure, row: ProductRow) -> Reach:
    """Return the share of a row that a measure reaches once it is in force.

    Examples
    --------
    >>> from tumen.catalogue.bundled import data
    >>> from tumen.regime.regime import load_regime
    >>> from tumen.sources.product_trade import load_product_trade
    >>> un = load_regime("un-dprk")
    >>> coal = next(each for each in un.measures if each.id == "2371-8")
    >>> rows = load_product_trade(data("trade", "prk-2016.csv")).rows
    >>> reach(un, coal, rows[0])
    Reach(low=1.0, central=1.0, high=1.0, unknown=False)
    """
    found = _without_exemptions(regime, measure, row)
    for exemption in measure.exemptions:
        if exemption.carves and found is not NOTHING:
            found = _carved(regime, exemption, row, found)
        elif exemption.share is not None:
            found = found.without(exemption.share)
    return found


def exempted(regime: Regime, measure: Measure, exemption: Exemption, row: ProductRow) -> float:
    """Return the share of a row that an exemption by itself takes out of a measure's reach.

    Where it takes out a part that nobody has put a figure on, all of it counts.
    """
    found = _without_exemptions(regime, measure, row)
    if found is NOTHING:
        return 0.0
    return found.central - _carved(regime, exemption, row, found).central


def _without_exemptions(regime: Regime, measure: Measure, row: ProductRow) -> Reach:
    found = _partner_reach(regime, measure, row)
    return NOTHING if found is NOTHING else _both(found, _product_reach(measure, row))


def _partner_reach(regime: Regime, measure: Measure, row: ProductRow) -> Reach:
    partners = regime.partners(measure)
    if partners is None or row.partner in partners:
        return WHOLE
    return NOTHING if row.partner else UNKNOWN


def _both(one: Reach, other: Reach) -> Reach:
    if NOTHING in (one, other):
        return NOTHING
    return other if one is WHOLE else one


def _product_reach(measure: Measure, row: ProductRow) -> Reach:
    """Return the reach by product: direction, services, headings, sectors."""
    if row.product == SERVICE:
        return _sector_reach(measure, row.sector) if _row_flow(measure) == row.flow else NOTHING
    if row.service:
        listed = row.product in measure.services
        return WHOLE if listed and _row_flow(measure) == row.flow else NOTHING
    if measure.flow != row.flow:
        return NOTHING
    if not row.product:
        return _sector_reach(measure, row.sector)
    if measure.scope is None:
        return NOTHING
    covered = overlap(measure.scope, row.product, row.revision)
    if covered == "none":
        return NOTHING
    return UNKNOWN if covered == "part" else _part(measure)


def _part(measure: Measure) -> Reach:
    """Return the part of the headings in its scope that a measure reaches."""
    if measure.part_unknown:
        return UNKNOWN
    return WHOLE if measure.part is None else WHOLE.times(measure.part)


def _row_flow(measure: Measure) -> str:
    """Return the flow of the rows that a measure is about: of work abroad, the pay sent home."""
    return REMITTANCE if measure.flow == "labour" else measure.flow


def _sector_reach(measure: Measure, sector: str) -> Reach:
    """Return the reach into a sector of which the products are not known."""
    for each in measure.reaches:
        if each.sector == sector:
            return WHOLE.times(each.share)
    if measure.scope is None or measure.reaches:
        return NOTHING
    if measure.scope.spans == product_spans(EVERYTHING):
        return _part(measure)
    return UNKNOWN if not sector or sector in _scope_sectors(measure.scope) else NOTHING


def _scope_sectors(scope: Scope) -> frozenset[str]:
    return frozenset().union(*(bundled_concordance().sectors(text) for text in scope.hs))


def _carved(regime: Regime, exemption: Exemption, row: ProductRow, found: Reach) -> Reach:
    """Take out the flows that fit partners, products and route, or a share of them."""
    partners = regime.members(exemption.partners) if exemption.partners else None
    if partners is not None and row.partner not in partners:
        return found
    if exemption.route and row.route != exemption.route:
        return found
    fits = _fits(exemption, row)
    if fits == "none":
        return found
    if fits == "part":
        return replace(found, low=0.0, central=0.0, unknown=found.high > 0)
    return NOTHING if exemption.share is None else found.without(exemption.share)


def _fits(exemption: Exemption, row: ProductRow) -> Overlap:
    """Say how much of a row is among the products; a stated reach into a sector is net of them."""
    if exemption.services and row.product in exemption.services:
        return "all"
    if not exemption.products:
        return "none" if exemption.services else "all"
    if row.service or not row.product:
        return "none"
    scope = Scope(revision=row.revision, hs=exemption.products)
    return scope.overlap(row.product)


def overlap(scope: Scope, product: str, revision: Revision) -> Overlap:
    """Say how much of a product lies in a scope; answers are kept, as scopes are few."""
    return _overlap(scope.revision, tuple(scope.hs), tuple(scope.but), product, revision)


@lru_cache(maxsize=65536)
def _overlap(
    edition: Revision, hs: Sequence[str], but: Sequence[str], product: str, revision: Revision
) -> Overlap:
    scope = Scope(revision=edition, hs=list(hs), but=list(but))
    return scope.overlap(product, revision)
