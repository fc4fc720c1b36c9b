"""Adding an economy from its own accounts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import world
from tumen.catalogue.inserts import entrant, load_insert
from tumen.catalogue.worlds import load_world
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.world import Shock, World
from tumen.world.insert import Entrant, inserted

BASE = world(4, 3, seed=5, tariffs=0.1)


def newcomer(scale: float = 1.0) -> Entrant:
    """An economy of about a tenth of the smallest, trading with two others."""
    size = 0.1 * scale * float(BASE.accounts.output.min())
    labels = {"economy": list(BASE.economies), "sector": list(BASE.sectors)}
    dims = ("economy", "sector")
    share = np.zeros((4, 3))
    share[1], share[2] = [0.1, 0.0, 0.05], [0.02, 0.1, 0.0]
    ones = xr.DataArray(np.ones((4, 3)), labels, dims)
    return Entrant(
        economy="new",
        exports=xr.DataArray(size * share, labels, dims),
        imports=xr.DataArray(1.2 * size * share[:, ::-1], labels, dims),
        value_added=xr.DataArray(
            size * np.array([1.0, 2.0, 1.5]), {"sector": labels["sector"]}, ("sector",)
        ),
        template="e3",
        output=xr.DataArray(np.zeros(3), {"sector": labels["sector"]}, ("sector",)),
        sole_users={},
        remittances=xr.DataArray(
            size * np.array([0.0, 0.1, 0.02, 0.0]), {"economy": labels["economy"]}, ("economy",)
        ),
        recorded_exports=ones,
        recorded_imports=0.5 * ones,
    )


def test_gdp_and_partner_trade_are_exact_and_accounts_balance() -> None:
    entry = newcomer()
    grown = inserted(BASE, entry)
    assert grown.economies == (*BASE.economies, "new")
    np.testing.assert_allclose(
        grown.accounts.value_added[-1], float(entry.value_added.sum()), rtol=1e-12
    )
    trade = grown.dataset.trade
    old = list(BASE.economies)
    np.testing.assert_array_equal(trade.sel(origin="new", destination=old), entry.exports)
    np.testing.assert_array_equal(trade.sel(origin=old, destination="new"), entry.imports)
    gap = grown.accounts.spending - grown.accounts.uses()
    np.testing.assert_allclose(gap / grown.accounts.spending.sum(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(solve(grown).real_income, 1, atol=1e-8)


def test_partners_sell_out_of_their_home_sales_and_keep_their_output() -> None:
    grown, entry = inserted(BASE, newcomer()), newcomer()
    np.testing.assert_allclose(grown.accounts.output[:, :-1], BASE.accounts.output, rtol=1e-12)
    home = grown.accounts.trade[:, 2, 2]
    np.testing.assert_allclose(home, BASE.accounts.trade[:, 2, 2] - entry.imports.values[2])
    untouched = grown.dataset.final_share.sel(economy="e0")
    np.testing.assert_array_equal(untouched, BASE.dataset.final_share.sel(economy="e0"))


def test_flows_carry_the_share_that_is_recorded() -> None:
    recorded = inserted(BASE, newcomer()).dataset.recorded
    assert (recorded.sel(destination="new", origin=list(BASE.economies)) == 0.5).all()
    assert (recorded.sel(origin="new") == 1).all()


def test_pay_of_workers_abroad_is_part_of_the_deficit_and_of_no_flow() -> None:
    entry = newcomer()
    grown = inserted(BASE, entry)
    np.testing.assert_array_equal(grown.remittances[:-1, -1], entry.remittances)
    assert grown.remittances.sum() == float(entry.remittances.sum())
    without = inserted(BASE, replace(entry, remittances=0 * entry.remittances))
    assert "remittance" not in without.dataset
    for name in ("trade", "input_share", "final_share", "value_added_share"):
        np.testing.assert_array_equal(grown.dataset[name], without.dataset[name])


def refinery(output: float) -> Entrant:
    """The newcomer with a sector of known output that alone uses the first product."""
    entry = newcomer()
    made = entry.output.copy()
    made[1] = output * float(entry.value_added[1])
    return replace(entry, output=made, sole_users={"s0": "s1"})


def test_a_sector_known_by_its_volume_has_that_output_and_its_input_no_other_user() -> None:
    entry = refinery(4.0)
    grown = inserted(BASE, entry)
    accounts = grown.accounts
    assert accounts.output[1, -1] == pytest.approx(float(entry.output[1]))
    uses = accounts.gamma[-1, 0] * accounts.output[:, -1]
    np.testing.assert_allclose(uses, [0, accounts.spending[0, -1], 0], rtol=1e-9)
    assert accounts.alpha[0, -1] == 0
    plain = inserted(BASE, newcomer()).accounts
    np.testing.assert_allclose(accounts.value_added, plain.value_added, rtol=1e-12)
    np.testing.assert_array_equal(
        grown.dataset.trade[:-1, :-1], inserted(BASE, newcomer()).dataset.trade[:-1, :-1]
    )
    np.testing.assert_allclose(solve(grown).real_income, 1, atol=1e-8)


def test_a_world_without_inputs_can_be_extended() -> None:
    base = world(4, 3, seed=5, inputs=False)
    data = base.dataset.drop_vars(["input_share", "input"])
    grown = inserted(World(data), newcomer(0.5))
    assert "input_share" not in grown.dataset
    assert grown.accounts.value_added[-1] == pytest.approx(float(newcomer(0.5).value_added.sum()))


def altered(name: str, value: float) -> Entrant:
    entry = newcomer()
    array = getattr(entry, name).copy()
    array[(1,) * array.ndim] = value
    return replace(entry, **{name: array})


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (replace(newcomer(), economy="e1"), "economy e1: is in the world already"),
        (
            replace(newcomer(), template="E3"),
            r'template E3: is not in the world; did you mean "e3"',
        ),
        (altered("exports", 1e3), "economy new, sector s1: exports of .* exceed its output"),
        (altered("imports", 1e6), "economy e1, sector s1: sells more to the newcomer than"),
        (altered("exports", -1.0), "exports, economy e1, sector s1: is -1"),
        (altered("value_added", float("nan")), "value_added, sector s1: is nan"),
        (replace(newcomer(), exports=newcomer().exports[::-1]), "exports: .*another order"),
        (replace(newcomer(), imports=newcomer().imports.T), "imports: has dims"),
        (refinery(0.5), "economy new, sector s1: output of .* is less than its value added"),
        (refinery(1.01), "economy new, sector s1: spends .* on s0, which it alone uses, but its"),
        (
            replace(newcomer(), sole_users={"S0": "s1"}),
            r'sole_users S0: is no sector of the world; did you mean "s0"',
        ),
        (altered("remittances", -1.0), "remittances, economy e1: is -1"),
    ],
)
def test_accounts_that_cannot_be_are_refused(entry: Entrant, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        inserted(BASE, entry)


@cache
def with_north_korea(scale: float) -> World:
    base = load_world("world-2022")
    return inserted(base, entrant(load_insert("prk-2016"), base, "central", None, scale=scale))


@pytest.mark.parametrize("deficits", ["keep", "zero"])
def test_inserted_1_55_times_larger_the_targets_loss_is_the_same(deficits: str) -> None:
    """Partners are at 2022 size, the newcomer at 2016's: the target does not notice."""
    cells = {("PRK", "*", sector): 0.1 for sector in ("B05", "B07", "A03", "C13T15", "C24A")}
    cells |= {("*", "PRK", "C19"): 0.3, ("*", "PRK", "C28"): 0.0}
    incomes = []
    for scale in (1.0, 1.55):
        base = with_north_korea(scale)
        outcome = solve(base, Shock.of(base, cells), deficits=deficits)  # type: ignore[call-overload]
        incomes.append(float(outcome.real_income.sel(economy="PRK")))
    assert incomes[0] < 0.99
    assert abs(incomes[0] - incomes[1]) < 5e-4
    gdp = [float(with_north_korea(scale).accounts.value_added[-1]) for scale in (1.0, 1.55)]
    assert gdp[1] / gdp[0] == pytest.approx(1.55, rel=1e-9)
