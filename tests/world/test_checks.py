"""Every rule that a world obeys, broken one at a time and all at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import world
from tumen.errors import InvalidInput
from tumen.world import World

Broken = Callable[[xr.Dataset], xr.Dataset]


def sound() -> xr.Dataset:
    """Data of a small world with tariffs, given deficits and everything that is optional."""
    base = world(4, 3, seed=2, tariffs=0.2)
    data = base.dataset
    deficit = xr.DataArray(base.accounts.deficit, {"economy": list(base.economies)}, ("economy",))
    return data.assign(
        deficit=deficit,
        remittance=xr.DataArray(
            1.0 - np.eye(4),
            {"origin": list(base.economies), "destination": list(base.economies)},
            ("origin", "destination"),
        ),
        recorded=xr.ones_like(data.trade),
        trade_elasticity_low=data.trade_elasticity / 2,
        trade_elasticity_high=data.trade_elasticity * 2,
    )


def cell(name: str, value: float, **where: str) -> Broken:
    def broken(data: xr.Dataset) -> xr.Dataset:
        array = data[name].copy()
        array.loc[where] = value
        return data.assign({name: array})

    return broken


LINK = {"origin": "e1", "destination": "e2", "sector": "s1"}
CELL = {"economy": "e1", "sector": "s2"}


def without_home(data: xr.Dataset) -> xr.Dataset:
    trade = data.trade.copy()
    trade.loc[{"origin": "e3", "destination": "e3"}] = 0.0
    return data.assign(trade=trade)


def renamed(dim: str, labels: list[str]) -> Broken:
    return lambda data: data.assign_coords({dim: labels})


RULES: list[tuple[str, Broken, str]] = [
    ("nan", cell("trade", np.nan, **LINK), "trade, origin e1, destination e2, sector s1: is nan"),
    ("infinite", cell("tariff", np.inf, **LINK), "is inf, must be a finite number"),
    ("negative flow", cell("trade", -3.0, **LINK), "sector s1: is -3, must not be below 0"),
    ("negative share", cell("input_share", -0.1, economy="e1", input="s0", sector="s1"), "is -0.1"),
    (
        "costs",
        cell("value_added_share", 0.99, **CELL),
        r"value_added_share \+ input_share, economy e1, sector s2: sums",
    ),
    ("final", cell("final_share", 0.9, **CELL), "final_share, economy e1: sums to"),
    ("home", without_home, "trade, economy e3: has no domestic sales"),
    ("elasticity", cell("trade_elasticity", 0.0, sector="s1"), "trade_elasticity, sector s1: is 0"),
    ("low end", cell("trade_elasticity_low", -1.0, sector="s1"), "trade_elasticity_low, sector s1"),
    (
        "per cent",
        lambda d: d.assign(tariff=d.tariff * 100),
        "tariff, destination e0: the median",
    ),
    ("subsidy", cell("tariff", -1.0, **LINK), "is -1, must be above -1"),
    (
        "pay at home",
        cell("remittance", 2.0, origin="e1", destination="e1"),
        "remittance, economy e1: is 2 to itself, must be 0: pay at home is value added",
    ),
    ("recorded", cell("recorded", 1.5, **LINK), "recorded: the highest value is 1.5"),
    ("who pays", lambda d: d.assign(deficit=d.deficit + 0.1), "deficit: deficits sum to 0.4"),
    (
        "deficit",
        lambda d: d.assign(deficit=d.deficit * 1.001),
        "deficit, economy e0: is .*imports minus exports are",
    ),
    ("accounts", cell("trade", 5.0, **LINK), "accounts, economy e2, sector s1: spending is"),
    ("missing", lambda d: d.drop_vars("final_share"), "final_share: is missing"),
    ("unknown", lambda d: d.assign(tarif=d.tariff), r"tarif: .*did you mean \"tariff\""),
    ("dims", lambda d: d.assign(final_share=d.final_share[0]), "final_share: has dims"),
    ("text", lambda d: d.assign(tariff=d.tariff.astype(str)), "tariff: holds values of type <U"),
    ("twice", renamed("economy", ["e0", "e1", "e1", "e3"]), "economy: labels .*more than once: e1"),
    ("numbers", lambda d: d.assign_coords(sector=[1, 2, 3]), "sector: labels must be text"),
    ("blank", renamed("economy", ["e0", "e1", " ", "e3"]), "economy: labels must be text"),
    (
        "no labels",
        lambda d: d.drop_vars("sector"),
        "the coordinate 'sector' with the labels is mis",
    ),
    (
        "order",
        lambda d: d.assign_coords(origin=["e1", "e0", "e2", "e3"]),
        r"trade: the labels of 'origin' are the world's in another order .*reindex\(origin=",
    ),
    (
        "extra label",
        renamed("destination", ["e0", "e1", "e2", "x9"]),
        "not in the world: x9; missing here: e3",
    ),
    ("unlabelled", lambda d: d.drop_vars("input"), "dim 'input' has no labels"),
]


def test_the_sound_data_are_a_world_and_come_back_as_they_were() -> None:
    data = sound()
    assert World(data).dataset.identical(data.astype(float))


@pytest.mark.parametrize(("broken", "message"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_each_rule_is_kept(broken: Broken, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        World(broken(sound()))


def test_all_failures_stand_in_one_error() -> None:
    data = sound()
    for name in ("nan", "elasticity", "home", "final", "per cent"):
        data = {rule[0]: rule[1] for rule in RULES}[name](data)
    with pytest.raises(InvalidInput) as caught:
        World(data)
    text = str(caught.value)
    assert len(caught.value.problems) >= 5
    for part in ("is nan", "trade_elasticity, sector s1", "e3", "final_share", "per cent"):
        assert part in text


def test_the_worst_accounts_are_named_first_and_counted() -> None:
    data = sound()
    trade = data.trade.copy()
    trade.loc[{"origin": "e1", "destination": "e2", "sector": "s1"}] += 0.01
    trade.loc[{"origin": "e1", "destination": "e3", "sector": "s0"}] *= 50
    with pytest.raises(InvalidInput) as caught:
        World(data.assign(trade=trade).drop_vars("deficit"))
    problems = caught.value.problems
    assert problems[0].place == "accounts, economy e3, sector s0"
    assert "World.equilibrate" in problems[0].message
    assert "cells are off in all" in problems[0].message


def test_something_that_is_no_dataset_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is a str, must be an xarray Dataset"):
        World("world.nc")  # type: ignore[arg-type]


def test_optional_variables_may_be_absent() -> None:
    data = world(3, 1, inputs=False, deficits=0).dataset
    lean = data.drop_vars(["deficit", "input_share", "input"], errors="ignore")
    assert World(lean).accounts.gamma.sum() == 0.0
