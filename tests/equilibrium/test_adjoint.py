"""The gradient against differences: all parts of a shock, all closures, shut flows, autarky."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.differences import (
    PARTS,
    TIGHT,
    Direction,
    central,
    everything,
    labelled,
    mixed,
    value,
)
from tests.support.products import fine_world
from tests.support.worlds import cut, world
from tumen.equilibrium import Outcome, adjoint, gradient, solve
from tumen.errors import InvalidInput, NotConverged, TumenError
from tumen.world import Cap, Shock, World
from tumen.world.short_run import Mobility, with_elasticities, with_labour

few = settings(max_examples=8, deadline=None)
cached_world = cache(world)
By = Literal["value", "quantity"]


def weights(of: World, **values: float) -> xr.DataArray:
    """Weights on log real income."""
    labels = list(of.economies)
    return xr.DataArray(
        [values.get(name, 0.0) for name in labels], {"economy": labels}, ["economy"]
    )


def log_income(outcome: Outcome, on: xr.DataArray) -> float:
    return float((np.log(outcome.real_income) * on).sum())


def agree(outcome: Outcome, seed: int = 0, rtol: float = 1e-6) -> None:
    """Hold the gradient against central differences in a drawn direction of everything."""
    objective = mixed(outcome.world, seed)
    found = gradient(outcome, objective)
    direction = Direction.drawn(outcome, found, seed)
    slope = direction.slope(found)
    differences = [central(outcome, objective, direction, step) for step in (1e-4, 1e-5)]
    gap = min(abs(difference - slope) for difference in differences)
    assert gap <= rtol * max(abs(slope), 1e-3), (slope, differences)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_asked_the_gradient_is_its_slope(seed: int) -> None:
    """Closures, caps, wedges, openings, tariffs, stiff inputs, stuck workers, flows shut."""
    question = everything(seed)
    try:
        outcome = solve(question.world, question.shock, question.deficits, TIGHT)
    except TumenError:
        return
    agree(outcome, seed, 1e-5)


@few
@given(st.integers(0, 30), st.floats(-9, 1), st.sampled_from([0.0, 0.3]))
def test_every_flow_against_central_differences(seed: int, low: float, tariffs: float) -> None:
    """Steps are relative to the level of freeness, so that small ones are moved in logs."""
    base = cached_world(4, 2, seed=seed % 4, tariffs=tariffs)
    draw = np.random.default_rng(seed)
    freeness = np.exp(draw.uniform(min(low, 0.0), 0.5, base.dataset.trade.shape))
    shock = Shock(freeness=labelled(base, freeness))
    outcome, on = solve(base, shock, tolerance=TIGHT), weights(base, e1=1.0, e2=-0.4)
    found = gradient(outcome, on)
    scale = float(np.abs(found.freeness * freeness).max())
    step = 1e-4
    for cell in draw.integers([4, 4, 2], size=(4, 3)):
        ways = []
        for way in (step, -step):
            moved = freeness.copy()
            moved[tuple(cell)] *= np.exp(way)
            again = solve(
                base, Shock(freeness=labelled(base, moved)), tolerance=1e-13, start=outcome
            )
            ways.append(log_income(again, on))
        slope = float(found.freeness.values[tuple(cell)] * freeness[tuple(cell)])
        # 1e-9 is what tolerances of 1e-13 leave of differences over 2e-4.
        assert (ways[0] - ways[1]) / (2 * step) == pytest.approx(
            slope, rel=1e-5, abs=1e-9 + 1e-9 * scale
        )


@pytest.mark.parametrize("left", [1e-2, 1e-4])
def test_an_almost_isolated_economy_has_its_own_right_slopes(left: float) -> None:
    base = cached_world(5, 4, seed=3, deficits=0)
    outcome = solve(base, Shock(freeness=cut(base, "e2", left)), "zero", TIGHT)
    agree(outcome)
    on = weights(base, e2=1.0)
    found = gradient(outcome, on)
    cell = {"origin": "e0", "destination": "e2", "sector": "s1"}
    ways = []
    for way in (1e-3, -1e-3):
        freeness = cut(base, "e2", left)
        freeness.loc[cell] *= np.exp(way)
        ways.append(log_income(solve(base, Shock(freeness=freeness), "zero", 1e-14), on))
    slope = float(found.freeness.sel(cell)) * left
    assert (ways[0] - ways[1]) / 2e-3 == pytest.approx(slope, rel=1e-5, abs=1e-11)


@few
@given(st.integers(0, 8), st.integers(0, 3), st.sampled_from([0.0, 0.2]))
def test_at_freeness_zero_it_is_the_right_difference(seed: int, k: int, tariffs: float) -> None:
    base = cached_world(4, 2, seed=seed, tariffs=tariffs)
    cells = {("e0", "e1", "*"): 0.0, ("e2", "e0", "s1"): 0.0}
    cell = [("e0", "e1", "s0"), ("e0", "e1", "s1"), ("e2", "e0", "s1")][k % 3]
    outcome = solve(base, Shock.of(base, cells), tolerance=TIGHT)
    objective = mixed(base, seed)
    found = gradient(outcome, objective).freeness
    slope = float(found.sel(origin=cell[0], destination=cell[1], sector=cell[2]))
    start = value(outcome, objective)

    def right(step: float) -> float:
        shock = Shock.of(base, cells | {cell: step})
        return (value(solve(base, shock, tolerance=TIGHT), objective) - start) / step

    assert 2 * right(1e-5) - right(2e-5) == pytest.approx(slope, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("mobility", ["mobile", "fixed", "idle"])
@pytest.mark.parametrize("critical", [True, False])
def test_the_short_run(mobility: Mobility, critical: bool) -> None:
    base = cached_world(5, 4, seed=3, tariffs=0.2)
    made = with_elasticities(base, 0.4, 0.8, ["s1"] if critical else [], 0.15, ["e2", "e0"])
    made = with_labour(made, mobility, ["e2", "e4"])
    outcome = solve(made, Shock(freeness=cut(made, "e2", 0.1)), tolerance=TIGHT)
    assert (mobility == "idle") == bool((outcome.employment < 1).any())
    agree(outcome)


def capped(
    by: Literal["value", "quantity"], rent: str, ceiling: float | None, left: float = 0.2
) -> Outcome:
    of = cached_world(5, 3, seed=3, tariffs=0.2)
    flows = [(origin, "e1", "s1", 0.8) for origin in of.economies if origin != "e1"]
    units = 3.0 if by == "quantity" else None
    bought = of.dataset.trade.sel(destination="e1", sector="s1").drop_sel(origin="e1").sum()
    limit = left * 0.8 * float(bought) * (units or 1.0)
    smuggling = {"max_wedge": ceiling, "smuggled_wedge": 1.1, "smuggled_rent": "e3"}
    cap = Cap(flows, limit, by, units, rent=rent, **(smuggling if ceiling else {}))  # type: ignore[arg-type]
    return solve(of, Shock(caps=[cap]), tolerance=TIGHT)


@pytest.mark.parametrize("by", ["value", "quantity"])
@pytest.mark.parametrize("rent", ["destination", "origin", "e4"])
def test_caps_that_bind_and_their_rents(by: By, rent: str) -> None:
    outcome = capped(by, rent, None)
    assert float(outcome.wedge[0]) > 1.2
    agree(outcome)


@pytest.mark.parametrize("by", ["value", "quantity"])
def test_caps_that_leak_and_who_smuggles(by: By) -> None:
    outcome = capped(by, "destination", 1.2)
    assert float(outcome.cap_excess[0]) > 0
    agree(outcome)


def test_a_cap_that_does_not_bind_changes_no_slope() -> None:
    loose = capped("value", "destination", None, left=2.0)
    assert float(loose.wedge[0]) == 1
    plain = solve(loose.world, tolerance=TIGHT)
    objective = mixed(loose.world, 1)
    for name in PARTS:
        first, second = (gradient(outcome, objective)[name] for outcome in (loose, plain))
        np.testing.assert_allclose(first, second, rtol=1e-6, atol=1e-8)


def test_autarky_is_missing_with_the_reason_and_the_rest_is_right() -> None:
    base = cached_world(4, 2, seed=8, deficits=0)
    outcome = solve(base, Shock(freeness=cut(base, "e1", 0.0)), "zero", TIGHT)
    found = gradient(outcome, mixed(base, 1))
    touched = (found.origin == "e1") | (found.destination == "e1")
    for name in ("freeness", "tariff"):
        assert (found[name].isnull() == touched.broadcast_like(found[name])).all()
        assert found[name].attrs["missing"] == found.attrs["missing"]
    for name in ("deficit", "productivity"):
        alone = (found.economy == "e1").broadcast_like(found[name])
        assert (found[name].isnull() == alone).all()
    assert found.attrs["missing"].startswith("in autarky: e1. No relative price")
    agree(outcome)


def test_across_blocks_is_missing_and_inside_them_right() -> None:
    base = cached_world(5, 3, seed=2, deficits=0)
    blocks = [["e0", "e3"], ["e1", "e2", "e4"]]
    same = np.array(
        [[any({a, b} <= set(g) for g in blocks) for b in base.economies] for a in base.economies]
    )
    freeness = labelled(base, np.repeat(same[:, :, None], 3, axis=2).astype(float))
    outcome = solve(base, Shock(freeness=freeness), "zero", TIGHT)
    found = gradient(outcome, mixed(base, 1))
    assert (found.freeness.notnull().values == same[:, :, None]).all()
    assert found.productivity.notnull().all()
    for block in blocks:
        assert float(found.deficit.sel(economy=block).mean()) == pytest.approx(0, abs=1e-9)
    assert "only among themselves: e0, e3; e1, e2, e4" in found.attrs["missing"]
    agree(outcome)


def test_nothing_is_missing_where_all_trade() -> None:
    base = cached_world(4, 2, seed=8)
    found = gradient(solve(base), weights(base, e0=1.0))
    assert found.attrs["missing"] == ""
    assert all(bool(found[name].notnull().all()) for name in PARTS)
    assert [found[name].dims for name in PARTS] == [
        base.dataset.trade.dims,
        base.dataset.trade.dims,
        ("economy",),
        ("economy", "sector"),
    ]


@pytest.mark.parametrize(("limit", "drawn"), [(0.1, 0.1), (9.0, None), (0.0, 0.0), (-0.3, -0.3)])
def test_savings_at_their_limit_and_free_of_it(limit: float, drawn: float | None) -> None:
    """Who draws less than it may puts what it receives in the place of savings."""
    base = cached_world(4, 3, seed=2)
    imports = float(base.accounts.imports[1])
    amounts = {"income": 0.1, "draw_limit": max(limit, 0.0), "desired_imports": 1.2}
    if limit < 0:
        amounts |= {"desired_imports": 0.1, "least_draw": limit}
    values = {name: ("economy", [part * imports]) for name, part in amounts.items()}
    shock = Shock(financing=xr.Dataset(values, {"economy": ["e1"]}))
    outcome = solve(base, shock, "financed", TIGHT)
    draw = float(outcome.deficit[1]) / imports - 0.1
    assert draw == pytest.approx(drawn) if drawn is not None else 0 < draw < limit
    agree(outcome)


@few
@given(st.integers(0, 20), st.sampled_from(["keep", "zero", "income", "financed"]))
def test_deficits_have_mean_zero_and_receiving_beats_giving(seed: int, closure: str) -> None:
    base = cached_world(4, 2, seed=seed % 5)
    shock = Shock()
    if closure == "financed":
        amounts = {"income": 0.2, "draw_limit": 0.1, "desired_imports": 0.8}
        imports = float(base.accounts.imports[1])
        values = {name: ("economy", [part * imports]) for name, part in amounts.items()}
        shock = Shock(financing=xr.Dataset(values, {"economy": ["e1"]}))
    found = gradient(solve(base, shock, closure), weights(base, e0=1.0)).deficit  # type: ignore[call-overload]
    assert float(found.mean()) == pytest.approx(0, abs=1e-12)
    assert int(found.values.argmax()) == 0


def test_an_objective_of_nothing_has_no_slopes() -> None:
    base = cached_world(4, 2, seed=1)
    found = gradient(solve(base), weights(base))
    assert not any(bool(found[name].any()) for name in PARTS)


def test_better_technology_everywhere_raises_real_income_one_for_one() -> None:
    base = cached_world(6, 1, seed=2, inputs=False)
    found = gradient(solve(base), weights(base, e3=1.0))
    assert float(found.productivity.sum()) == pytest.approx(1, rel=1e-7)


def test_weights_and_partial_derivatives_say_the_same() -> None:
    base = cached_world(4, 2, seed=1)
    outcome = solve(base, Shock(freeness=cut(base, "e2", 0.3)))
    on = weights(base, e2=1.0, e0=-2.0)
    partial = xr.Dataset({"real_income": on / outcome.real_income})
    first, second = gradient(outcome, on), gradient(outcome, partial)
    for name in PARTS:
        np.testing.assert_allclose(first[name], second[name], rtol=1e-10)


def test_what_is_no_objective_is_refused() -> None:
    base = cached_world(4, 2, seed=1)
    outcome, on = solve(base), weights(base, e2=1.0)
    with pytest.raises(InvalidInput, match="must be an Outcome"):
        gradient(base, on)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="is a list, must be a DataArray over economy"):
        gradient(outcome, [1.0])  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="is empty"):
        gradient(outcome, xr.Dataset())
    with pytest.raises(InvalidInput, match=r'objective.prices.*did you mean "price"'):
        gradient(outcome, xr.Dataset({"prices": on}))
    with pytest.raises(InvalidInput, match=r"has dims \('sector',\), needs \('economy',\)"):
        gradient(outcome, base.dataset.trade_elasticity)
    with pytest.raises(InvalidInput, match="economy e0: is nan, must be a finite number"):
        gradient(outcome, on / 0.0 * 0.0)
    with pytest.raises(InvalidInput, match="in another order"):
        gradient(outcome, on[::-1])
    with pytest.raises(InvalidInput, match="not numbers"):
        gradient(outcome, on.astype(str))


def test_an_unconverged_adjoint_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    base = cached_world(4, 2, seed=1)
    monkeypatch.setattr(adjoint, "LIMIT", 2)
    with pytest.raises(
        NotConverged, match=r"no solution after 2 iterations.*its own sensitivities"
    ):
        gradient(solve(base), weights(base, e2=1.0))


@pytest.mark.parametrize("sender", [("e0",), ("e0", "e2")])
def test_small_sanctions_can_raise_the_senders_welfare(sender: tuple[str, ...]) -> None:
    """Optimal tariffs: from zero, a small one moves the terms of trade in the sender's favour."""
    base = cached_world(4, 3, seed=6, deficits=0)
    start = solve(base, tolerance=TIGHT)
    total = np.where(np.isin(base.economies, sender), base.accounts.income, 0.0)
    ours = weights(base, **dict(zip(base.economies, total / total.sum(), strict=True)))
    slopes = gradient(start, ours).tariff.sel(origin=["e1"], destination=list(sender))
    assert (slopes > 0).any()
    theirs = gradient(start, weights(base, e1=1.0)).tariff.sel(
        origin=["e1"], destination=list(sender)
    )
    assert (theirs < 0).all()
    # Each duty whose slope is above zero, all at once, small and then far too large.
    chosen = (slopes > 0).astype(float).reindex_like(base.dataset.trade, fill_value=0.0)
    gains = {}
    for rate in (0.01, 5.0):
        outcome = solve(base, Shock(tariff=rate * chosen), tolerance=TIGHT)
        gains[rate] = log_income(outcome, ours)
        assert float(outcome.real_income.sel(economy="e1")) < 1
    assert gains[0.01] > 0 > gains[5.0]
    assert gains[0.01] == pytest.approx(0.01 * float(slopes.where(slopes > 0).sum()), rel=0.1)


def test_a_world_by_product_is_refused() -> None:
    fine = fine_world()
    target = weights(fine.world, **{fine.world.economies[0]: 1.0})
    with pytest.raises(InvalidInput, match="outcome: is of a world by product; gradients are by"):
        gradient(solve(fine), target)
