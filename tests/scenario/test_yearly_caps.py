"""A cap is a stock over the calendar year, spread over the months that are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest
import xarray as xr

from tumen.equilibrium import Outcome
from tumen.scenario.yearly_caps import YearlyCaps, binding
from tumen.world import Cap, Shock

SHOCK = Shock(caps=(Cap([("e1", "e0", "s0", 1.0)], limit=120.0, name="oil"),))


@dataclass
class Moved:
    """An outcome as far as caps look at it."""

    shock: Shock
    cap_flow: xr.DataArray


def month(caps: YearlyCaps, name: str, flow: float, shock: Shock = SHOCK) -> float:
    """Let a month pass at a flow (annual rate); return the limit that it had."""
    paced = caps.paced(shock, name)
    flows = np.array([flow] * len(paced.caps))
    caps.count(cast(Outcome, Moved(paced, xr.DataArray(flows, dims=("cap",)))))
    return paced.caps[0].limit if paced.caps else 0.0


def test_a_cap_used_evenly_stays_as_it_is() -> None:
    caps = YearlyCaps()
    for number in range(1, 13):
        assert month(caps, f"2018-{number:02d}", 120.0) == 120.0


def test_what_is_left_over_may_move_later_and_no_more_than_the_year_allows() -> None:
    caps, moved = YearlyCaps(), 0.0
    for number in range(1, 13):
        wanted = 60.0 if number <= 6 else 1000.0
        limit = month(caps, f"2018-{number:02d}", wanted)
        moved += min(wanted, limit) / 12
        if number == 7:
            assert limit == pytest.approx(120 + 60)
    assert moved == pytest.approx(120.0)
    assert month(caps, "2019-01", 0.0) == 120.0  # a new year, a new stock


def test_before_a_cap_began_even_use_is_counted() -> None:
    caps = YearlyCaps()
    assert month(caps, "2017-01", 0.0, Shock()) == 0.0
    assert month(caps, "2017-10", 120.0) == 120.0


def test_a_cap_that_was_used_up_leaves_next_to_nothing() -> None:
    caps = YearlyCaps()
    month(caps, "2018-01", 120.0)
    tight = Shock(caps=(Cap([("e1", "e0", "s0", 1.0)], limit=5.0, name="oil"),))
    assert 0 < month(caps, "2018-02", 0.0, tight) < 1e-4


def test_a_cap_binds_where_the_flow_meets_it() -> None:
    for flow, names in ((120.0, ("oil",)), (119.0, ())):
        outcome = Moved(SHOCK, xr.DataArray(np.array([flow]), dims=("cap",)))
        assert binding(cast(Outcome, outcome)) == names
