"""Parts of a step sum exactly."""

from __future__ import annotations

import pytest

from tests.scenario.cases import full, steps
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
            # Parts are solved with economies merged, steps with all of them.
            assert total == pytest.approx(moved, abs=1e-4 * max(1, abs(moved)))


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
