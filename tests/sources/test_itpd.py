"""ITPD-E: industries with domestic sales, and what is refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import xarray as xr

from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.sources.itpd import read_itpd
from tumen.world import ProductWorld, Shock, World

HEADER = "exporter_iso3,exporter_name,importer_iso3,year,industry_id,broad_sector,trade,flag_zero"
LINES = (
    "AAA,Aland,AAA,2016,2,Goods,80,p", "AAA,Aland,BBB,2016,2,Goods,20,p",
    "BBB,Bland,AAA,2016,2,Goods,20,p", "BBB,Bland,BBB,2016,2,Goods,180,p",
    'AAA,"Aland, the",AAA,2016,10,Goods,50,p', "BBB,Bland,BBB,2016,10,Goods,40,p",
    "AAA,Aland,BBB,2016,10,Goods,0,r", "BBB,Bland,AAA,2015,10,Goods,7,p",
    "BBB,Bland,AAA,2016,10,Goods,10,p", "AAA,Aland,BBB,2016,10.5,Goods,10,p",
)  # fmt: skip


def written(place: Path, *lines: str) -> Path:
    path = place / "ITPD_E_R02.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def test_industries_are_products_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    table = read_itpd(written(tmp_path, *LINES[:9]), 2016)
    assert table.economies == ("AAA", "BBB")
    assert table.products == ("2", "10")
    frame = table.frame()
    assert len(frame) == 7
    home = frame[frame["origin"].astype(str) == frame["destination"].astype(str)]
    assert home["value"].sum() == 350
    assert dict(table.group_of) == {"2": "Goods", "10": "Goods"}


def test_parquet_reads_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, *LINES[:9])
    packed = tmp_path / "itpd.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM read_csv('{path}')) TO '{packed}'")
    one, other = read_itpd(path, 2016).frame(), read_itpd(packed, 2016).frame()
    assert one.equals(other)


def test_its_flows_make_a_world_without_inputs(tmp_path: Path) -> None:
    table = read_itpd(written(tmp_path, *LINES[:9]), 2016)
    trade = table.by_sector(table.group_of, ["Goods"])
    one = xr.DataArray([[1.0], [1.0]], {"economy": list(table.economies), "sector": ["Goods"]})
    world = World(
        xr.Dataset(
            {"trade": trade, "value_added_share": one, "final_share": one,
             "trade_elasticity": ("sector", [4.0])}
        )
    )  # fmt: skip
    fine = ProductWorld(world, table, table.group_of, home="untold")
    assert fine.products == ("2", "10")
    assert fine.cells.value.sum() == pytest.approx(float(trade.sum()))
    outcome = solve(fine, Shock.of(fine, {("BBB", "AAA", "2"): 0.0, ("AAA", "BBB", "2"): 0.0}))
    assert float(outcome.real_income.sel(economy="AAA")) < 1


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path, "AAA,A,BBB,2016,2,Goods,-1,p", "AAA,A,,2016,2,Goods,1,p",
        "AAA,A,AAA,2016,2,Goods,many,p", "A B,A,AAA,2016,3,,1,p",
    )  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        read_itpd(path, 2016)
    assert [str(problem).removeprefix(path.name) for problem in caught.value.problems] == [
        ":row 5, column exporter_iso3: is 'A B', must be text without spaces, such as CHN",
        ":row 3, column importer_iso3: is empty, must be text without spaces, such as CHN",
        ":row 5, column broad_sector: is empty, must be the name of a broad sector",
        ":row 2, column trade: is '-1', must be million US dollars, a finite number that is not "
        "negative",
        ":row 4, column trade: is 'many', must be million US dollars, a finite number that is not "
        "negative",
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("AAA,A,BBB,2016,2,Goods,1,p",), "has no domestic sales in 2016"),
        (LINES[7:8], "has no rows of 2016"),
        ((*LINES[:2], LINES[0]), r"row 4: AAA to AAA, product 2 stands already in .*row 2"),
        ((*LINES[:2], "BBB,B,BBB,2016,2,Services,1,p"), r"industry 2 is in 'Services' here and in"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_itpd(written(tmp_path, *lines), 2016)


def test_a_missing_column_and_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "itpd.csv"
    path.write_text("exporter_iso3,importer_iso3,year,industry_id,broad_sector,trades\n")
    with pytest.raises(InvalidInput, match=r"no column 'trade'; did you mean \"trades\""):
        read_itpd(path, 2016)
    with pytest.raises(InvalidInput, match="no such file"):
        read_itpd(tmp_path / "no.csv", 2016)
