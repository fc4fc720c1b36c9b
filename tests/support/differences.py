"""Central differences of a scalar of an outcome, to hold gradients against."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from tests.support.questions import Asked, asked
from tumen.equilibrium import solve
from tumen.equilibrium.outcome import Outcome
from tumen.world import Cap, Shock, Wedge, World
from tumen.world.short_run import with_elasticities, with_labour

Array = NDArray[np.float64]
LINK = ("origin", "destination", "sector")
TIGHT = 1e-12


def everything(seed: int) -> Asked:
    """A drawn question with caps, wedges, openings, duties, stiff inputs and stuck workers."""
    question, draw = asked(seed), np.random.default_rng(seed + 7)
    world, shock = question.world, question.shock
    if draw.integers(2):
        names = list(world.economies)[: 1 + seed % 3]
        world = with_labour(world, ("mobile", "fixed", "idle")[draw.integers(3)], names)
        critical = [world.sectors[0]] if draw.integers(2) else []
        world = with_elasticities(world, 0.5, 0.9, critical, 0.2, names)
    if shock.tariff is None and draw.integers(2):
        rates = draw.uniform(0, 0.2, world.dataset.trade.shape)
        shock = replace(shock, tariff=labelled(world, rates))
    if draw.integers(2) and len(world.economies) > 2:
        caps = [_cap(world, draw, world.economies[n]) for n in range(draw.integers(1, 3))]
        covered = (world.economies[0], world.economies[-1], world.sectors[-1], 0.4)
        shock = replace(shock, caps=caps, wedges=[Wedge([covered], 1.2)])
    if not draw.integers(3):
        opening = labelled(world, np.zeros(world.dataset.trade.shape))
        opening[0, 1, 0] = 0.05
        shock = replace(shock, opening=opening)
    return Asked(world, shock, question.deficits)


def _cap(world: World, draw: np.random.Generator, buyer: str) -> Cap:
    """A limit on some of what ``buyer`` buys of one product; one in three of them leaks."""
    sector = world.sectors[draw.integers(len(world.sectors))]
    sellers = [name for name in world.economies if name != buyer][:3]
    flows = [(name, buyer, sector, float(draw.uniform(0.3, 0.9))) for name in sellers]
    trade = world.dataset.trade.sel(destination=buyer, sector=sector)
    total = sum(share * float(trade.sel(origin=name)) for name, _, _, share in flows)
    units = 2.0 if draw.integers(2) else None
    leaks = not draw.integers(3)
    return Cap(
        flows,
        float(draw.uniform(0.1, 0.8)) * total * (units or 1.0),
        "value" if units is None else "quantity",
        units,
        max_wedge=1.15 if leaks else None,
        rent=("destination", "origin", world.economies[-1])[draw.integers(3)],
        smuggled_wedge=1.05 if leaks else None,
        smuggled_rent=world.economies[-1] if leaks else "",
    )


def labelled(world: World, values: Array) -> xr.DataArray:
    """Values (origin, destination, sector) with the world's labels."""
    return xr.DataArray(values, {dim: world.labels[dim] for dim in LINK}, LINK)


def mixed(world: World, seed: int) -> xr.Dataset:
    """Partial derivatives of an objective that looks at all it may look at."""
    draw, shape = np.random.default_rng(seed), world.dataset.trade.shape
    scale = 0.05 / float(world.dataset.trade.mean())
    cells = (len(world.economies), len(world.sectors))
    return xr.Dataset(
        {
            "real_income": (("economy",), draw.normal(size=cells[0])),
            "trade": (LINK, draw.normal(size=shape) * scale),
            "price": (("economy", "sector"), draw.normal(size=cells) / 10),
        },
        {dim: world.labels[dim] for dim in (*LINK, "economy")},
    )


def value(outcome: Outcome, objective: xr.Dataset) -> float:
    """The objective, up to a constant, where it is linear in what it looks at."""
    parts = (getattr(outcome, str(name)) * objective[name] for name in objective)
    return sum(float(part.sum()) for part in parts)


@dataclass(frozen=True)
class Direction:
    """A change of everything that a gradient knows of."""

    freeness: xr.DataArray
    tariff: xr.DataArray
    deficit: xr.DataArray
    productivity: xr.DataArray

    @classmethod
    def drawn(cls, outcome: Outcome, found: xr.Dataset, seed: int) -> Direction:
        """Draw one in proportion to levels, nothing where the gradient is missing.

        Under "income" no deficit can be given.
        """
        draw, block = np.random.default_rng(seed), outcome.solution.block
        money = 0.01 * outcome.world.accounts.exports * draw.normal(size=block.size)
        money = np.where(found.deficit.isnull() | (outcome.deficits == "income"), 0.0, money)
        money -= (np.bincount(block, money) / np.bincount(block))[block]

        def changes(name: str, scale: float) -> xr.DataArray:
            drawn = found[name].copy(data=scale * draw.normal(size=found[name].shape))
            return drawn.where(found[name].notnull(), 0.0)

        return cls(
            changes("freeness", 1.0) * _levels(outcome)["freeness"],
            changes("tariff", 0.1),
            found.deficit.copy(data=money),
            changes("productivity", 0.3),
        )

    def slope(self, found: xr.Dataset) -> float:
        """What the gradient says of this direction."""
        return sum(float((found[name] * getattr(self, name)).sum()) for name in PARTS)

    def shock(self, outcome: Outcome, step: float) -> Shock:
        """The shock of ``outcome`` moved that far; what members of "financed" get is income."""
        levels = _levels(outcome)
        moved = {name: levels[name] + step * getattr(self, name) for name in PARTS}
        shock, financing = outcome.shock, outcome.shock.financing
        if outcome.deficits == "income":
            del moved["deficit"]
        if financing is not None:
            extra = step * self.deficit.sel(economy=financing.economy)
            financing = financing.assign(income=financing.income + extra)
        return replace(shock, financing=financing, **moved)


PARTS = ("freeness", "tariff", "deficit", "productivity")


def _levels(outcome: Outcome) -> dict[str, xr.DataArray]:
    world, shock = outcome.world, outcome.shock
    data, labels = world.dataset, {"economy": world.labels["economy"]}
    one = labelled(world, np.ones(data.trade.shape))
    plain = data.tariff if "tariff" in data else 0 * one
    deficit = xr.DataArray(world.accounts.deficit, labels, ("economy",))
    productivity = xr.ones_like(data.value_added_share)
    return {
        "freeness": one if shock.freeness is None else one * shock.freeness,
        "tariff": one * (plain if shock.tariff is None else shock.tariff),
        "deficit": deficit if shock.deficit is None else shock.deficit,
        "productivity": productivity * (1 if shock.productivity is None else shock.productivity),
    }


def central(outcome: Outcome, objective: xr.Dataset, direction: Direction, step: float) -> float:
    """Difference of the objective both ways over twice the step."""
    # The baseline without deficits takes given ones like any other.
    closure = "keep" if outcome.deficits == "zero" else outcome.deficits
    up, down = (
        solve(outcome.world, direction.shock(outcome, way), closure, TIGHT, start=outcome)
        for way in (step, -step)
    )
    return (value(up, objective) - value(down, objective)) / (2 * step)
