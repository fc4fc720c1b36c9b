"""The sparse kernel: compiled, with NumPy and as plain Python it reads the same."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest

from tests.support.products import fine_world
from tumen.equilibrium import solve, sparse
from tumen.equilibrium.products import ProductLinks
from tumen.world import Shock

SIGMA = [0.5, 1.0, 1.0 + 1e-7, 4.0]


def links_of(seed: int, sigma: float) -> ProductLinks:
    """Links with shut flows and, where products replace each other, products without a seller."""
    fine = fine_world(seed=seed, sigma=sigma)
    draw = np.random.default_rng(seed)
    freeness = draw.choice([0.0, 0.1, 1.0, 3.0], fine.cells.value.size)
    buyer = fine.cells.by_flow(fine.cells.row_buyer)
    freeness[fine.cells.seller == buyer] = 0.0 if sigma > 1.1 else 1.0
    shut = np.add.reduceat(freeness, fine.cells.row_start[:-1]) == 0
    lonely = fine.cells.by_flow(shut).astype(bool)
    if sigma <= 1.1:
        freeness[lonely] = 1.0
    return ProductLinks.of(fine, freeness)


def plain(links: ProductLinks, strength: np.ndarray) -> sparse.Read:
    groups = links.flows.group_start.size - 1
    shares, log_price = np.zeros((groups, strength.shape[1])), np.zeros(groups)
    with np.errstate(all="ignore"):
        sparse.sweep_groups(links.flows, strength, shares, log_price, 0, groups)
    return sparse.Read(shares, log_price)


def costs(links: ProductLinks, seed: int) -> np.ndarray:
    world = links.world.world
    draw = np.random.default_rng(seed)
    return draw.normal(0, 0.5, world.accounts.beta.shape)


@pytest.mark.parametrize("sigma", SIGMA)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kernel", ["numpy", "numba"])
def test_kernels_read_the_same(
    kernel: str, seed: int, sigma: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kernel == "numba" and sparse.compiled_kernel() is None:
        pytest.skip("numba is not installed: pip install tumen[fast]")
    monkeypatch.setattr(sparse, "CHUNK", 20)  # several pieces
    links = links_of(seed, sigma)
    strength = links._strength(costs(links, seed))
    wanted = plain(links, strength)
    seen = sparse.read(links.flows, strength, compiled=kernel == "numba")
    np.testing.assert_allclose(seen.shares, wanted.shares, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(seen.log_price, wanted.log_price, rtol=1e-12, atol=1e-13)
    used = np.diff(links.flows.group_start) > 0
    np.testing.assert_allclose(seen.shares.sum(axis=1), used.astype(float), rtol=1e-12)


def test_an_elasticity_near_one_is_near_the_geometric_mean() -> None:
    exact, near = (links_of(1, sigma) for sigma in (1.0, 1.0 + 1e-7))
    cost = costs(exact, 1)
    gap = np.abs(exact.read(cost)[1] - near.read(cost)[1])
    assert 0 < gap.max() < 1e-5


def test_without_numba_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = fine_world(seed=3, sigma=2.0)
    shock = Shock.of(fine, {("e0", "*", "*"): 0.1})
    wanted = solve(fine, shock)
    monkeypatch.setitem(sys.modules, "numba", None)
    sparse.compiled_kernel.cache_clear()
    try:
        assert sparse.compiled_kernel() is None
        seen = solve(fine, shock)
    finally:
        sparse.compiled_kernel.cache_clear()
    np.testing.assert_allclose(seen.real_income, wanted.real_income, rtol=1e-12)


def test_links_on_the_way_are_geometric_and_shut_ones_fall_to_a_floor() -> None:
    links = links_of(2, 1.0)
    half = links.between(0.5, 1e-6).flows.weight
    goal = links.flows.weight
    wanted = np.where(goal > 0, np.sqrt(links.share * goal), 1e-3 * links.share)
    np.testing.assert_allclose(half, wanted, rtol=1e-12)
    assert (goal == 0).any()


def test_runs_of_groups_cover_all_flows_once() -> None:
    links = links_of(2, 1.0)
    for count in (1, 2, 7, 1000):
        runs = list(sparse.parts(links.flows, count))
        assert runs[0][0] == 0
        assert runs[-1][1] == links.flows.group_start.size - 1
        assert all(one[1] == other[0] for one, other in pairwise(runs))
