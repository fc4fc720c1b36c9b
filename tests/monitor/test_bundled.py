"""The bundled extract of real trade shows what happened, and says what it cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tumen.catalogue.bundled import data, sources
from tumen.cli.monitor import BUNDLED, panel_of
from tumen.monitor.build import build
from tumen.monitor.finding import Finding
from tumen.monitor.inquiry import Inquiry, inquire
from tumen.monitor.panel import Asked
from tumen.monitor.ranking import DOUBTFUL
from tumen.monitor.signals import Signals, all_signals


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundled") / "store"
    build(sorted(data("monitor").glob("*.csv")), folder)
    return folder


@pytest.fixture(scope="module")
def fuels(store: Path) -> Iterator[Inquiry]:
    with panel_of(store, Asked("PRK", "27", 2015)) as panel:
        yield inquire(panel)


@pytest.fixture(scope="module")
def everything(store: Path) -> Iterator[Signals]:
    with panel_of(store, Asked("PRK", "*", 2018)) as panel:
        yield all_signals(panel)


def one(found: list[Finding], partner: str, flow: str, first: int | None = None) -> Finding:
    (each,) = (
        e for e in found if (e.partner, e.flow) == (partner, flow) and first in (None, e.first)
    )
    return each


def test_the_coal_break_of_2017_is_found(fuels: Inquiry) -> None:
    fall = one(fuels.signals.of("breaks"), "CHN", "export", 2017)
    assert fall.effect == pytest.approx(-1134, abs=30)
    assert fall.high < -900
    rise = one(fuels.signals.of("breaks"), "CHN", "export", 2011)
    assert rise.effect > 800


def test_crude_by_pipeline_leaves_the_records_in_2014(fuels: Inquiry) -> None:
    assert one(fuels.signals.of("breaks"), "CHN", "import", 2014).effect < -550


def test_the_disappearance_of_2018_is_found_and_told(everything: Signals) -> None:
    gone = one(everything.of("vanishing"), "CHN", "export", 2018)
    assert gone.effect >= 0.6
    assert gone.low > 0.3
    exports = everything.panel.own[everything.panel.own.flow == "export"]
    yearly = exports.groupby("year")["musd"].sum()
    assert yearly[2018] < 0.06 * yearly[2017]


@pytest.mark.parametrize("partner", ["GAB", "PNG"])
def test_misreported_partners_are_flagged_and_not_suspected(fuels: Inquiry, partner: str) -> None:
    mark = one(fuels.signals.of("confusion"), partner, "import")
    assert mark.p_value is not None
    assert mark.p_value < 0.01
    (verdict,) = (e.verdict for e in fuels.ranked if (e.partner, e.flow) == (partner, "import"))
    assert verdict == DOUBTFUL


def test_honest_large_partners_are_not_called_misreported(fuels: Inquiry) -> None:
    doubtful = {each.partner for each in fuels.ranked if each.verdict == DOUBTFUL}
    assert not doubtful & {"CHN", "RUS", "TWN", "JPN"}


def test_russias_coal_is_above_its_past_cheap_and_then_gone(fuels: Inquiry) -> None:
    more = one(fuels.signals.of("history"), "RUS", "import")
    assert (more.first, more.last) == (2015, 2017)
    assert more.effect == pytest.approx(38.3, abs=1)
    assert more.low < 0 < more.high  # large, and yet within what chance may do
    price = one(fuels.signals.of("unit value"), "RUS", "import")
    assert price.effect < -0.3
    assert one(fuels.signals.of("vanishing"), "RUS", "import", 2018).effect == 1.0


def test_sigma_of_russia_is_in_the_range_that_the_scenario_had(fuels: Inquiry) -> None:
    (sigma,) = (each for each in fuels.noises if each.partner == "RUS")
    assert 18 < sigma.low < sigma.central < sigma.high < 127
    assert sigma.benefactor == "CHN"


def test_false_alarms_of_earlier_years_are_near_the_nominal_rate(fuels: Inquiry) -> None:
    (periods,) = fuels.false_alarms
    assert periods.tried > 50
    assert periods.interval[0] <= 0.05 <= periods.interval[1]


def test_what_cannot_be_seen_is_said(fuels: Inquiry, everything: Signals) -> None:
    said = "\n".join([*fuels.signals.unseen, *everything.unseen])
    for words in (
        "gravity and re-exports", "mirror gaps", "PRK's own records", "transfers between ships",
        "imports from RUS from 2018 on", "chapters of the tariff have no record", "unfinished",
    ):  # fmt: skip
        assert words in said


def test_its_source_is_cited() -> None:
    source = sources()[BUNDLED]
    assert "CEPII" in source.text
    assert "attribution" in source.licence
