"""``tumen monitor`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Tumen
from tests.monitor.files import baci, comtrade, comtrade_line
from tests.support.server import Answer, serving
from tumen.sources import comtrade as client


def test_a_store_is_built_and_asked(tumen: Tumen, tmp_path: Path) -> None:
    for year in range(2006, 2017):
        baci(tmp_path, f"{year},408,156,270111,{1000 * (year - 2000)},5", year=year)
    first = tumen("monitor", "build", *map(str, sorted(tmp_path.glob("*.csv"))), "--store", "s")
    assert (first.status, first.err) == (0, "")
    assert first.out.startswith("s: 11 new, 0 revised, 0 as before")
    again = tumen("monitor", "build", str(tmp_path), "--store", "s", "--json")
    assert json.loads(again.out)["known"] == 11
    found = tumen("monitor", "signals", "PRK", "--since", "2014", "--store", "s", "--json",
                  "--out", "found.csv")  # fmt: skip
    data = json.loads(found.out)
    assert data["records"] == "baci, products *, 2006 to 2016"
    assert {each["signal"] for each in data["findings"]} >= {"dependence"}
    assert (tmp_path / "found.csv").read_text().startswith("signal,partner")
    assert found.err == f"wrote {len(data['findings'])} rows to found.csv\n"


def test_bad_input_is_one_message(tumen: Tumen, tmp_path: Path) -> None:
    path = baci(tmp_path, "2016,408,156,270111,-1,5")
    said = tumen("monitor", "build", str(path), "--store", "s")
    assert said.status == 2
    assert "row 2, column v: is '-1'" in said.err
    for words in (
        ("signals", "PRK", "--since", "2015", "--store", "none"),
        ("signals", "PRK", "--since", "1995"),
        ("report", "PKR", "--since", "2015"),
        ("build", str(path), "--store", "s", "--source", "bacy"),
        ("build", str(path), "--store", "s", "--revision", "HS18"),
        ("build", str(path), "--store", "s", "--mapping", "none.yaml"),
        ("fetch", "CHN", "PRK", "2016", "--store", "s", "--flow", "imports"),
    ):
        said = tumen("monitor", *words)
        assert (said.status, said.out) == (2, ""), words
        assert said.err.startswith("error: ")


def test_comtrade_is_asked_and_stored(
    tumen: Tumen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, line = comtrade(tmp_path, comtrade_line()).read_text().splitlines()
    row = dict(zip(header.split(","), line.split(","), strict=True))
    with serving(lambda _: Answer(body=json.dumps({"data": [row], "error": ""}).encode())) as (
        address,
        _,
    ):
        monkeypatch.setattr(client.ComtradeClient, "address", address)
        monkeypatch.setattr(
            client.ComtradeClient.__init__, "__defaults__", (None, address, 0.0, 1, lambda _: None)
        )
        said = tumen("monitor", "fetch", "CHN", "PRK", "2016", "--store", "s", "--product", "2701")
    assert (said.status, said.out) == (0, "s: 1 new, 0 revised\n")


@pytest.mark.slow
def test_the_bundled_extract_is_reported_on(tumen: Tumen) -> None:
    said = tumen("monitor", "report", "PRK", "--products", "27", "--since", "2015")
    assert said.status == 0
    for words in ("Suspected, never proved", "CEPII", "misreporting", "placebo periods",
                  "What cannot be seen", "noise_musd: {low: "):  # fmt: skip
        assert words in said.out
