"""The live page in a real browser: sliders, saving, opening, comparing; nothing leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.serve.server import serving
from tumen.report.numbers import percent
from tumen.scenario.baseline import scenario_world
from tumen.scenario.ladder import ladder
from tumen.scenario.load import load_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
COALITION = "steps.enforced.enforcement.coalition"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving("russia-2022") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test for a console error or a request that leaves the machine."""
    opened = browser.new_page()
    wrong: list[str] = []

    def heard(kind: str, text: str) -> None:
        if kind == "error":
            wrong.append(text)

    def sent(url: str) -> None:
        if not url.startswith((address, "data:")):
            wrong.append(url)

    opened.on("console", lambda said: heard(said.type, said.text))
    opened.on("pageerror", lambda error: heard("error", str(error)))
    opened.on("request", lambda request: sent(request.url))
    opened.goto(address)
    yield opened
    assert wrong == []
    opened.close()


def moved(page: Page, value: str) -> None:
    """Move the coalition's slider and wait for the answer."""
    before = page.inner_text("#sentence")
    page.fill(f"input[name='d.{COALITION}']", value)
    page.wait_for_function("t => document.querySelector('#sentence').innerText !== t", arg=before)


def test_a_slider_moves_the_number_to_that_of_a_run(page: Page) -> None:
    moved(page, "0.3")
    case = load_scenario("russia-2022", [f"{COALITION}=0.3"])
    last = [*ladder(case, scenario_world(case), "central")][-1].result("RUS")
    assert percent(last.real_income_pct, 2) in page.inner_text(".facts li:first-child strong")
    assert page.inner_text("#dial-1-value") == "0.3"
    assert f"d.{COALITION}=0.3" in page.url


def test_an_address_is_shared(page: Page) -> None:
    moved(page, "0.25")
    sentence, url = page.inner_text("#sentence"), page.url
    page.goto(url)
    assert page.inner_text("#sentence") == sentence
    assert page.input_value(f"input[name='d.{COALITION}']") == "0.25"


def test_what_is_saved_is_opened_again(page: Page, tmp_path: Path) -> None:
    moved(page, "0.35")
    sentence = page.inner_text("#sentence")
    with page.expect_download() as saved:
        page.click("text=Save as YAML")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    page.set_input_files("#file", file)
    page.click("#open button")
    page.wait_for_selector(".sound")
    assert page.inner_text("#sentence") == sentence
    moved(page, "0.9")


def test_runs_stand_side_by_side(page: Page) -> None:
    page.click("#keep")
    page.wait_for_selector("#kept tbody tr")
    moved(page, "0.1")
    page.click("#keep")
    page.wait_for_selector("#kept tbody tr:nth-child(2)")
    rows = page.locator("#kept tbody tr").all_inner_texts()
    assert rows[0].startswith("as the case stands")
    assert re.search(r"coalition: 0\.1", rows[1])


def test_a_bad_file_shows_its_errors(browser: Browser, address: str, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(address)
    file = tmp_path / "bad.yaml"
    file.write_text('id: "x"\ntitle: 7\n', encoding="utf-8")
    page.set_input_files("#file", file)
    page.click("#open button")
    page.wait_for_selector("#open .alert")
    assert "upload.yaml:2" in page.inner_text("#open .alert")
    page.close()


def test_a_phone_shows_all_of_it(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    page.close()
