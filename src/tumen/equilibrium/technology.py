"""Economies of the short run: inputs and final demand with elasticities, wages by sector.

The equations of all other economies are log-linear and stay in one matrix product; these few
are computed apart and put in their places. The elasticity of substitution η applies between the
inputs of a sector, labour among them; critical inputs are replaced by the bundle of all others
with an elasticity of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tumen.world.accounts import Accounts

Array = NDArray[np.float64]
Index = NDArray[np.intp]

UNIT = 1e-9
"""An elasticity closer to one than this is one."""


class Uses(NamedTuple):
    """Costs and shares of some economies (e) at given prices."""

    log_cost: Array
    """s, e: ln ĉ before productivity."""
    cost_share: Array
    """e, k, s: γ' with β' as the last input."""
    final_share: Array
    """s, e: α'."""


@dataclass(frozen=True)
class Technology:
    """Shares and elasticities of some economies (e); labour is the last input (k)."""

    members: Index
    """e: positions among all economies."""
    cost_share: Array
    """e, k, s."""
    final_share: Array
    """s, e."""
    power: Array
    """e, s: 1 − η."""
    critical_power: Array
    """e: 1 − the elasticity between critical inputs and the bundle of all others."""
    critical: NDArray[np.bool_]
    """k: the critical inputs."""
    final_power: Array
    """e: 1 − η of final demand."""

    @classmethod
    def of(cls, accounts: Accounts) -> Technology | None:
        """Take the economies whose elasticities are not one, or where labour cannot move."""
        sectors = accounts.beta.shape[0]
        chosen, elasticities = accounts.stuck, accounts.elasticities
        if elasticities is not None:
            chosen = chosen | elasticities.matter()
        if not chosen.any():
            return None
        members = np.flatnonzero(chosen)
        critical = np.zeros(sectors + 1, dtype=bool)
        power, critical_power = np.zeros((members.size, sectors)), np.zeros(members.size)
        final_power = np.zeros(members.size)
        if elasticities is not None:
            critical[:-1] = elasticities.critical
            power = 1 - elasticities.inputs[:, members].T
            critical_power = 1 - elasticities.critical_inputs[members]
            final_power = 1 - elasticities.final[members]
        return cls(
            members,
            np.ascontiguousarray(accounts.cost_share[members]),
            np.ascontiguousarray(accounts.alpha[:, members]),
            power,
            critical_power,
            critical,
            final_power,
        )

    def uses(self, log_price: Array, log_wage: Array) -> Uses:
        """Return costs and shares at log prices (s, n) and log wages by sector (s, e).

        Notes
        -----
        ĉ^(1−η) = β ŵ^(1−η) + Σ_k γ_k P̂_k^(1−η), β' = β (ŵ/ĉ)^(1−η), γ' = γ (P̂_k/ĉ)^(1−η); with
        critical inputs the bundle V of the others has the elasticity η, and ĉ^(1−η_c) =
        Σ_critical γ_k P̂_k^(1−η_c) + (1 − Σ_critical γ) V̂^(1−η_c).
        """
        bought = log_price[:, self.members].T
        inputs = np.empty(self.cost_share.shape)
        inputs[:, :-1] = bought[:, :, None]
        inputs[:, -1] = log_wage.T
        log_cost, share = self._bundle.composed(inputs)
        if self._with_critical is not None:
            log_cost, share = self._joined(self._with_critical, inputs, log_cost, share)
        return Uses(log_cost.T, share, self._final.composed(bought[:, :, None])[1][:, :, 0].T)

    def _joined(
        self, whole: _Composite, inputs: Array, bundle: Array, share: Array
    ) -> tuple[Array, Array]:
        """Ln ĉ (e, s) and shares (e, k, s) once critical inputs join the bundle of the others."""
        prices = np.concatenate([inputs[:, self.critical], bundle[:, None]], axis=1)
        log_cost, parts = whole.composed(prices)
        rest = whole.weight[:, -1]
        share *= np.divide(parts[:, -1], rest, out=np.ones_like(rest), where=rest > 0)[:, None]
        share[:, self.critical] = parts[:, :-1]
        return log_cost, share

    @cached_property
    def _bundle(self) -> _Composite:
        """Inputs that replace one another; critical ones are left out."""
        weight = np.where(self.critical[None, :, None], 0.0, self.cost_share)
        return _Composite.of(weight, self.power)

    @cached_property
    def _with_critical(self) -> _Composite | None:
        """Critical inputs beside the bundle, which is the last; None without any."""
        if not self.critical.any():
            return None
        rest = self._bundle.weight.sum(axis=1, keepdims=True)
        weight = np.concatenate([self.cost_share[:, self.critical], rest], axis=1)
        return _Composite.of(
            weight, np.broadcast_to(self.critical_power[:, None], rest[:, 0].shape)
        )

    @cached_property
    def _final(self) -> _Composite:
        return _Composite.of(self.final_share.T[:, :, None], self.final_power[:, None])

    def pulled(self, uses: Uses, by_uses: Uses) -> tuple[Array, Array]:
        """Turn derivatives by ``uses`` into those by log prices (s, e) and log wages (s, e).

        Notes
        -----
        d ln ĉ = Σ_k γ'_k dx_k, x log prices of inputs; the bundle V likewise with the shares of
        the others in it; d ln γ'_k = (1 − η)(dx_k − d ln V) + (1 − η_c)(d ln V − d ln ĉ), and
        (1 − η_c)(dx_k − d ln ĉ) for a critical input.
        """
        share, scarce = uses.cost_share, self.critical[None, :, None]
        by_share = by_uses.cost_share * share  # by its log
        common = np.where(scarce, 0.0, share)
        by_common = np.where(scarce, 0.0, by_share)
        power, critical_power = self.power[:, None], self.critical_power[:, None, None]
        moved = by_common.sum(axis=1, keepdims=True)
        by_bundle = (critical_power - power) * moved
        by_cost = by_uses.log_cost.T[:, None] - critical_power * by_share.sum(axis=1, keepdims=True)
        by_input = np.where(scarce, critical_power * by_share, power * by_common)
        by_input += _parts(common) * by_bundle + _parts(share) * by_cost
        final = uses.final_share
        by_final = by_uses.final_share * final
        by_final -= _parts(final.T[:, :, None])[:, :, 0].T * by_final.sum(axis=0)
        return by_input[:, :-1].sum(axis=2).T + self.final_power * by_final, by_input[:, -1].T


