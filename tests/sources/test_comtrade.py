"""The client of UN Comtrade against a server that speaks its JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.server import Answer, Asked, serving
from tumen.errors import InvalidInput
from tumen.monitor.build import build
from tumen.monitor.store import Store
from tumen.sources.comtrade import ComtradeClient

ROW: dict[str, Any] = {
    "typeCode": "C", "freqCode": "A", "refPeriodId": 20160101, "refYear": 2016, "refMonth": 52,
    "period": "2016", "reporterCode": 156, "flowCode": "M", "partnerCode": 408, "partner2Code": 0,
    "classificationCode": "H4", "cmdCode": "270111", "customsCode": "C00", "motCode": 0,
    "netWgt": 22480000.0, "cifvalue": 1.2e9, "fobvalue": None, "primaryValue": 1.2e9,
}  # fmt: skip


def told(*rows: dict[str, Any], error: str = "") -> Answer:
    body = {"elapsedTime": "0.1 secs", "count": len(rows), "data": list(rows), "error": error}
    return Answer(body=json.dumps(body).encode())


def client(folder: Path, address: str, **how: Any) -> ComtradeClient:
    return ComtradeClient(folder, address=address, **{"sleep": lambda _: None, **how})


def test_an_answer_is_kept_and_goes_into_the_store(tmp_path: Path) -> None:
    with serving(lambda _: told(ROW)) as (address, asked):
        asker = client(tmp_path / "cache", address, key="secret")
        path = asker.records("CHN", "PRK", "2016", "import", ["2701"])
        assert asker.records("CHN", "PRK", "2016", "import", ["2701"]) == path
    (question,) = asked
    assert question.headers["ocp-apim-subscription-key"] == "secret"
    assert "secret" not in question.path
    assert "secret" not in path.name + path.read_text()
    parts = urlsplit(question.path)
    assert parts.path == "/data/v1/get/C/A/HS"
    words = {name: value[0] for name, value in parse_qs(parts.query).items()}
    assert (words["reporterCode"], words["partnerCode"], words["flowCode"]) == ("156", "408", "M")
    build([path], tmp_path / "store")
    with Store(tmp_path / "store").opened() as connection:
        found = connection.execute("SELECT reporter, origin, musd, tonnes FROM trade").fetchall()
    assert found == [("CHN", "PRK", 1200.0, 22480.0)]


def test_codes_are_those_of_the_year_and_months_are_asked_for(tmp_path: Path) -> None:
    with serving(lambda _: told(ROW)) as (address, asked):
        asker = client(tmp_path, address)
        asker.records("SDN", "TWN", "2011", "export")
        asker.records("SDN", "TWN", "201207", "export")
    paths = [urlsplit(question.path) for question in asked]
    assert [path.path for path in paths] == [f"/public/v1/preview/C/{f}/HS" for f in "AM"]
    codes = [parse_qs(path.query)["reporterCode"][0] for path in paths]
    assert codes == ["736", "729"]
    with pytest.raises(InvalidInput, match="SSD: has no UN area code in 2005"):
        asker.records("SSD", "CHN", "2005", "export")


def test_a_busy_service_is_asked_again_after_the_time_it_says(tmp_path: Path) -> None:
    waited: list[float] = []
    answers = iter([Answer(429, headers={"Retry-After": "7"}), Answer(503), told(ROW)])
    with serving(lambda _: next(answers)) as (address, asked):
        client(tmp_path, address, sleep=waited.append).records("CHN", "PRK", "2016", "import")
    assert len(asked) == 3
    assert 7.0 in waited
    assert 2.0 in waited


def test_questions_keep_their_distance(tmp_path: Path) -> None:
    with serving(lambda _: told(ROW)) as (address, _):
        asker = ComtradeClient(tmp_path, address=address, pause=0.2)
        began = time.monotonic()
        for year in ("2014", "2015", "2016"):
            asker.records("CHN", "PRK", year, "import")
    assert time.monotonic() - began >= 0.4


FAILURES: list[tuple[Callable[[Asked], Answer], str]] = [
    (lambda _: Answer(401), "answered 401: the key is wrong"),
    (lambda _: Answer(400), "answered 400 Bad Request: look at the codes"),
    (lambda _: Answer(500), "did not answer in 5 tries .last: 500"),
    (lambda _: Answer(body=b"<html>maintenance</html>"), "gave no JSON of Comtrade's .'<html>"),
    (lambda _: told(error="Invalid period"), "was refused: Invalid period"),
    (lambda _: told(*[ROW] * 500), "gave 500 rows, as many as an answer holds"),
]


@pytest.mark.parametrize(("answer", "said"), FAILURES)
def test_what_fails_is_said_and_not_kept(
    tmp_path: Path, answer: Callable[[Asked], Answer], said: str
) -> None:
    with serving(answer) as (address, _), pytest.raises(InvalidInput, match=said):
        client(tmp_path, address).records("CHN", "PRK", "2016", "import")
    assert not list(tmp_path.iterdir())
