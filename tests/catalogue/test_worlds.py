"""The bundled worlds: North Korea's published totals, bases, templates, sources."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import world
from tumen.catalogue import load_world
from tumen.catalogue.bundled import data, economy_names, find, sector_kinds, sources
from tumen.catalogue.inserts import insert_names, load_insert
from tumen.catalogue.processing import Processing
from tumen.catalogue.worlds import catalogue
from tumen.errors import InvalidInput
from tumen.evidence.quantity import Level
from tumen.report.world import world_lines
from tumen.scenario.load import read_scenario
from tumen.world import World

LEVELS: tuple[Level, ...] = ("low", "central", "high")


def goods(array: xr.DataArray) -> xr.DataArray:
    kinds = sector_kinds()
    return array.sel(sector=[s for s in array.sector.values if kinds[str(s)] == "goods"])


def partners_of(world: World) -> list[str]:
    return [label for label in world.economies if label != "PRK"]


def foreign(world: World, direction: str, recorded: bool) -> xr.DataArray:
    """North Korea's goods trade by partner and sector."""
    dataset = world.dataset
    flows = goods(dataset.trade * dataset.recorded if recorded else dataset.trade)
    other = "destination" if direction == "origin" else "origin"
    return flows.sel({direction: "PRK", other: partners_of(world)})


def test_exports_and_imports_are_the_published_totals() -> None:
    base = load_world()
    exports = foreign(base, "origin", recorded=True)
    assert float(exports.sum()) == pytest.approx(2820, abs=0.5)
    imports = foreign(base, "destination", recorded=False)
    assert float(imports.sum()) == pytest.approx(3730, abs=0.5)
    crude = load_insert("prk-2016").accounts.unrecorded_imports_musd["pipeline_crude"].central
    shown = foreign(base, "destination", recorded=True)
    assert float(imports.sum() - shown.sum()) == pytest.approx(crude, abs=0.5)
    assert crude > 0


def share(flows: xr.DataArray, **partner: str) -> float:
    return float(flows.sel(partner).sum() / flows.sum())


def test_china_holds_nine_tenths_of_both() -> None:
    base = load_world()
    exports = foreign(base, "origin", recorded=True)
    imports = foreign(base, "destination", recorded=False)
    assert share(exports, destination="CHN") == pytest.approx(0.93, abs=5e-3)
    assert share(imports, origin="CHN") == pytest.approx(0.92, abs=5e-3)


def test_services_that_it_sells_are_in_the_balance_once() -> None:
    base = load_world()
    accounts = load_insert("prk-2016").accounts
    everything = base.dataset.trade.sel(origin="PRK", destination=partners_of(base)).sum()
    services = sum(quantity.central for quantity in accounts.services_exports_musd.values())
    rows = [row for row in load_insert("prk-2016").trade if row.flow == "export"]
    assert float(everything) == pytest.approx(sum(row.musd for row in rows), rel=1e-9)
    assert sum(row.musd for row in rows if row.kind == "services") == pytest.approx(services)


def test_pay_of_workers_abroad_finances_imports_and_is_no_export() -> None:
    base, insert = load_world(), load_insert("prk-2016")
    paid = base.remittances[:, base.economies.index("PRK")]
    rows = {row.partner: row.musd for row in insert.trade if row.flow == "remittance"}
    assert {n: m for n, m in zip(base.economies, paid.tolist(), strict=True) if m} == rows
    assert paid.sum() == pytest.approx(insert.accounts.remittances_musd.central)
    assert base.remittances.sum() == paid.sum()
    goods_and_services = (
        3730
        - 2820
        - sum(quantity.central for quantity in insert.accounts.services_exports_musd.values())
    )
    assert base.accounts.deficit[-1] == pytest.approx(goods_and_services, abs=0.5)
    assert base.accounts.deficit[-1] > paid.sum() > 0
    sold = base.dataset.trade.sel(origin="PRK", destination=partners_of(base), sector="N")
    assert float(sold.sum()) == 0


@pytest.mark.parametrize(("basis", "template"), [("low", "MMR"), ("high", "VNM"), ("high", "LAO")])
def test_refining_follows_from_tonnes_and_barrels_whatever_the_template(
    basis: Level, template: str
) -> None:
    base = load_world(gdp_basis=basis, input_template=template)
    (fuel,) = load_insert("prk-2016").accounts.processing
    n, s, k = -1, base.sectors.index(fuel.sector), base.sectors.index(fuel.input)
    accounts = base.accounts
    barrels = fuel.input_volume.central * fuel.output_per_input.central
    assert accounts.output[s, n] == pytest.approx(barrels * fuel.output_price.central / 1e6)
    assert accounts.trade[s, n, n] == pytest.approx(accounts.output[s, n]), "all sold at home"
    crude = load_insert("prk-2016").accounts.unrecorded_imports_musd["pipeline_crude"].central
    uses = accounts.gamma[n, k] * accounts.output[:, n]
    assert uses[s] == pytest.approx(crude), "refineries use all crude"
    assert np.count_nonzero(uses) == 1
    assert accounts.alpha[k, n] == 0
    gap = (accounts.spending - accounts.uses())[:, n] / accounts.spending[:, n].sum()
    np.testing.assert_allclose(gap, 0, atol=1e-9)


