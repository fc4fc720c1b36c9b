"""A ban on a share of a target's trade with its benefactor, and others who make up a part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium import Outcome
from tumen.errors import Infeasible, NotConverged
from tumen.lifeline.parting import SUBSTITUTE_PRICE, only_source
from tumen.world import Shock, World

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
Solve = Callable[[Shock, Outcome | None], Outcome]
"""Solves a shock on the world, starting from an outcome that may be near."""


@dataclass(frozen=True)
class Cut:
    """A target, the benefactor whose trade a text bans, and a supplier who steps in.

    Parameters
    ----------
    world
        The baseline.
    target, benefactor, supplier
        Three of its economies.

    Notes
    -----
    A text r bans the share r of the baseline trade between target and benefactor, both ways and in
    every sector alike: φ = 1 − r, as for the coverage of a regime. Where the benefactor is the only
    source of a product, a substitute stays at ``SUBSTITUTE_PRICE``. Support b opens the supplier's
    own sales and purchases in the benefactor's place: ω of a sector is b times the share that the
    benefactor has in the target's purchases, of products that the supplier makes, and b times the
    benefactor's purchases over the supplier's spending. So b = r, at unchanged costs, undoes r.
    """

    world: World
    target: str
    benefactor: str
    supplier: str

    @property
    def trade_musd(self) -> float:
        """Baseline trade of target and benefactor, both ways, million USD a year."""
        n, i = (self.world.economies.index(each) for each in (self.target, self.benefactor))
        trade = self.world.accounts.trade
        return float(trade[:, n, i].sum() + trade[:, i, n].sum())

    def shock(self, text: float, support: float) -> Shock:
        """Return the shock of a text and of support, both shares of the baseline trade."""
        freeness = self._shut.copy(data=np.maximum(1 - text, self._shut.values))
        opening = None if support <= 0 else self._benefactors * support
        return Shock(freeness=freeness, opening=opening)

    @cached_property
    def _benefactors(self) -> xr.DataArray:
        """The benefactor's baseline shares, on the supplier's links with the target: ω of b = 1."""
        accounts, economies = self.world.accounts, self.world.economies
        n, i, k = (economies.index(each) for each in (self.target, self.benefactor, self.supplier))
        opened = np.zeros_like(self._shut.values)
        opened[k, n] = np.where(accounts.output[:, k] > 0, accounts.shares[:, n, i], 0.0)
        bought, spending = accounts.trade[:, i, n], accounts.spending[:, k]
        if accounts.tariff is not None:
            bought = bought * (1 + accounts.tariff[:, k, n])
        opened[n, k] = np.divide(bought, spending, out=np.zeros_like(bought), where=spending > 0)
        return self._shut.copy(data=opened)

    @cached_property
    def _shut(self) -> xr.DataArray:
        """Freeness under a whole ban: 1 elsewhere, 0 between the two but for substitutes."""
        accounts, economies = self.world.accounts, self.world.economies
        count = len(economies)
        values = np.ones((count, count, len(self.world.sectors)))
        ends = [economies.index(each) for each in (self.target, self.benefactor)]
        for n, i in (ends, ends[::-1]):
            only = only_source(accounts.trade[:, n, :], i)
            values[i, n] = np.where(only, SUBSTITUTE_PRICE**-accounts.theta, 0.0)
        return self.world.labelled(values, ("origin", "destination", "sector"))

    def loss(self, outcome: Outcome) -> float:
        """Return the share of real income that the target has lost."""
        return 1 - float(outcome.real_income.sel(economy=self.target))

    def losses(self, texts: Array, parts: Array, solve: Solve) -> Array:
        """Solve on a grid and return the losses, dims text, part of the cut that is made up.

        Raises
        ------
        Infeasible, NotConverged
            With the text and the support named.
        """
        found = np.zeros((texts.size, parts.size))
        near: Outcome | None = None
        for row, text in enumerate(texts.tolist()):
            for column, part in enumerate(parts.tolist()):
                if text == 0:
                    continue
                near = self.solved(text, part * text, solve, near)
                found[row, column] = self.loss(near)
        return found

    def solved(self, text: float, support: float, solve: Solve, near: Outcome | None) -> Outcome:
        """Solve one text and support."""
        try:
            return solve(self.shock(text, support), near)
        except (Infeasible, NotConverged) as error:
            error.add_note(
                f"with {text:.1%} of the trade of {self.target} and {self.benefactor} banned and "
                f"{support:.1%} made up by {self.supplier}"
            )
            raise
