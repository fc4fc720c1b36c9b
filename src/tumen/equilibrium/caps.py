"""Caps inside the equations: one wedge for each group of flows, and who earns it.

The covered part h of a link has freeness × q^(−θ). Its buyer pays q times what the seller
receives; the difference is income of the payee, like tariff revenue. The wedge follows the
complementarity 0 ≤ ln q ⟂ cap − flow ≥ 0 and stays below a ceiling μ, where the excess is smuggled:
its buyer pays μ times the price of what arrives, its seller receives 1/s of the payment, the
smugglers earn the rest of s, and μ/s is burned on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.dense import DenseFlows

if TYPE_CHECKING:
    from tumen.world.cap import Cap, CappedFlow, Wedge
    from tumen.world.world import World

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Covered:
    """Strength of the covered part of each cell at q = 1, and what its wedge does to it (f)."""

    gross: Array
    """In the buyer's spending, tariffs included."""
    net: Array
    """In what the seller receives."""
    log_wedge: Array
    """c: ln q."""
    factor: Array
    """q^(−θ)."""
    arriving: Array
    """1/q: the part of a payment that is the goods' price."""
    per_dollar: Array
    """What the limit speaks of per dollar at the seller's price: units, or 1 for value caps."""


@dataclass(frozen=True, slots=True)
class Caps:
    """All caps of a question. Cells are the covered flows (f), groups the caps (c)."""

    group: Index
    """f: the cap that a cell belongs to."""
    sector: Index
    buyer: Index
    seller: Index
    payee: Index
    """f: the economy that earns the wedge."""
    smuggler: Index
    """f: the economy that earns the wedge on what exceeds the cap."""
    share: Array
    """f: part of the link that the cap covers."""
    units: Array
    """f: units per million dollars at baseline prices; 1 for value caps."""
    theta: Array
    """f: θ of the cell's sector."""
    by_quantity: NDArray[np.bool_]
    """c."""
    limit: Array
    """c: million dollars or units."""
    floor: Array
    """c: 0, or ln q of a fixed wedge."""
    ceiling: Array
    """c: ln μ, or ln q of a fixed wedge."""
    smuggled: Array
    """c: ln s."""
    leaks: NDArray[np.bool_]
    """c: whether what exceeds the cap at μ is smuggled."""
    pace: Array
    """c: 1 / (1 + θ̄) of the group."""

    @classmethod
    def of(cls, world: World, caps: Sequence[Cap], wedges: Sequence[Wedge] = ()) -> Caps | None:
        """Take the labels off; fixed wedges come after the caps. None without either."""
        groups: list[Cap | Wedge] = [*caps, *wedges]
        if not groups:
            return None
        group = _index(n for n, item in enumerate(groups) for _ in item.flows)
        flows = [flow for item in groups for flow in item.flows]
        place = {label: index for index, label in enumerate(world.economies)}
        sector = _index(world.sectors.index(flow[2]) for flow in flows)
        theta = world.accounts.theta[sector]
        fixed = [float(np.log(wedge.ratio)) for wedge in wedges]
        free = [np.inf if cap.max_wedge is None else float(np.log(cap.max_wedge)) for cap in caps]
        kept = [
            ceiling if cap.smuggled_wedge is None else float(np.log(cap.smuggled_wedge))
            for cap, ceiling in zip(caps, free, strict=True)
        ]
        earners = [cap.smuggled_rent or cap.rent for cap in caps] + [each.rent for each in wedges]
        return cls(
            group=group,
            sector=sector,
            buyer=_index(place[flow[1]] for flow in flows),
            seller=_index(place[flow[0]] for flow in flows),
            payee=_index(place[_payee(item.rent, flow)] for item in groups for flow in item.flows),
            smuggler=_index(
                place[_payee(rent, flow)]
                for rent, item in zip(earners, groups, strict=True)
                for flow in item.flows
            ),
            share=np.array([flow[3] for flow in flows], dtype=float),
            units=np.array(
                [unit for cap in caps for unit in cap.units_of_flows()]
                + [1.0 for wedge in wedges for _ in wedge.flows]
            ),
            theta=theta,
            by_quantity=np.array([cap.by == "quantity" for cap in caps] + [False] * len(wedges)),
            limit=np.array([float(cap.limit) for cap in caps] + [1.0] * len(wedges)),
            floor=np.array([0.0] * len(caps) + fixed),
            ceiling=np.array(free + fixed),
            smuggled=np.array(kept + fixed),
            leaks=np.array([cap.max_wedge is not None for cap in caps] + [False] * len(wedges)),
            pace=1 / (1 + np.bincount(group, theta) / np.bincount(group)),
        )

    def covered(
        self, flows: DenseFlows, strength: Array, log_cost: Array, log_wedge: Array
    ) -> Covered:
        """Return the covered parts at sellers' ``strength`` and ln ĉ (s, i) and at ln q (c)."""
        cell, sold = (self.sector, self.buyer, self.seller), (self.sector, self.seller)
        weight = self.share * strength[sold]
        gross = weight * flows.foreign[cell]
        net = gross if flows.foreign_net is None else weight * flows.foreign_net[cell]
        wedge = log_wedge[self.group]
        per_dollar = np.where(
            self.by_quantity[self.group], self.units * np.exp(-log_cost[sold]), 1.0
        )
        factor = np.exp(-self.theta * wedge)
        return Covered(gross, net, log_wedge, factor, np.exp(-wedge), per_dollar)

    def bend(self, appeal: Array, covered: Covered) -> None:
        """Lower Φ (s, n), in place, by what the wedges take from the covered parts."""
        np.add.at(appeal, (self.sector, self.buyer), covered.gross * (covered.factor - 1))

    def project(self, log_wedge: Array) -> Array:
        """Keep ln q between its floor and its ceiling (c)."""
        return np.minimum(np.maximum(log_wedge, self.floor), self.ceiling)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What caps change in one evaluation of the equations; cells are (f), groups (c)."""

    caps: Caps
    receipts: Array
    """f: what sellers of the covered part receive, million dollars a year."""
    smuggled: Array
    """f: the part of it for goods that exceed a cap."""
    rent: Array
    """f: what the payees of wedges earn."""
    smuggled_rent: Array
    """f: what smugglers of goods that exceed a cap earn."""
    uncapped: Array
    """f: what they would receive at q = 1 and the same demand."""
    payments: Array
    """f: what buyers pay for the covered part before tariffs."""
    tariffs: Array
    """f: change of tariff revenue against q = 1; tariffs are levied on payments."""
    per_dollar: Array
    """f: what the limit speaks of per dollar at the seller's price: units, or 1 for value caps."""
    flow: Array
    """c: value at the seller's price, or units, of what arrives: what the limit speaks of."""
    next_wedge: Array
    """c: the next ln q."""
    gap: Array
    """c: residual of the complementarity, in logs of flow over limit."""

    def book(self, output: Array, exports: Array, imports: Array, revenue: Array) -> None:
        """Correct sales, trade and tariff revenue, in place, from q = 1 to the wedge."""
        caps, less = self.caps, self.receipts - self.uncapped
        np.add.at(output, (caps.sector, caps.seller), less)
        np.add.at(exports, caps.seller, less)
        np.add.at(imports, caps.buyer, less)
        np.add.at(revenue, caps.buyer, self.tariffs)

    def rents(self, economies: int) -> tuple[Array, Array]:
        """What wedges earn (n), and what each economy earns less pays of it (n)."""
        caps = self.caps
        income = np.bincount(caps.payee, self.rent, economies).astype(float)
        income += np.bincount(caps.smuggler, self.smuggled_rent, economies)
        return income, income - np.bincount(caps.buyer, self.rent + self.smuggled_rent, economies)


