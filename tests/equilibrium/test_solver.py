"""What the solver accepts: spending has to stand still too, not only prices and balances."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.worlds import world
from tumen import Shock
from tumen.equilibrium.model import step
from tumen.equilibrium.pose import pose
from tumen.equilibrium.solver import _residual


def test_spending_that_still_moves_is_a_residual() -> None:
    question = pose(world(3, 4, seed=2), Shock(), "keep")
    system, start = question.system(), question.start()
    settled = step(system, start)
    nothing = np.zeros_like(start.price)
    assert _residual(settled, nothing) < 1e-9
    moved = step(system, start._replace(expenditure=start.expenditure * np.array([[1.1, 1, 1]])))
    assert moved.spending_residual() > 1e-3
    still = moved._replace(imbalance=np.zeros_like(moved.imbalance))
    assert _residual(still, nothing) == pytest.approx(moved.spending_residual())
