"""Trade by product: what a row may say, and what the bundled tables add up to."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tumen.catalogue.bundled import data, economy_names, sector_kinds, sources
from tumen.codes.concordance import bundled_concordance
from tumen.codes.products import product_spans
from tumen.codes.routes import routes
from tumen.codes.spans import intersects
from tumen.errors import InvalidInput
from tumen.sources.product_trade import COLUMNS, ProductRow, ProductTrade, load_product_trade

YEARS = (2015, 2016, 2017, 2018)
GOOD = {
    "flow": "export", "partner": "CHN", "product": "2701", "revision": "HS92", "sector": "B05",
    "musd": "1182.8", "tonnes": "22480000", "basis": "reported", "priced": "true", "route": "",
    "source": "baci-subset", "note": "",
}  # fmt: skip


def bundled(year: int) -> ProductTrade:
    return load_product_trade(data("trade", f"prk-{year}.csv"))


def value(rows: list[ProductRow] | tuple[ProductRow, ...]) -> float:
    return sum(row.musd for row in rows)


def written(folder: Path, *rows: dict[str, str], name: str = "prk-2016.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def refusals(path: Path) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_product_trade(path)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    trade = load_product_trade(
        written(
            tmp_path,
            GOOD,
            GOOD | {"tonnes": "", "product": "S:tourism", "sector": "I"},
            GOOD | {"flow": "remittance", "tonnes": "", "product": "S:labour", "sector": ""},
        )
    )
    assert (trade.target, trade.year, len(trade.rows)) == ("PRK", 2016, 3)
    assert trade.rows[0].tonnes == 22480000
    assert trade.rows[1].tonnes is None
    assert trade.total("export") == 1182.8  # a service is not goods
    assert trade.services() == (trade.rows[1],)
    assert trade.services("import") == ()
    assert trade.remittances == (trade.rows[2],)


def test_pay_of_workers_is_a_remittance_without_a_sector_and_nothing_else_is(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        GOOD | {"product": "S:labour", "sector": "N"},
        GOOD | {"flow": "remittance"},
        GOOD | {"flow": "remittance", "product": "S:labour", "sector": "N"},
    )
    assert refusals(path) == [
        "prk-2016.csv:row 2, column flow: is 'export' with the product 'S:labour'; remittances are "
        "S:labour, only they",
        "prk-2016.csv:row 3, column flow: is 'remittance' with the product '2701'; remittances are "
        "S:labour, only they",
        "prk-2016.csv:row 4, column sector: is 'N', must be empty: remittances are pay and no "
        "product",
    ]


def test_everything_wrong_is_said_with_row_and_column(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        GOOD | {"flow": "exports", "partner": "China"},
        GOOD | {"product": "2799", "revision": "HS93"},
        GOOD,
        GOOD | {"musd": "-1", "tonnes": "lots", "basis": "guess"},
        GOOD | {"product": "", "priced": "true", "source": "", "musd": "nan"},
        GOOD | {"sector": "", "priced": "yes"},
        GOOD | {"route": "rajjin"},
    )
    assert refusals(path) == [
        "prk-2016.csv:row 2, column flow: is 'exports'; did you mean \"export\" or \"import\"?",
        "prk-2016.csv:row 2, column partner: is 'China'; write an ISO code of three capitals",
        "prk-2016.csv:row 3, column revision: is 'HS93'; did you mean \"HS92\" or \"HS96\"?",
        "prk-2016.csv:row 3, column product: there is no HS heading \"2799\": chapter 27 "
        "(Mineral fuels and oils) ends at 2716",
        "prk-2016.csv:row 5, column basis: is 'guess'; allowed: reported, derived, judgement, "
        "residual",
        "prk-2016.csv:row 5, column musd: is '-1'; write a finite number that is not negative",
        "prk-2016.csv:row 5, column tonnes: is 'lots'; write a finite number that is not negative",
        "prk-2016.csv:row 6, column priced: is true, though the product is not known",
        "prk-2016.csv:row 6, column source: is empty",
        "prk-2016.csv:row 6, column musd: is 'nan'; write a finite number that is not negative",
        "prk-2016.csv:row 7, column priced: is 'yes'; write true or false",
        "prk-2016.csv:row 7, column sector: is empty, though the product is known",
        "prk-2016.csv:row 8, column route: there is no route \"rajjin\"; did you mean \"rajin\"?",
    ]  # fmt: skip


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    assert "name the file by target and year" in refusals(written(tmp_path, GOOD, name="a.csv"))[0]
    assert "has no records" in refusals(written(tmp_path))[0]
    assert "cannot be read" in refusals(tmp_path / "prk-2019.csv")[0]
    path = tmp_path / "prk-2016.csv"
    path.write_text("flow,partner\nexport,CHN\n")
    found = refusals(path)
    assert len(found) == len(COLUMNS) - 2
    assert "has no column 'product'" in found[0]
    path.write_text(",".join(COLUMNS) + "\nexport,CHN\n")
    assert refusals(path) == [
        "prk-2016.csv:row 2: has not as many cells as the first line, which has 12"
    ]
    path.write_bytes(b"\xff\xfe" + b"a")
    assert "cannot be read" in refusals(path)[0]


@pytest.mark.parametrize("year", YEARS)
def test_bundled_rows_name_what_exists(year: int) -> None:
    trade = bundled(year)
    for row in trade.rows:
        assert row.source in sources(), row
        assert not row.partner or row.partner in economy_names(), row
        assert not row.sector or row.sector in sector_kinds(), row
        if row.product and not row.service and row.product != "64-67":
            assert row.sector in bundled_concordance().sectors(row.product), row
        if row.basis in ("judgement", "residual") and row.musd > 0.01:
            assert row.note, row


@pytest.mark.parametrize(
    ("year", "exports", "imports"),
    [(2015, 2700, 3550), (2016, 2820, 3730), (2017, 1772, 3778), (2018, 243, 2600)],
)
def test_totals_are_those_of_kotra(year: int, exports: float, imports: float) -> None:
    assert bundled(year).total("export") == pytest.approx(exports, abs=0.01)
    assert bundled(year).total("import") == pytest.approx(imports, abs=0.01)


def test_2016_matches_the_accounts_by_flow_partner_and_sector() -> None:
    accounts: dict[tuple[str, str, str], float] = defaultdict(float)
    with data("worlds", "inserts", "prk-2016", "trade.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            accounts[row["flow"], row["partner"], row["sector"]] += float(row["musd"])
    mine: dict[tuple[str, str, str], float] = defaultdict(float)
    for each in bundled(2016).rows:
        mine[each.flow, each.partner, each.sector] += each.musd
    assert mine.keys() == accounts.keys()
    assert {cell for cell in accounts if abs(accounts[cell] - mine[cell]) > 0.01} == set()


def test_2016_holds_the_groups_that_could_be_priced() -> None:
    rows = [row for row in bundled(2016).goods("export") if row.priced]
    china = [row for row in rows if row.partner == "CHN"]

    def group(among: list[ProductRow], *headings: str) -> float:
        return value([row for row in among if row.product.startswith(headings)])

    assert group(china, "2608", "2603", "2616") == pytest.approx(85.9, abs=0.1)
    assert group(rows, "27") == pytest.approx(1190, abs=0.1)
    assert group(rows, "2601") == pytest.approx(74.6, abs=0.1)
    assert group(rows, "2607") == pytest.approx(61.5, abs=0.1)
    assert group(china, "03") == pytest.approx(175, abs=0.1)
    assert group(rows, "50-63") == pytest.approx(752, abs=0.1)
    assert group(rows, "08") == pytest.approx(51.6, abs=0.1)


def test_minerals_are_exact() -> None:
    (coal,) = [row for row in bundled(2017).goods("export")
               if row.product == "270111" and row.partner == "CHN"]  # fmt: skip
    assert (coal.musd, coal.tonnes, coal.basis) == (409.468452, 4899905.6, "reported")
    assert coal.source == "baci-subset"
    assert all(row.partner not in ("GAB", "PER", "HND") for y in YEARS for row in bundled(y).rows)


def test_russian_coal_in_transit_has_its_route() -> None:
    for year in (2015, 2016, 2017):
        rajin = [row for row in bundled(year).rows if row.route == "rajin" and not row.service]
        assert {(row.flow, row.partner) for row in rajin} == {("import", "RUS")}
        assert value(rajin) == pytest.approx(
            {2015: 45.81, 2016: 54.56, 2017: 53.64}[year], abs=0.01
        )


def test_what_moves_on_a_route_is_what_the_route_carries() -> None:
    assert {route.id for route in routes().values()} == {"rajin", "kaesong"}
    for row in (row for year in YEARS for row in bundled(year).rows if row.route):
        route = routes()[row.route]
        carried = (
            row.product in route.services
            if row.service
            else intersects(product_spans(row.product), route.spans)
        )
        assert carried, row
    with data("codes", "routes.csv").open(encoding="utf-8") as file:
        assert {row["source"] for row in csv.DictReader(file)} <= set(sources())


def test_trade_by_sector_only() -> None:
    cells = {
        ("export", "DEU", "B06"): 9.0,
        ("import", "DEU", "M"): 2.0,
        ("import", "DEU", "C26"): 0,
    }
    trade = ProductTrade.of_sectors("RUS", 2022, cells, "icio", services=["M"])  # type: ignore[arg-type]
    assert [(row.product, row.sector) for row in trade.rows] == [("", "B06"), ("S:", "M")]
    assert trade.total("import") == 0
    assert trade.services("import")[0].musd == 2.0
