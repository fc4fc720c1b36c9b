"""What trade records show, as a section of the page; without records there is none."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from pathlib import Path

import altair as alt
import pytest

from tests.cli.terminal import tumen
from tests.page.pages import Reader, download, exhibit, quick_case, table
from tests.scenario.cases import small, step
from tumen.cli.monitor import BUNDLED
from tumen.cli.records import AskedRecords, trade_records
from tumen.errors import InvalidInput
from tumen.evidence.quantity import Quantity
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml
from tumen.page.case import Case
from tumen.page.exhibit import Section
from tumen.page.page import SECTIONS, laid_out, page
from tumen.page.records import records
from tumen.page.workbook import BEYOND
from tumen.scenario.spread import silent
from tumen.scenario.statecraft_schema import StateMotives

SHOWN = ["years", "ranking", "alarms", "power", "noise", "signals"]


@cache
def case() -> Case:
    bare = quick_case()
    found = trade_records(bare.scenario, AskedRecords("bundled", None, True), silent)
    return Case(bare.scenario, bare.result, records=found)


@cache
def section() -> Section:
    found = records(case())
    assert found is not None
    return found


@cache
def read() -> Reader:
    return Reader(page(case(), laid_out([section()])))


def test_without_records_the_section_is_left_out() -> None:
    assert records in SECTIONS
    assert records(quick_case()) is None
    assert trade_records(quick_case().scenario, AskedRecords(None, None, True), silent) is None


def test_suspicions_are_ranked_and_never_called_proved() -> None:
    found = case().records
    assert found is not None
    assert found.inquiry.signals.panel.asked.since == case().scenario.target_year - 1
    shown = exhibit("records-ranking", [section()])
    order = [(each.partner, each.flow) for each in found.inquiry.ranked]
    names = [(case().name(partner), flow) for partner, flow in order]
    places = [names.index((row["partner"], row["flow"])) for row in shown.rows]
    assert places == sorted(places)
    text = read().one("records").text
    assert "are suspected of support" in text
    assert re.findall(r"\w+, \w+ proved\b", text) == ["Suspected, never proved"]
    assert text.count("proved") == 1


def test_every_part_is_on_the_page_with_all_digits_in_its_file() -> None:
    assert [each.id for each in section().exhibits] == [f"records-{name}" for name in SHOWN]
    assert {each.id for each in section().exhibits} <= set(BEYOND)
    for each in section().exhibits:
        assert len(table(read(), each.id)) == len(each.rows) + 1
        text = download(read(), f"{each.id}.csv").decode()
        numbers = [column.name for column in each.columns if column.number]
        for row, given in zip(csv.DictReader(io.StringIO(text)), each.rows, strict=True):
            for name in numbers:
                assert row[name] == ("" if given[name] is None else str(given[name]))


def test_the_chart_marks_the_break_and_says_it() -> None:
    years = exhibit("records-years", [section()])
    (fall,) = (
        row for row in years.rows
        if (row["partner"], row["flow"], row["year"]) == ("China", "export", 2017)
    )  # fmt: skip
    assert fall["change"] == pytest.approx(-1433, abs=30)
    assert fall["low"] < fall["change"] < fall["high"] < 0
    assert years.title in years.alt
    assert "exports to China fall by 1,4" in years.title
    assert years.title.endswith("in 2017")
    assert years.spec is not None
    alt.Chart.from_dict(years.spec, validate=True)
    assert download(read(), "records-years.svg").startswith(b"<svg")
    (chart,) = (e for e in read().elements if e.attributes.get("role") == "img")
    assert chart.attributes["aria-label"] == years.alt


def test_sigma_stands_there_as_a_scenario_takes_it() -> None:
    (pasted,) = read().all("pre", "records-noise")
    located = load_yaml("noise.yaml", pasted.text)
    noises = exhibit("records-noise", [section()]).rows
    for place, row in enumerate(noises):
        state = parse(StateMotives, located, ("statecraft", "states", place))
        assert isinstance(state.noise_musd, Quantity)
        assert state.noise_musd.central == pytest.approx(row["central"], rel=1e-3)


def test_false_alarms_and_what_cannot_be_seen_are_told() -> None:
    found = case().records
    assert found is not None
    (alarms,) = found.inquiry.false_alarms
    title = exhibit("records-alarms", [section()]).title
    assert f"{100 * alarms.rate:.1f} % of {alarms.tried} placebo periods" in title
    text = read().one("records").text
    assert len(read().all("dt", "records")) == len(found.inquiry.signals.unseen)
    for each in ("gravity and re-exports", "Transfers between ships at sea", "add UN Comtrade"):
        assert each in text


def test_bundled_records_are_among_the_sources() -> None:
    key = f"source-{BUNDLED}"
    assert "CEPII, BACI" in read().one(key).text
    assert f'id="{key}"' not in page(quick_case(), [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (AskedRecords("bundled", None, False), "--out"),
        (AskedRecords(None, 2015, True), "--records"),
        (AskedRecords("none", None, True), "none"),
        (AskedRecords("bundled", 1990, True), "must be after 1995"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: AskedRecords, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        trade_records(quick_case().scenario, asked, silent)


def test_run_writes_the_section(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small(tmp_path, step("law"))
    words = ("run", "small.yaml", "--quick", "--out", "o", "--records", "bundled")
    said = tumen(capsys, monkeypatch, *words, "--since", "2015")
    assert said.status == 0, said.err
    found = Reader(Path("o/report.html").read_text("utf-8"))
    assert "asked for support since 2015" in found.one("records").text
