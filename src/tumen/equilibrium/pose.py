"""World + Shock → Question: the labels come off here and go back on in the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Caps
from tumen.equilibrium.closures import Closure, Financed, WithIncome
from tumen.equilibrium.dense import DenseFlows
from tumen.equilibrium.links import in_circles, open_links
from tumen.equilibrium.products import ProductLinks
from tumen.equilibrium.question import Question
from tumen.errors import Infeasible, InvalidInput, Problem
from tumen.world.shock import FINANCING, LEAST_DRAW

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.product_world import ProductWorld
    from tumen.world.shock import Shock
    from tumen.world.world import World

Array = NDArray[np.float64]


def pose(world: World, shock: Shock, deficits: Closure) -> Question:
    """Return what ``shock`` asks of ``world``, which fit each other, as arrays.

    Raises
    ------
    InvalidInput
        For an opening of a product that its seller does not make or its buyer never uses.
    """
    accounts = world.accounts
    if shock.opening is not None:
        _refuse_impossible(world, _links(shock.opening))
    tariff = accounts.tariff
    strength = _with_freeness(world, shock)
    if shock.tariff is not None:
        tariff = np.broadcast_to(_links(shock.tariff), strength.shape)
        strength *= _tariff_effect(world, shock.tariff)
    if shock.opening is not None:
        strength += _links(shock.opening)
    flows = DenseFlows.of(strength, tariff)
    deficit, closure = _deficits(world, shock, deficits, flows.foreign)
    caps = Caps.of(world, shock.caps, shock.wedges)
    productivity = _log_productivity(world, shock)
    return Question(accounts, flows, tariff, productivity, deficit, closure, caps)


def pose_products(world: ProductWorld, shock: Shock, deficits: Closure) -> Question:
    """Return what ``shock`` asks of a world by product, as arrays.

    Raises
    ------
    Infeasible
        If a buyer is left without any source of a product that nothing replaces.
    """
    whole, cells = world.world, world.cells
    freeness = None
    if shock.product_freeness is not None:
        freeness = shock.product_freeness.factors(world)
    if shock.freeness is not None:
        by_link = np.broadcast_to(_links(shock.freeness), whole.accounts.trade.shape)
        own = cells.by_cell(by_link)
        freeness = own if freeness is None else freeness * own
    links = ProductLinks.of(world, freeness)
    problems = links.problems()
    if problems:
        raise Infeasible(problems)
    shares, _ = links.read(np.zeros_like(whole.accounts.beta))
    tariff = whole.accounts.tariff
    flows = DenseFlows.of(shares, tariff)
    deficit, closure = _deficits(whole, shock, deficits, flows.foreign)
    productivity = _log_productivity(whole, shock)
    return Question(whole.accounts, flows, tariff, productivity, deficit, closure, products=links)


def _log_productivity(world: World, shock: Shock) -> Array:
    """Ln Â (s, i)."""
    none = np.zeros_like(world.accounts.beta)
    return none if shock.productivity is None else none + np.log(_cells(shock.productivity))


def link_freeness(world: World, shock: Shock) -> Array:
    """Return π·φ + ω (s, n, i), without the effect of tariffs."""
    freeness = _with_freeness(world, shock)
    return freeness if shock.opening is None else freeness + _links(shock.opening)


class Slopes(NamedTuple):
    """Derivatives of the strength of links (s, n, i)."""

    freeness: Array
    tariff: Array


def slopes(world: World, shock: Shock) -> Slopes:
    """Return what a link's strength gains by the levels of φ and τ', also where φ is 0."""
    accounts, strength = world.accounts, _with_freeness(world, shock)
    theta = accounts.theta[:, None, None]
    if shock.tariff is None:
        rise = -theta if accounts.tariff is None else -theta / (1 + accounts.tariff)
        return Slopes(accounts.shares, strength * rise)
    effect = _tariff_effect(world, shock.tariff)
    return Slopes(
        accounts.shares * effect, strength * effect * (-theta / (1 + _links(shock.tariff)))
    )


def _tariff_effect(world: World, tariff: xr.DataArray) -> Array:
    """((1 + τ') / (1 + τ))^(−θ), of shape (s, n, i) or what broadcasts to it."""
    accounts = world.accounts
    old = 0.0 if accounts.tariff is None else accounts.tariff
    effect: Array = ((1 + _links(tariff)) / (1 + old)) ** -accounts.theta[:, None, None]
    return effect


def _with_freeness(world: World, shock: Shock) -> Array:
    """π·φ (s, n, i), a fresh array."""
    shares = world.accounts.shares
    return shares.copy() if shock.freeness is None else shares * _links(shock.freeness)


def _links(array: xr.DataArray) -> Array:
    """Values as (s, n, i), size 1 along a missing dim."""
    for dim in ("sector", "destination", "origin"):
        if dim not in array.dims:
            array = array.expand_dims(dim)
    return np.asarray(array.transpose("sector", "destination", "origin").values, dtype=float)


def _cells(array: xr.DataArray) -> Array:
    """Values as (s, i), size 1 along a missing dim."""
    for dim in ("sector", "economy"):
        if dim not in array.dims:
            array = array.expand_dims(dim)
    return np.asarray(array.transpose("sector", "economy").values, dtype=float)


def _refuse_impossible(world: World, opening: Array) -> None:
    """Refuse links whose seller does not make, or whose buyer does not use, the product."""
    accounts = world.accounts
    unmade = (opening > 0) & (accounts.output <= 0)[:, None, :]
    unused = (opening > 0) & (accounts.spending <= 0)[:, :, None]
    problems = [
        Problem(
            f"opening, {world.economies[i]} to {world.economies[n]}, sector {world.sectors[s]}",
            "the seller does not make the product; give it an output first"
            if unmade[s, n, i]
            else "the buyer never uses the product",
        )
        for s, n, i in np.argwhere(unmade | unused)[:10]
    ]
    if problems:
        raise InvalidInput(problems, "solve")


def _deficits(
    world: World, shock: Shock, deficits: Closure, strength: Array
) -> tuple[Array, WithIncome | Financed | None]:
    """D' that feasibility looks at, and the closure where it is not constant."""
    accounts = world.accounts
    baseline = accounts.deficit
    if deficits == "zero":
        return np.zeros_like(baseline), None
    if deficits == "income":
        return baseline, WithIncome(baseline)
    if shock.financing is not None:
        labels = [str(label) for label in shock.financing["economy"].values]
        members = np.array([world.economies.index(label) for label in labels], dtype=np.intp)
        income, limit, wanted = (shock.financing[n].values.astype(float) for n in FINANCING)
        given = baseline if shock.deficit is None else shock.deficit.values.astype(float)
        least = shock.financing.get(LEAST_DRAW)
        saved = np.zeros(members.size) if least is None else least.values.astype(float)
        closure = Financed(given, accounts.value_added, members, income, limit, wanted, saved)
        # Who can only buy or only sell earns nothing by exports and draws accordingly.
        sells = in_circles(open_links(strength, accounts.spending > 0))
        exports = np.where(sells, accounts.exports, 0.0)
        return closure(np.zeros_like(baseline), exports, accounts.imports), closure
    return (baseline if shock.deficit is None else shock.deficit.values.astype(float)), None
