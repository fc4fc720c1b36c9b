"""A world and a shock without labels: what changes, from the baseline (0) to the goal (1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Caps
from tumen.equilibrium.closures import Constant, Financed, WithIncome, blockwise, constant
from tumen.equilibrium.dense import DenseFlows
from tumen.equilibrium.labour import Labour
from tumen.equilibrium.model import State, System
from tumen.equilibrium.products import ProductLinks
from tumen.equilibrium.technology import Technology

if TYPE_CHECKING:
    from tumen.world.accounts import Accounts

Array = NDArray[np.float64]

WAGE_DAMPING = 1.0
"""Part of the own-trade step 1/(1 + θ̄) that a wage takes (tried: .6 to 1.2, fewest iterations)."""
FLOOR = 1e-12
"""On the way to a shut link its strength falls to this part of the baseline, then to 0."""


@dataclass(frozen=True, slots=True)
class Question:
    """Baseline accounts, and the new link strengths, tariffs, productivity and deficits."""

    accounts: Accounts
    flows: DenseFlows
    """Link strengths π·φ + ω, tariff changes included."""
    tariff: Array | None
    """s, n, i: τ'."""
    log_productivity: Array
    """s, i."""
    deficit: Array
    """n: D' of a constant closure, and the sign and size that feasibility looks at."""
    closure: WithIncome | Financed | None = None
    """None: ``deficit`` is kept."""
    caps: Caps | None = None
    """Limits on groups of flows."""
    groups: tuple[NDArray[np.intp], ...] | None = None
    """Economies that trade with each other, block by block; None: all with all."""
    products: ProductLinks | None = None
    """Links by product; ``flows`` are then what they come to at unchanged costs."""

    @property
    def active(self) -> NDArray[np.bool_]:
        """s, n: the buyer spends on the product in the baseline."""
        mask: NDArray[np.bool_] = self.accounts.spending > 0
        return mask

    @property
    def block(self) -> NDArray[np.intp]:
        """n: number of the block that an economy belongs to."""
        number = np.zeros(self.deficit.size, dtype=np.intp)
        for index, members in enumerate(self.groups or ()):
            number[members] = index
        return number

    def split(self, groups: Sequence[NDArray[np.intp]]) -> Question:
        """The same question with all links between ``groups`` of economies cut."""
        if len(groups) == 1:
            return self
        parted = replace(self, groups=tuple(groups))
        same = parted.same_block()
        products = None if self.products is None else self.products.within(parted.block)
        return replace(parted, flows=self.flows.within(same), products=products)

    def same_block(self) -> NDArray[np.bool_]:
        """n, i: both economies are in one block."""
        block = self.block
        same: NDArray[np.bool_] = block[:, None] == block[None, :]
        return same

    def start(self) -> State:
        """The baseline as a state: no wage or price has moved."""
        spending = self.accounts.spending
        wedge = np.zeros(0) if self.caps is None else self.caps.floor
        spread = np.zeros((spending.shape[0], int(self.accounts.stuck.sum())))
        return State(np.zeros(self.deficit.size), np.zeros_like(spending), wedge, spread, spending)

    def system(self) -> System:
        """The equations of the goal."""
        closure = self.closure or constant(self.deficit)
        return self._system(self.flows, self.products, self.log_productivity, closure)

    def on_the_way(self, share: float) -> System:
        """The equations at ``share`` of the way, geometric in strengths, linear in the rest."""
        if share >= 1.0:
            return self.system()
        flows, products = self.flows, self.products
        if products is None:
            flows = self._flows_between(share)
        else:
            products = products.between(share, FLOOR).within(self.block)
        first = self._balanced(self.accounts.deficit)
        closure = self.closure or constant(first + share * (self.deficit - first))
        return self._system(flows, products, share * self.log_productivity, closure)

    def _flows_between(self, share: float) -> DenseFlows:
        from_, to = self.accounts.shares * self.same_block(), self.flows.gross()
        closing = np.maximum(to, FLOOR * from_)
        with np.errstate(divide="ignore", invalid="ignore"):
            between = from_ ** (1 - share) * closing**share
        strength = np.where(from_ > 0, between, to * share)
        return DenseFlows.of(strength, self._tariff_between(share))

    def _balanced(self, deficit: Array) -> Array:
        """``deficit`` (n) less each block's sum, in proportion to value added."""
        value_added, block = self.accounts.value_added, self.block
        excess = np.bincount(block, deficit) / np.bincount(block, value_added)
        balanced: Array = deficit - excess[block] * value_added
        return balanced

    def _tariff_between(self, share: float) -> Array | None:
        old, new = self.accounts.tariff, self.tariff
        if old is None and new is None:
            return None
        old = np.zeros_like(self.flows.foreign) if old is None else old
        new = np.zeros_like(self.flows.foreign) if new is None else new
        return old + share * (new - old)

    def _system(
        self,
        flows: DenseFlows,
        products: ProductLinks | None,
        log_productivity: Array,
        closure: Constant | WithIncome | Financed,
    ) -> System:
        accounts = self.accounts
        return System(
            flows=flows,
            minus_theta=-np.repeat(accounts.theta[:, None], accounts.beta.shape[1], axis=1),
            cost_share=accounts.cost_share,
            use_share=accounts.use_share,
            log_productivity=log_productivity if log_productivity.any() else None,
            idle=None if self.active.all() else np.where(self.active, 0.0, 1.0),
            value_added=accounts.value_added,
            deficits=closure if self.groups is None else blockwise(closure, self.groups),
            block=self.block,
            caps=self.caps,
            wage_damping=WAGE_DAMPING / (1 + _own_elasticity(accounts)),
            technology=Technology.of(accounts),
            labour=Labour.of(accounts),
            products=products,
            tariff=self.tariff,
        )


def _own_elasticity(accounts: Accounts) -> Array:
    """θ̄ of every economy, weighted by its own foreign trade (n); the plain mean without any."""
    bought = accounts.spending if accounts.tariff is None else accounts.trade.sum(axis=2)
    weight = accounts.output + bought - 2 * np.einsum("snn->sn", accounts.trade)
    total = weight.sum(axis=0)
    mean = (accounts.theta[:, None] * weight).sum(axis=0)
    trades = total > 1e-12 * accounts.value_added
    plain = np.full_like(total, accounts.theta.mean())
    own: Array = np.divide(mean, total, out=plain, where=trades)
    return own