def _parts(share: Array) -> Array:
    """Parts of the whole along k (e, k, s); 0 where there is none."""
    total = share.sum(axis=1, keepdims=True)
    parts: Array = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    return parts


@dataclass(frozen=True, slots=True)
class _Composite:
    """A CES composite of parts with given weights, and all that prices do not change in it."""

    weight: Array
    """e, k, s: need not sum to one; a column without any has the log 0."""
    power: Array
    """e, s: p; 0 is the geometric mean."""
    total: Array
    """e, s: Σ_k w_k; 1 where it is 0."""
    geometric: NDArray[np.bool_] | None
    """e, s: where p counts as 0; None: nowhere."""

    @classmethod
    def of(cls, weight: Array, power: Array) -> _Composite:
        """Take weights (e, k, s) and powers (e, s)."""
        weight, total = np.ascontiguousarray(weight), weight.sum(axis=1)
        geometric = np.abs(power) < UNIT
        return cls(
            weight,
            np.where(geometric, 1.0, power),
            np.where(total > 0, total, 1.0),
            geometric if geometric.any() else None,
        )

    def composed(self, log_value: Array) -> tuple[Array, Array]:
        """Return the log of the composite (e, s) and what each part has of it (e, k, s).

        Notes
        -----
        V^p = Σ_k w_k P_k^p / Σ w, and the parts w_k (P_k/V)^p.
        """
        if self.geometric is not None:
            power = np.where(self.geometric, 0.0, self.power)
        else:
            power = self.power
        # expm1 and log1p: an elasticity next to one must not drown in rounding.
        parts = np.expm1(power[:, None] * log_value)
        growth = np.einsum("eks,eks->es", self.weight, parts) / self.total
        parts += 1
        parts *= self.weight
        parts /= (1 + growth)[:, None]
        log_composite = np.log1p(growth) / self.power
        if self.geometric is not None:
            mean = np.einsum("eks,eks->es", self.weight, log_value) / self.total
            log_composite = np.where(self.geometric, mean, log_composite)
        return log_composite, parts


def log_mean(weight: Array, log_value: Array, power: Array) -> Array:
    """Return the log of the power mean of values (e, k, s) along k; power 0 is the geometric one.

    Weights need not sum to one; a column without weight gives 0.
    """
    return _Composite.of(weight, power).composed(log_value)[0]
