"""Ranking: support found, honest partners left alone, σ in the scenario's own form."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.monitor.worlds import LAST, gravity_links, panel, with_support
from tumen.errors import InvalidInput
from tumen.evidence.quantity import Quantity
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml
from tumen.monitor.build import build
from tumen.monitor.inquiry import inquire
from tumen.monitor.noise import statecraft_yaml
from tumen.monitor.panel import Asked, Panel
from tumen.monitor.ranking import SUPPORT, USUAL, Suspicion, placebo_targets
from tumen.monitor.signals import all_signals
from tumen.monitor.store import Store
from tumen.report.monitor import inquiry_sections, report_payload, write_rows
from tumen.report.payload import json_text
from tumen.scenario.statecraft_schema import StateMotives

TARGET, PARTNER, SINCE = "CAN", "CHN", 2015


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of five economies."""
    folder = tmp_path_factory.mktemp("few")
    with panel(folder, gravity_links(0, economies=5), TARGET, SINCE):
        return folder / "store"


def test_support_comes_first_and_its_size_is_in_the_interval(tmp_path: Path) -> None:
    honest = gravity_links(11, economies=10)
    before = honest[(honest.origin == PARTNER) & (honest.destination == TARGET)]
    added = 2 * float(before.musd.mean())
    with panel(tmp_path, with_support(honest, PARTNER, TARGET, SINCE, added), TARGET, SINCE) as p:
        found = inquire(p, placebos=1)
        text = statecraft_yaml(found.noises, p)
    first, *others = found.ranked
    assert (first.partner, first.flow, first.verdict) == (PARTNER, "import", SUPPORT)
    assert first.low <= added <= first.high
    assert "gravity" in first.fired
    assert sum(each.verdict == SUPPORT for each in others) <= 2
    assert {each.verdict for each in others} <= {SUPPORT, USUAL}
    assert [each.kind for each in found.false_alarms] == ["placebo periods", "placebo targets"]
    detected = [each.detected for each in found.power if each.partner == found.power[0].partner]
    assert detected == sorted(detected)
    assert detected[0] <= 0.07
    assert json.loads(json_text(report_payload(found)))["ranking"][0]["partner"] == PARTNER
    assert all(section.alt and section.rows for section in inquiry_sections(found))
    located = load_yaml("noise.yaml", text)
    for place, each in enumerate(found.noises):
        at = ("statecraft", "states", place)
        state = parse(StateMotives, located, at)
        assert isinstance(state.noise_musd, Quantity)
        assert state.noise_musd.low <= state.noise_musd.central <= state.noise_musd.high
        assert each.share == pytest.approx(each.central / each.baseline)


@pytest.mark.slow
def test_placebo_targets_cry_wolf_near_the_nominal_rate(tmp_path: Path) -> None:
    with panel(tmp_path, gravity_links(21), TARGET, SINCE) as opened:
        alarms = placebo_targets(all_signals(opened), 13)
    assert alarms.tried >= 150
    assert alarms.rate <= 0.1, alarms


def test_what_cannot_be_seen_is_said(few: Path) -> None:
    with Store(few).opened() as connection:
        found = all_signals(Panel(connection, Asked("ARG", "*", SINCE)))
    said = "\n".join(found.unseen)
    for words in ("gravity and re-exports", "mirror gaps", "own records", "labour abroad"):
        assert words in said
    assert not found.of("gravity")


def test_monthly_records_make_years_and_one_source_is_taken(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [("CHN", "CAN", f"{y}-{m:02d}", 1.0) for y in range(2008, 2018) for m in range(1, 13)],
        columns=["exporter", "importer", "period", "value"],
    ).assign(product="270111")
    rows.to_csv(tmp_path / "months.csv", index=False)
    build([tmp_path / "months.csv"], tmp_path / "store")
    with Store(tmp_path / "store").opened() as connection:
        asked = Panel(connection, Asked("CAN", "27", 2015))
        assert set(asked.own.musd) == {12.0}
        assert len(asked.own) == 10


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("CNA", "27", SINCE), "CAN"),
        (Asked(TARGET, "27", LAST + 1), "must be after 2006 and at most 2017"),
        (Asked(TARGET, "2799", SINCE), "no HS heading"),
        (Asked(TARGET, "01", SINCE), "no records of products 01"),
        (Asked(TARGET, "27", SINCE, source="bacy"), "'bacy'"),
    ],
)
def test_questions_without_an_answer_are_refused(few: Path, asked: Asked, said: str) -> None:
    with Store(few).opened() as connection, pytest.raises(InvalidInput) as caught:
        Panel(connection, asked)
    assert said in str(caught.value)


def test_rows_are_written_by_the_ending_of_the_file(tmp_path: Path) -> None:
    import duckdb

    row = Suspicion("CHN", "import", USUAL, 0.5, 1.0, 0.0, 2.0, ("history",), ("history", "b"))
    for name in ("ranked.parquet", "ranked.csv"):
        write_rows([row], Suspicion, tmp_path / name)
        rows = duckdb.execute(
            f"SELECT partner, verdict, looked FROM '{tmp_path / name}'"
        ).fetchall()
        assert rows == [("CHN", USUAL, "history, b")]
    write_rows([], Suspicion, tmp_path / "none.parquet")
    assert duckdb.execute(f"SELECT * FROM '{tmp_path / 'none.parquet'}'").fetchall() == []
    with pytest.raises(InvalidInput, match="must end in"):
        write_rows([row], Suspicion, tmp_path / "ranked.xlsx")
