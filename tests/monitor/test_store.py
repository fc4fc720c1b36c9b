"""The store: no flow twice, both reporters, revisions with dates, and kills that cost nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.monitor.files import baci, comtrade, comtrade_line
from tumen.errors import InvalidInput
from tumen.monitor.build import build
from tumen.monitor.store import MANIFEST, Store

ROOT = Path(__file__).resolve().parents[2]


def rows(store: Path, query: str) -> list[tuple[object, ...]]:
    with Store(store).opened() as connection:
        return connection.execute(query).fetchall()


def test_a_flow_stands_once_however_often_it_is_appended(tmp_path: Path) -> None:
    path = baci(tmp_path, "2016,408,156,270111,1200,5", "2016,156,408,270900,300,NA")
    first, again = (build([path], tmp_path / "store") for _ in range(2))
    assert (first.new, again.new, again.known) == (2, 0, 2)
    assert rows(
        tmp_path / "store", "SELECT origin, destination, musd, tonnes FROM trade ORDER BY 1"
    ) == [
        ("CHN", "PRK", 0.3, None),
        ("PRK", "CHN", 1.2, 5.0),
    ]
    assert len(Store(tmp_path / "store").parts) == 1


def test_a_new_figure_is_a_revision_and_the_old_one_stays_with_its_date(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build([baci(tmp_path, "2016,408,156,270111,1200,5", "2016,408,156,270112,7,1")], store)
    done = build([baci(tmp_path, "2016,408,156,270111,1100,5", "2016,408,156,250410,9,1")], store)
    assert (done.new, done.revised, done.known, done.gone) == (1, 1, 0, 1)
    last = rows(store, "SELECT product, musd FROM trade ORDER BY 1")
    assert last == [("250410", 0.009), ("270111", 1.1), ("270112", 0.007)]
    old = rows(store, "SELECT musd, batch, added IS NOT NULL FROM history WHERE product='270111'")
    assert sorted(old) == [(1.1, 2, True), (1.2, 1, True)]


def test_both_reporters_are_kept_and_point_the_same_way(tmp_path: Path) -> None:
    path = comtrade(
        tmp_path, comtrade_line(), comtrade_line(reporter=408, partner=156, flow="X", value=1e9)
    )
    build([path], tmp_path / "store")
    found = rows(
        tmp_path / "store", "SELECT reporter, flow, origin, destination, musd FROM trade ORDER BY 1"
    )
    assert found == [
        ("CHN", "import", "PRK", "CHN", 1200.0),
        ("PRK", "export", "PRK", "CHN", 1000.0),
    ]


def test_sources_editions_and_years_do_not_replace_each_other(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build([baci(tmp_path, "2016,408,156,270111,1200,5")], store)
    build([comtrade(tmp_path, comtrade_line(edition="H5"), name="one.csv")], store)
    build([comtrade(tmp_path, comtrade_line(edition="H4"), name="two.csv")], store)
    found = rows(store, "SELECT source, revision FROM trade ORDER BY ALL")
    assert found == [("baci", "HS92"), ("comtrade", "HS2012"), ("comtrade", "HS2017")]


def test_files_go_in_together_or_not_at_all(tmp_path: Path) -> None:
    good = baci(tmp_path, "2016,408,156,270111,1200,5")
    bad = baci(tmp_path, "2017,408,156,270111,-1,5", year=2017)
    with pytest.raises(InvalidInput):
        build([good, bad], tmp_path / "store")
    assert Store(tmp_path / "store").parts == ()
    assert not list((tmp_path / "store").rglob("*.parquet"))


def test_an_empty_store_and_a_foreign_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="tumen monitor build"), Store(tmp_path / "no").opened():
        pass
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mum.txt").write_text("hello")
    with pytest.raises(InvalidInput, match="no store of trade records and not empty"):
        Store(tmp_path / "letters")


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    build([baci(tmp_path, "2016,408,156,270111,1200,5")], tmp_path / "store")
    (part,) = Store(tmp_path / "store").parts
    Store(tmp_path / "store").path(part).unlink()
    with pytest.raises(InvalidInput, match=part.file), Store(tmp_path / "store").opened():
        pass


_KILLED = """
import sys
from tumen.monitor import store as rooms
from tumen.monitor.build import build
write = rooms.write_text
def slow(path, text):
    print("almost", flush=True)
    import time; time.sleep(60)
if sys.argv[3] == "before the manifest":
    rooms.write_text = slow
else:
    old = rooms.Append._write
    def write(self, *arguments):
        rows = old(self, *arguments)
        print("almost", flush=True)
        import time; time.sleep(60)
        return rows
    rooms.Append._write = write
build([sys.argv[1]], sys.argv[2])
"""


@pytest.mark.parametrize("moment", ["before the manifest", "after the first file"])
def test_a_kill_during_append_loses_nothing(tmp_path: Path, moment: str) -> None:
    store = tmp_path / "store"
    build([baci(tmp_path, "2016,408,156,270111,1200,5")], store)
    before = (store / MANIFEST).read_text()
    new = baci(tmp_path, "2017,408,156,270111,400,5", year=2017)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(new), str(store), moment],
        env=environment, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "almost\n"
        with pytest.raises(InvalidInput, match="another process"):
            build([new], store)  # one writer at a time
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (store / MANIFEST).read_text() == before
    assert rows(store, "SELECT year, musd FROM trade") == [(2016, 1.2)]
    assert build([new], store).new == 1
    assert rows(store, "SELECT year, musd FROM trade ORDER BY 1") == [(2016, 1.2), (2017, 0.4)]
    files = {path.name for path in (store / "parts").iterdir()}
    assert files == {part.file for part in Store(store).parts}


@pytest.mark.slow
def test_a_year_of_baci_loads_and_answers_in_bounded_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.monitor.big", str(tmp_path), "11000000"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)  # writes the file
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    measured = json.loads(done.stdout)
    assert measured["rows"] > 10_500_000
    assert measured["again"] == [0, measured["rows"]]
    assert measured["mb"] < 1500, measured
    assert measured["answer_s"] < 5, measured
    assert measured["load_s"] < 120, measured
    assert time.perf_counter() - began < 400
