"""Duties of the law on the target's open trade, legal or banned and not stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.evasion import Duty, joint_tariff, with_duties
from tumen.evidence.quantity import Level
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.target_law import coverage_of_target, duties_of_target

if TYPE_CHECKING:
    from tumen.world import World

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LawDuties:
    """What duties the target's flows (direction, partner, sector) owe, and how they react."""

    legal: tuple[Duty, ...]
    """On parts of what is not banned."""
    banned: tuple[Duty, ...]
    """On parts of what is."""
    theta: Array
    tariff: Array
    """τ of the baseline."""

    @classmethod
    def of(
        cls, scenario: Scenario, world: World, law: LawSetting | None, level: Level
    ) -> LawDuties:
        """Read them off the law of a scenario."""
        found = duties_of_target(scenario, world, law, level)
        banned = coverage_of_target(scenario, world, law, level)
        return cls(
            tuple(Duty(rate, _part(free, 1 - banned)) for rate, free, _ in found),
            tuple(Duty(rate, _part(shut, banned)) for rate, _, shut in found),
            world.accounts.theta,
            _tariff(scenario, world, banned.shape),
        )

    def on_legal(self, strength: Array, hiding: Array) -> tuple[Array, Array]:
        """Return strength and revenue of what is not banned; see :func:`with_duties`."""
        return with_duties(strength, self.legal, self.theta, self.tariff, hiding)

    def on_unenforced(self, strength: Array, hiding: Array) -> tuple[Array, Array]:
        """Return strength and revenue of what is banned and passes customs all the same."""
        return with_duties(strength, self.banned, self.theta, self.tariff, hiding)


def _part(share: Array, whole: Array) -> Array:
    part: Array = np.divide(share, whole, out=np.zeros_like(share), where=share > 0)
    return np.minimum(part, 1.0)


def _tariff(scenario: Scenario, world: World, shape: tuple[int, ...]) -> Array:
    own = world.accounts.tariff
    if own is None:
        return np.zeros(shape)
    target = world.economies.index(scenario.target)
    return np.stack([own[:, :, target].T, own[:, target, :].T])


def with_one_rate(
    world: World, strength: Array, revenue: Array, opening: Array
) -> tuple[Array, Array]:
    """Return (freeness, tariff) of links that keep a strength and bring in a revenue.

    Parameters
    ----------
    strength
        φ with the effect of duties (origin, destination, sector).
    revenue
        Beyond that of the baseline's tariffs, per unit of baseline spending on the link.
    opening
        ω of the same links.

    Notes
    -----
    The engine takes one rate for a link and puts ((1 + τ')/(1 + τ))^(−θ) on its freeness itself.
    """
    shares = world.accounts.shares.transpose(2, 1, 0)
    own = world.accounts.tariff
    old = np.zeros_like(strength) if own is None else own.transpose(2, 1, 0)
    new = joint_tariff(shares * strength + opening, shares * revenue, old)
    levied = np.nonzero(new != old)
    freeness = strength.copy()
    freeness[levied] *= ((1 + new[levied]) / (1 + old[levied])) ** world.accounts.theta[levied[2]]
    return freeness, new
