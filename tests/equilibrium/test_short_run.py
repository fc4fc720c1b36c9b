"""Inputs that are hard to replace, workers who stay: identities, existence, published figures."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.questions import asked
from tests.support.worlds import cut, world
from tumen.catalogue.presets import presets, with_preset
from tumen.equilibrium import solve
from tumen.equilibrium.labour import Labour
from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.technology import Technology, log_mean
from tumen.errors import InvalidInput, TumenError
from tumen.world import Shock, World
from tumen.world.short_run import MOBILITIES, Mobility, with_elasticities, with_labour

few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 30)
Array = NDArray[np.float64]


@cache
def base() -> World:
    return world(5, 4, seed=3, tariffs=0.2)


def stiff(critical: bool = True, mobility: Mobility = "idle") -> World:
    made = with_elasticities(base(), 0.4, 0.8, ["s1"] if critical else [], 0.15, ["e2", "e0"])
    return with_labour(made, mobility, ["e2"])


def hit(which: World, left: float = 0.05, seed: int = 1) -> Outcome:
    """The economy e2 loses most of its trade, sector by sector."""
    draw = np.random.default_rng(seed)
    freeness = cut(which, "e2", left)
    freeness = freeness * np.exp(draw.normal(0, 0.3, freeness.shape[2]))
    return solve(which, Shock(freeness=freeness))


@pytest.mark.parametrize("mobility", MOBILITIES)
@pytest.mark.parametrize("critical", [True, False])
def test_nothing_changes_without_a_shock(mobility: Mobility, critical: bool) -> None:
    outcome = solve(stiff(critical, mobility))
    for ratio in (outcome.real_income, outcome.wage, outcome.price, outcome.sector_wage):
        np.testing.assert_allclose(ratio, 1, atol=1e-8)
    np.testing.assert_allclose(outcome.employment, 1, atol=1e-12)


def test_elasticities_of_one_are_the_published_model() -> None:
    plain, ones = base(), with_elasticities(base(), 1.0, 1.0, ["s1"], 1.0)
    # 1 − 1e-7 takes the path of the power mean, and must come out next to it.
    near = with_elasticities(base(), 1 - 1e-7, 1 - 1e-7, ["s1"], 1 + 1e-7)
    for other in (ones, near):
        np.testing.assert_allclose(hit(plain).real_income, hit(other).real_income, rtol=1e-6)
        np.testing.assert_allclose(hit(plain).trade, hit(other).trade, rtol=1e-5)


@few
@given(seeds, st.floats(0.05, 3.0), st.floats(0.05, 3.0))
def test_shares_are_the_slopes_of_cost(seed: int, eta: float, scarce: float) -> None:
    """Shephard's lemma: d ln ĉ / d ln P̂_k is the new cost share; shares sum to one."""
    made = with_elasticities(base(), eta, 1.0, ["s1", "s3"], scarce)
    technology = Technology.of(made.accounts)
    if technology is None:
        return
    draw = np.random.default_rng(seed)
    prices, wages = draw.normal(0, 0.4, (4, 5)), draw.normal(0, 0.4, (4, 5))
    wages = wages[:, technology.members]
    uses = technology.uses(prices, wages)
    np.testing.assert_allclose(uses.cost_share.sum(axis=1), 1, atol=1e-12)
    for k in range(4):
        moved = prices.copy()
        moved[k] += 1e-6
        slope = (technology.uses(moved, wages).log_cost - uses.log_cost) / 1e-6
        np.testing.assert_allclose(slope, uses.cost_share[:, k].T, atol=1e-5)
    slope = (technology.uses(prices, wages + 1e-6).log_cost - uses.log_cost) / 1e-6
    np.testing.assert_allclose(slope, uses.cost_share[:, -1].T, atol=1e-5)


def test_a_cut_of_energy_costs_what_the_published_ces_says() -> None:
    """Share .04, elasticity .04, energy −10 %: output −1.569 % (Bachmann et al. 2022)."""
    share = elasticity = 0.04
    price = 0.9 ** (-1 / elasticity)  # at which energy over all else falls by 10 %
    weight = np.array([[[share], [1 - share]]])
    prices = np.log([[[price], [1.0]]])
    cost = np.exp(log_mean(weight, prices, np.array([[1 - elasticity]])))[0, 0]
    assert 100 * (cost**-elasticity - 1) == pytest.approx(-1.569, abs=5e-4)


