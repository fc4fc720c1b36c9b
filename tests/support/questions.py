"""Random questions: a drawn world, a shock that mixes everything, a closure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from tests.support.worlds import world
from tumen.equilibrium.closures import Closure
from tumen.equilibrium.outcome import Outcome
from tumen.world import Shock, World

SIZES = [(2, 1), (3, 2), (5, 4), (8, 6), (15, 10)]
FREENESS = [0.0, 1e-8, 1e-3, 0.1, 1.0, 3.0]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the engine."""

    world: World
    shock: Shock
    deficits: Closure


def asked(seed: int) -> Asked:
    """Draw a question; the same seed gives the same one."""
    draw = np.random.default_rng(seed)
    economies, sectors = SIZES[draw.integers(5)]
    tariffs = [0.0, 0.3][draw.integers(2)]
    base = world(
        economies,
        sectors,
        seed=int(draw.integers(1000)),
        deficits=[0.0, 0.02, 0.1][draw.integers(3)],
        tariffs=tariffs,
        inputs=bool(draw.integers(4)),
    )
    target = int(draw.integers(economies))
    dims = ("origin", "destination", "sector")
    freeness = xr.DataArray(
        _freeness(draw, economies, sectors, target), {d: base.labels[d] for d in dims}, dims
    )
    closures: tuple[Closure, ...] = ("keep", "income", "zero", "financed")
    closure = closures[draw.integers(4)]
    return Asked(
        base,
        Shock(
            freeness=freeness,
            deficit=_deficit(draw, base) if closure == "keep" and draw.integers(2) else None,
            tariff=base.dataset.tariff * float(draw.choice([0, 0.5, 3])) if tariffs else None,
            productivity=_productivity(draw, base) if not draw.integers(3) else None,
            financing=_financing(draw, base, target) if closure == "financed" else None,
        ),
        closure,
    )


def _freeness(draw: np.random.Generator, economies: int, sectors: int, target: int) -> Array:
    """Every cell at random, one economy cut on one side or both, or single sectors shut."""
    shape = (economies, economies, sectors)
    array = np.ones(shape)
    kind = draw.integers(4)
    if kind == 0:
        array = draw.choice(FREENESS, shape)
    elif kind == 1:
        array[target] = draw.choice(FREENESS)
        array[:, target] = draw.choice(FREENESS)
    elif kind == 2:
        array = array * draw.choice(FREENESS, (economies, economies, 1))
    else:
        array[target] = draw.choice(FREENESS, (economies, sectors))
        array[:, :, draw.integers(sectors)] = draw.choice(FREENESS)
    if draw.integers(4):
        array[np.arange(economies), np.arange(economies)] = 1.0
    return array


def _deficit(draw: np.random.Generator, base: World) -> xr.DataArray:
    value_added = base.accounts.value_added
    deficit = draw.normal(0, 0.02, value_added.size) * value_added
    deficit -= deficit.sum() * value_added / value_added.sum()
    return xr.DataArray(deficit, {"economy": list(base.economies)}, ("economy",))


def _productivity(draw: np.random.Generator, base: World) -> xr.DataArray:
    array: xr.DataArray = base.dataset.value_added_share
    return array.copy(data=np.exp(draw.normal(0, 0.4, array.shape)))


def _financing(draw: np.random.Generator, base: World, target: int) -> xr.Dataset:
    imports = float(base.accounts.imports[target])
    amounts = {
        "income": draw.uniform(-0.2, 0.5) * draw.integers(2),
        "draw_limit": draw.uniform(0, 0.5) * draw.integers(2),
        "desired_imports": draw.uniform(0, 1.2),
    }
    return xr.Dataset(
        {name: ("economy", [imports * share]) for name, share in amounts.items()},
        {"economy": [base.economies[target]]},
    )


def own_imbalances(outcome: Outcome) -> Array:
    """|exports − imports + D'| of every economy over its own trade, from foreign cells alone."""
    foreign = outcome.trade.values.sum(axis=2)
    np.fill_diagonal(foreign, 0.0)
    exports, imports = foreign.sum(axis=1), foreign.sum(axis=0)
    traded = np.maximum(exports, imports)
    scale = np.where(traded > 0, traded, outcome.world.accounts.income)
    imbalance: Array = np.abs(exports - imports + outcome.deficit.values) / scale
    return imbalance
