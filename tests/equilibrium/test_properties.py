"""Identities and invariants of the model, on drawn worlds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.worlds import cut, world
from tumen.equilibrium import solve
from tumen.equilibrium.outcome import Outcome
from tumen.errors import InvalidInput
from tumen.world import Shock, World

seeds = st.integers(0, 30)
sizes = st.sampled_from([(2, 1), (3, 2), (5, 4), (9, 6)])
few = settings(max_examples=15, deadline=None)

cached_world = cache(world)


def random_freeness(base: World, seed: int) -> xr.DataArray:
    draw = np.random.default_rng(seed + 1000)
    array = base.dataset["trade"].copy(data=np.exp(draw.normal(0, 0.5, base.dataset.trade.shape)))
    return array.transpose("origin", "destination", "sector")


def solved(base: World, seed: int) -> Outcome:
    return solve(base, Shock(freeness=random_freeness(base, seed)))


@few
@given(seeds, sizes, st.sampled_from([0.0, 0.3]))
def test_nothing_changes_without_a_shock(seed: int, size: tuple[int, int], tariffs: float) -> None:
    base = cached_world(*size, seed=seed, tariffs=tariffs)
    outcome = solve(base)
    for ratio in (outcome.real_income, outcome.wage, outcome.price, outcome.real_output):
        np.testing.assert_allclose(ratio, 1, atol=1e-8)
    np.testing.assert_allclose(outcome.trade, base.dataset.trade, rtol=1e-7)


@few
@given(seeds, sizes)
def test_trade_balances_and_markets_clear(seed: int, size: tuple[int, int]) -> None:
    base = cached_world(*size, seed=seed, tariffs=0.2)
    outcome = solved(base, seed)
    accounts = base.accounts
    rates = base.dataset.tariff.values
    bought = (outcome.trade.values * (1 + rates)).sum(axis=0)
    np.testing.assert_allclose(bought, outcome.expenditure, rtol=1e-8)
    output = outcome.trade.values.sum(axis=1)
    income = (
        outcome.wage.values * accounts.value_added
        + (outcome.trade.values * rates).sum(axis=(0, 2))
        + outcome.deficit.values
    )
    uses = np.einsum("nks,ns->nk", accounts.gamma, output) + accounts.alpha.T * income[:, None]
    np.testing.assert_allclose(uses, outcome.expenditure, rtol=1e-8)
    # Walras: wages clear the labour market, which the solver never looks at.
    earned = (accounts.beta.T * output).sum(axis=1)
    np.testing.assert_allclose(earned, outcome.wage.values * accounts.value_added, rtol=1e-7)


@few
@given(seeds, sizes, st.floats(1e-3, 1e3))
def test_homogeneity_scaling_all_money_changes_no_ratio(
    seed: int, size: tuple[int, int], scale: float
) -> None:
    base = cached_world(*size, seed=seed)
    data = base.dataset
    scaled = World(data.assign(trade=data.trade * scale, deficit=base_deficit(base) * scale))
    first, second = solved(base, seed), solved(scaled, seed)
    np.testing.assert_allclose(first.real_income, second.real_income, rtol=1e-8)
    np.testing.assert_allclose(first.trade * scale, second.trade, rtol=1e-7)


def base_deficit(base: World) -> xr.DataArray:
    labels = {"economy": list(base.economies)}
    return xr.DataArray(base.accounts.deficit, labels, ("economy",))


@few
@given(seeds, st.sampled_from([(3, 2), (5, 4)]))
def test_the_order_of_economies_and_sectors_does_not_matter(
    seed: int, size: tuple[int, int]
) -> None:
    base = cached_world(*size, seed=seed)
    draw = np.random.default_rng(seed)
    economies = [base.economies[n] for n in draw.permutation(size[0])]
    sectors = [base.sectors[k] for k in draw.permutation(size[1])]
    names = dict.fromkeys(("origin", "destination", "economy"), economies)
    names |= dict.fromkeys(("sector", "input"), sectors)
    shuffled = World(base.dataset.sel(names))
    freeness = random_freeness(base, seed)
    moved = {dim: names[dim] for dim in ("origin", "destination", "sector")}
    first = solve(base, Shock(freeness=freeness))
    second = solve(shuffled, Shock(freeness=freeness.sel(moved)))
    np.testing.assert_allclose(
        first.real_income.sel(economy=economies), second.real_income, rtol=1e-8
    )


@few
@given(seeds, st.sampled_from([2, 4, 8]))
def test_one_sector_real_wage_is_home_share_to_minus_one_over_theta(
    seed: int, economies: int
) -> None:
    """Arkolakis, Costinot and Rodríguez-Clare (2012): Ŵ = λ̂^(−1/θ)."""
    base = cached_world(economies, 1, seed=seed, inputs=False)
    outcome = solve(base, Shock(freeness=foreign_only(random_freeness(base, seed))))
    home = np.arange(economies)
    before = base.dataset.trade.values[home, home, 0] / base.accounts.spending[0]
    after = outcome.trade.values[home, home, 0] / outcome.expenditure.values[:, 0]
    theta = float(base.dataset.trade_elasticity[0])
    np.testing.assert_allclose(outcome.real_wage, (after / before) ** (-1 / theta), rtol=1e-8)


def foreign_only(freeness: xr.DataArray) -> xr.DataArray:
    home = np.arange(freeness.sizes["origin"])
    freeness.values[home, home] = 1.0
    return freeness


@few
@given(seeds, st.sampled_from([(3, 2), (6, 5)]))
def test_an_embargo_is_the_limit_of_rising_cost(seed: int, size: tuple[int, int]) -> None:
    base = cached_world(*size, seed=seed, deficits=0)
    theta = base.dataset.trade_elasticity
    shut = solve(base, Shock(freeness=cut(base, "e1", 0.0)), deficits="zero")
    gaps = []
    for cost in (10.0, 100.0, 10_000.0):
        iceberg = cut(base, "e1", 0.0)
        iceberg = iceberg.where(iceberg > 0, cost)
        outcome = solve(base, Shock(freeness=iceberg**-theta), deficits="zero")
        gaps.append(float(np.abs(outcome.real_income / shut.real_income - 1).max()))
    assert gaps[0] >= gaps[1] - 1e-9
    assert gaps[1] >= gaps[2] - 1e-9
    assert gaps[2] < 1e-6


@few
@given(st.floats(0.05, 0.45), st.floats(1.5, 9), st.floats(0.01, 3))
def test_symmetric_two_economies_have_a_closed_form(
    share: float, theta: float, freeness: float
) -> None:
    trade = np.array([[1 - share, share], [share, 1 - share]])[:, :, None]
    ones = xr.DataArray(
        np.ones((2, 1)), {"economy": ["a", "b"], "sector": ["all"]}, ("economy", "sector")
    )
    link = {"origin": ["a", "b"], "destination": ["a", "b"], "sector": ["all"]}
    dims = ("origin", "destination", "sector")
    base = World(
        xr.Dataset(
            {
                "trade": (dims, trade),
                "value_added_share": ones,
                "final_share": ones,
                "trade_elasticity": ("sector", [theta]),
            },
            link | {"economy": ["a", "b"]},
        )
    )
    phi = np.array([[1, freeness], [freeness, 1]])[:, :, None]
    outcome = solve(base, Shock(freeness=xr.DataArray(phi, link, dims)))
    expected = (1 - share + share * freeness) ** (1 / theta)
    np.testing.assert_allclose(outcome.real_income, expected, rtol=1e-9)


@few
@given(seeds, sizes)
def test_first_order_welfare_is_the_slope_of_exact_welfare(
    seed: int, size: tuple[int, int]
) -> None:
    base = cached_world(*size, seed=seed, tariffs=0.2)
    step = 1e-5
    freeness = 1 + step * (random_freeness(base, seed) - 1)
    productivity = base.dataset.final_share.copy(data=1 + step * np.ones(size))
    outcome = solve(base, Shock(freeness=freeness, productivity=productivity), tolerance=1e-12)
    exact = 100 * (outcome.real_income - 1)
    np.testing.assert_allclose(
        outcome.first_order_welfare.total, exact, atol=3e-2 * float(np.abs(exact).max())
    )


def test_productivity_everywhere_raises_real_income_by_itself() -> None:
    base = cached_world(4, 3, seed=3, inputs=False, deficits=0)
    outcome = solve(base, Shock(productivity=xr.DataArray(1.1)), deficits="zero")
    np.testing.assert_allclose(outcome.real_income, 1.1, rtol=1e-9)
    np.testing.assert_allclose(outcome.real_output, 1.1, rtol=1e-9)


@pytest.mark.parametrize("deficits", ["keep", "income", "zero"])
def test_every_closure_sums_to_zero(deficits: str) -> None:
    base = cached_world(6, 4, seed=5)
    outcome = solve(base, Shock(freeness=cut(base, "e2", 0.2)), deficits=deficits)  # type: ignore[call-overload]
    scale = float(base.accounts.exports.sum())
    assert abs(float(outcome.deficit.sum())) < 1e-12 * scale


def test_income_closure_moves_a_debtors_deficit_with_its_wage() -> None:
    base = cached_world(6, 4, seed=5)
    outcome = solve(base, Shock(freeness=cut(base, "e2", 0.2)), deficits="income")
    debtors = base.accounts.deficit > 0
    np.testing.assert_allclose(
        outcome.deficit.values[debtors], (base.accounts.deficit * outcome.wage.values)[debtors]
    )


def test_financed_closure_imports_what_can_be_paid() -> None:
    base = cached_world(6, 4, seed=5)
    imports = float(base.accounts.imports[2])
    exports = float(base.accounts.exports[2])
    amounts = {"income": 0.1 * imports, "draw_limit": 0.05 * imports, "desired_imports": imports}
    financing = xr.Dataset(
        {name: ("economy", [value]) for name, value in amounts.items()}, {"economy": ["e2"]}
    )
    freeness = cut(base, "e2", 1.0)
    freeness[2, :, :] = 0.3
    freeness[2, 2, :] = 1.0
    outcome = solve(base, Shock(freeness=freeness, financing=financing), deficits="financed")
    assert float(outcome.deficit.sel(economy="e2")) == pytest.approx(0.15 * imports, rel=1e-9)
    rich = financing.assign(draw_limit=financing.draw_limit * 100)
    outcome = solve(base, Shock(freeness=freeness, financing=rich), deficits="financed")
    trade = outcome.trade.sel(destination="e2").drop_sel(origin="e2").sum()
    assert float(trade) == pytest.approx(imports, rel=1e-8)
    assert exports > 0


def test_opening_gives_a_new_seller_the_promised_share_at_unchanged_costs() -> None:
    base = cached_world(5, 2, seed=8)
    data = base.dataset
    trade = data.trade.copy()
    trade.loc[{"origin": "e1", "destination": "e0", "sector": "s0"}] = 0.0
    base = World.equilibrate(data.drop_vars("deficit", errors="ignore").assign(trade=trade))
    spending = float(base.accounts.spending[0, 0])
    value = 1e-4 * spending
    opening = xr.zeros_like(trade)
    opening.loc[{"origin": "e1", "destination": "e0", "sector": "s0"}] = value / (spending - value)
    outcome = solve(base, Shock(opening=opening))
    sold = float(outcome.trade.sel(origin="e1", destination="e0", sector="s0"))
    assert sold == pytest.approx(value, rel=2e-3)


def test_a_product_that_the_seller_does_not_make_cannot_be_opened() -> None:
    data = cached_world(4, 2, seed=8, deficits=0).dataset
    trade = data.trade.copy()
    trade.loc[{"origin": "e1", "sector": "s0"}] = 0.0
    base = World.equilibrate(data.assign(trade=trade), deficits="zero")
    opening = xr.zeros_like(trade)
    opening.loc[{"origin": "e1", "destination": "e0", "sector": "s0"}] = 0.1
    with pytest.raises(ValueError, match="e1 to e0, sector s0: the seller does not make"):
        solve(base, Shock(opening=opening), deficits="zero")


def test_a_surplus_is_saved_before_more_is_imported() -> None:
    base = cached_world(5, 4, seed=2)
    n = int(np.argmin(base.accounts.deficit))
    surplus = float(base.accounts.deficit[n])
    assert surplus < 0
    values = {
        "income": 0.0,
        "draw_limit": 0.0,
        "desired_imports": float(base.accounts.imports[n]),
        "least_draw": surplus,
    }
    labels = {"economy": [base.economies[n]]}
    financing = xr.Dataset({name: ("economy", [value]) for name, value in values.items()}, labels)
    kept = solve(base, Shock(financing=financing), "financed")
    np.testing.assert_allclose(kept.real_income, 1, atol=1e-8)
    assert float(kept.deficit[n]) == pytest.approx(surplus)
    spent = solve(base, Shock(financing=financing.drop_vars("least_draw")), "financed")
    assert float(spent.deficit[n]) == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(InvalidInput, match="must be 0 or below"):
        solve(base, Shock(financing=financing.assign(least_draw=-financing.least_draw)), "financed")
