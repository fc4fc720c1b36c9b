"""The accounts that a world implies: spending, output, value added, income and uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tumen.errors import Problem

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Elasticities:
    """How far inputs, and products of final demand, stand in for one another."""

    inputs: Array
    """s, i: η between the inputs of a sector."""
    critical: NDArray[np.bool_]
    """k: the critical inputs."""
    critical_inputs: Array
    """i: elasticity between critical inputs and the bundle of all others."""
    final: Array
    """n: of final demand."""

    def matter(self) -> NDArray[np.bool_]:
        """n: economies where one of them is not 1."""
        apart: NDArray[np.bool_] = (self.inputs != 1).any(axis=0) | (self.final != 1)
        if self.critical.any():
            apart |= self.critical_inputs != 1
        return apart


@dataclass(frozen=True)
class Accounts:
    """Arrays of a world without labels, sector-major; money in the world's unit.

    Lower-case Greek names are those of the model: ``beta`` (s, i), ``gamma`` (i, k, s),
    ``alpha`` (s, n), ``theta`` (s); ``trade`` and ``tariff`` are (s, n, i), buyer before seller.
    """

    trade: Array
    tariff: Array | None
    beta: Array
    gamma: Array
    alpha: Array
    theta: Array
    spending: Array
    """s, n: purchases, tariffs included."""
    output: Array
    """s, i: sales net of tariffs, home sales included."""
    value_added: Array
    """n."""
    revenue: Array
    """n: tariff revenue."""
    exports: Array
    """n: foreign sales."""
    imports: Array
    """n: foreign purchases before tariffs."""
    deficit: Array
    """n: as given, otherwise imports − exports."""
    stuck: NDArray[np.bool_]
    """n: workers cannot change sectors."""
    wage_floor: Array
    """n: least part of the mean wage that a sector pays where they cannot; 0: none."""
    elasticities: Elasticities | None
    """None: all are 1."""

    @property
    def income(self) -> Array:
        """n: value added + tariff revenue + deficit, which is final expenditure."""
        return self.value_added + self.revenue + self.deficit

    @cached_property
    def shares(self) -> Array:
        """π (s, n, i): share of each seller in the buyer's spending, tariffs included."""
        gross = self.trade if self.tariff is None else self.trade * (1 + self.tariff)
        total = self.spending[:, :, None]
        return np.divide(gross, total, out=np.zeros_like(gross), where=total > 0)

    @cached_property
    def cost_share(self) -> Array:
        """γ with β after it (i, k + 1, s): all costs per unit of output, labour the last input."""
        return np.concatenate([self.gamma, self.beta.T[:, None, :]], axis=1)

    @cached_property
    def use_share(self) -> Array:
        """γ with α after it (n, s, k + 1): spending per unit of output, and of income."""
        return np.concatenate([self.gamma, self.alpha.T[:, :, None]], axis=2)

    def with_behaviour(self, dataset: xr.Dataset) -> Accounts:
        """The same accounts with the elasticities and the labour of ``dataset``."""
        changed = replace(self, **_behaviour(dataset))
        for name in ("shares", "cost_share", "use_share"):
            if name in self.__dict__:
                changed.__dict__[name] = self.__dict__[name]
        return changed

    def published(self) -> Accounts:
        """The same accounts as the published model takes them: mobile labour, unit elasticities."""
        return replace(self, elasticities=None, stuck=np.zeros_like(self.stuck))

    def uses(self) -> Array:
        """s, n: what producers and final buyers spend on each product."""
        intermediate: Array = np.einsum("nks,sn->kn", self.gamma, self.output, optimize=True)
        return intermediate + self.alpha * self.income


