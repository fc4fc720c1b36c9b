"""A world by product: against the model by sector, and its equations one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.products import LINK, by_economy, fine_world, shock_of, trade_of, unfolded
from tests.support.questions import own_imbalances
from tests.support.worlds import world
from tumen.equilibrium import Outcome, ProductOutcome, solve, solver
from tumen.equilibrium.closures import Closure
from tumen.errors import Infeasible, InvalidInput
from tumen.world import Cap, ProductWorld, Shock
from tumen.world.short_run import with_elasticities, with_labour

Array = NDArray[np.float64]
READINGS = ("real_income", "real_output", "real_earnings", "wage", "price_index")


def assert_same(dense: Outcome, fine: ProductOutcome) -> None:
    for name in READINGS:
        seen, wanted = getattr(fine, name).values, getattr(dense, name).values
        np.testing.assert_allclose(seen, wanted, rtol=1e-9, err_msg=name)


def new_trade(outcome: ProductOutcome) -> xr.DataArray:
    return trade_of(outcome.products, outcome.product_trade["value"].to_numpy())


@pytest.mark.parametrize("closure", ["keep", "income", "zero"])
@pytest.mark.parametrize("seed", range(5))
def test_in_fixed_shares_products_are_sectors_of_their_own(seed: int, closure: Closure) -> None:
    fine = fine_world(seed=seed)
    shock, same = shock_of(fine, seed)
    if seed == 2:  # a buyer loses its only seller
        with pytest.raises(Infeasible, match=r"economy e1, sector s2-untold: every source"):
            solve(unfolded(fine), same, closure)
        with pytest.raises(Infeasible, match=r"economy e1, product s2-untold .*: every source"):
            solve(fine, shock, closure)
        return
    dense = solve(unfolded(fine), same, closure, tolerance=1e-12)
    outcome = solve(fine, shock, closure, tolerance=1e-12)
    assert_same(dense, outcome)
    scale = float(dense.trade.max())
    np.testing.assert_allclose(new_trade(outcome), dense.trade, rtol=1e-9, atol=1e-12 * scale)
    bought = dense.expenditure.values > 0
    price = outcome.product_price.values
    np.testing.assert_allclose(price[bought], dense.price.values[bought], rtol=1e-9)
    for name in ("terms_of_trade", "efficiency", "transfer"):  # volume is by whole cells
        one, other = dense.first_order_welfare[name], outcome.first_order_welfare[name]
        np.testing.assert_allclose(other, one, rtol=1e-7, atol=1e-7)


def test_as_replaceable_as_sellers_products_change_nothing() -> None:
    base = world(6, 3, seed=8, tariffs=0.2)
    fine = fine_world(6, 3, 10, seed=8, same_theta=True, base=base)
    sigma = dict(zip(base.sectors, 1 + base.accounts.theta, strict=True))
    fine = ProductWorld(
        base, fine.flows().astype(dict.fromkeys(("origin", "destination", "product"), str)),
        {p: base.sectors[s] for p, s in zip(fine.products, fine.sector_of, strict=True)},
        home="untold", product_elasticity=sigma,
    )  # fmt: skip
    cells = {("e1", "*", "p4"): 0.0, ("*", "e2", "p0"): 0.3, ("e3", "e0", "*"): 0.1}
    outcome = solve(fine, Shock.of(fine, cells), tolerance=1e-12)
    old = trade_of(fine)
    freeness = Shock.of(unfolded(fine), cells).freeness
    assert freeness is not None
    passed = old * freeness
    owner = xr.DataArray(np.array(base.sectors)[fine.sector_of], dims="sector", name="own")
    sums = [array.groupby(owner).sum().rename(own="sector") for array in (passed, old)]
    ratio = (sums[0] / sums[1]).fillna(1.0).sel(sector=list(base.sectors)).transpose(*LINK)
    dense = solve(base, Shock(freeness=ratio), tolerance=1e-12)
    assert_same(dense, outcome)
    np.testing.assert_allclose(outcome.trade, dense.trade, rtol=1e-9)
    one, other = dense.first_order_welfare.total, outcome.first_order_welfare.total
    np.testing.assert_allclose(other, one, rtol=1e-8)


@pytest.mark.parametrize("sigma", [0.5, 1.0000001, 3.0])
def test_substitution_of_products_is_that_of_final_demand(sigma: float) -> None:
    base = world(5, 1, seed=2, inputs=False, tariffs=0.2)
    fine = fine_world(sectors=1, products=4, seed=2, sigma=sigma, base=base)
    dense = unfolded(fine).with_behaviour(
        final_elasticity=xr.DataArray(
            np.full(5, sigma), {"economy": list(base.economies)}, ("economy",)
        )
    )
    cells = {("*", "e1", "p1"): 0.2, ("e0", "*", "*"): 0.5}
    one = solve(dense, Shock.of(dense, cells), tolerance=1e-12)
    other = solve(fine, Shock.of(fine, cells), tolerance=1e-12)
    assert_same(one, other)
    np.testing.assert_allclose(new_trade(other), one.trade, rtol=1e-9)


@pytest.mark.parametrize("sigma", [0.6, 1.0, 2.5])
@pytest.mark.parametrize("seed", [3, 5])
def test_every_equation_holds_product_by_product(seed: int, sigma: float) -> None:
    fine = fine_world(seed=seed, sigma=sigma)
    shock, _ = shock_of(fine, seed)
    outcome = solve(fine, shock, tolerance=1e-12)
    rates = 1 + fine.world.dataset["tariff"].values[:, :, fine.sector_of]
    old, new = trade_of(fine).values * rates, new_trade(outcome).values * rates
    freeness = Shock.of(unfolded(fine), _cells(shock)).freeness
    assert freeness is not None
    bought, own = old.sum(axis=0), fine.sector_of
    used = bought > 0
    share = np.divide(old, bought, out=np.zeros_like(old), where=used)
    strength = share * freeness.values * outcome.cost.values[:, None, own] ** -fine.elasticity
    appeal = strength.sum(axis=0)
    price = outcome.product_price.values
    with np.errstate(divide="ignore"):  # nobody sells it any more
        wanted = appeal ** (-1 / fine.elasticity)
    np.testing.assert_allclose(price[used], wanted[used], rtol=1e-9)
    delta = bought / fine.world.accounts.spending.T[:, own]
    relative = np.where(used, price, 1.0) / outcome.price.values[:, own]
    spending = delta * relative ** (1 - sigma) * outcome.expenditure.values[:, own]
    np.testing.assert_allclose(new.sum(axis=0)[used], spending[used], rtol=1e-9)
    expected = strength / np.where(appeal > 0, appeal, 1.0) * spending
    np.testing.assert_allclose(new, expected, rtol=1e-9, atol=1e-12 * new.max())
    by_sector = np.zeros(outcome.expenditure.shape).T
    np.add.at(by_sector, own, new.sum(axis=0).T)
    np.testing.assert_allclose(by_sector.T, outcome.expenditure, rtol=1e-9)
    assert own_imbalances(outcome).max() < 1e-8


def _cells(shock: Shock) -> dict[tuple[str, str, str], float]:
    assert shock.product_freeness is not None
    return {row[:3]: row[3] for row in shock.product_freeness.rows}


@given(st.integers(0, 50), st.sampled_from([0.5, 1.0, 1.5, 6.0]))
@settings(max_examples=15)
def test_a_product_in_two_halves_is_the_product(seed: int, sigma: float) -> None:
    fine = fine_world(3, 2, 4, seed=seed, sigma=sigma)
    table = fine.flows().astype(dict.fromkeys(("origin", "destination", "product"), str))
    half = table[table["product"] == "p1"].assign(product="p1b")
    halves = pd.concat([table, half]).reset_index(drop=True)
    halves.loc[halves["product"].isin(["p1", "p1b"]), "value"] /= 2
    owner = {p: fine.sectors[s] for p, s in zip(fine.products, fine.sector_of, strict=True)}
    theta = dict(zip(fine.products, fine.elasticity.tolist(), strict=True))
    owner["p1b"], theta["p1b"] = owner["p1"], theta["p1"]
    parted = ProductWorld(
        fine.world, halves, owner, home="untold", elasticity=theta,
        product_elasticity=dict.fromkeys(fine.sectors, sigma),
    )  # fmt: skip
    cells = {("*", "e0", "p1"): 0.3, ("e1", "*", "p2"): 0.1}
    one = solve(fine, Shock.of(fine, cells), tolerance=1e-12)
    other = solve(parted, Shock.of(parted, {**cells, ("*", "e0", "p1b"): 0.3}), tolerance=1e-12)
    assert_same(one, other)


def test_the_baseline_answers_itself() -> None:
    fine = fine_world(seed=4, sigma=2.0)
    outcome = solve(fine)
    assert outcome.iterations == 1
    table = outcome.product_trade
    np.testing.assert_allclose(table["value"], table["baseline"], rtol=1e-9)
    assert float(np.nanmax(abs(outcome.product_price - 1))) < 1e-9


def test_short_run_and_transfers_are_those_of_the_sectors() -> None:
    base = with_labour(world(5, 3, seed=6), "idle", ["e1"])
    base = with_elasticities(base, 0.5, 0.9, economies=["e1"])
    table = base.dataset["trade"].to_series().rename("value").reset_index()
    table = table.rename(columns={"sector": "product"}).replace({"product": {"s0": "x"}})
    table = table[table["product"] == "x"]
    fine = ProductWorld(base, table, {"x": "s0"}, home="untold")
    assert fine.products == ("x", "s1", "s2")
    deficit = by_economy(fine, base.accounts.deficit + np.array([1.0, -1.0, 0.0, 0.0, 0.0]))
    freeness = Shock.of(base, {("e1", "*", "s0"): 0.01, ("*", "e1", "s0"): 9.0}).freeness
    shock = Shock(freeness=freeness, deficit=deficit)
    dense, outcome = solve(base, shock), solve(fine, shock)
    assert_same(dense, outcome)
    np.testing.assert_allclose(outcome.employment, dense.employment, rtol=1e-9)
    assert float(outcome.employment.sel(economy="e1")) < 1
    without = Shock(freeness=freeness)
    assert_same(solve(base, without, "zero"), solve(fine, without, "zero"))


def test_an_isolated_economy_is_a_block_of_its_own() -> None:
    fine = fine_world(seed=3, sigma=2.0)
    shock = Shock.of(fine, {("e0", "*", "*"): 0, ("*", "e0", "*"): 0})
    outcome = solve(fine, shock, "zero")
    assert float(outcome.wage.sel(economy="e0")) == pytest.approx(1.0)
    table = outcome.product_trade
    out = table[(table["origin"] == "e0") & (table["destination"] != "e0")]
    assert (out["value"] == 0).all()
    assert float(table["value"].sum()) == pytest.approx(float(outcome.trade.sum()))
    assert len(set(outcome.block.values.tolist())) == 2


def test_stages_and_near_starts_end_in_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = fine_world(seed=3, sigma=2.0)
    shock = Shock.of(fine, {("e0", "*", "*"): 0, ("*", "e0", "p3"): 0.1})
    shock = Shock(product_freeness=shock.product_freeness)
    wanted = solve(fine, shock, "zero", tolerance=1e-12)
    near = solve(fine, shock, "zero", tolerance=1e-12, start=wanted)
    assert near.iterations < wanted.iterations
    np.testing.assert_allclose(near.real_income, wanted.real_income, rtol=1e-10)
    direct = solver.iterate
    calls: list[int] = []

    def first_fails(*arguments: Any) -> solver.Attempt:
        attempt = direct(*arguments)
        calls.append(attempt.iterations)
        return replace(attempt, converged=False) if len(calls) == 1 else attempt

    monkeypatch.setattr(solver, "iterate", first_fails)
    staged = solve(fine, shock, "zero", tolerance=1e-12)
    assert len(calls) > 2
    np.testing.assert_allclose(staged.real_income, wanted.real_income, rtol=1e-10)


def test_a_product_without_a_seller_is_replaced_or_refused() -> None:
    shut = {("*", "e1", "p3"): 0.0, ("e1", "e1", "p3"): 0.0}
    rigid = fine_world(seed=3)
    with pytest.raises(Infeasible, match=r"economy e1, product p3 \(sector s0\): every source"):
        solve(rigid, Shock.of(rigid, shut))
    flexible = fine_world(seed=3, sigma=2.0)
    outcome = solve(flexible, Shock.of(flexible, shut))
    assert np.isinf(outcome.product_price.sel(economy="e1", product="p3"))
    assert float(outcome.real_income.sel(economy="e1")) < 1
    all_shut = {("*", "e1", "s0"): 0.0, ("e1", "e1", "s0"): 0.0}
    with pytest.raises(Infeasible, match="every source of every product of its sector is shut"):
        solve(flexible, Shock.of(flexible, all_shut))


@pytest.mark.parametrize("part", ["opening", "tariff", "caps"])
def test_parts_of_a_shock_that_it_does_not_take(part: str) -> None:
    fine = fine_world(seed=3)
    links = xr.zeros_like(fine.world.dataset["trade"])
    value = [Cap([("e0", "e1", "s0", 1.0)], 1.0)] if part == "caps" else links
    with pytest.raises(InvalidInput, match=f"shock.{part}: a world by product does not take it"):
        solve(fine, Shock(**{part: value}))  # type: ignore[arg-type]


def test_a_shock_of_another_world_is_refused() -> None:
    fine, other = fine_world(seed=3), fine_world(seed=3, products=12)
    shock = Shock.of(other, {("e0", "e1", "p11"): 0.5})
    with pytest.raises(InvalidInput, match="product 'p11' is not in the world"):
        solve(fine, shock)


def test_freeness_by_product_needs_a_world_by_product() -> None:
    fine = fine_world(seed=3)
    shock = Shock.of(fine, {("e0", "e1", "p0"): 0.5})
    with pytest.raises(InvalidInput, match="product_freeness: is for a ProductWorld"):
        solve(fine.world, shock)
    with pytest.raises(InvalidInput, match="must be a World or a ProductWorld"):
        solve("world")  # type: ignore[call-overload]