def test_labour_markets_clear_at_what_sectors_pay() -> None:
    for mobility in ("fixed", "idle"):
        outcome = hit(with_labour(base(), mobility, ["e2"]))
        n, accounts = 2, base().accounts
        output = outcome.trade.values[n].sum(axis=0)
        paid = accounts.beta[:, n] * output
        before = accounts.beta[:, n] * accounts.output[:, n]
        work, wage = outcome.sector_employment.values[n], outcome.sector_wage.values[n]
        np.testing.assert_allclose(paid, before * work * wage, rtol=1e-8)
        mean = float(outcome.wage[n])
        assert mean * float(outcome.employment[n]) == pytest.approx(paid.sum() / before.sum())
        if mobility == "fixed":
            np.testing.assert_array_equal(work, 1.0)
            continue
        assert (wage >= 0.9 * mean * (1 - 1e-9)).all()
        np.testing.assert_allclose(wage[work < 1], 0.9 * mean, rtol=1e-8)
        assert 0.5 < float(outcome.employment[n]) < 1


@few
@given(seeds, st.floats(0.05, 0.99))
def test_the_mean_wage_at_work_solves_its_equation(seed: int, floor: float) -> None:
    draw = np.random.default_rng(seed)
    income = np.exp(draw.normal(0, 1, (6, 2)))
    labour = Labour(np.array([0, 1]), income, np.full(2, floor), np.ones((6, 2)))
    payments = income * np.exp(draw.normal(0, 1.5, (6, 2)))
    market = labour.market(payments)
    wage, work = np.exp(market.log_wage), market.employment
    earned = (income * wage * work).sum(axis=0) / income.sum(axis=0)
    np.testing.assert_allclose(earned, 1.0)  # all that is paid is earned
    mean = 1 / ((income * work).sum(axis=0) / income.sum(axis=0))
    assert (wage >= floor * mean * (1 - 1e-12)).all()
    np.testing.assert_allclose(wage[work < 1], np.broadcast_to(floor * mean, wage.shape)[work < 1])


@pytest.mark.parametrize("seed", range(60))
def test_stiff_economies_have_a_solution_where_mobile_ones_do(seed: int) -> None:
    """Existence was derived, not known: 60 drawn questions, every closure, flows shut."""
    question = asked(seed)
    try:
        solve(question.world, question.shock, question.deficits)
    except TumenError:
        return
    names = list(question.world.economies)[: 1 + seed % 3]
    made = with_labour(question.world, ("fixed", "idle")[seed % 2], names)
    made = with_elasticities(made, 0.5, 0.9, [made.sectors[0]], 0.2, names)
    outcome = solve(made, question.shock, question.deficits)
    assert outcome.worst_imbalance <= 1e-10
    assert (outcome.employment.values <= 1).all()
    assert np.isfinite(outcome.real_income.values).all()


def test_an_embargo_has_a_solution_with_idle_labour() -> None:
    shut = solve(stiff(), Shock(freeness=cut(base(), "e2", 0.0), deficit=_balanced()))
    assert float(shut.real_income.sel(economy="e2")) < 1
    near = solve(stiff(), Shock(freeness=cut(base(), "e2", 1e-9), deficit=_balanced()))
    assert float(near.real_income.sel(economy="e2")) == pytest.approx(
        float(shut.real_income.sel(economy="e2")), rel=1e-3
    )


def _balanced() -> xr.DataArray:
    rest, weight = base().accounts.deficit.copy(), base().accounts.value_added.copy()
    rest[2] = weight[2] = 0.0
    values = rest - rest.sum() * weight / weight.sum()
    return xr.DataArray(values, {"economy": base().labels["economy"]}, ("economy",))


def test_stiffness_hurts_and_labels_do_not_matter() -> None:
    lost = {
        kind: 1 - float(hit(with_labour(base(), kind, ["e2"])).real_output.sel(economy="e2"))
        for kind in MOBILITIES
    }
    assert lost["idle"] > lost["fixed"]
    made, order = stiff(), ["e3", "e2", "e4", "e0", "e1"]
    data = made.dataset.reindex(origin=order, destination=order, economy=order)
    turned = World(data)
    first, second = hit(made), hit(turned)
    np.testing.assert_allclose(first.real_income.sel(economy=order), second.real_income, rtol=1e-8)


