"""ProductWorld: a world's trade told by product, home sales imputed, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.support.products import drawn, fine_world, trade_of, unfolded
from tests.support.worlds import world
from tumen.errors import InvalidInput
from tumen.sources.flow_table import FlowTable
from tumen.world import ProductWorld, Shock, World

BASE = world(4, 2, seed=1)


def rows(*flows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(flows, columns=["origin", "destination", "product", "value"])


def value(fine: ProductWorld, *labels: str) -> float:
    table = fine.flows().astype(dict.fromkeys(("origin", "destination", "product"), str))
    found = table.set_index(["origin", "destination", "product"])["value"]
    return float(found.get(labels, 0.0))


def test_flows_by_product_sum_to_the_worlds_trade() -> None:
    fine = fine_world(seed=1)
    own = xr.DataArray(np.array(fine.sectors)[fine.sector_of], dims="sector", name="own")
    sums = trade_of(fine).groupby(own).sum().rename(own="sector").sel(sector=list(fine.sectors))
    np.testing.assert_allclose(sums.transpose("origin", "destination", "sector"),
                               fine.world.dataset["trade"], rtol=1e-12)  # fmt: skip


def test_a_cell_has_the_proportions_of_the_table() -> None:
    table = rows(("e0", "e1", "a", 3.0), ("e0", "e1", "b", 1.0))
    fine = ProductWorld(BASE, table, {"a": "s0", "b": "s0"}, home="untold")
    cell = float(BASE.dataset["trade"].sel(origin="e0", destination="e1", sector="s0"))
    assert value(fine, "e0", "e1", "a") == pytest.approx(0.75 * cell)
    assert fine.products == ("a", "b", "s0-untold", "s1")
    home = float(BASE.dataset["trade"].sel(origin="e2", destination="e2", sector="s0"))
    assert value(fine, "e2", "e2", "s0-untold") == pytest.approx(home)


def test_home_sales_lie_as_exports_do_or_as_world_trade_does() -> None:
    table = rows(("e0", "e1", "a", 3.0), ("e0", "e2", "b", 1.0), ("e1", "e0", "b", 4.0))
    sector_of = {"a": "s0", "b": "s0"}
    home = BASE.dataset["trade"].sel(sector="s0").values.diagonal()
    like_exports = ProductWorld(BASE, table, sector_of, home="exports")
    assert value(like_exports, "e0", "e0", "a") == pytest.approx(0.75 * home[0])
    assert value(like_exports, "e1", "e1", "a") == 0
    assert value(like_exports, "e3", "e3", "a") == pytest.approx(3 / 8 * home[3])
    like_world = ProductWorld(BASE, table, sector_of, home="world")
    assert value(like_world, "e1", "e1", "b") == pytest.approx(5 / 8 * home[1])
    assert "made for the home market alone" in like_exports.attrs["home_sales"]


def test_flows_of_a_world_make_the_same_world_again() -> None:
    table = rows(("e0", "e1", "a", 3.0), ("e0", "e1", "b", 1.0))
    fine = ProductWorld(BASE, table, {"a": "s0", "b": "s0"}, home="untold")
    again = fine.flows().astype(dict.fromkeys(("origin", "destination", "product"), str))
    lacking = again[(again["product"] != "s0-untold") | (again["origin"] != "e3")]
    for part in (again, lacking):
        owner = {p: fine.sectors[s] for p, s in zip(fine.products, fine.sector_of, strict=True)}
        same = ProductWorld(BASE, part, owner, home="untold")
        assert same.products == fine.products
        np.testing.assert_allclose(same.cells.value, fine.cells.value, rtol=1e-12)


def test_home_sales_of_the_table_win() -> None:
    table = rows(("e0", "e0", "a", 1.0), ("e0", "e0", "b", 3.0), ("e0", "e1", "a", 1.0))
    fine = ProductWorld(BASE, table, {"a": "s0", "b": "s0"}, home="exports")
    home = BASE.dataset["trade"].sel(sector="s0").values.diagonal()
    assert value(fine, "e0", "e0", "b") == pytest.approx(0.75 * home[0])
    assert value(fine, "e1", "e1", "a") == pytest.approx(home[1])


def test_what_does_not_fit_is_left_out_and_noted() -> None:
    table = rows(("e0", "e1", "a", 6.0), ("XXX", "e1", "a", 2.0), ("e1", "XXX", "a", 2.0))
    fine = ProductWorld(BASE, FlowTable.of(table, {"source": "mine"}), {"a": "s0"}, home="world")
    assert fine.attrs["left_out"].startswith("40 % of the table's trade")
    assert fine.attrs["not_in_world"] == "XXX"
    assert fine.attrs["source"] == "mine"
    assert fine.attrs["untold"].startswith(("9", "8"))
    empty = BASE.dataset["trade"].copy()
    empty.loc[{"origin": "e0", "destination": "e1", "sector": "s0"}] = 0
    narrower = World.equilibrate(BASE.dataset.assign(trade=empty), "zero")
    fine = ProductWorld(narrower, rows(("e0", "e1", "a", 6.0)), {"a": "s0"}, home="untold")
    assert fine.attrs["left_out"].startswith("100 %")


@pytest.mark.parametrize(
    ("flows", "arguments", "message"),
    [
        ([], {"home": "export"}, r"home: is 'export'; did you mean \"exports\""),
        ([], {"sector_of": {}}, "sector_of, product 'a': has no sector"),
        ([], {"sector_of": {"a": "s9"}}, r"sector 's9': is not in the world; allowed: s0, s1"),
        ([], {"elasticity": {"a": 0.0}}, "elasticity, 'a': is 0.0, must be a positive number"),
        ([], {"elasticity": {"aa": 3.0}}, r"elasticity, 'aa': is not there; did you mean \"a\""),
        ([], {"product_elasticity": {"s9": 3.0}}, "product_elasticity, 's9': is not there"),
        ([("e0", "e1", "s1", 1.0)], {"sector_of": {"a": "s0", "s1": "s0"}}, "is also a sector"),
        ([("e0", "e1", "a", 2.0)], {}, "row 2: e0 to e1, product a stands already in flows, row 1"),
        ([("e0", "e2", "a", -2.0)], {}, "row 2: the value of e0 to e2, product a is -2, must be"),
        ([("e0", "e2", "a", np.nan)], {}, "product a is nan, must be a finite number"),
        ([("e0", "e2", 10121, 1.0)], {}, "labels must be text, found 10121"),
        ([("e0", None, "a", 1.0)], {}, "column destination: labels must be text, found an empty"),
    ],
)  # fmt: skip
def test_what_is_refused(flows: list[Any], arguments: dict[str, Any], message: str) -> None:
    table = rows(("e0", "e1", "a", 1.0), *flows)
    given = {"sector_of": {"a": "s0"}, "home": "untold"} | arguments
    with pytest.raises(InvalidInput, match=message):
        ProductWorld(BASE, table, given.pop("sector_of"), **given)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        ProductWorld(BASE, rows(("e0", "e1", "a", 1.0)), {}, home="x", elasticity={"b": 1.0})  # type: ignore[arg-type]
    assert len(caught.value.problems) == 3


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"no column 'value'; did you mean \"values\""):
        FlowTable.of(rows().rename(columns={"value": "values"}))


def test_cells_of_a_shock_are_those_of_a_world_by_sector() -> None:
    fine = fine_world(seed=3)
    economies, products = [*fine.economies[:3], "*"], [*fine.products[:3], "*"]
    for origin in economies:
        for destination in economies:
            for product in products:
                cells = {("*", "e1", "*"): 0.5, (origin, destination, product): 0.25}
                rows_ = Shock.of(fine, cells).product_freeness
                array = Shock.of(unfolded(fine), cells).freeness
                assert rows_ is not None
                assert array is not None
                seen = trade_of(fine, rows_.factors(fine)).values
                wanted = np.where(trade_of(fine).values > 0, array.values, 0.0)
                np.testing.assert_array_equal(seen, wanted, str(cells))


def test_a_sector_stands_for_all_its_products() -> None:
    fine = fine_world(seed=3)
    shock = Shock.of(fine, {("*", "e1", "s1"): 0.5}).product_freeness
    assert shock is not None
    cells = fine.cells
    mine = fine.sector_of[cells.by_flow(cells.row_product)] == 1
    mine &= (cells.by_flow(cells.row_buyer) == 1) & (cells.seller != 1)
    np.testing.assert_array_equal(shock.factors(fine), np.where(mine, 0.5, 1.0))


@pytest.mark.parametrize(
    ("cell", "freeness", "message"),
    [
        (("e0", "e9", "p0"), 0.5, "economy 'e9' is not in the world; allowed: e0, e1"),
        (("e0", "e1", "p99"), 0.5, "product 'p99' is not in the world; allowed: p0, p1"),
        (("e0", "e1"), 0.5, r"must be \(origin, destination, product\)"),
        (("e0", "e1", "p0"), -1, "freeness is -1, must be a number ≥ 0"),
        (("e0", "e1", "p0"), float("nan"), "freeness is nan"),
    ],
)
def test_cells_that_cannot_be_used(cell: Any, freeness: float, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Shock.of(fine_world(seed=3), {cell: freeness})


def test_a_table_sums_to_sectors() -> None:
    table = drawn(3, 4, seed=2)
    sector_of = {"p0": "x", "p1": "y", "p2": "x", "p3": "z"}
    trade = table.by_sector(sector_of, ["x", "y"])
    frame = table.frame()
    picked = frame[(frame["origin"] == "e0") & (frame["destination"] == "e1")]
    wanted = picked[picked["product"].isin(["p0", "p2"])]["value"].sum()
    assert float(trade.sel(origin="e0", destination="e1", sector="x")) == pytest.approx(wanted)
    assert trade.dims == ("origin", "destination", "sector")
