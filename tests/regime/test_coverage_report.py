"""What the coverage table shows: the shares, the timeline, the claim and the gap in words."""

from __future__ import annotations

import datetime
import io
import json

import pytest
from rich.console import Console

from tests.support.regimes import row, table
from tumen.regime.checks import regime_names
from tumen.regime.coverage import bundled_law
from tumen.regime.law import Law, law_on
from tumen.regime.regime import Regime
from tumen.report.coverage import (
    claim_words,
    coverage_lines,
    coverage_payload,
    exemption_words,
    regime_lines,
)
from tumen.report.payload import json_text

DAY = datetime.date(2017, 12, 31)


def printed(*regimes: str, day: datetime.date = DAY) -> str:
    console = Console(width=110, file=io.StringIO(), record=True)
    for line in coverage_lines(list(regimes), day):
        console.print(line)
    return console.export_text()


def test_the_table_shows_shares_measures_and_the_timeline() -> None:
    text = printed("un-dprk")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "exports of goods 2,820 86.5 3.0 0 13.3 97.5" in lines
    assert any(line.startswith("2375-16 UNSCR 2375 (2017)") for line in lines)
    assert "2017-08-05 UNSCR 2371 (2017) 56.8 33 63.4 0 0.3 0" in lines
    assert "2017-09-11 UNSCR 2375 (2017) 83.5 90 90.0 0 0.3 8.0" in lines
    assert "Also in force, without a share of trade. asset freeze: 1718-8d" in text


def test_the_claim_stands_beside_what_is_computed(law: Law) -> None:
    words = claim_words(law)
    assert len(words) == 3
    assert "about 90 % of publicly reported exports" in words[1]
    assert "Computed: 83.5 %, with judged goods 90.0 %" in words[1]
    assert "iron and steel" in words[1]
    assert "not proved" in words[1]


def test_an_exemption_that_holds_no_recorded_trade_says_so(law: Law) -> None:
    words = exemption_words(law, datetime.date(2017, 8, 5))
    (rajin,) = [each for each in words if each.startswith("Exempt from 2371-8")]
    assert "coal from outside the country through Rajin only" in rajin
    assert "Respected, though the recorded exports of PRK in 2016 hold nothing under it" in rajin
    assert "by its origin, as Russian" in rajin
    assert words[-1] == (
        "On the route rajin (Port of Rajin and its railway from Khasan) the table of 2016 holds "
        "imports of 55 million USD and services sold of 9.0 million USD; nothing of it is under a "
        "ban."
    )
    assert " ".join(rajin.split()) in " ".join(printed("un-dprk").split())


def test_an_exemption_with_trade_under_it_says_how_much(un: Regime) -> None:
    foreign = law_on(un, table(row("2701", 3.0), row("2701", 2.0, route="rajin")))
    words = exemption_words(foreign, datetime.date(2017, 8, 5))
    assert any("It keeps 2.0 million USD of 2016 free." in each for each in words)
    by_sector = exemption_words(bundled_law("russia-2022"), datetime.date(2023, 2, 28))
    assert [each for each in by_sector if "the reaches are net of it" in each]


def test_every_regime_can_be_shown() -> None:
    for name in regime_names():
        day = datetime.date(2023, 3, 1) if name == "russia-2022" else DAY
        assert f"The law of {day}" in printed(name, day=day)


def test_several_regimes_are_shown_together() -> None:
    text = printed("un-dprk", "china-dprk-2017")
    assert "china-dprk-2017/40-2017" in text
    assert "un-dprk/2371-8" in text
    payload = coverage_payload(["un-dprk", "china-dprk-2017"], DAY)
    assert payload["regime"] == "un-dprk+china-dprk-2017"


@pytest.mark.parametrize("name", regime_names())
def test_the_payload_is_json(name: str) -> None:
    found = json.loads(json_text(coverage_payload(name, DAY)))
    assert found["regime"] == name
    assert found["date"] == "2017-12-31"


def test_every_regime_has_a_line() -> None:
    assert [line.split()[0] for line in regime_lines()] == regime_names()
    assert all(" measures  " in line for line in regime_lines())