def test_barrels_add_up() -> None:
    (fuel,) = load_insert("prk-2016").accounts.processing
    assert fuel.output_volume == pytest.approx(3.64e6)
    everything = fuel.output_volume + fuel.output_imports.central
    assert fuel.imported_part * everything == pytest.approx(fuel.output_imports.central)
    volumes = {volume.id: volume.amount for volume in read_scenario("dprk-2017").volumes}
    assert volumes["refined"].central == fuel.output_imports.central
    assert volumes["crude"].central == fuel.input_volume.central
    lines = [str(line) for line in world_lines(None)]
    at = next(n for n, line in enumerate(lines) if line.startswith("PRK C19"))
    assert "3.64 million barrels made at home from 0.52 million tonnes of B06" in lines[at]
    assert lines[at + 1] == "  imports are 55 % of barrels and 27 % of value"


@pytest.mark.parametrize(
    ("field", "unit", "message"),
    [
        (
            "input_volume",
            "barrels a year",
            'input_volume is "barrels a year", must be "tonnes a year"',
        ),
        ("output_price", "USD a tonne", 'output_price is "USD a tonne", must be "USD a barrel"'),
        ("output_imports", "barrels", 'output_imports is "barrels", must be "barrels a year"'),
    ],
)
def test_units_of_volumes_have_to_fit(field: str, unit: str, message: str) -> None:
    (fuel,) = load_insert("prk-2016").accounts.processing
    changed = fuel.model_dump()
    changed[field]["unit"] = unit
    with pytest.raises(ValueError, match=re.escape(message)):
        Processing.model_validate(changed)


@pytest.mark.parametrize("basis", LEVELS)
@pytest.mark.parametrize("template", ["MMR", "LAO", "VNM"])
def test_realised_gdp_is_the_chosen_basis(basis: Level, template: str) -> None:
    base = load_world(gdp_basis=basis, input_template=template)
    assert base.economies[-1] == "PRK"
    wanted = load_insert("prk-2016").accounts.gdp_musd.at(basis)
    assert base.accounts.value_added[-1] == pytest.approx(wanted, rel=1e-3)
    assert f"GDP basis {basis}" in base.dataset.attrs["insert"]
    assert float(base.dataset.final_share.sel(economy="PRK").min()) >= 0


def test_the_templates_differ_in_inputs() -> None:
    shares = [
        load_world(input_template=template).dataset.input_share.sel(economy="PRK").values
        for template in ("MMR", "LAO", "VNM")
    ]
    assert not np.allclose(shares[0], shares[1])
    assert not np.allclose(shares[0], shares[2])
    np.testing.assert_array_equal(load_world().dataset.input_share.sel(economy="PRK"), shares[0])


def test_the_same_object_is_given_again() -> None:
    assert load_world() is load_world("world-2022-prk")
    assert load_world() is load_world(gdp_basis="central")
    assert load_world("world-2022") is load_world("world-2022")
    assert load_world(gdp_basis="low") is not load_world()


def test_unknown_names_come_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match=r'world-2023: is no bundled .*"world-2022"'):
        load_world("world-2023")
    with pytest.raises(InvalidInput, match=r"is no bundled world.*allowed: world-2022"):
        load_world("xyz")
    with pytest.raises(InvalidInput, match=r'insert prk-2017: .*did you mean "prk-2016"'):
        load_insert("prk-2017")
    with pytest.raises(InvalidInput, match=r"input_template: 'MNR' is none of.*MMR"):
        load_world(input_template="MNR")
    with pytest.raises(InvalidInput, match="gdp_basis: is 'middle'; allowed: low"):
        load_world(gdp_basis="middle")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"nowhere.yaml: no such file"):
        find("nowhere.yaml", "scenarios", ".yaml")


def test_options_need_a_world_with_an_insert(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="are for bundled worlds with an insert"):
        load_world("world-2022", gdp_basis="low")
    with pytest.raises(InvalidInput, match="are for bundled worlds with an insert"):
        load_world(tmp_path / "mine.nc", input_template="MMR")


def test_a_file_is_loaded_by_path(tmp_path: Path) -> None:
    base = world(3, 2)
    base.save(tmp_path / "mine.nc")
    assert load_world(tmp_path / "mine.nc").dataset.identical(base.dataset)
    assert load_world(str(tmp_path / "mine.nc")).economies == base.economies
    with pytest.raises(InvalidInput, match="no such file"):
        load_world(tmp_path / "other.nc")


def cited() -> set[str]:
    """Every source id that a bundled table or account names."""
    found: set[str] = set()
    for path in data().rglob("*.csv"):
        if path.name == "trade_elasticities.csv":  # names its literature in words
            continue
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row.get("source") or "" for row in csv.DictReader(file)}
    for name in insert_names():
        insert = load_insert(name)
        accounts = insert.accounts
        found |= {row.source for row in insert.trade} | set(insert.value_added_sources.values())
        found |= {quantity.source for quantity in accounts.quantities}
    return found - {""}


def test_every_source_that_is_cited_exists() -> None:
    assert len(cited()) > 10
    assert sorted(source for source in cited() if source not in sources()) == []


def test_inserts_use_known_economies_and_sectors() -> None:
    for name in insert_names():
        insert = load_insert(name)
        base = load_world("world-2022")
        assert {row.partner for row in insert.trade} <= set(base.economies)
        trade = [row for row in insert.trade if row.flow != "remittance"]
        assert {row.sector for row in trade} <= set(base.sectors)
        assert set(insert.value_added_pct) <= set(base.sectors)
        assert sum(insert.value_added_pct.values()) == pytest.approx(100, abs=0.2)
        assert {row.flow for row in trade} == {"export", "import"}


def test_codes_cover_the_world() -> None:
    base = load_world()
    assert set(base.economies) <= set(economy_names())
    assert set(base.sectors) == set(sector_kinds())
    assert catalogue().default in catalogue().worlds
