"""Two economies that stop trading with each other, and what that costs both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium import Outcome, solve
from tumen.errors import Infeasible, NotConverged
from tumen.world import Shock, World

if TYPE_CHECKING:
    import xarray as xr

    from tumen.equilibrium.closures import Closure

SUBSTITUTE_PRICE = 10.0
"""Price ratio at which a product without any other source can still be had; judgement."""


@dataclass(frozen=True, slots=True)
class Parting:
    """What is left when two economies part."""

    outcome: Outcome | None
    """None: no solution; ``problem`` says why."""
    substitutes: dict[str, tuple[str, ...]]
    """Economy → sectors that only the other one supplied."""
    problem: str = ""

    def income_loss_pct(self, economy: str) -> float | None:
        """Real income that an economy loses, per cent; None without a solution."""
        if self.outcome is None:
            return None
        return 100 * (1 - float(self.outcome.real_income.sel(economy=economy)))


def part(
    world: World,
    first: str,
    second: str,
    deficits: Closure = "keep",
    substitute_price: float = SUBSTITUTE_PRICE,
) -> Parting:
    """Shut all trade and pay of workers between two economies, both ways, and solve.

    Parameters
    ----------
    world
        The baseline.
    first, second
        Two of its economies.
    deficits
        The closure; pay of workers ends under "keep", where deficits are sums of dollars.
    substitute_price
        Where one of them has no other source of a product, home sales included, a substitute
        stays at this ratio of the old price.

    Examples
    --------
    >>> import tumen
    >>> parted = part(tumen.load_world(), "PRK", "CHN")
    >>> parted.substitutes["PRK"], 4 < parted.income_loss_pct("PRK") < 8
    (('B06',), True)
    """
    freeness, substitutes = _parted_links(world, first, second, substitute_price)
    try:
        shock = Shock(freeness=freeness, deficit=_unpaid(world, first, second, deficits))
        return Parting(solve(world, shock, deficits), substitutes)
    except (Infeasible, NotConverged) as error:
        return Parting(None, substitutes, str(error))


def _unpaid(world: World, first: str, second: str, deficits: Closure) -> xr.DataArray | None:
    """D' without the pay that workers in the one send to the other; None where there is none."""
    ends = [world.economies.index(name) for name in (first, second)]
    between = world.remittances[np.ix_(ends, ends)]
    if deficits != "keep" or not between.any():
        return None
    left = np.array(world.accounts.deficit)
    left[ends] += between.sum(axis=1) - between.sum(axis=0)
    return world.labelled(left, ("economy",))


def _parted_links(
    world: World, first: str, second: str, substitute_price: float
) -> tuple[xr.DataArray, dict[str, tuple[str, ...]]]:

    ends = {name: world.economies.index(name) for name in (first, second)}
    accounts = world.accounts
    count = len(world.economies)
    values = np.ones((len(world.sectors), count, count))
    substitutes = {}
    for buyer, seller in ((first, second), (second, first)):
        n, i = ends[buyer], ends[seller]
        only = only_source(accounts.trade[:, n, :], i)
        values[:, n, i] = np.where(only, substitute_price**-accounts.theta, 0.0)
        substitutes[buyer] = tuple(world.sectors[s] for s in np.flatnonzero(only))
    links = world.labelled(values.transpose(2, 1, 0), ("origin", "destination", "sector"))
    return links, substitutes


def only_source(purchases: NDArray[np.float64], seller: int) -> NDArray[np.bool_]:
    """Tell which products (s) a buyer gets from one seller alone.

    Parameters
    ----------
    purchases
        (s, i): the buyer's purchases by seller, home sales included.
    seller
        Position of the seller.
    """
    others = purchases.copy()
    others[:, seller] = 0.0
    alone: NDArray[np.bool_] = (purchases[:, seller] > 0) & ~(others > 0).any(axis=1)
    return alone
