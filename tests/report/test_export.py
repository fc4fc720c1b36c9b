"""Folders of results: the same values in every format, whole or not at all."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.scenario.cases import NO_MONTHS, full, quick
from tumen.catalogue.bundled import data
from tumen.errors import InvalidInput
from tumen.report.comparison import COMPARED, differences, stored_payload
from tumen.report.export import results_folder, tables, write_results
from tumen.report.payload import json_text, payload
from tumen.scenario.load import load_scenario
from tumen.scenario.run import run


def written(folder: Path, name: str = "dprk-2017") -> list[str]:
    with results_folder(folder) as beside:
        assert beside is not None
        return write_results(*full(name), beside)


def test_files_and_their_values(tmp_path: Path) -> None:
    names = written(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").glob("[!.]*")) == names
    assert {"result.json", "scenario.yaml", "steps.csv", "steps.parquet"} <= set(names)
    for name, rows in tables(full("dprk-2017")[1]).items():
        if not rows:
            assert f"{name}.csv" not in names
            continue
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            text = list(csv.DictReader(file))
        stored = duckdb.read_parquet(str(tmp_path / "out" / f"{name}.parquet"))
        found = [dict(zip(stored.columns, row, strict=True)) for row in stored.fetchall()]
        assert len(text) == len(found) == len(rows)
        for row, line, kept in zip(rows, text, found, strict=True):
            for column, value in row.items():
                shown = "" if value is None else str(value)
                assert line[column] == shown
                if isinstance(value, float):
                    assert kept[column] == value
                elif value in ("", None):
                    assert kept[column] is None
                else:
                    assert str(kept[column]).lower() == shown.lower()


def test_the_json_is_the_payload_and_the_scenario_repeats_the_run(tmp_path: Path) -> None:
    written(tmp_path / "out")
    text = (tmp_path / "out" / "result.json").read_text("utf-8")
    assert text == json_text(payload(*full("dprk-2017")))
    again = load_scenario(tmp_path / "out" / "scenario.yaml")
    result = run(again, sensitivity=False)
    stored = json.loads(text)
    for step, kept in zip(result.steps, stored["steps"], strict=True):
        assert all(getattr(step, name) == kept[name] for name in COMPARED)


def test_the_users_regime_goes_along_under_a_free_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "case"
    case.mkdir()
    text = data("scenarios", "dprk-2017.yaml").read_text("utf-8")
    regime = data("regimes", "un-dprk.yaml").read_text("utf-8")
    (case / "scenario.yaml").write_text(regime, "utf-8")
    (case / "mine.yaml").write_text(text.replace('"un-dprk"', '"scenario.yaml"'), "utf-8")
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario("case/mine.yaml", NO_MONTHS)
    result = run(scenario, sensitivity=False)
    with results_folder(Path("out")) as beside:
        assert beside is not None
        names = write_results(scenario, result, beside)
    assert "own-scenario.yaml" in names
    assert str(tmp_path) not in Path("out", "scenario.yaml").read_text("utf-8")
    shutil.rmtree(case)
    again = run(load_scenario("out/scenario.yaml"), sensitivity=False)
    assert [step.real_income_pct for step in again.steps] == [
        step.real_income_pct for step in full("dprk-2017")[1].steps
    ]


def test_an_own_folder_is_replaced_and_a_foreign_one_refused(tmp_path: Path) -> None:
    written(tmp_path / "out")
    before = (tmp_path / "out" / "result.json").read_text("utf-8")
    written(tmp_path / "out", "russia-2022")
    assert (tmp_path / "out" / "result.json").read_text("utf-8") != before
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="holds files that Tumen did not write"):
        written(tmp_path / "out")
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_is_left_when_the_run_fails(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    with pytest.raises(KeyboardInterrupt), results_folder(folder):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with results_folder(None) as nowhere:
        assert nowhere is None


def test_a_run_compared_with_itself_has_no_differences(tmp_path: Path) -> None:
    written(tmp_path / "out")
    stored = stored_payload(tmp_path / "out")
    fresh = payload(*quick("dprk-2017"))
    rows = differences(stored, fresh)
    assert len(rows) == len(COMPARED) * len(fresh["steps"])
    assert {row["difference"] for row in rows} == {0.0}


def test_steps_that_only_one_run_has_are_left_out() -> None:
    first = payload(*quick("dprk-2017"))
    second = {**first, "steps": first["steps"][:2]}
    assert {row["step"] for row in differences(first, second)} == {"baseline", "law"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "holds no result.json"),
        ("{", "is no result of a run"),
        ("[]", "is no result of a run"),
        ('{"steps": [{"id": "law"}]}', "is no result of a run"),
        ('{"steps": "law"}', "is no result of a run"),
    ],
)
def test_a_folder_without_a_sound_result(text: str | None, message: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "result.json").write_text(text)
    with pytest.raises(InvalidInput, match=message):
        stored_payload(tmp_path)
