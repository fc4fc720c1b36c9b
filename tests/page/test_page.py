"""The whole page: every number from the JSON, nothing from outside, and readable by anyone."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.page.pages import (
    Reader,
    case,
    download,
    exhibits,
    made,
    parts,
    quick_case,
    read,
    table,
)
from tests.scenario.cases import full
from tumen.page.case import Case
from tumen.page.drivers import NO_DRIVERS
from tumen.page.drivers import drivers as drivers_section
from tumen.page.ladder import ladder
from tumen.page.months import months as months_section
from tumen.page.page import laid_out, page, write_page
from tumen.report.numbers import money, signed
from tumen.report.payload import payload

LARGEST = 2_000_000
ORDER = [
    "ladder", "partners", "flows", "law", "months", "shadow", "decision", "drivers", "evidence",
    "methods",
]  # fmt: skip


def test_the_sentence_is_that_of_the_json() -> None:
    assert read().one("sentence").text == payload(*full("dprk-2017"))["sentence"]


def test_every_number_of_the_ladder_is_that_of_the_json() -> None:
    steps = payload(*full("dprk-2017"))["steps"]
    head, *rows = table(read(), "ladder-waterfall")
    assert head[:3] == ["Step", "Adds, points", "Real income, %"]
    before = 0.0
    for row, step in zip(rows, steps, strict=True):
        income = step["real_income_pct"]
        assert row == [
            step["label"],
            signed(income - before, 2),
            *(signed(step[f"real_income_pct{end}"], 2) for end in ("", "_low", "_high")),
            *(signed(step[name], 2) for name in (
                "real_output_pct", "real_earnings_pct", "first_order_pct",
            )),
            *(money(step[name]) for name in ("exports_musd", "imports_musd", "hidden_musd")),
        ]  # fmt: skip
        before = income


def test_files_of_the_ladder_hold_every_digit() -> None:
    text = download(read(), "ladder-waterfall.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    for row, step in zip(rows, payload(*full("dprk-2017"))["steps"], strict=True):
        for name in ("real_income_pct", "exports_musd", "hidden_musd", "first_order_pct"):
            assert float(row[name]) == step[name]


def test_the_headline_is_the_last_step() -> None:
    last = payload(*full("dprk-2017"))["steps"][-1]
    facts = [each.text for each in read().all("li") if "sources" not in each.within][:5]
    assert signed(last["real_income_pct"], 2) in facts[0]
    assert money(last["exports_musd"]) in facts[1]
    assert money(last["imports_musd"]) in facts[2]
    assert money(last["hidden_musd"]) in facts[3]
    assert f"{last['runway_months']:.0f} months" in facts[4]


def test_sections_stand_in_reading_order() -> None:
    assert [section.id for section in parts()] == ORDER
    shown = [each.attributes.get("id") for each in read().all("section")]
    assert shown == [None, *ORDER, "sources"]


def test_nothing_is_loaded_from_outside() -> None:
    reader = read()
    for each in reader.elements:
        for name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster"):
            value = each.attributes.get(name, "")
            outside = re.match(r"\s*(?:[a-z]+:)?//", value, re.IGNORECASE)
            if each.tag == "a" and "sources" in each.within:
                continue
            assert not outside, (each.tag, value[:80])
    assert not {each.tag for each in reader.elements} & {"script", "link", "iframe", "object"}
    (style,) = reader.all("style")
    assert not re.search(r"url\(|@import", style.text)
    assert not [each for each in reader.elements if any(n[:2] == "on" for n in each.attributes)]


def test_it_is_small_and_its_links_lead_somewhere() -> None:
    assert len(made().encode()) < LARGEST
    ids = [e.attributes["id"] for e in read().elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    targets = {e.attributes["href"] for e in read().all("a") if e.attributes["href"][:1] == "#"}
    assert {target[1:] for target in targets} <= set(ids)
    assert {f"#{key}" for key in ORDER} <= targets


def test_every_chart_says_its_finding_and_has_its_table_and_files() -> None:
    reader = read()
    drawn = [each for each in exhibits(parts()) if each.spec is not None or each.svg]
    assert len(drawn) >= 12
    labels = [
        e.attributes["aria-label"] for e in reader.elements if e.attributes.get("role") == "img"
    ]
    assert labels == [each.alt for each in drawn]
    for each in drawn:
        assert re.search(r"\d", each.alt), each.id
        assert len(each.alt) > 40
        assert len(table(reader, each.id)) == len(each.rows) + 1
        files = [a.text.split(" of ")[0].strip() for a in reader.all("a", each.id)
                 if "download" in a.attributes]  # fmt: skip
        assert files == ["CSV", "LaTeX", "SVG", "PNG"]


def test_every_part_can_be_reached_by_keyboard_and_by_landmark() -> None:
    reader = read()
    tags = {each.tag for each in reader.elements}
    assert {"header", "main", "nav", "footer", "h1", "title"} <= tags
    assert reader.all("html")[0].attributes["lang"] == "en"
    assert reader.all("a")[0].attributes["href"] == "#main"
    for each in reader.elements:
        if each.attributes.get("class") in ("scroll", "chart"):
            assert each.attributes["tabindex"] == "0"
            assert each.attributes["aria-label"]
    assert len(reader.all("h1")) == 1


def test_words_of_a_case_cannot_become_markup() -> None:
    bad = '<script>alert("x")</script>&<b>'
    scenario, result = quick_case().scenario, quick_case().result
    steps = tuple(replace(step, label=bad + step.id) for step in result.steps)
    hostile = Case(scenario, replace(result, title=bad, steps=steps))
    text = page(hostile, laid_out([ladder(hostile)]))
    reader = Reader(text)
    assert not reader.all("script")
    assert not reader.all("b")
    assert reader.all("h1")[0].text == bad
    assert bad + "law" in [row[0] for row in table(reader, "ladder-waterfall")]


def test_what_a_quick_run_does_not_hold_is_said_or_left_out() -> None:
    found = quick_case()
    said = drivers_section(found)
    assert said.words == (NO_DRIVERS,)
    assert said.exhibits == ()
    waterfall = ladder(found).exhibits[0]
    assert "low" not in [column.name for column in waterfall.columns]
    assert "no ranges" in waterfall.note
    timeline = months_section(found)
    assert timeline is not None
    assert "no bands" in timeline.exhibits[0].note


def test_a_case_without_months_or_law_has_no_such_sections() -> None:
    bare = case()
    scenario = bare.scenario.model_copy(
        update={"steps": [s.model_copy(update={"law": None}) for s in bare.scenario.steps]}
    )
    found = Case(scenario, replace(bare.result, timeline=(), decision=None))
    assert months_section(found) is None
    assert found.adoptions == []


def test_the_words_of_the_page(snapshot: SnapshotAssertion) -> None:
    told = [(each.id, each.title, each.note, each.alt) for each in exhibits(parts())]
    assert told == snapshot


@pytest.mark.slow
@pytest.mark.parametrize("name", ["russia-2022"])
def test_another_case(name: str, tmp_path: Path) -> None:
    assert write_page(*full(name), tmp_path) == ["report.html", "tables.xlsx"]
    text = (tmp_path / "report.html").read_text("utf-8")
    assert len(text.encode()) < LARGEST
    reader = Reader(text)
    assert reader.one("sentence").text == payload(*full(name))["sentence"]
    assert "None" not in reader.one("main").text
    assert "nan" not in re.findall(r"\w+", reader.one("main").text)
