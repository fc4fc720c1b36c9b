"""Outcome: a solved question with its labels back on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium import welfare
from tumen.equilibrium.closures import Closure
from tumen.equilibrium.pose import link_freeness
from tumen.equilibrium.question import Question
from tumen.equilibrium.solution import Solution
from tumen.world.display import html_table

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.shock import Shock
    from tumen.world.world import World

Array = NDArray[np.float64]
SHOWN = 10
"""Economies that a notebook shows."""


class Readings(NamedTuple):
    """Ratios to the baseline by economy, and D' in the world's unit."""

    real_income: Array
    real_output: Array
    real_earnings: Array
    employment: Array
    deficit: Array


@dataclass(frozen=True, eq=False)
class Outcome:
    """Hold the new equilibrium beside its baseline; ratios are new / baseline.

    Parameters
    ----------
    world
        The baseline that the ratios refer to (without deficits where the closure is "zero").
    shock, deficits, tolerance
        What was asked.

    Notes
    -----
    An economy in autarky is a block of its own: its wage is 1 and no price relative to other
    blocks exists. ``block`` tells the blocks apart. The equations are in
    :mod:`tumen.equilibrium.model` (Caliendo and Parro 2015).

    Examples
    --------
    >>> import tumen
    >>> world = tumen.load_world()
    >>> outcome = tumen.solve(world, tumen.Shock.of(world, {("*", "PRK", "*"): 0.5}))
    >>> outcome.trade.dims
    ('origin', 'destination', 'sector')
    >>> bool(outcome.real_income.sel(economy="PRK") < 1), outcome.worst_imbalance <= 1e-10
    (True, True)
    """

    world: World
    shock: Shock
    deficits: Closure
    tolerance: float
    question: Question
    solution: Solution

    @property
    def iterations(self) -> int:
        """Iterations of the slowest block."""
        return self.solution.iterations

    @property
    def worst_imbalance(self) -> float:
        """Largest residual of own-trade balances, relative to own trade, and of markets."""
        return self.solution.worst_imbalance

    @cached_property
    def real_income(self) -> xr.DataArray:
        """Exact real income Î / P̂, transfers included (economy); ratio."""
        return self._by_economy("real_income", self.readings.real_income)

    @cached_property
    def real_output(self) -> xr.DataArray:
        """Real output at baseline value-added weights (economy); ratio."""
        return self._by_economy("real_output", self.readings.real_output)

    @cached_property
    def real_earnings(self) -> xr.DataArray:
        """What the economy earns itself, at consumer prices (economy); ratio."""
        return self._by_economy("real_earnings", self.readings.real_earnings)

    @cached_property
    def real_wage(self) -> xr.DataArray:
        """ŵ / P̂ of who works (economy); ratio."""
        values = self._mean_wage() / self.solution.price_index
        return self._by_economy("real_wage", values)

    @cached_property
    def wage(self) -> xr.DataArray:
        """Mean ŵ of who works, in the numeraire of the economy's block (economy); ratio."""
        return self._by_economy("wage", self._mean_wage())

    @cached_property
    def employment(self) -> xr.DataArray:
        """Workers at work, weighted by baseline pay (economy); 1 unless labour is "idle"."""
        return self._by_economy("employment", self.readings.employment)

    @cached_property
    def sector_employment(self) -> xr.DataArray:
        """L̂ (economy, sector), where labour cannot move; 1 where it is mobile; ratio."""
        return self._by_sector("sector_employment", self.solution.employment)

    @cached_property
    def sector_wage(self) -> xr.DataArray:
        """The wage that a sector pays (economy, sector); ratio."""
        return self._by_sector("sector_wage", self.solution.sector_wage)

    def _mean_wage(self) -> Array:
        wage: Array = self.solution.wage / self._employment()
        return wage

    def _employment(self) -> Array:
        weight = self.question.accounts.beta * self.question.accounts.output
        share: Array = (weight * self.solution.employment).sum(axis=0) / weight.sum(axis=0)
        return share

    @cached_property
    def price_index(self) -> xr.DataArray:
        """Consumer price index P̂ (economy); ratio."""
        return self._by_economy("price_index", self.solution.price_index)

    @cached_property
    def block(self) -> xr.DataArray:
        """Number of the block of economies that trade with each other (economy)."""
        return self._by_economy("block", self.solution.block.astype(float)).astype(int)

    @cached_property
    def deficit(self) -> xr.DataArray:
        """New deficit D' (economy), the world's unit."""
        return self._by_economy("deficit", self.solution.deficit, self._unit)

    @cached_property
    def wedge(self) -> xr.DataArray:
        """Q of each cap (cap), 1 where it does not bind; ratio of buyer's to seller's price."""
        return self._by_cap("wedge", np.exp(self.solution.log_wedge), "ratio")

    @cached_property
    def cap_flow(self) -> xr.DataArray:
        """What each cap limits (cap): receipts in the world's unit, or units a year."""
        settled = self.solution.settlement
        return self._by_cap("cap_flow", np.zeros(0) if settled is None else settled.flow, "")

    @cached_property
    def cap_excess(self) -> xr.DataArray:
        """What exceeds a cap at its largest wedge and is smuggled (cap), in the cap's unit."""
        limits = np.array([cap.limit for cap in self.shock.caps], dtype=float)
        excess = np.maximum(self.cap_flow.values - limits, 0.0)
        return self._by_cap("cap_excess", np.where(excess > 1e-7 * limits, excess, 0.0), "")

    @cached_property
    def price(self) -> xr.DataArray:
        """Price of each product to its buyer, tariffs included (economy, sector); ratio."""
        return self._by_sector("price", self.solution.price)

    @cached_property
    def cost(self) -> xr.DataArray:
        """Price of each product at its producer (economy, sector); ratio."""
        return self._by_sector("cost", self.solution.cost)

    @cached_property
    def expenditure(self) -> xr.DataArray:
        """New spending, tariffs included (economy, sector), the world's unit."""
        return self._by_sector("expenditure", self.solution.spending, self._unit)

    @cached_property
    def trade(self) -> xr.DataArray:
        """New sales before tariffs (origin, destination, sector), home sales included."""
        values, dims = self.solution.trade.transpose(2, 1, 0), ("origin", "destination", "sector")
        return self.world.labelled(values, dims, "trade", self._unit)

    @cached_property
    def first_order_welfare(self) -> xr.Dataset:
        """First-order welfare and its parts (economy); per cent of baseline income."""
        import xarray as xr

        parts = self.first_order
        names = ("terms_of_trade", "volume_of_trade", "efficiency", "transfer", "total")
        arrays = {name: self._by_economy(name, getattr(parts, name), "per cent") for name in names}
        arrays["flag"] = self.world.labelled(parts.flags, ("economy",))
        return xr.Dataset(arrays)

    @cached_property
    def first_order(self) -> welfare.FirstOrder:
        """The same without labels."""
        return welfare.first_order(self.question, self.solution, self._gain())

    @cached_property
    def readings(self) -> Readings:
        """What is read of economies most often, without labels."""
        return Readings(
            welfare.real_income(self.question, self.solution),
            welfare.real_output(self.question, self.solution),
            welfare.real_earnings(self.question, self.solution),
            self._employment(),
            self.solution.deficit,
        )

    def _gain(self) -> Array:
        """What links alone take off a price (s, n)."""
        links = link_freeness(self.world, self.shock)
        return welfare.link_gain(self.question, self.solution, links)

    @property
    def _unit(self) -> str:
        return str(self.world.dataset["trade"].attrs.get("units", "million USD a year"))

    def _by_economy(
        self, name: str, values: Array, unit: str = "ratio to baseline"
    ) -> xr.DataArray:
        return self.world.labelled(values, ("economy",), name, unit)

    def _by_cap(self, name: str, values: Array, unit: str) -> xr.DataArray:
        import xarray as xr

        labels = [cap.name or f"cap {number}" for number, cap in enumerate(self.shock.caps, 1)]
        values = values[: len(labels)]  # fixed wedges come after the caps
        return xr.DataArray(values, {"cap": labels}, ("cap",), name=name, attrs={"units": unit})

    def _by_sector(self, name: str, values: Array, unit: str = "ratio to baseline") -> xr.DataArray:
        return self.world.labelled(values.T, ("economy", "sector"), name, unit)

    def __repr__(self) -> str:
        return (
            f"Outcome({self.world!r}, deficits={self.deficits!r}, {self.iterations} iterations, "
            f"worst imbalance {self.worst_imbalance:.1e})"
        )

    def _repr_html_(self) -> str:
        """Show in a notebook whose real income changes most."""
        change = 100 * (self.real_income.values - 1)
        columns = (self.real_income, self.real_output, self.real_earnings, self.wage)
        rows = [
            [self.world.economies[n], *(100 * (float(part[n]) - 1) for part in columns)]
            for n in np.argsort(-np.abs(change))[:SHOWN]
        ]
        title = (
            f"Outcome, deficits {self.deficits}: {self.iterations} iterations, worst imbalance "
            f"{self.worst_imbalance:.1e}; largest changes of real income, per cent"
        )
        names = ["economy", "real income", "real output", "real earnings", "wage"]
        return html_table(title, names, rows)
