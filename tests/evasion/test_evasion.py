"""From law to freeness: monotone in everything, exact at the ends, parts that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import InvalidInput
from tumen.evasion import (
    cheapest_hubs,
    detour_costs,
    finance_freeness,
    head_ries_freeness,
    link_parts,
    smuggling_freeness,
    smuggling_mark_up,
)

shares = st.floats(0, 1)
costs = st.floats(1, 20)
elasticities = st.floats(0.5, 12)


@given(shares, shares, shares, shares)
def test_parts_add_up_to_the_formula(b: float, e: float, fin: float, sigma: float) -> None:
    parts = link_parts(b, e, fin, sigma)
    formula = ((1 - b) + b * (1 - e)) * max(fin, sigma) + b * e * sigma
    assert float(parts.total) == pytest.approx(formula, abs=1e-15)


@given(shares, shares)
def test_no_enforcement_leaves_the_link(b: float, sigma: float) -> None:
    assert float(link_parts(b, 0.0, 1.0, sigma).total) == pytest.approx(1, abs=1e-15)


def test_full_coverage_and_enforcement_without_smuggling_shut_it_exactly() -> None:
    assert float(link_parts(1.0, 1.0, 1.0, 0.0).total) == 0.0


@given(shares, shares, shares, shares, shares, shares)
def test_more_coverage_or_enforcement_never_frees(
    b: float, more_b: float, e: float, more_e: float, fin: float, sigma: float
) -> None:
    (b, more_b), (e, more_e) = sorted((b, more_b)), sorted((e, more_e))
    less = link_parts(b, e, fin, sigma).total
    assert link_parts(more_b, e, fin, sigma).total <= less + 1e-12
    assert link_parts(b, more_e, fin, sigma).total <= less + 1e-12


@given(costs, costs, elasticities, elasticities)
def test_a_dearer_route_never_frees_and_a_hub_never_closes(
    mark_up: float, hub: float, theta: float, extra: float
) -> None:
    nu = theta + extra
    alone = smuggling_freeness(mark_up, theta, substitution=nu)
    with_hub = smuggling_freeness(mark_up, theta, [hub], nu)
    dearer = smuggling_freeness(mark_up, theta, [hub * 1.5], nu)
    assert 0 <= alone <= with_hub <= 1
    assert dearer <= with_hub
    assert smuggling_freeness(mark_up * 1.5, theta, [hub], nu) <= with_hub


def test_equal_elasticities_make_the_routes_add() -> None:
    assert smuggling_freeness(2.0, 3.0, [2.0]).item() == pytest.approx(2 * 2.0**-3)
    assert smuggling_freeness(np.inf, 3.0).item() == 0.0
    assert smuggling_freeness(1.0, 3.0).item() == 1.0


@given(st.floats(0, 3), st.floats(0, 0.9), st.floats(0, 3))
def test_the_mark_up_breaks_even(k: float, q: float, f: float) -> None:
    """Who buys at 1 and sells what is not seized at μ earns nothing after transport and fines."""
    mark_up = smuggling_mark_up(k, q, f)
    assert (1 - q) * mark_up - 1 - k - q * f == pytest.approx(0, abs=1e-9)
    assert mark_up >= 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((-0.1, 0, 0), "extra_transport"), ((0, 1.0, 0), "seizure"), ((0, 0, -1), "fine")],
)
def test_wrong_costs_are_refused(arguments: tuple[float, float, float], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        smuggling_mark_up(*arguments)


def test_wrong_shares_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        link_parts(1.2, -0.1, 2.0, 0.5)
    assert {problem.place for problem in caught.value.problems} == {
        "coverage",
        "enforcement",
        "finance",
    }
    with pytest.raises(InvalidInput, match="at least 1 times"):
        smuggling_freeness(0.9, 3.0)
    with pytest.raises(InvalidInput, match="must not be below the trade elasticity"):
        smuggling_freeness(1.5, 3.0, substitution=2.0)
    with pytest.raises(InvalidInput, match="must be between 0 and 1"):
        finance_freeness(1.5, 0.1, 3.0)
    with pytest.raises(InvalidInput, match="must not be negative"):
        finance_freeness(0.5, -0.1, 3.0)


@given(shares, st.floats(0, 5), elasticities)
def test_finance_leaves_at_least_what_has_other_channels(g: float, t: float, theta: float) -> None:
    left = finance_freeness(g, t, theta).item()
    assert 1 - g - 1e-12 <= left <= 1
    assert finance_freeness(g, t + 1, theta).item() <= left


def gravity_shares(economies: int, seed: int) -> np.ndarray:
    """Shares of a one-sector gravity world with symmetric costs."""
    draw = np.random.default_rng(seed)
    cost = draw.uniform(0.01, 0.5, (economies, economies))
    cost = np.sqrt(cost * cost.T)
    np.fill_diagonal(cost, 1.0)
    trade = cost * draw.uniform(0.5, 2, economies)[None, :]
    shares: np.ndarray = (trade / trade.sum(axis=1, keepdims=True))[None]
    return shares


@given(st.integers(0, 50))
def test_head_ries_recovers_symmetric_costs_whatever_the_sizes(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cost = draw.uniform(0.01, 0.5, (4, 4))
    cost = np.sqrt(cost * cost.T)
    np.fill_diagonal(cost, 1.0)
    np.testing.assert_allclose(head_ries_freeness(gravity_shares(4, seed))[0], cost, rtol=1e-10)


@given(st.integers(0, 50), st.floats(0.05, 0.95), st.integers(2, 3))
def test_tightening_a_leg_never_shortens_the_way(seed: int, left: float, hub: int) -> None:
    freeness = head_ries_freeness(gravity_shares(4, seed))
    theta = np.array([4.0])
    legs = np.ones((1, 4))
    before = detour_costs(freeness, theta, 0, 1, legs)
    legs[0, hub] = left
    after = detour_costs(freeness, theta, 0, 1, legs)
    assert after[0, hub] > before[0, hub]
    assert before[0, hub] >= 1
    assert np.isinf(before[0, [0, 1]]).all()


def test_unknown_legs_are_no_route_and_shut_legs_neither() -> None:
    freeness = np.full((1, 4, 4), 0.2)
    freeness[0, 2, 0] = freeness[0, 0, 2] = np.nan
    cost = detour_costs(freeness, np.array([4.0]), 0, 1, np.array([[1.0, 1.0, 1.0, 0.0]]))
    assert np.isinf(cost[0]).all()
    assert cheapest_hubs(cost, np.array([1.0])) == []
