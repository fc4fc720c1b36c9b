"""Parts of a step sum exactly."""

from __future__ import annotations

import pytest

from tests.scenario.cases import full, steps


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


def test_diversion_needs_no_setting_and_evasion_needs_a_ban() -> None:
    found = steps(full("dprk-2017")[1])
    assert found["baseline"].diversion_musd == pytest.approx(0, abs=1e-6)
    assert found["baseline"].evasion_musd == 0
    assert found["law"].evasion_musd == 0
    assert found["law"].diversion_musd > 0
    assert found["enforced"].evasion_musd > 0
    assert found["enforced"].hidden_musd == 0
    assert found["black_market"].evasion_musd > found["withdrawal"].evasion_musd
