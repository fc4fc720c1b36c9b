"""The dense kernel: every bilateral flow of every sector in one array.

Home sales stay apart from foreign ones, so that the trade of a nearly isolated
economy is a sum over foreign cells and never a small difference of large numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DenseFlows:
    """Link strengths π·φ + ω by sector, buyer and seller (s, n, i)."""

    foreign: Array
    """s, n, i; zero on the diagonal; weights in the buyer's spending, tariffs included."""
    home: Array
    """s, n: the diagonal."""
    foreign_net: Array | None
    """``foreign`` / (1 + τ'), what the seller receives; None where no tariff is levied."""
    home_net: Array
    """s, n: ``home`` / (1 + τ')."""

    @classmethod
    def of(cls, strength: Array, tariff: Array | None) -> DenseFlows:
        """Split link strengths (s, n, i) into foreign and home parts."""
        diagonal = np.arange(strength.shape[1])
        home = np.ascontiguousarray(strength[:, diagonal, diagonal])
        foreign = strength.copy()
        foreign[:, diagonal, diagonal] = 0.0
        if tariff is None:
            return cls(foreign, home, None, home)
        return cls(
            foreign, home, foreign / (1 + tariff), home / (1 + tariff[:, diagonal, diagonal])
        )

    def appeal(self, strength: Array) -> tuple[Array, Array]:
        """Φ from abroad (s, n) of sellers' ``strength`` c^(−θ) (s, i), gross and net of tariffs."""
        gross = np.matmul(self.foreign, strength[:, :, None])[:, :, 0]
        if self.foreign_net is None:
            return gross, gross
        return gross, np.matmul(self.foreign_net, strength[:, :, None])[:, :, 0]

    def sales(self, demand: Array) -> Array:
        """Foreign demand X/Φ (s, n) that reaches each seller (s, i), net of tariffs."""
        net = self.foreign if self.foreign_net is None else self.foreign_net
        reached: Array = np.matmul(demand[:, None, :], net)[:, 0, :]
        return reached

    def cells(self) -> Array:
        """All link strengths net of tariffs, home included (s, n, i)."""
        net = (self.foreign if self.foreign_net is None else self.foreign_net).copy()
        diagonal = np.arange(net.shape[1])
        net[:, diagonal, diagonal] = self.home_net
        return net

    def products(self) -> int:
        """Number of products with a flow array in one iteration."""
        return 2 if self.foreign_net is None else 3
