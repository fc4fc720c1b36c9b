"""The API and the page as a client without a browser sees them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tumen.catalogue.bundled import data
from tumen.scenario.load import load_scenario
from tumen.scenario.store import scenario_text

pytest.importorskip("fastapi", reason="needs the extra serve")
from fastapi.testclient import TestClient

from tumen.errors import InvalidInput
from tumen.serve.app import made_app

COALITION = "steps.enforced.enforcement.coalition"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(made_app("russia-2022"), base_url="http://127.0.0.1:8017") as made:
        yield made


def asked(**more: Any) -> dict[str, Any]:
    return {"case": "russia-2022", **more}


def test_cases_and_controls(client: TestClient) -> None:
    assert {"dprk-2017", "russia-2022"} <= {each["id"] for each in client.get("/api/cases").json()}
    found = client.post("/api/controls", json=asked()).json()
    one = next(each for each in found if each["path"] == COALITION)
    assert (one["value"], one["low"], one["high"], one["kind"]) == (0.75, 0.0, 1.0, "number")


def test_an_answer_moves_with_its_settings(client: TestClient) -> None:
    found = [
        client.post("/api/answer", json=asked(settings={COALITION: value})).json()
        for value in (0.75, 0.1)
    ]
    incomes = [each["steps"][2]["real_income_pct"] for each in found]
    assert incomes[1] > incomes[0]
    assert found[0]["steps"][0]["id"] == "baseline"
    assert "Russia" in found[0]["sentence"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"case": "nothing"}, "no bundled case"),
        ({"case": "../../etc/passwd"}, "no bundled case"),
        (asked(settings={COALITION: 7}), "from 0 to 1"),
        (asked(settings={"streams": "/etc/passwd"}), "is no control"),
        (asked(yaml="a: [1"), "no YAML"),
        (asked(more=1), "Extra inputs"),
        ({"case": 7}, "string"),
    ],
)
def test_what_cannot_be_answered(client: TestClient, body: dict[str, Any], words: str) -> None:
    answer = client.post("/api/answer", json=body)
    assert answer.status_code == 422
    assert words in " ".join(each["message"] for each in answer.json()["problems"])


def test_a_saved_case_can_be_asked_about(client: TestClient) -> None:
    settings = {COALITION: 0.4}
    text = client.post("/api/scenario", json=asked(settings=settings)).text
    assert text == scenario_text(load_scenario("russia-2022", [f"{COALITION}=0.4"]))
    one = client.post("/api/answer", json={"yaml": text}).json()
    other = client.post("/api/answer", json=asked(settings=settings)).json()
    assert one["steps"][-1]["exports_musd"] == pytest.approx(other["steps"][-1]["exports_musd"])


def test_texts_are_checked(client: TestClient) -> None:
    good = data("regimes", "china-dprk-2017.yaml").read_text("utf-8")
    assert client.post("/api/check", json={"yaml": good}).json()["kind"] == "regime"
    bad = client.post("/api/check", json={"yaml": good.replace("from:", "form:", 1)}).json()
    assert bad["kind"] == "unusable"
    assert bad["problems"][0]["place"].startswith("upload.yaml:")


@pytest.mark.slow
def test_a_job_runs_and_its_report_is_a_page(client: TestClient) -> None:
    job = client.post("/api/jobs", json=asked(work="quick")).json()
    early = client.get(f"/api/jobs/{job['id']}/result")
    assert early.status_code in (200, 409)
    for _ in range(900):
        state = client.get(f"/api/jobs/{job['id']}").json()
        if state["state"] != "running":
            break
        time.sleep(0.1)
    assert state["state"] == "done", state
    result = client.get(f"/api/jobs/{job['id']}/result").json()
    page = client.get(f"/api/jobs/{job['id']}/report").text
    assert result["sentence"] in page.replace("&#39;", "'")
    assert client.get("/api/jobs/none").status_code == 404


def test_the_page_works_without_a_script(client: TestClient) -> None:
    fresh = client.get("/?case=russia-2022").text
    moved = client.get("/", params={"case": "russia-2022", f"d.{COALITION}": "0.1"}).text
    assert '<output id="dial-1-value" for="dial-1">0.75</output>' in fresh
    assert 'value="0.1"' in moved
    assert fresh.split('class="lead">')[1][:150] != moved.split('class="lead">')[1][:150]
    wrong = client.get("/", params={"case": "russia-2022", f"d.{COALITION}": "7"})
    assert wrong.status_code == 422
    assert "from 0 to 1" in wrong.text


def test_parts_of_the_page_follow_forms(client: TestClient) -> None:
    form = {"case": "russia-2022", f"d.{COALITION}": "0.1"}
    answer = client.post("/live/answer", data=form)
    assert 'hx-swap-oob="true" class="moved">0.1</output>' in answer.text
    assert COALITION in answer.headers["HX-Replace-Url"]
    assert "Enforcement, coalition: 0.1" in client.post("/live/kept", data=form).text
    saved = client.post("/scenario.yaml", data=form)
    assert 'filename="russia-2022.yaml"' in saved.headers["content-disposition"]
    assert "set-by-user" in saved.text
    bad = client.post("/live/answer", data=form | {f"d.{COALITION}": "x"})
    assert 'role="alert"' in bad.text


def test_files_are_opened(client: TestClient) -> None:
    case = scenario_text(load_scenario("russia-2022", [f"{COALITION}=0.4"]))
    page = client.post("/open", files={"file": ("a.yaml", case.encode())})
    assert page.status_code == 200
    assert "Sound: scenario russia-2022" in page.text
    assert '<textarea name="yaml" hidden>' in page.text
    for content, words in (
        (b"\xff\xfe", "save the file as UTF-8"),
        (b"id: x\n", "steps"),
        (case.replace('"RUS"', '"<script>alert(1)</script>"').encode(), "&lt;script&gt;"),
    ):
        refused = client.post("/open", files={"file": ("a.yaml", content)})
        assert refused.status_code == 422
        assert words in refused.text
        assert "<script>alert" not in refused.text


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    page = client.get("/").text
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert client.get("/docs").status_code == 404
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/openapi.json").json()["info"]["title"] == "Tumen"
    assert client.get("/", headers={"host": "example.org"}).status_code == 421


def test_an_unknown_first_case_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no bundled case"):
        made_app("nothing")
