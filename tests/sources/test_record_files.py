"""Trade records from files as users have them: names, units, codes, totals, mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.monitor.files import LEGACY, baci, comtrade, comtrade_line, legacy_line
from tumen.errors import InvalidInput
from tumen.monitor.build import build
from tumen.monitor.store import Store

Row = tuple[object, ...]
COLUMNS = "reporter, partner, flow, revision, product, year, month, musd, tonnes"

MAPPING = """\
reporter: "CHN"
source: "gacc"
revision: "HS2017"
flow: "import"
value_unit: "USD"
quantity_unit: "kg"
separator: ";"
encoding: "gb18030"
thousands: ","
columns:
  partner: "贸易伙伴名称"
  product: "商品编码"
  period: "数据年月"
  value: "美元"
  quantity: "第一数量"
economies:
  "朝鲜": "PRK"
  "俄罗斯": "RUS"
"""
TABLE = (
    "数据年月;商品编码;贸易伙伴名称;第一数量;美元\n"
    "201701;27011100;朝鲜;1,450,000,000;122,000,000\n"
    "201701;27011210;朝鲜;1,000;500\n"
    "201701;27011290;朝鲜;2,000;700\n"
)


def stored(tmp_path: Path, *files: Path, **how: str | Path) -> list[Row]:
    build(files, tmp_path / "store", **how)  # type: ignore[arg-type]
    with Store(tmp_path / "store").opened() as connection:
        return connection.execute(f"SELECT {COLUMNS} FROM trade ORDER BY ALL").fetchall()


def test_baci_is_one_figure_of_both_reports(tmp_path: Path) -> None:
    path = baci(tmp_path, "2016,408,490,10121,1500,NA")
    assert stored(tmp_path, path) == [
        ("PRK", "TWN", "reconciled", "HS92", "010121", 2016, 0, 1.5, None)
    ]


@pytest.mark.parametrize("style", ["new", "legacy"])
def test_comtrade_of_both_styles_says_the_same(tmp_path: Path, style: str) -> None:
    path = (
        comtrade(tmp_path, comtrade_line(kg="22480000"))
        if style == "new"
        else comtrade(tmp_path, legacy_line(), header=LEGACY)
    )
    assert stored(tmp_path, path) == [
        ("CHN", "PRK", "import", "HS2012", "270111", 2016, 0, 1200.0, 22480.0)
    ]


def test_comtrade_takes_totals_of_the_finest_products_and_no_sums_of_economies(
    tmp_path: Path,
) -> None:
    path = comtrade(
        tmp_path,
        comtrade_line(),
        comtrade_line(partner=0, value=9e9),
        comtrade_line(product="27", value=3e9),
        comtrade_line(product="TOTAL", value=4e9),
        comtrade_line(transport="2100", value=5e8),
        comtrade_line(customs="C01", value=5e8),
        comtrade_line(partner2="643", value=5e8),
        comtrade_line(partner=899, value=1e6, period="201603"),
        comtrade_line(flow="RX", value=2e6),
        comtrade_line(partner=156, value=3e6),
    )
    found = stored(tmp_path, path)
    assert [(row[1], row[2], row[6], row[7]) for row in found] == [
        ("PRK", "import", 0, 1200.0), ("PRK", "reexport", 0, 2.0), ("X899", "import", 3, 1.0),
    ]  # fmt: skip


def test_notes_say_what_was_left_out(tmp_path: Path) -> None:
    path = comtrade(tmp_path, comtrade_line(), comtrade_line(partner=0), comtrade_line(partner=899))
    notes = build([path], tmp_path / "store").notes
    assert notes == ["left out, as it adds up economies: World", "X899 is Areas, nes"]


@pytest.mark.parametrize(
    ("year", "code", "label"),
    [(2011, 736, "SDN"), (2012, 729, "SDN"), (2012, 728, "SSD"), (2008, 412, "XKX"),
     (2016, 490, "TWN"), (2016, 410, "KOR"), (2016, 408, "PRK")],
)  # fmt: skip
def test_codes_mean_what_they_meant_in_their_year(
    tmp_path: Path, year: int, code: int, label: str
) -> None:
    path = comtrade(tmp_path, comtrade_line(partner=code, period=str(year)))
    assert stored(tmp_path, path)[0][1] == label


@pytest.mark.parametrize(
    ("header", "line", "musd", "tonnes"),
    [
        ("year,exporter_iso3,importer_iso3,hs6,value_kusd,tonnes", "1200,5", 1.2, 5.0),
        ("period,exporter,importer,product,value_usd,kg", "1200000,5000", 1.2, 5.0),
        ("year,origin,destination,product,trade,quantity", "1.2,", 1.2, None),
    ],
)
def test_plain_tables_are_read_in_the_unit_of_their_column(
    tmp_path: Path, header: str, line: str, musd: float, tonnes: float | None
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f'{header}\n2016,"Korea, North",S19,270111,{line}\n')
    ((reporter, partner, *_, value, weight),) = stored(tmp_path, path)
    assert (reporter, partner, weight) == ("PRK", "TWN", tonnes)
    assert value == pytest.approx(musd)


def test_a_plain_table_may_say_who_recorded_a_flow(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "year,exporter,importer,reporter,product,value\n2016,PRK,CHN,CHN,270111,3\n"
        "2016,PRK,CHN,PRK,270111,2\n"
    )
    found = stored(tmp_path, path)
    assert [row[:3] for row in found] == [("CHN", "PRK", "import"), ("PRK", "CHN", "export")]


def test_itpd_comes_without_home_sales(tmp_path: Path) -> None:
    path = tmp_path / "ITPD_E.csv"
    path.write_text(
        "exporter_iso3,importer_iso3,year,industry_id,broad_sector,trade\n"
        "CHN,CHN,2016,29,Mining and Energy,900\nCHN,PRK,2016,29,Mining and Energy,1\n"
    )
    assert stored(tmp_path, path) == [
        ("CHN", "PRK", "reconciled", "ITPD-E", "29", 2016, 0, 1.0, None)
    ]


def test_a_customs_table_is_read_as_its_mapping_says(tmp_path: Path) -> None:
    (tmp_path / "gacc.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "gacc.csv").write_bytes(TABLE.encode("gb18030"))
    found = stored(tmp_path, tmp_path / "gacc.csv", mapping=tmp_path / "gacc.yaml")
    assert [row[:-2] for row in found] == [
        ("CHN", "PRK", "import", "HS2017", "270111", 2017, 1),
        ("CHN", "PRK", "import", "HS2017", "270112", 2017, 1),
    ]
    assert [row[-2:] for row in found] == [(122.0, 1.45e6), (pytest.approx(0.0012), 3.0)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('flow: "import"\n', "", "give flow, or columns.flow with flows"),
        ('"gb18030"', '"gb1803"', 'gacc.yaml:1: there is no encoding "gb1803"'),
        ('value_unit: "USD"', 'value_unit: "EUR"', "gacc.yaml:5: value_unit"),
        ("thousands:", "thousand:", "gacc.yaml:9"),
        (
            '"PRK"',
            "PKR",
            'gacc.yaml:17: economies.朝鲜: there is no economy "PKR"; did you mean "PRK"',
        ),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    (tmp_path / "gacc.yaml").write_text(MAPPING.replace(old, new), "utf-8")
    (tmp_path / "gacc.csv").write_bytes(TABLE.encode("gb18030"))
    with pytest.raises(InvalidInput) as caught:
        stored(tmp_path, tmp_path / "gacc.csv", mapping=tmp_path / "gacc.yaml")
    assert said in str(caught.value)


def test_a_table_that_does_not_fit_its_mapping_says_where(tmp_path: Path) -> None:
    (tmp_path / "gacc.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "gacc.csv").write_bytes(TABLE.replace("201701", "2017-13", 1).encode("gb18030"))
    with pytest.raises(InvalidInput) as caught:
        stored(tmp_path, tmp_path / "gacc.csv", mapping=tmp_path / "gacc.yaml")
    assert "gacc.csv:row 2, column 数据年月: is '2017-13'" in str(caught.value)
