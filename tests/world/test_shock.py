"""Shock: cells by name, and everything that does not fit a world."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import world
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.world import Shock, World
from tumen.world.shock import Cell

BASE = world(4, 3, seed=2, tariffs=0.2)


def freeness(cells: dict[Cell, float]) -> xr.DataArray:
    array = Shock.of(BASE, cells).freeness
    assert array is not None
    return array


def changed(array: xr.DataArray) -> set[Cell]:
    stacked = array.where(array != 1).stack(cell=array.dims).dropna("cell")
    return {tuple(cell) for cell in stacked.cell.values}


def test_a_named_cell_is_the_only_one_that_changes() -> None:
    assert changed(freeness({("e0", "e1", "s2"): 0.25})) == {("e0", "e1", "s2")}


def test_a_star_stands_for_all_others_and_never_for_the_economy_itself() -> None:
    array = freeness({("*", "e1", "s0"): 0.5})
    assert changed(array) == {("e0", "e1", "s0"), ("e2", "e1", "s0"), ("e3", "e1", "s0")}
    everywhere = freeness({("*", "*", "*"): 0.5})
    assert float(everywhere.sel(origin="e2", destination="e2", sector="s1")) == 1.0
    assert len(changed(everywhere)) == 4 * 3 * 3


def test_home_sales_change_only_where_both_ends_are_named() -> None:
    assert changed(freeness({("e1", "e1", "*"): 0.5})) == {("e1", "e1", f"s{k}") for k in range(3)}


def test_later_rows_win() -> None:
    first = freeness({("*", "e1", "*"): 0.5, ("e0", "e1", "s0"): 0.0})
    last = freeness({("e0", "e1", "s0"): 0.0, ("*", "e1", "*"): 0.5})
    where = {"origin": "e0", "destination": "e1", "sector": "s0"}
    assert float(first.sel(where)) == 0.0
    assert float(last.sel(where)) == 0.5


def test_unknown_labels_come_with_the_nearest_all_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Shock.of(BASE, {("e0", "E1", "s0"): 1, ("e0", "e1", "s9"): 1})
    assert str(caught.value) == (
        "shock: 2 problems\n"
        "  - cell ('e0', 'E1', 's0'): economy 'E1' is not in the world; "
        'did you mean "e1"?\n'
        "  - cell ('e0', 'e1', 's9'): sector 's9' is not in the world; "
        "allowed: s0, s1, s2"
    )


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), True, "0.5", None])
def test_a_freeness_that_is_no_number_from_0_up_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match=r"freeness is .*, must be a number ≥ 0"):
        Shock.of(BASE, {("e0", "e1", "s0"): value})  # type: ignore[dict-item]


def test_a_cell_has_three_parts() -> None:
    with pytest.raises(InvalidInput, match="must be a triple"):
        Shock.of(BASE, {("e0", "e1"): 0.5})  # type: ignore[dict-item]


LINKS = xr.ones_like(BASE.dataset.trade)
ECONOMY = xr.DataArray(np.zeros(4), {"economy": list(BASE.economies)}, ("economy",))


def with_cell(value: float) -> xr.DataArray:
    array: xr.DataArray = LINKS.copy()
    array.loc[{"origin": "e1", "destination": "e2", "sector": "s1"}] = value
    return array


REFUSED: list[tuple[Shock, str]] = [
    (Shock(freeness=with_cell(np.nan)), "freeness, origin e1, destination e2, sector s1: is nan"),
    (Shock(freeness=with_cell(-0.5)), "is -0.5, must not be below 0"),
    (Shock(opening=with_cell(-0.5)), "opening, origin e1.*must not be below 0"),
    (Shock(freeness=LINKS.rename(sector="product")), "freeness: has dims"),
    (Shock(opening=LINKS[:, :, 0]), "opening: has dims"),
    (Shock(deficit=LINKS[:, 0, 0]), "deficit: has dims"),
    (Shock(freeness=LINKS[::-1]), "the world's in another order"),
    (Shock(freeness=LINKS[1:]), "has 3 labels, the world has 4; missing here: e0"),
    (Shock(freeness=LINKS.drop_vars("sector")), "dim 'sector' has no labels"),
    (Shock(tariff=LINKS * 10), "tariff: the highest rate is 10, above 5: it looks like per cent"),
    (Shock(tariff=LINKS * -1), "is -1, must be above -1"),
    (Shock(productivity=xr.DataArray(0.0)), "productivity: is 0, must be above 0"),
    (Shock(deficit=ECONOMY + 1), "deficit: the new deficits sum to 4, must be 0: who pays"),
    (Shock(freeness=LINKS.astype(str)), "holds values of type <U"),
    (Shock(freeness=LINKS.values), "freeness: is a ndarray, must be an xarray DataArray"),
]


@pytest.mark.parametrize(("shock", "message"), REFUSED, ids=[text[:40] for _, text in REFUSED])
def test_what_does_not_fit_the_world_is_refused(shock: Shock, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        solve(BASE, shock)


def test_several_wrong_parts_are_one_error() -> None:
    shock = Shock(freeness=with_cell(-1.0), tariff=LINKS[::-1], deficit=ECONOMY * np.nan)
    with pytest.raises(InvalidInput) as caught:
        solve(BASE, shock)
    assert [problem.place.split(",")[0] for problem in caught.value.problems] == [
        "freeness",
        "tariff",
        "deficit",
    ]


def test_a_high_tariff_is_allowed_where_the_worlds_own_are_as_high() -> None:
    tariff = BASE.dataset.tariff.copy()
    tariff.loc[{"origin": "e1", "destination": "e2", "sector": "s1"}] = 8.0
    high = World.equilibrate(BASE.dataset.assign(tariff=tariff), deficits="zero")
    outcome = solve(high, Shock(tariff=tariff), deficits="zero")
    np.testing.assert_allclose(outcome.real_income, 1, atol=1e-8)
    with pytest.raises(InvalidInput, match="the highest rate is 9, above 8"):
        solve(high, Shock(tariff=tariff.where(tariff < 8, 9.0)), deficits="zero")


@pytest.mark.parametrize("part", ["freeness", "tariff", "productivity"])
def test_a_missing_dim_means_the_same_for_all(part: str) -> None:
    value = 0.3 if part == "tariff" else 0.8
    short = xr.DataArray([value] * 3, {"sector": list(BASE.sectors)}, ("sector",))
    template = BASE.dataset.final_share if part == "productivity" else BASE.dataset.trade
    full = template * 0 + value
    shocks: list[Shock] = [
        Shock(
            freeness=each if part == "freeness" else None,
            tariff=each if part == "tariff" else None,
            productivity=each if part == "productivity" else None,
        )
        for each in (short, full)
    ]
    first, second = (solve(BASE, shock) for shock in shocks)
    np.testing.assert_allclose(first.real_income, second.real_income, rtol=1e-12)


def financing(**changes: object) -> xr.Dataset:
    amounts: dict[str, object] = {
        "income": ("economy", [0.1]),
        "draw_limit": ("economy", [0.0]),
        "desired_imports": ("economy", [1.0]),
    }
    amounts |= changes
    amounts = {name: value for name, value in amounts.items() if value is not None}
    return xr.Dataset(amounts, {"economy": ["e1"]})


ALL = dict.fromkeys(("income", "draw_limit", "desired_imports"), ("economy", np.zeros(4)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (financing(draw_limit=None), "financing: draw_limit is missing"),
        (financing(draw_limit=("economy", [-1.0])), "draw_limit, economy e1: is -1"),
        (financing(income=("economy", [np.nan])), "income, economy e1: is nan"),
        (financing(income=0.5), r"financing, income: has dims \(\)"),
        (financing().assign_coords(economy=["E1"]), r"economy 'E1' .*did you mean \"e1\""),
        (financing().drop_vars("economy"), "financing: has no labels"),
        (xr.Dataset(ALL, {"economy": list(BASE.economies)}), "names every economy"),
    ],
)
def test_a_financing_that_cannot_be_used_is_refused(data: xr.Dataset, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        solve(BASE, Shock(financing=data), deficits="financed")