def settle(caps: Caps, covered: Covered, demand: Array) -> Settlement:
    """Return the settlement at demand X'/Φ (s, n)."""
    buyers = demand[caps.sector, caps.buyer]
    uncapped = covered.net * buyers
    payments = uncapped * covered.factor
    arriving = payments * covered.arriving
    moved = np.bincount(caps.group, arriving * covered.per_dollar, caps.limit.size)
    flow: Array = moved.astype(float, copy=False)
    full = np.maximum(flow, 1e-300) / caps.limit
    wanted = caps.project(covered.log_wedge + caps.pace * np.log(full))
    above = np.where(caps.leaks, 1 - np.minimum(1, 1 / full), 0.0)
    hidden = payments * above[caps.group]
    smuggled = hidden * np.exp(-caps.smuggled[caps.group])
    legal = arriving * (1 - above[caps.group])
    return Settlement(
        caps=caps,
        receipts=legal + smuggled,
        smuggled=smuggled,
        rent=payments - hidden - legal,
        smuggled_rent=hidden - smuggled,
        uncapped=uncapped,
        payments=payments,
        tariffs=(covered.gross - covered.net) * buyers * (covered.factor - 1),
        per_dollar=covered.per_dollar,
        flow=flow,
        next_wedge=wanted,
        gap=(wanted - covered.log_wedge) / caps.pace,
    )


def _index(values: Iterable[int]) -> Index:
    return np.array(list(values), dtype=np.intp)


def _payee(rent: str, flow: CappedFlow) -> str:
    return {"destination": flow[1], "origin": flow[0]}.get(rent, rent)
