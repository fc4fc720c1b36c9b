"""Arguments that cannot be used, and solves that end without a solution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from tests.support.questions import own_imbalances
from tests.support.worlds import cut, dataset, world
from tumen.catalogue import load_world
from tumen.equilibrium import Outcome, solve, solver
from tumen.errors import Infeasible, InvalidInput, NotConverged
from tumen.world import Shock, World

BASE = world(5, 3, seed=4)
LINKS = xr.ones_like(BASE.dataset.trade)
ECONOMY = xr.DataArray(np.zeros(5), {"economy": list(BASE.economies)}, ("economy",))


def deficits_of(*values: float) -> xr.DataArray:
    return ECONOMY.copy(data=np.array(values))


@pytest.mark.parametrize(
    ("shock", "arguments", "message"),
    [
        (Shock(freeness=LINKS * np.nan), {}, "freeness, origin e0.*is nan.*75 cells in all"),
        (Shock(freeness=-LINKS), {}, "must not be below 0"),
        (Shock(freeness=LINKS[0].expand_dims("economy")), {}, "freeness: has dims"),
        (Shock(deficit=deficits_of(1, 0, 0, 0, 0)), {}, "the new deficits sum to 1, must be 0"),
        (Shock(tariff=LINKS * 25), {}, "the highest rate is 25, above 5: it looks like per cent"),
        (Shock(), {"deficits": "none"}, "deficits: is 'none', must be one of"),
        (Shock(deficit=ECONOMY), {"deficits": "zero"}, "needs deficits='keep'"),
        (Shock(deficit=ECONOMY), {"deficits": "income"}, "needs deficits='keep'"),
        (Shock(), {"deficits": "financed"}, "shock.financing: goes with deficits='financed'"),
        (Shock(), {"tolerance": 0.0}, "tolerance: is 0.0, must be between 0 and 1"),
        (Shock(), {"tolerance": -1e-10}, "tolerance: is -1e-10"),
        (Shock(), {"tolerance": float("nan")}, "tolerance: is nan"),
        (Shock(), {"tolerance": 1.0}, "tolerance: is 1.0"),
    ],
)
def test_arguments_that_cannot_be_used(
    shock: Shock, arguments: dict[str, float], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        solve(BASE, shock, **arguments)  # type: ignore[call-overload]


def financing(income: float) -> xr.Dataset:
    values = {"income": income, "draw_limit": 0.0, "desired_imports": 1.0}
    return xr.Dataset(
        {name: ("economy", [value]) for name, value in values.items()}, {"economy": ["e0"]}
    )


def test_a_financing_needs_its_closure() -> None:
    with pytest.raises(InvalidInput, match=r"shock.financing: goes with deficits='financed'"):
        solve(BASE, Shock(financing=financing(0.1)), deficits="keep")


def test_all_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        solve(BASE, Shock(freeness=-LINKS), deficits="none", tolerance=2)  # type: ignore[call-overload]
    assert len(caught.value.problems) == 3


def unconverged(monkeypatch: pytest.MonkeyPatch) -> NotConverged:
    monkeypatch.setattr(solver, "DIRECT_LIMIT", 3)
    monkeypatch.setattr(solver, "TOTAL_LIMIT", 30)
    with pytest.raises(NotConverged) as caught:
        solve(BASE, Shock(freeness=cut(BASE, "e0", 0.1)))
    return caught.value


def test_an_unconverged_solve_carries_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    error = unconverged(monkeypatch)
    assert error.economy in BASE.economies
    assert abs(error.imbalance) > 1e-10
    assert 30 <= error.iterations < 40
    assert error.cause
    text = str(error)
    assert f"no solution after {error.iterations} iterations: {error.economy} is off by" in text
    assert "likely cause" in text


def test_an_unconverged_solve_leaks_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    error = unconverged(monkeypatch)
    assert set(vars(error)) == {"economy", "imbalance", "iterations", "cause"}
    assert not any(isinstance(value, np.ndarray | Outcome) for value in vars(error).values())


def test_a_productivity_change_beyond_reason_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "DIRECT_LIMIT", 2)
    monkeypatch.setattr(solver, "TOTAL_LIMIT", 10)
    with pytest.raises(NotConverged, match="productivity change by a factor above 20"):
        solve(BASE, Shock(productivity=xr.DataArray(100.0)))


def test_a_deficit_that_cannot_pass_through_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "DIRECT_LIMIT", 2)
    monkeypatch.setattr(solver, "TOTAL_LIMIT", 10)
    with pytest.raises(NotConverged, match=r"leaves 1\.0e-08 of the trade of e0, and its deficit"):
        solve(BASE, Shock(freeness=cut(BASE, "e0", 1e-8)))


@pytest.mark.parametrize("part", [1.1, 3.0])
def test_who_has_to_give_away_more_than_it_earns_is_named(part: float) -> None:
    """At 1.1 the equations have a solution with a negative income, which is no equilibrium."""
    gift = part * float(BASE.accounts.value_added[0])
    gifts = deficits_of(-gift, *[gift / 4] * 4)
    with pytest.raises(
        NotConverged, match=r"has to give away .* leaves nothing to live on"
    ) as error:
        solve(BASE, Shock(deficit=gifts))
    assert error.value.economy == "e0"


def test_deficits_that_cancel_but_for_rounding_are_solved() -> None:
    data = BASE.dataset
    given = deficits_of(*BASE.accounts.deficit)
    loose = World(data.assign(deficit=given * (1 + 1e-9) + 1e-11 * float(given.max())))
    assert loose.accounts.deficit.sum() != 0
    assert solve(loose).worst_imbalance <= 1e-10
    traded = float(BASE.accounts.exports.sum())
    nearly = deficits_of(0.9e-9 * traded, 0, 0, 0, 0) + given
    assert solve(BASE, Shock(deficit=nearly)).worst_imbalance <= 1e-10


BALANCED = world(5, 3, seed=4, deficits=0)
ISOLATED: list[tuple[str, Callable[[], Shock]]] = [
    ("income", lambda: Shock(freeness=cut(BALANCED, "e0", 0.0))),
    ("financed", lambda: Shock(freeness=cut(BALANCED, "e0", 0.0), financing=no_financing())),
]


def no_financing() -> xr.Dataset:
    return financing(0.0).assign(desired_imports=("economy", [0.0]))


@pytest.mark.parametrize(("closure", "shock"), ISOLATED, ids=[name for name, _ in ISOLATED])
def test_every_closure_works_on_blocks(closure: str, shock: Callable[[], Shock]) -> None:
    outcome = solve(BALANCED, shock(), deficits=closure)  # type: ignore[call-overload]
    alone = solve(BALANCED, Shock(freeness=cut(BALANCED, "e0", 0.0)), deficits="zero")
    np.testing.assert_allclose(outcome.real_income, alone.real_income, rtol=1e-7)
    assert own_imbalances(outcome).max() < 1e-8


@pytest.mark.parametrize("side", ["origin", "destination"])
def test_one_who_can_only_buy_or_only_sell_draws_on_its_stock(side: str) -> None:
    """Without exports all that is desired is drawn; without imports nothing can be."""
    freeness = LINKS.copy()
    freeness.loc[{side: "e0"}] = 0.0
    freeness.loc[{"origin": "e0", "destination": "e0"}] = 1.0
    stock = 0.4 * float(BALANCED.accounts.imports[0])
    funds = no_financing().assign(desired_imports=("economy", [stock / 2]))
    shock = Shock(freeness=freeness, financing=funds.assign(draw_limit=("economy", [stock])))
    if side == "origin":
        outcome = solve(BALANCED, shock, deficits="financed")
        imports = outcome.trade.sel(destination="e0").drop_sel(origin="e0").sum()
        assert float(imports) == pytest.approx(stock / 2, rel=1e-8)
    else:
        with pytest.raises(Infeasible, match=r"economy e0: has a deficit.*imports are closed"):
            solve(BALANCED, shock, deficits="financed")


def dead_sector() -> World:
    """e1 makes no s0, buys it abroad; e2 neither makes, buys nor uses s1."""
    data = dataset(5, 3, seed=9)
    trade, final, inputs = data.trade.copy(), data.final_share.copy(), data.input_share.copy()
    trade.loc[{"origin": "e1", "sector": "s0"}] = 0.0
    trade.loc[{"origin": "e2", "sector": "s1"}] = 0.0
    trade.loc[{"destination": "e2", "sector": "s1"}] = 0.0
    final.loc[{"economy": "e2", "sector": "s1"}] = 0.0
    inputs.loc[{"economy": "e2", "input": "s1"}] = 0.0
    inputs = inputs / inputs.sum("input") * (1 - data.value_added_share)
    final = final / final.sum("sector")
    return World.equilibrate(data.assign(trade=trade, final_share=final, input_share=inputs))


def test_a_dead_sector_stays_dead_and_the_rest_is_right() -> None:
    base = dead_sector()
    np.testing.assert_allclose(solve(base).real_income, 1, atol=1e-9)
    outcome = solve(base, Shock(freeness=cut(base, "e3", 0.1)))
    assert float(outcome.trade.sel(origin="e1", sector="s0").sum()) == 0.0
    assert float(outcome.trade.sel(destination="e2", sector="s1").sum()) == 0.0
    assert float(outcome.price.sel(economy="e2", sector="s1")) == 1.0
    for values in (outcome.real_income, outcome.real_output, outcome.first_order_welfare.total):
        assert np.isfinite(values).all()
    assert own_imbalances(outcome).max() < 1e-8


def test_who_does_not_make_a_product_cannot_be_cut_off_from_it() -> None:
    base = dead_sector()
    with pytest.raises(Infeasible, match="economy e1, sector s0: every source of this product"):
        solve(base, Shock(freeness=cut(base, "e1", 0.0)), deficits="zero")


@pytest.mark.parametrize("economy", ["RUS", "CHN", "USA"])
def test_a_full_embargo_of_a_large_economy_takes_at_most_60_iterations(economy: str) -> None:
    base = load_world("world-2022")
    outcome = solve(base, Shock(freeness=cut(base, economy, 0.0)), deficits="zero")
    assert outcome.iterations <= 60
    assert outcome.worst_imbalance <= 1e-10
    assert own_imbalances(outcome).max() < 1e-8
    assert float(outcome.wage.sel(economy=economy)) == 1.0
    assert float(outcome.real_income.sel(economy=economy)) < 1


def test_who_depends_on_an_embargoed_economy_alone_is_named() -> None:
    base = load_world()
    with pytest.raises(Infeasible, match=r"economy PRK, sector B06: every source .* is shut"):
        solve(base, Shock(freeness=cut(base, "CHN", 0.0)), deficits="zero")
