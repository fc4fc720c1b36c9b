"""Parts of a step sum exactly; the backtest fits on one window and predicts another year."""

from __future__ import annotations

import pytest

from tests.scenario.cases import full, steps
from tumen.errors import InvalidInput
from tumen.scenario.backtest import Backtest, backtest
from tumen.scenario.load import load_scenario


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_parts_sum_to_the_steps_they_belong_to(name: str) -> None:
    _, result = full(name)
    for before, after in zip(result.steps, result.steps[1:], strict=False):
        parts = [part for part in result.contributions if part.step == after.id]
        assert parts
        for field, of_step in (
            ("real_income_points", "real_income_pct"),
            ("exports_musd", "exports_musd"),
            ("imports_musd", "imports_musd"),
        ):
            total = sum(getattr(part, field) for part in parts)
            moved = getattr(after, of_step) - getattr(before, of_step)
            assert total == pytest.approx(moved, abs=1e-5 * max(1, abs(moved)))


def test_the_law_of_2017_is_taken_apart_by_resolution() -> None:
    _, result = full("dprk-2017")
    acts = [part.part for part in result.contributions if part.step == "law"]
    assert acts[-3:] == ["UNSCR 2371 (2017)", "UNSCR 2375 (2017)", "UNSCR 2397 (2017)"]
    parts = {part.part: part for part in result.contributions if part.step == "law"}
    assert parts["UNSCR 2375 (2017)"].exports_musd < -300
    assert abs(parts["UNSCR 1718 (2006)"].real_income_points) < 0.05


def test_looser_enforcement_helps_and_sending_workers_home_early_hurts() -> None:
    parts = {(each.step, each.part): each for each in full("dprk-2017")[1].contributions}
    assert parts["enforced", "enforcement"].real_income_points > 0.1
    assert parts["enforced", "stopped early"].real_income_points < -0.1
    assert ("support", "enforcement") not in parts
    assert parts["support", "stopped early"].real_income_points > 0


def test_an_act_counts_with_all_that_the_law_s_day_sees_of_it() -> None:
    """Old contracts that ran out later are the act's own, not the next one's."""
    law = load_scenario("russia-2022")
    parts = {each.part: each for each in full("russia-2022")[1].contributions}
    assert law.steps[0].law is not None
    american = parts["Executive Order 14066"]
    assert american.exports_musd < -1000, "oil may move until April, past the next act"


def test_a_cap_that_a_later_act_replaced_stays_with_its_own() -> None:
    parts = {each.part: each for each in full("dprk-2017")[1].contributions}
    assert parts["UNSCR 2321 (2016)"].exports_musd < -400
    assert parts["UNSCR 2375 (2017)"].exports_musd < -600


def test_diversion_needs_no_setting_and_evasion_needs_a_ban() -> None:
    found = steps(full("dprk-2017")[1])
    assert found["baseline"].diversion_musd == pytest.approx(0, abs=1e-6)
    assert found["baseline"].evasion_musd == 0
    assert found["law"].evasion_musd == 0
    assert found["law"].diversion_musd > 0
    assert found["enforced"].evasion_musd > 0
    assert found["enforced"].hidden_musd == 0
    assert found["black_market"].evasion_musd > found["withdrawal"].evasion_musd


def history(**changed: object) -> Backtest:
    test = load_scenario("dprk-2017").backtest
    assert test is not None
    return test.model_copy(update=changed)


def test_the_backtest_of_2017_and_2018_says_how_far_off_it_is() -> None:
    found = {(row.year, row.flow): row for row in backtest(history(), 2016)}
    assert found[2017, "export"].error_pct == pytest.approx(-16, abs=3)
    assert found[2018, "export"].error_pct > 50, "enforcement went on tightening after 2017"
    assert abs(found[2018, "import"].error_pct) < 10
    assert found[2018, "export"].enforcement == pytest.approx(0.88, abs=0.03)
    assert found[2017, "export"].enforcement == 1


def test_enforcement_fitted_on_a_year_is_not_used_for_it() -> None:
    for row in backtest(history(), 2016):
        assert ("fitted" in row.basis) == (row.year > 2017)


def test_the_fitted_enforcement_gives_the_window_back() -> None:
    test = history()
    less = test.fit.model_copy(
        update={"musd": test.fit.musd.model_copy(update={"central": 400.0, "high": 400.0})}
    )
    tight = {row.year: row for row in backtest(test, 2016) if row.flow == "export"}
    loose = {
        row.year: row
        for row in backtest(test.model_copy(update={"fit": less}), 2016)
        if row.flow == "export"
    }
    assert loose[2018].enforcement < tight[2018].enforcement
    assert loose[2018].predicted_musd > tight[2018].predicted_musd
    assert loose[2017].predicted_musd == tight[2017].predicted_musd


def test_a_window_without_a_ban_cannot_be_fitted() -> None:
    fit = history().fit.model_copy(update={"first": "2005-01", "last": "2005-03"})
    with pytest.raises(InvalidInput, match="is banned in the window"):
        backtest(history(fit=fit), 2016)