def accounts_of(dataset: xr.Dataset) -> Accounts:
    """Take the labels off: return the arrays of a structurally sound dataset."""
    order = ("sector", "destination", "origin")
    trade = _values(dataset, "trade", order)
    tariff = _values(dataset, "tariff", order) if "tariff" in dataset else None
    if tariff is not None and not tariff.any():
        tariff = None
    beta = _values(dataset, "value_added_share", ("sector", "economy"))
    sectors, economies = beta.shape
    gamma = (
        _values(dataset, "input_share", ("economy", "input", "sector"))
        if "input_share" in dataset
        else np.zeros((economies, sectors, sectors))
    )
    gross = trade if tariff is None else trade * (1 + tariff)
    between = trade.sum(axis=0)
    np.fill_diagonal(between, 0.0)
    exports, imports = between.sum(axis=0), between.sum(axis=1)
    output = trade.sum(axis=1)
    return Accounts(
        trade=trade,
        tariff=tariff,
        beta=beta,
        gamma=gamma,
        alpha=_values(dataset, "final_share", ("sector", "economy")),
        spending=gross.sum(axis=2),
        output=output,
        value_added=(beta * output).sum(axis=0),
        revenue=np.zeros(economies) if tariff is None else (gross - trade).sum(axis=(0, 2)),
        exports=exports,
        imports=imports,
        deficit=dataset["deficit"].values.astype(float)
        if "deficit" in dataset
        else imports - exports,
        **_behaviour(dataset),
    )


def _behaviour(dataset: xr.Dataset) -> dict[str, Any]:
    """Elasticities and labour, as fields of the accounts."""
    return {
        "theta": _values(dataset, "trade_elasticity", ("sector",)),
        "stuck": _by_economy(dataset, "labour_fixed") > 0,
        "wage_floor": _by_economy(dataset, "wage_floor"),
        "elasticities": _elasticities(dataset),
    }


def _by_economy(dataset: xr.Dataset, name: str) -> Array:
    """A variable (n), 0 where the world does not have it."""
    if name in dataset:
        return _values(dataset, name, ("economy",))
    return np.zeros(dataset.sizes["economy"])


def _elasticities(dataset: xr.Dataset) -> Elasticities | None:
    sectors, economies = dataset.sizes["sector"], dataset.sizes["economy"]
    names = ("input_elasticity", "critical_input", "final_elasticity")
    if not any(name in dataset for name in names):
        return None

    def given(name: str, order: tuple[str, ...], shape: tuple[int, ...], absent: float) -> Array:
        return _values(dataset, name, order) if name in dataset else np.full(shape, absent)

    return Elasticities(
        given("input_elasticity", ("sector", "economy"), (sectors, economies), 1.0),
        given("critical_input", ("input",), (sectors,), 0.0) > 0,
        given("critical_elasticity", ("economy",), (economies,), 1.0),
        given("final_elasticity", ("economy",), (economies,), 1.0),
    )


def _values(dataset: xr.Dataset, name: str, order: tuple[str, ...]) -> Array:
    values = dataset[name].transpose(*order).values
    return np.ascontiguousarray(values, dtype=float)


def balance_problems(accounts: Accounts, dataset: xr.Dataset, tolerance: float) -> list[Problem]:
    """Name the worst cells where spending and uses differ by more than ``tolerance``.

    The gap is measured against the economy's whole spending.
    """
    uses = accounts.uses()
    gap = np.abs(accounts.spending - uses) / accounts.spending.sum(axis=0)
    bad = np.argwhere(gap > tolerance)
    economies, sectors = dataset["economy"].values, dataset["sector"].values
    worst = sorted((tuple(cell) for cell in bad), key=lambda cell: -gap[cell])[:5]
    return [
        Problem(
            f"accounts, economy {economies[n]}, sector {sectors[s]}",
            f"spending is {accounts.spending[s, n]:.8g}, its uses are {uses[s, n]:.8g} "
            f"({len(bad)} cells are off in all): the data are no equilibrium; "
            "World.equilibrate solves for one, World.rebalanced fits the uses to the trade",
        )
        for s, n in worst
    ]
