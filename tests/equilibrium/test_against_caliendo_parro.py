"""The engine against published figures: NAFTA's tariff cuts, Caliendo and Parro (2015)."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import pytest

from tests.support import nafta
from tumen.equilibrium import Outcome, solve
from tumen.world import World

CLOSURES: list[tuple[Literal["zero", "keep"], str]] = [("zero", "zero"), ("keep", "fixed")]
NORTH_AMERICA = ["Mexico", "Canada", "USA"]


@cache
def outcome(deficits: Literal["zero", "keep"]) -> Outcome:
    world = World.equilibrate(nafta.dataset(), deficits=deficits)
    return solve(world, nafta.tariff_shock(), deficits=deficits)


@pytest.mark.parametrize(("deficits", "stored"), CLOSURES)
@pytest.mark.parametrize(
    ("ours", "column"), [("wage", "w_hat"), ("price_index", "price_hat"), ("real_income", None)]
)
def test_regions_match_the_peer_to_1e_6(
    deficits: Literal["zero", "keep"], stored: str, ours: str, column: str | None
) -> None:
    answers = nafta.answers("region", stored)
    expected = answers[column] if column else 1 + answers["real_income_pct"] / 100
    np.testing.assert_allclose(getattr(outcome(deficits), ours), expected, rtol=1e-6)


@pytest.mark.parametrize(("deficits", "stored"), CLOSURES)
def test_prices_costs_and_spending_match_the_peer_to_1e_6(
    deficits: Literal["zero", "keep"], stored: str
) -> None:
    answers = nafta.answers("region_sector", stored)
    compared = outcome(deficits).expenditure > 0
    # The peer kept the negative input of Canada's basic metals that we set to zero.
    repaired = {"economy": "Canada", "sector": "Basic metals"}
    compared.loc[repaired] = False
    for ours, column in (("price", "price_hat"), ("cost", "cost_hat")):
        expected = nafta.matrix(answers, column).values
        values = getattr(outcome(deficits), ours)
        np.testing.assert_allclose(values.values[compared], expected[compared], rtol=1e-6)
        assert float(values.loc[repaired]) == pytest.approx(
            float(nafta.matrix(answers, column).values[4, 10]), rel=3e-6
        )
    compared.loc[{"economy": "Canada"}] = False
    spending = nafta.matrix(answers, "spending_counterfactual").values / 1e6
    spent = outcome(deficits).expenditure.values
    # The repaired cell moves 9.5 million of Canada's demand, which its suppliers feel.
    np.testing.assert_allclose(spent[compared], spending[compared], rtol=2e-5)


def test_published_first_order_welfare_and_its_parts() -> None:
    welfare = outcome("zero").first_order_welfare.sel(economy=NORTH_AMERICA)
    np.testing.assert_allclose(welfare.total, [1.31, -0.06, 0.08], atol=0.005)
    np.testing.assert_allclose(welfare.terms_of_trade, [-0.41, -0.11, 0.04], atol=0.005)
    np.testing.assert_allclose(welfare.volume_of_trade, [1.72, 0.04, 0.04], atol=0.0051)
    np.testing.assert_allclose(welfare.efficiency, 0, atol=1e-12)
    np.testing.assert_allclose(welfare.transfer, 0, atol=1e-8)


def test_published_real_wages_and_trade() -> None:
    result = outcome("zero")
    wages = 100 * (result.real_wage.sel(economy=NORTH_AMERICA) - 1)
    np.testing.assert_allclose(wages, [1.72, 0.32, 0.11], atol=0.005)
    partners = ["Canada", "USA"]
    after = result.trade.sel(destination="Mexico", origin=partners).sum()
    before = result.world.dataset.trade.sel(destination="Mexico", origin=partners).sum()
    assert float(100 * (after / before - 1)) == pytest.approx(118.28, abs=0.005)


def test_exact_welfare_is_another_number_than_the_first_order_one() -> None:
    exact = 100 * (outcome("zero").real_income.sel(economy=NORTH_AMERICA) - 1)
    np.testing.assert_allclose(exact, [0.0073, -0.1101, 0.0741], atol=0.00005)


@pytest.mark.parametrize("deficits", ["zero", "keep"])
def test_converges_in_at_most_60_iterations(deficits: Literal["zero", "keep"]) -> None:
    assert outcome(deficits).iterations <= 60
    assert outcome(deficits).worst_imbalance <= 1e-10


def test_raw_data_are_refused_and_the_worst_cells_named() -> None:
    with pytest.raises(ValueError, match="are no equilibrium") as caught:
        World(nafta.dataset())
    assert "sector R&D" in str(caught.value) or "sector Wood" in str(caught.value)


def test_the_negative_input_cell_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match="economy Canada, input Other, sector Basic metals"):
        World.equilibrate(nafta.dataset(renormalise=False))
