"""The backtest: what it predicts, caps as stocks of a year, hidden trade, and what drives it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tumen.evidence.quantity import LEVELS
from tumen.scenario.backtest import Assumptions, BacktestRow, Replay, backtest
from tumen.scenario.backtest_errors import backtest_drivers, backtest_figures, backtest_goods
from tumen.scenario.baseline import scenario_world
from tumen.scenario.law_calendar import LawYear, SharedLimit, Span, Stance, law_year
from tumen.scenario.load import load_scenario


@cache
def replay(*changes: str) -> Replay:
    scenario = load_scenario("dprk-2017", list(changes))
    found = Replay.of(scenario, scenario_world(scenario))
    assert found is not None
    return found


@cache
def rows(*changes: str) -> dict[tuple[int, str, str], BacktestRow]:
    return {(row.year, row.flow, row.partner): row for row in backtest(replay(*changes))}


def test_the_backtest_of_2017_and_2018_says_how_far_off_it_is() -> None:
    found = rows()
    assert found[2017, "export", ""].error_pct == pytest.approx(-16, abs=3)
    assert found[2018, "export", ""].error_pct > 50, "enforcement went on tightening after 2017"
    assert abs(found[2018, "import", ""].error_pct) < 5
    assert found[2018, "export", "CHN"].enforcement_in_record == pytest.approx(0.95, abs=0.02)
    assert found[2017, "import", "CHN"].enforcement_in_record == 0, "imports grew"


def test_no_prediction_uses_a_figure_read_off_its_own_year() -> None:
    used = {(row.year, row.rule): row.basis for row in backtest_figures(replay()) if row.used}
    assert used[2017, "CHN"] == "judgement"
    assert used[2018, "CHN"].startswith("fitted on exports, CHN, 2017-10 to 2017-12")
    assert (2018, "china_steel") not in used
    left_out = {(row.year, row.rule) for row in backtest_figures(replay()) if not row.used}
    assert left_out == {(2017, "CHN"), (2018, "CHN"), (2018, "others"), (2018, "china_steel")}


def test_what_was_recorded_in_a_year_does_not_move_its_prediction() -> None:
    """Whatever is read off 2018, the prediction of 2018 stays where it is."""
    before = rows()
    of_2018 = "steps.enforced.enforcement.CHN.path.1.enforced"
    after = rows(f"{of_2018}=0.1", "backtest.recorded.exports-2018.musd=999")
    for key, row in before.items():
        assert after[key].predicted_musd == row.predicted_musd
    fit = "backtest.fits.china-late-2017"
    late = rows(f'{fit}.last="2018-02"')
    assert late[2018, "export", "CHN"].predicted_musd < before[2018, "export", "CHN"].predicted_musd
    full = rows("steps.enforced.enforcement.CHN.path=[]")
    assert late[2018, "export", "CHN"].predicted_musd == pytest.approx(
        full[2018, "export", "CHN"].predicted_musd
    )


def test_a_looser_record_of_2017_moves_2018_and_not_2017() -> None:
    loose = rows("backtest.fits.china-late-2017.musd=400")
    assert loose[2018, "export", ""].predicted_musd > rows()[2018, "export", ""].predicted_musd
    assert loose[2017, "export", ""].predicted_musd == rows()[2017, "export", ""].predicted_musd


def test_the_fitted_window_comes_out_as_recorded() -> None:
    found = replay()
    figure = next(row for row in backtest_figures(found) if row.rule == "CHN" and not row.used)
    year = found.year(2017, Assumptions())
    mine = year.law.rows(lambda row: row.partner == "CHN" and row.flow == "export")
    everywhere = Stance(np.full(mine.size, figure.enforced))
    left = year.flows(lambda _: everywhere, "2017-10", "2017-12").open[mine].sum()
    assert float(left) == pytest.approx(240.0)


def test_ranges_hold_the_central_figure_and_every_reading() -> None:
    for row in rows().values():
        assert row.predicted_musd_low <= row.predicted_musd <= row.predicted_musd_high
        assert 0 <= row.hidden_musd_low <= row.hidden_musd <= row.hidden_musd_high
    exports = rows()[2018, "export", ""]
    assert exports.hidden_musd_low < 0.7 * exports.hidden_musd
    for level in LEVELS:
        hidden = replay().hidden(2018, Assumptions(enforcement=level, mark_up=level))
        mine = replay().of_record(replay().test.recorded[1])
        assert exports.hidden_musd_low - 1e-9 <= hidden[mine].sum() <= exports.hidden_musd_high


def test_no_enforcement_hides_nothing_and_leaves_the_baseline() -> None:
    names = ("others", "CHN", "RUS", "china_steel", "workers")
    found = rows(*(f"steps.enforced.enforcement.{name}=0" for name in names))
    assert found[2018, "export", ""].predicted_musd == pytest.approx(2820, abs=1)
    assert found[2018, "import", ""].predicted_musd == pytest.approx(3730, abs=1)
    assert found[2018, "export", ""].hidden_musd == 0


def test_caps_take_something_off_imports_and_smugglers_bring_some_of_it_back() -> None:
    moves = {(row.year, row.flow, row.assumption): row for row in backtest_drivers(replay())}
    no_caps = moves[2018, "import", "no caps"]
    assert no_caps.predicted_musd_high == pytest.approx(104, abs=10)
    assert no_caps.hidden_musd_low < -5
    assert (2018, "export", "no caps") not in moves
    wound_down = moves[2017, "export", "no old contracts run off"]
    assert wound_down.predicted_musd_low < -100


def test_the_errors_of_goods_sum_to_the_whole_error() -> None:
    goods = backtest_goods(replay())
    for (year, flow, partner), row in rows().items():
        if not partner:
            parts = [good.error_musd for good in goods if (good.year, good.flow) == (year, flow)]
            assert sum(parts) == pytest.approx(row.predicted_musd - row.recorded_musd)
    coal = next(good for good in goods if (good.year, good.sector) == (2017, "B05"))
    assert coal.error_musd < -200, "cargoes sold before the ban, at prices that rose"


def year_with(*limits: SharedLimit, enforced: float = 1.0) -> tuple[LawYear, np.ndarray]:
    """2018 without a ban and with these limits all year; what goes on in it (row)."""
    law = law_year(("un-dprk",), 2016, 2018, tuple(replay().scenario.volumes)).law
    none = np.zeros(law.value.size)
    spans = tuple(
        Span(datetime.date(2018, month, 1), 1 / 12, none, limits) for month in range(1, 13)
    )
    year = LawYear(law, spans)
    flows = year.flows(lambda _: Stance(np.full(law.value.size, enforced)))
    return year, flows.open


def everything(year: LawYear) -> np.ndarray:
    return year.law.rows(lambda row: row.flow == "import" and not row.service).astype(float)


@pytest.mark.parametrize("enforced", [1.0, 0.4, 0.0])
def test_a_cap_is_a_stock_of_the_year_and_loosens_with_enforcement(enforced: float) -> None:
    year, free = year_with()
    covered = everything(year)
    whole = float((free * covered).sum())
    _, found = year_with(SharedLimit("a", 500.0, covered), enforced=enforced)
    expected = enforced * 500 + (1 - enforced) * whole
    assert float((found * covered).sum()) == pytest.approx(expected)
    np.testing.assert_allclose(found[covered == 0], free[covered == 0])


def test_of_two_caps_on_the_same_goods_the_tighter_binds() -> None:
    year, _ = year_with()
    covered = everything(year)
    tight, loose = SharedLimit("t", 300.0, covered), SharedLimit("l", 900.0, covered)
    _, both = year_with(tight, loose)
    assert float((both * covered).sum()) == pytest.approx(300.0)
    _, slack = year_with(SharedLimit("s", 1e6, covered))
    np.testing.assert_allclose(slack, year_with()[1])


def test_what_customs_do_not_record_is_hidden() -> None:
    found = replay()
    year = found.year(2018, Assumptions())
    half = np.full(year.law.value.size, 0.5)
    seen = year.flows(lambda _: Stance(half))
    blind = year.flows(lambda _: Stance(half, half))
    np.testing.assert_allclose(seen.open, blind.open + blind.unseen, atol=1e-9)
    assert blind.unseen.sum() > 100
    assert replace(year, spans=year.spans[:0]).flows(lambda _: Stance(half)).open.sum() == 0