def test_scaling_money_changes_no_ratio() -> None:
    data = stiff().dataset
    scaled = World(data.assign(trade=data.trade * 7))
    np.testing.assert_allclose(hit(stiff()).real_income, hit(scaled).real_income, rtol=1e-8)


def test_first_order_welfare_counts_idle_labour() -> None:
    """For a small shock the first-order sum is the exact change, idle labour with it."""
    small = xr.ones_like(base().dataset["trade"])
    small.loc[{"origin": "e2", "destination": "e1", "sector": "s0"}] = 0.999
    for mobility in MOBILITIES:
        made = with_elasticities(base(), 0.4, 0.8, ["s1"], 0.15, ["e2"])
        made = with_labour(made, mobility, ["e2"], wage_floor=1 - 1e-9)
        outcome = solve(made, Shock(freeness=small))
        exact = 100 * (outcome.real_income - 1)
        np.testing.assert_allclose(
            outcome.first_order_welfare.total, exact, atol=2e-3 * float(np.abs(exact).max())
        )


def test_a_search_from_another_outcome_ends_at_the_same_answer() -> None:
    near, far = hit(stiff(), 0.3), hit(stiff(), 0.05)
    again = solve(stiff(), far.shock, start=near)
    np.testing.assert_allclose(again.real_income, far.real_income, rtol=1e-9)
    np.testing.assert_allclose(again.trade, far.trade, rtol=1e-8)


def test_presets_are_sourced_and_reach_the_economies_named() -> None:
    assert list(presets()) == ["smooth", "rigid", "bottleneck"]
    with pytest.raises(InvalidInput, match='did you mean "rigid"'):
        with_preset(base(), "rigd")
    with pytest.raises(InvalidInput, match="critical input C19: is not in the world"):
        with_preset(base(), "bottleneck")
    half = with_preset(base(), "rigid", ["e1"], weight=0.5)
    assert float(half.dataset.input_elasticity.sel(economy="e1", sector="s0")) == 0.75
    assert float(half.dataset.input_elasticity.sel(economy="e0", sector="s0")) == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mobility": "free"}, "is 'free', must be one of"),
        ({"mobility": "idle", "wage_floor": 1.0}, "above 0 and below 1"),
        ({"mobility": "idle", "economies": ["e9"]}, "economy e9: is not in the world"),
    ],
)
def test_wrong_labour_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        with_labour(base(), **arguments)  # type: ignore[arg-type]


def test_wrong_behaviour_is_refused() -> None:
    data = base().dataset
    with pytest.raises(InvalidInput, match="trade: is no elasticity"):
        base().with_behaviour(trade=data.trade)
    with pytest.raises(InvalidInput, match="must be above 0"):
        base().with_behaviour(trade_elasticity=data.trade_elasticity * 0)
    floor = xr.DataArray(np.ones(5), {"economy": data.economy.values}, ("economy",))
    with pytest.raises(InvalidInput, match="wage_floor, economy e0: is 1, must be below 1"):
        base().with_behaviour(wage_floor=floor)
    with pytest.raises(InvalidInput, match=r"labour_fixed, economy e0: is 0\.5"):
        base().with_behaviour(labour_fixed=floor / 2)
    flags = xr.DataArray(np.ones(4), {"input": data.input.values}, ("input",))
    with pytest.raises(InvalidInput, match="critical_elasticity: is missing"):
        World(data.assign(critical_input=flags))
    with pytest.raises(InvalidInput, match="one list serves all economies"):
        with_elasticities(stiff(), 0.5, 0.9, ["s2"], 0.2)


def test_merging_keeps_what_is_stiff() -> None:
    merged = stiff().aggregated({"e0": "big", "e2": "big"}, {"s1": "x", "s2": "x"})
    data = merged.dataset
    assert float(data.input_elasticity.sel(economy="big", sector="s0")) == pytest.approx(0.4)
    assert float(data.final_elasticity.sel(economy="big")) == pytest.approx(0.8)
    assert set(data.labour_fixed.values) <= {0.0, 1.0}
