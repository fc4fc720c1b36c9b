"""Merging economies and sectors."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import world
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.world import World

BASE = world(6, 4, seed=3, tariffs=0.3)
WEST = {"e0": "west", "e2": "west"}
GOODS = {"s1": "goods", "s2": "goods"}


def merged() -> World:
    return BASE.aggregated(economies=WEST, sectors=GOODS)


def test_labels_keep_the_order_of_first_appearance() -> None:
    assert merged().economies == ("west", "e1", "e3", "e4", "e5")
    assert merged().sectors == ("s0", "goods", "s3")


def test_money_is_preserved() -> None:
    old, new = BASE.accounts, merged().accounts
    for name in ("trade", "value_added", "revenue", "output", "spending"):
        total = float(getattr(old, name).sum())
        assert float(getattr(new, name).sum()) == pytest.approx(total, rel=1e-12), name
    assert new.value_added[0] == pytest.approx(old.value_added[0] + old.value_added[2], rel=1e-12)
    assert new.deficit[0] == pytest.approx(old.deficit[0] + old.deficit[2], rel=1e-9)
    inside = float(BASE.dataset.trade.sel(origin=list(WEST), destination=list(WEST)).sum())
    home = float(merged().dataset.trade.sel(origin="west", destination="west").sum())
    assert home == pytest.approx(inside, rel=1e-12)


def test_the_merged_world_is_its_own_fixed_point() -> None:
    outcome = solve(merged())
    np.testing.assert_allclose(outcome.real_income, 1, atol=1e-9)
    np.testing.assert_allclose(outcome.trade, merged().dataset.trade, rtol=1e-8)


def test_elasticities_are_averages_by_foreign_trade() -> None:
    theta = BASE.dataset.trade_elasticity.values
    trade = BASE.accounts.trade[1:3]
    foreign = trade.sum(axis=(1, 2)) - np.einsum("snn->s", trade)
    expected = float((theta[1:3] * foreign).sum() / foreign.sum())
    assert float(merged().dataset.trade_elasticity[1]) == pytest.approx(expected, rel=1e-12)


def test_everything_in_one_sector_or_one_economy_is_still_balanced() -> None:
    one_sector = BASE.aggregated(sectors=dict.fromkeys(BASE.sectors, "all"))
    assert one_sector.sectors == ("all",)
    np.testing.assert_allclose(one_sector.accounts.value_added, BASE.accounts.value_added)
    one_economy = BASE.aggregated(economies=dict.fromkeys(BASE.economies, "all"))
    assert float(one_economy.accounts.exports.sum()) == 0.0
    np.testing.assert_allclose(solve(one_economy).real_income, 1, atol=1e-9)


def test_recorded_shares_are_averaged_by_value() -> None:
    recorded = BASE.dataset.trade * 0 + 1.0
    recorded.loc[{"origin": "e0", "destination": "e1", "sector": "s0"}] = 0.0
    new = World(BASE.dataset.assign(recorded=recorded)).aggregated(economies=WEST).dataset
    trade = BASE.dataset.trade.sel(origin=list(WEST), destination="e1", sector="s0").values
    seen = float(new.recorded.sel(origin="west", destination="e1", sector="s0"))
    assert seen == pytest.approx(float(trade[1] / trade.sum()), rel=1e-12)


def test_pay_of_workers_adds_up_and_pay_within_the_new_economy_is_none() -> None:
    base = world(4, 2, seed=1)
    labels = {"origin": list(base.economies), "destination": list(base.economies)}
    sent = np.arange(16.0).reshape(4, 4) * (1 - np.eye(4))
    paid = World(base.dataset.assign(remittance=xr.DataArray(sent, labels, tuple(labels))))
    merged = paid.aggregated(economies={"e0": "both", "e2": "both"})
    assert merged.economies == ("both", "e1", "e3")
    expected = [[0, sent[0, 1] + sent[2, 1], sent[0, 3] + sent[2, 3]]]
    expected += [[sent[1, 0] + sent[1, 2], 0, sent[1, 3]], [sent[3, 0] + sent[3, 2], sent[3, 1], 0]]
    np.testing.assert_array_equal(merged.remittances, expected)
    assert base.remittances.sum() == 0


def test_unknown_labels_are_named_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match=r'economy E0: is not in the world; did you mean "e0"'):
        BASE.aggregated(economies={"E0": "west"})
    with pytest.raises(InvalidInput, match="sector x: is not in the world"):
        BASE.aggregated(sectors={"x": "goods"})
