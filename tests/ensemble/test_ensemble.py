"""Draws of a case: here, in processes, on a cluster, stopped and resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pytest

import tumen
from tests.report.test_tables import drawn as printed
from tests.scenario.cases import links, small, step
from tumen.ensemble.ensemble import BATCH, Ensemble, ensemble, quantiles
from tumen.ensemble.store import Store, remove_draws
from tumen.ensemble.summary import banded
from tumen.errors import InvalidInput
from tumen.report.payload import payload
from tumen.report.tables import report
from tumen.scenario.load import load_scenario
from tumen.scenario.run import run
from tumen.scenario.schema import Scenario

WIDE = '{low: 0.2, central: 0.5, high: 0.9, unit: "freeness", source: "judgement"}'
GIVEN = (
    '{low: 1000.0, central: 2000.0, high: 90000000.0, unit: "million USD a year", '
    'source: "judgement"}'
)


def case(folder: Path, giving: bool = False) -> Path:
    rule = links("a", '"CHN"', '"RUS"', '"*"', f"left: {WIDE}")
    rungs = [step("law", freeness=[rule])]
    if giving:
        gift = f'{{id: "g", giver: "IND", receiver: "RUS", musd: {GIVEN}}}'
        rungs.append(step("support", transfers=[gift]))
    return small(folder, *rungs)


def loaded(folder: Path, giving: bool = False) -> Scenario:
    return load_scenario(str(case(folder, giving)))


def test_the_quantiles_are_those_of_the_rows(tmp_path: Path) -> None:
    found = ensemble(loaded(tmp_path), draws=24, seed=5)
    assert (found.draws, found.failed, len(found.rows)) == (24, 0, 24)
    incomes = [row["law.real_income_pct"] for row in found.rows]
    told = next(row for row in found.steps if row.number == "real_income_pct")
    assert (told.low, told.median, told.high) == pytest.approx(
        np.quantile(incomes, [0.05, 0.5, 0.95])
    )
    assert len(set(incomes)) == 24
    lefts = [row["input.freeness.a.left"] for row in found.rows]
    assert min(lefts) >= 0.2
    assert max(lefts) <= 0.9
    assert sum(left < 0.5 for left in lefts) == 12
    assert found.drivers[0].input in ("freeness.a.left", "trade elasticities")


def test_one_draw_is_the_run_of_its_case(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    row = ensemble(scenario, draws=3, seed=1).rows[1]
    settings = [
        f"steps.law.freeness.a.left={row['input.freeness.a.left']}",
        f"elasticity={row['input.trade elasticities']}",
    ]
    alone = run(load_scenario(str(tmp_path / "small.yaml"), settings), sensitivity=False)
    assert row["law.real_income_pct"] == pytest.approx(alone.steps[1].real_income_pct, abs=1e-7)


def test_failed_draws_are_counted_and_listed_and_in_no_quantile(tmp_path: Path) -> None:
    """Gifts of more than the giver has: many draws have no solution, and say so."""
    found = ensemble(loaded(tmp_path, giving=True), draws=8, seed=0)
    assert 0 < found.failed < 8
    assert len(found.failures) == min(found.failed, 10)
    assert all("in step support" in each.problem for each in found.failures)
    good = [row["support.real_income_pct"] for row in found.rows if not row["problem"]]
    assert len(good) == 8 - found.failed
    told = next(r for r in found.steps if (r.place, r.number) == ("support", "real_income_pct"))
    assert told.median == pytest.approx(np.median(good))


@pytest.mark.slow
def test_processes_give_what_one_process_gives(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    alone, spread = (ensemble(scenario, 2 * BATCH, 4, workers=each) for each in (1, 2))
    _same(alone, spread)


@pytest.mark.slow
def test_a_cluster_over_tcp_gives_the_same(tmp_path: Path) -> None:
    """Two workers, each a process of its own, reached by address."""
    distributed = pytest.importorskip("distributed", reason="needs the extra cluster")
    scenario = loaded(tmp_path)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, protocol="tcp://",
        host="127.0.0.1", dashboard_address=None,
    ) as cluster:  # fmt: skip
        assert cluster.scheduler_address.startswith("tcp://127.0.0.1")
        there = ensemble(scenario, 2 * BATCH, 4, cluster=cluster.scheduler_address)
    _same(ensemble(scenario, 2 * BATCH, 4), there)


def test_a_scheduler_that_does_not_answer_is_said(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    with pytest.raises(InvalidInput, match="--cluster: no scheduler answers at 'not an address'"):
        ensemble(loaded(tmp_path), 2, cluster="not an address", folder=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_folder_without_a_batch_holds_nobody_up(tmp_path: Path) -> None:
    scenario, kept = loaded(tmp_path), tmp_path / "kept"
    Store(kept, scenario, {"draws": 2, "seed": 1, "months": False})
    found = ensemble(scenario, 2, seed=2, folder=kept)
    assert found.seed == 2
    assert len(list(kept.glob("draws-*.parquet"))) == 1


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_and_ends_as_if_it_had_not(tmp_path: Path) -> None:
    path, out = case(tmp_path), tmp_path / "out"
    call = [sys.executable, "-c", "from tumen.cli.main import app_entry; app_entry()"]
    asked = ["run", str(path), "--quick", "--draws", "60", "--seed", "7", "--out", str(out)]
    source = str(Path(tumen.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    with subprocess.Popen([*call, *asked], env=environment, start_new_session=True) as going:
        parts = tmp_path / "out.draws"
        end = time.monotonic() + 120
        while len(list(parts.glob("draws-*.parquet"))) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        os.killpg(going.pid, signal.SIGKILL)
    kept = sorted(path.name for path in parts.glob("draws-*.parquet"))
    assert 2 <= len(kept) < 6
    assert not out.exists()
    times = {name: (parts / name).stat().st_mtime_ns for name in kept}

    with pytest.raises(InvalidInput, match="holds an unfinished run with another seed"):
        ensemble(load_scenario(str(path)), 60, 8, months=True, folder=parts)
    found = ensemble(load_scenario(str(path)), 60, 7, months=True, folder=parts)
    assert {name: (parts / name).stat().st_mtime_ns for name in kept} == times
    _same(ensemble(load_scenario(str(path)), 60, 7), found)

    done = subprocess.run([*call, *asked], env=environment, check=True, capture_output=True)
    assert b"All figures drawn 60 times" in done.stdout
    assert not parts.exists()
    rows = duckdb.read_parquet(str(out / "draws.parquet")).df()
    assert rows["law.real_income_pct"].tolist() == [
        row["law.real_income_pct"] for row in found.rows
    ]


def test_only_what_a_store_wrote_is_removed(tmp_path: Path) -> None:
    scenario, kept = loaded(tmp_path), tmp_path / "kept"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine", "utf-8")
    (kept / "months-0000090.parquet").write_text("of a batch that was never finished", "utf-8")
    found = ensemble(scenario, 2, seed=2, folder=kept)
    assert found.month_rows == ()
    remove_draws(kept)
    assert [path.name for path in kept.iterdir()] == ["mine.txt"]
    (kept / "mine.txt").unlink()
    remove_draws(kept)
    assert not kept.exists()


def test_bands_sentence_and_tables_say_draws(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    found = ensemble(scenario, draws=24, seed=5)
    result = banded(run(scenario, sensitivity=False), found)
    data = payload(scenario, result)
    law = data["steps"][1]
    assert (data["draws"], data["seed"]) == (24, 5)
    for name in ("exports_musd", "imports_musd", "real_income_pct", "real_output_pct"):
        assert law[f"{name}_low"] <= law[name] <= law[f"{name}_high"]
    assert "exports_musd_low" not in data["steps"][0]
    assert "in nine of ten of 24 draws" in data["sentence"]
    text = printed(report(scenario, result))
    assert "All figures drawn 24 times: 5 to 95 % of the draws" in text
    assert "Every draw has a solution." in text
    assert "its range is that of the draws, 5 to 95 %." in text


@pytest.mark.slow
def test_months_have_quantiles_too() -> None:
    scenario = load_scenario("dprk-2017")
    found = ensemble(scenario, draws=4, seed=2)
    months = {row.place for row in found.months}
    assert (min(months), max(months)) == ("2017-01", "2019-12")
    stock = {row.place: row for row in found.months if row.number == "stock_musd"}["2018-12"]
    values = [row["stock_musd"] for row in found.month_rows if row["month"] == "2018-12"]
    assert len(values) == 4
    assert stock.median == pytest.approx(np.median(values))


def test_nothing_is_drawn_without_draws(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--draws: is 0, must be at least 1"):
        ensemble(loaded(tmp_path), 0)


def test_quantiles_know_what_has_no_end() -> None:
    assert quantiles("m", "runway_months", [1.0, None, None]).low == 1.0
    assert quantiles("m", "runway_months", [1.0, None, None]).high is None
    assert quantiles("m", "x", []).median is None


def _same(one: Ensemble, other: Ensemble) -> None:
    assert len(one.rows) == len(other.rows)
    for mine, its in zip(one.rows, other.rows, strict=True):
        assert mine.keys() == its.keys()
        for name, value in mine.items():
            if isinstance(value, float):
                assert its[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name
            else:
                assert its[name] == value
