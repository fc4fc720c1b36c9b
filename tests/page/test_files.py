"""What readers take away: CSV, LaTeX, the workbook; and the map's own data."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.page.pages import case, exhibit, parts, quick_case
from tools.build_map.__main__ import places as built_places
from tools.build_map.shapes import labels
from tumen.catalogue.bundled import data, sources
from tumen.catalogue.worlds import load_world
from tumen.page.case import Case
from tumen.page.downloads import csv_text, escaped, latex
from tumen.page.exhibit import Exhibit, Row, musd, words
from tumen.page.ladder import ladder
from tumen.page.methods import methods
from tumen.page.outline import outline, places
from tumen.page.workbook import write_workbook
from tumen.report.export import tables


def small(*rows: Row) -> Exhibit:
    return Exhibit("small", "A & B", (words("name", "Name_1"), musd("musd", "USD")), rows)


def test_latex_is_escaped_and_whole() -> None:
    text = latex(small({"name": "50 % & more", "musd": -3.26}, {"name": "x", "musd": None}))
    assert text.splitlines() == [
        "% A & B",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"Name\_1 & USD \\",
        r"\midrule",
        r"50 \% \& more & $-$3.3 \\",
        r"x &  \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


@given(st.text())
def test_no_text_breaks_out_of_latex(text: str) -> None:
    left = re.sub(r"\\(?:textbackslash|textasciitilde|textasciicircum)\{\}", "", escaped(text))
    left = left.replace("$-$", "").replace(r"$\to$", "")
    assert not re.search(r"(?<!\\)[&%$#_{}~^]", left)


@given(st.lists(st.tuples(st.text().filter(lambda t: "\0" not in t), st.floats(-1e9, 1e9))))
def test_csv_gives_every_value_back(given_rows: list[tuple[str, float]]) -> None:
    each = small(*({"name": name, "musd": value} for name, value in given_rows))
    rows = list(csv.reader(io.StringIO(csv_text(each), newline="")))
    assert [(name, float(value)) for name, value in rows[1:]] == given_rows


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> CalamineWorkbook:
    path = tmp_path_factory.mktemp("book") / "tables.xlsx"
    write_workbook(case(), parts(), path)
    return CalamineWorkbook.from_path(str(path))


def test_the_workbook_holds_every_table(book: CalamineWorkbook) -> None:
    expected = [name for name, rows in tables(case().result).items() if rows]
    assert [name for name in book.sheet_names if name in expected] == expected
    assert {"contents", "law_coverage", "evidence_figures"} <= set(book.sheet_names)
    for name in expected:
        rows = book.get_sheet_by_name(name).to_python()
        assert len(rows) == len(tables(case().result)[name]) + 1


def test_the_workbook_s_ladder_is_that_of_the_run(book: CalamineWorkbook) -> None:
    head, *rows = book.get_sheet_by_name("steps").to_python()
    for row, step in zip(rows, case().result.steps, strict=True):
        found = dict(zip(head, row, strict=True))
        assert found["id"] == step.id
        assert found["real_income_pct"] == pytest.approx(step.real_income_pct, rel=1e-14)
        assert found["exports_musd"] == pytest.approx(step.exports_musd, rel=1e-14)


def test_text_in_the_workbook_is_never_a_formula(tmp_path: Path) -> None:
    given_case = quick_case()
    formula = '=HYPERLINK("http://x.invalid")'
    step = replace(given_case.result.steps[0], label=formula)
    result = replace(given_case.result, title=formula, steps=(step, *given_case.result.steps[1:]))
    path = tmp_path / "t.xlsx"
    write_workbook(Case(given_case.scenario, result), [], path)
    assert (
        CalamineWorkbook.from_path(str(path)).get_sheet_by_name("steps").to_python()[1][1]
        == formula
    )
    with zipfile.ZipFile(path) as inside:
        sheets = [inside.read(name) for name in inside.namelist() if "worksheets/sheet" in name]
    assert all(b"<f>" not in sheet for sheet in sheets)


def test_the_outline_is_the_file_that_its_source_names() -> None:
    digest = hashlib.sha256(data("map", "countries-110m.json").read_bytes()).hexdigest()
    assert digest in sources()["natural-earth-110m"].note


def test_places_are_made_from_the_outline() -> None:
    assert built_places() == data("map", "places.csv").read_text("utf-8")
    with data("map", "places.csv").open(encoding="utf-8", newline="") as file:
        assert all(row["source"] in sources() for row in csv.DictReader(file))


def test_every_economy_of_the_world_has_a_place_on_it() -> None:
    assert set(load_world().economies) <= set(places())
    shapes = {each.get("id") for each in outline()["objects"]["countries"]["geometries"]}
    assert all(where.shape in shapes for where in places().values() if where.shape)
    assert "010" not in shapes
    china = places()["CHN"]
    assert (china.longitude, china.latitude) == pytest.approx((104, 36), abs=3)


def test_a_country_that_crosses_the_antimeridian_lies_where_it_is() -> None:
    points = [[179, 0], [2, 0], [0, 2], [-2, 0], [0, -2]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [points],
        "objects": {"countries": {"geometries": [{"type": "Polygon", "id": "1", "arcs": [[0]]}]}},
    }
    wrapped = {**topology, "arcs": [[[179, 0], [-358, 0], [0, 2], [358, 0], [0, -2]]]}
    for each in (topology, wrapped):
        longitude, latitude = labels(each)["1"]
        assert longitude % 360 == pytest.approx(180)
        assert latitude == pytest.approx(1)


def test_methods_name_the_files_that_came_out_and_went_in() -> None:
    found = Case(case().scenario, case().result, {"result.json": "abc"})
    rows = {row["file"]: row["sha256"] for row in exhibit("methods-hashes", [methods(found)]).rows}
    assert rows["result.json"] == "abc"
    regime = data("regimes", "un-dprk.yaml")
    assert rows["regimes/un-dprk.yaml"] == hashlib.sha256(regime.read_bytes()).hexdigest()
    assert {"worlds/world-2022.nc", "map/countries-110m.json"} <= set(rows)


def test_an_empty_cell_stands_for_what_is_not_known() -> None:
    rows = ladder(quick_case()).exhibits[0].rows
    assert rows[0]["low"] is None
    assert musd("musd", "").text({"musd": None}) == ""
