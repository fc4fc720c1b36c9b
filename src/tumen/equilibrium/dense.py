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
        """Part link strengths (s, n, i), which are taken over, into foreign and home."""
        diagonal = np.arange(strength.shape[1])
        home = np.ascontiguousarray(strength[:, diagonal, diagonal])
        strength[:, diagonal, diagonal] = 0.0
        if tariff is None:
            return cls(strength, home, None, home)
        home_net = home / (1 + tariff[:, diagonal, diagonal])
        return cls(strength, home, strength / (1 + tariff), home_net)

    def within(self, same: NDArray[np.bool_]) -> DenseFlows:
        """The flows between economies of the same block (n, i)."""
        if not self.foreign[:, ~same].any():
            return self
        net = None if self.foreign_net is None else self.foreign_net * same
        return DenseFlows(self.foreign * same, self.home, net, self.home_net)

    def gross(self) -> Array:
        """All link strengths, home included (s, n, i)."""
        return _joined(self.foreign, self.home)

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

    def worth(self, value: Array) -> Array:
        """Sellers' ``value`` (s, i) of what reaches them, by buyer (s, n): the turned ``sales``."""
        net = self.foreign if self.foreign_net is None else self.foreign_net
        valued: Array = np.matmul(net, value[:, :, None])[:, :, 0]
        return valued

    def pull(self, by_gross: Array, by_net: Array | None) -> Array:
        """Buyers' values of strength, gross and net of tariffs (s, n), by seller (s, i).

        Without tariffs only their sum counts, so that ``by_net`` may be left in ``by_gross``.
        """
        pulled: Array = np.matmul(by_gross[:, None, :], self.foreign)[:, 0, :]
        return pulled if by_net is None else pulled + self.sales(by_net)

    def net(self) -> Array:
        """All link strengths net of tariffs, home included (s, n, i)."""
        return _joined(
            self.foreign if self.foreign_net is None else self.foreign_net, self.home_net
        )


def _joined(foreign: Array, home: Array) -> Array:
    cells = foreign.copy()
    diagonal = np.arange(cells.shape[1])
    cells[:, diagonal, diagonal] = home
    return cells
