"""RAS, and fitting uses to trade."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import worlds
from tumen.equilibrium import solve
from tumen.errors import InvalidInput, NotConverged
from tumen.world import World, balance
from tumen.world.balance import Array, ras

few = settings(max_examples=40, deadline=None)


def drawn(seed: int, rows: int, columns: int) -> tuple[Array, Array, Array]:
    """A prior with some zeros, and totals that a table with these zeros has."""
    draw = np.random.default_rng(seed)
    shape = (rows, columns)
    prior = np.exp(draw.normal(0, 2, shape)) * (draw.uniform(size=shape) > 0.3)
    prior[:, 0] = np.exp(draw.normal(size=rows))
    prior[0] = np.exp(draw.normal(size=columns))
    possible = prior * np.exp(draw.normal(0, 1, shape))
    return prior, possible.sum(axis=1), possible.sum(axis=0)


@few
@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 9))
def test_rows_and_columns_are_met_and_zeros_stay(seed: int, rows: int, columns: int) -> None:
    prior, row_totals, column_totals = drawn(seed, rows, columns)
    table = ras(prior, row_totals, column_totals)
    np.testing.assert_allclose(table.sum(axis=1), row_totals, rtol=1e-12)
    np.testing.assert_allclose(
        table.sum(axis=0), column_totals, rtol=1e-9, atol=1e-12 * row_totals.sum()
    )
    assert ((table > 0) == (prior > 0)).all()


@few
@given(st.integers(0, 10_000))
def test_a_table_that_meets_its_totals_stays(seed: int) -> None:
    table = ras(*drawn(seed, 5, 4))
    again = ras(table, table.sum(axis=1), table.sum(axis=0))
    np.testing.assert_allclose(again, table, rtol=1e-11)


@few
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_only_the_proportions_of_the_prior_matter(seed: int, scale: float) -> None:
    prior, rows, columns = drawn(seed, 4, 6)
    table = ras(prior, rows, columns)
    np.testing.assert_allclose(ras(scale * prior, rows, columns), table, rtol=1e-6)


def test_impossible_totals_are_all_named() -> None:
    prior = np.array([[1.0, 0.0], [0.0, 0.0]])
    with pytest.raises(InvalidInput) as caught:
        ras(prior, np.array([1.0, 2.0]), np.array([1.0, 1.0]), "uses of X")
    text = str(caught.value)
    assert "uses of X: rows sum to 3, columns to 2" in text
    assert "row 1 must sum to 2 but has no cell" in text
    assert "column 1 must sum to 1 but has no cell" in text


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_numbers_below_zero_or_not_finite_are_refused(wrong: float) -> None:
    ones = np.ones((2, 2))
    with pytest.raises(InvalidInput, match="row 0 is to sum to"):
        ras(ones, np.array([wrong, 1.0]), np.array([1.0, 1.0]))
    with pytest.raises(InvalidInput, match="the prior must be finite and not negative"):
        ras(wrong * ones if wrong < 0 else ones + wrong, np.ones(2), np.ones(2))


def test_zeros_that_leave_no_table_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "RAS_LIMIT", 200)
    prior = np.array([[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises(NotConverged, match=r"uses of X.*zeros") as caught:
        ras(prior, np.array([3.0, 1.0]), np.array([1.0, 3.0]), "uses of X")
    assert caught.value.iterations == 200
    assert caught.value.imbalance > 0.1


def test_rebalanced_keeps_trade_and_value_added_and_gives_a_fixed_point() -> None:
    data = worlds.dataset(5, 4, seed=11, tariffs=0.2)
    with pytest.raises(InvalidInput, match="accounts"):
        World(data.drop_vars("deficit"))
    fitted = World.rebalanced(data)
    assert fitted.dataset.trade.equals(data.trade)
    assert fitted.dataset.value_added_share.equals(data.value_added_share)
    assert not fitted.dataset.final_share.equals(data.final_share)
    assert "e3" in fitted.dataset.attrs["rebalanced"]
    np.testing.assert_allclose(solve(fitted).real_income, 1, atol=1e-9)


def test_rebalanced_gives_a_product_that_nobody_uses_to_final_buyers() -> None:
    data = worlds.dataset(3, 3, seed=1, deficits=0)
    final, inputs = data.final_share.copy(), data.input_share.copy()
    final.loc[{"economy": "e0", "sector": "s2"}] = 0.0
    final = final / final.sum("sector")
    inputs.loc[{"economy": "e0", "input": "s2"}] = 0.0
    inputs = inputs / inputs.sum("input") * (1 - data.value_added_share)
    fitted = World.rebalanced(data.assign(final_share=final, input_share=inputs))
    assert float(fitted.dataset.final_share.sel(economy="e0", sector="s2")) > 0


def test_rebalanced_refuses_what_is_no_world() -> None:
    data = worlds.dataset(3, 2)
    with pytest.raises(InvalidInput, match="is -1"):
        World.rebalanced(data.assign(trade=data.trade * 0 - 1))
