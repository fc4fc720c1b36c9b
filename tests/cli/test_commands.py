"""Every command, as a user types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from markupsafe import escape

import tumen as tumen_package
from tests.cli.terminal import Tumen
from tests.scenario.cases import figure, links, small, step
from tests.support.worlds import world

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(tumen_package.__file__).parents[1])}
CALL = [sys.executable, "-c", "from tumen.cli.main import app_entry; app_entry()"]
COMMANDS = [
    [], ["run"], ["scenarios"], ["check"], ["compare"], ["explain"], ["new"], ["world"],
    ["world", "info"], ["world", "import"], ["lifelines"], ["evidence"], ["decide"],
    ["package"],
]  # fmt: skip


def short(folder: Path, freeness: float = 0.5) -> str:
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {figure(freeness)}")
    return str(small(folder, step("law", freeness=[rule])))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(command: list[str], tumen: Tumen) -> None:
    said = tumen(*command, "--help")
    assert (said.status, said.err) == (0, "")
    assert "Usage:" in said.out


def test_run_prints_the_answer_first(tumen: Tumen, tmp_path: Path) -> None:
    said = tumen("run", short(tmp_path))
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "A small case"
    assert lines[2].startswith("With the law enforced in full, Russia's real income would change")
    for title in ("The ladder", "Trade loss and financing loss", "What it hangs on", "rests on"):
        assert title in said.out
    assert max(map(len, lines)) <= 100


def test_run_with_json_prints_one_object_and_writes_the_folder(
    tumen: Tumen, tmp_path: Path
) -> None:
    said = tumen("run", short(tmp_path), "--json", "--out", "out")
    assert said.status == 0
    data = json.loads(said.out)
    assert [found["id"] for found in data["steps"]] == ["baseline", "law"]
    assert said.err == f"wrote {len(list(Path('out').glob('[!.]*')))} files to out\n"
    assert json.loads(Path("out/result.json").read_text("utf-8")) == data
    page = Path("out/report.html").read_text("utf-8")
    assert f'<p id="sentence">{escape(data["sentence"])}</p>' in page
    assert zipfile.is_zipfile("out/tables.xlsx")
    again = tumen("run", "out/scenario.yaml", "--json", "--out", "out")
    assert again.status == 0
    assert json.loads(again.out)["steps"] == data["steps"]


def test_settings_may_be_repeated(tumen: Tumen, tmp_path: Path) -> None:
    path = short(tmp_path)
    plain = json.loads(tumen("run", path, "--json").out)
    said = tumen(
        "run", path, "--json", "--set", "elasticity=low", "--set", "steps.law.freeness.a.left=0.1"
    )
    data = json.loads(said.out)
    assert data["world"]["elasticity"] == "low"
    assert data["steps"][1]["real_income_pct"] < plain["steps"][1]["real_income_pct"]
    assert "set-by-user" in {source["id"] for source in data["sources"]}


def test_scenarios_and_worlds_are_listed(tumen: Tumen) -> None:
    said = tumen("scenarios")
    assert said.status == 0
    assert [row.split()[0] for row in said.out.splitlines()] == ["dprk-2017", "russia-2022"]
    said = tumen("world", "info")
    assert said.status == 0
    assert "IRN Iran" in said.out


def test_explain(tumen: Tumen) -> None:
    said = tumen("explain", "dprk-2017", "law.real_income_pct")
    assert said.status == 0
    assert said.out.startswith("law.real_income_pct = -1")
    said = tumen("explain", "dprk-2017", "law.real_incom")
    assert (said.status, said.out) == (2, "")
    assert "real_income_pct" in said.err


def test_explain_shows_the_chain_of_a_cited_claim(tumen: Tumen) -> None:
    said = tumen("explain", "dprk-2017", "support.real_income_pct")
    assert "attributed report oil-putin-2017: V. Putin, 2017-09-06 → Energy Voice" in said.out


def test_until_ends_the_months(tumen: Tumen) -> None:
    said = tumen("run", "dprk-2017", "--quick", "--json", "--until", "2017-03")
    assert said.status == 0
    months = [row["month"] for row in json.loads(said.out)["timeline"]]
    assert months == ["2017-01", "2017-02", "2017-03"]
    for wrong, what in (("2018", "such as 2018-06"), ("2016-01", "before first 2017-01")):
        said = tumen("run", "dprk-2017", "--until", wrong)
        assert (said.status, said.out) == (2, "")
        assert what in said.err


def test_evidence(tumen: Tumen) -> None:
    asked = ("evidence", "dprk-2017", "--set", "statecraft=null")  # the game takes long
    said = tumen(*asked)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("The evidence behind dprk-2017\n")
    assert max(map(len, said.out.splitlines())) <= 100
    data = json.loads(tumen(*asked, "--json").out)
    assert set(data) == {
        "scenario", "target", "figures", "tested", "disagreements", "claims", "sources",
    }  # fmt: skip
    known = {source["id"] for source in data["sources"]}
    for found in data["figures"]:
        assert found["path"] in said.out
        assert found["source"] in known
        assert ("claim" in found) == ("standing" in found)
    for claim in data["claims"].values():
        assert {link["source"] for link in claim["chain"] if "source" in link} <= known
    assert {row["claim"] for row in data["tested"]} <= set(data["claims"])
    said = tumen("evidence", "dprk-2017", "--set", "steps.law.lw=1")
    assert (said.status, said.out) == (2, "")


def test_a_file_of_claims_is_checked(tumen: Tumen) -> None:
    entry = (
        'claims:\n  a: {statement: "A", about: "trade", kind: "rumour", date: null, '
        'chain: [{who: "A", source: "judgement"}], read: "excerpt"}\n'
    )
    Path("mine.yaml").write_text(entry, "utf-8")
    assert tumen("check", "mine.yaml").out == "mine.yaml: claims, sound: 1 claims\n"
    Path("mine.yaml").write_text(entry.replace("rumour", "rumor"), "utf-8")
    said = tumen("check", "mine.yaml")
    assert said.status == 2
    assert 'mine.yaml:2: claims.a.kind is "rumor"; did you mean "rumour"?' in said.err
    Path("mine.yaml").write_text(entry.replace("  a:", "  vote-2371:"), "utf-8")
    said = tumen("check", "mine.yaml")
    assert 'claim "vote-2371" differs from the one in' in said.err


def test_check_counts_figures_that_are_narrower_than_their_claims(
    tumen: Tumen, tmp_path: Path
) -> None:
    path = Path(short(tmp_path))
    assert "narrower" not in tumen("check", str(path)).out
    gift = (
        '    transfers:\n      - {id: "g", giver: "IND", receiver: "RUS", musd: {low: 300.0, '
        'central: 300.0, high: 300.0, unit: "million USD a year", claim: "arms-2015"}}\n'
    )
    path.write_text(path.read_text("utf-8") + gift, "utf-8")
    said = tumen("check", str(path))
    assert said.status == 0
    assert "1 figure has a narrower range than the claim behind it supports" in said.out


def test_compare(tumen: Tumen, tmp_path: Path) -> None:
    path = short(tmp_path)
    tumen("run", path, "--out", "a")
    said = tumen("compare", "a", path, "--json")
    assert said.status == 0
    data = json.loads(said.out)
    assert {row["difference"] for row in data["differences"]} == {0.0}
    tumen("run", path, "--set", "elasticity=low", "--out", "b")
    said = tumen("compare", "a", "b")
    assert said.status == 0
    assert "real_income_pct" in said.out
    said = tumen("compare", "a", str(tmp_path), "--json")
    assert (said.status, said.out) == (2, "")
    assert "holds no result.json" in said.err


def test_new_writes_a_file_that_can_be_checked_and_run(tumen: Tumen) -> None:
    said = tumen("new", "scenario", "mine")
    assert said.status == 0
    assert "mine.yaml" in said.out
    before = Path("mine.yaml").read_text("utf-8")
    assert before.startswith("#")
    assert tumen("check", "mine.yaml").status == 0
    assert tumen("run", "mine.yaml", "--json").status == 0
    said = tumen("new", "scenario", "mine")
    assert said.status == 2
    assert "exists already" in said.err
    assert Path("mine.yaml").read_text("utf-8") == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("scnario", "mine"), 'did you mean "scenario"'),
        (("scenario", "../up"), "must be lower-case letters"),
        (("scenario", "Mine"), "must be lower-case letters"),
    ],
)
def test_new_refuses(arguments: tuple[str, str], message: str, tumen: Tumen) -> None:
    said = tumen("new", *arguments)
    assert (said.status, said.out) == (2, "")
    assert message in said.err
    assert list(Path().iterdir()) == []


def test_a_reader_that_leaves_early_sees_no_traceback() -> None:
    started = subprocess.Popen(
        [*CALL, "world", "info"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.close()
    assert started.stderr.read() == ""
    started.stderr.close()
    started.wait(timeout=30)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupted_run_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    started = subprocess.Popen(
        [*CALL, "run", "dprk-2017", "--out", "out"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # jobs ignore it
    )  # fmt: skip
    while started.poll() is None and not list(tmp_path.iterdir()):
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=30)
    assert started.returncode != 0
    assert out == ""
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_lifelines_shows_trade_and_income(tumen: Tumen) -> None:
    said = tumen("lifelines", "PRK")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("China has 92.4 % of North Korea's trade")
    found = json.loads(tumen("lifelines", "PRK", "--json", "--deficits", "zero").out)
    first = found["partners"][0]
    assert (found["target"], found["deficits"], first["partner"]) == ("PRK", "zero", "CHN")
    assert first["substitutes"] == ["B06"]
    assert 4 < first["income_loss_pct"] < 8


def test_lifelines_of_all_targets_is_a_table(
    tumen: Tumen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    world(4, 2).save(tmp_path / "mine.nc")
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    said = tumen("lifelines", "--all", "--world", "mine.nc", "--out", "all.parquet")
    assert said.err == "wrote 12 rows to all.parquet\n"
    with duckdb.connect() as connection:
        rows = connection.read_parquet("all.parquet").aggregate("count(*), min(target)").fetchall()
    assert rows == [(12, "e0")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name one TARGET, or give --all"),
        (["PRK", "--all"], "name one TARGET, or give --all"),
        (["--all"], "needs --out"),
        (["PRK", "--out", "x.parquet"], "goes with --all"),
        (["PKR"], 'did you mean "PRK"'),
        (["PRK", "--deficits", "kept"], "must be one of keep, income, zero"),
        (["PRK", "--substitute-price", "0.5"], "must be a ratio above 1"),
    ],
)
def test_lifelines_refuses(tumen: Tumen, arguments: list[str], message: str) -> None:
    said = tumen("lifelines", *arguments)
    assert (said.status, said.out) == (2, "")
    assert message in said.err
    assert not Path("x.parquet").exists()


def test_package_says_what_is_banned_and_what_it_costs(tumen: Tumen) -> None:
    asked = ("package", "RUS", "--member", "DEU=0.01", "--sector", "B06", "--sector", "C28")
    said = tumen(*asked, "--world", "world-2022")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("The best package found costs RUS ")
    for title in ("What is banned", "What it costs the members", "Where to begin"):
        assert title in said.out
    assert max(map(len, said.out.splitlines())) <= 100
    data = json.loads(tumen(*asked, "--world", "world-2022", "--frontier", "--json").out)
    assert " ".join(said.out.split()).startswith(data["sentence"])
    assert len(data["frontier"]) == 5
    assert data["members"][0]["loss_pct"] <= 0.01 * 1.001


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--member", "DEU"), "--member DEU: write MEMBER=PERCENT, such as DEU=0.05"),
        (("--member", "DEU=0"), "a per cent above 0 up to 100"),
        (("--member", "DEU=1", "--member", "DEU=2"), "DEU stands twice; name it once"),
        (("--member", "DEU=1", "--flow", "both"), "--flow both: must be one of export, import"),
        (("--member", "GER=1"), "limits: no economy 'GER'"),
    ],
)
def test_package_refuses_what_it_cannot_read(
    asked: tuple[str, ...], said: str, tumen: Tumen
) -> None:
    found = tumen("package", "RUS", *asked)
    assert (found.status, found.out) == (2, "")
    assert said in found.err
