"""Answers that follow controls are those of a run with the same settings."""

from __future__ import annotations

from functools import cache

import pytest

from tumen.errors import InvalidInput, NotConverged
from tumen.scenario import ladder as ladders
from tumen.scenario.baseline import scenario_world
from tumen.scenario.load import load_scenario
from tumen.serve import quick
from tumen.serve.dials import Value
from tumen.serve.quick import LiveCase

CHINA = "steps.enforced.enforcement.CHN"
OIL = "support.RUS.goods.oil_hidden.volume"


@cache
def live() -> LiveCase:
    return LiveCase(load_scenario("russia-2022"))


def test_the_answer_is_that_of_a_run_with_the_same_setting() -> None:
    path, value = "steps.enforced.enforcement.coalition", 0.4
    found = live().answer({path: value}).result.steps
    case = load_scenario("russia-2022", [f"{path}={value}"])
    rungs = ladders.ladder(case, scenario_world(case), "central")
    whole = [rung.result("RUS") for rung in rungs]
    assert [step.id for step in found] == [step.id for step in whole]
    for one, other in zip(found, whole, strict=True):
        for name in ("real_income_pct", "real_output_pct", "exports_musd", "hidden_musd"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    "settings",
    [{CHINA: 0.5, OIL: 0.0}, {"world.gdp_basis": "low", "elasticity": 0.2}],
)
def test_merged_economies_do_not_show(settings: dict[str, Value]) -> None:
    case = LiveCase(load_scenario("dprk-2017"))
    found = case.answer(settings).result.steps
    set_ = [f"{path}={value}" for path, value in settings.items()]
    whole = load_scenario("dprk-2017", set_)
    world = scenario_world(whole)
    for one, rung in zip(found, ladders.ladder(whole, world, "central", quick=True), strict=True):
        other = rung.result("PRK")
        assert one.real_income_pct == pytest.approx(other.real_income_pct, abs=2e-3)
        assert one.exports_musd == pytest.approx(other.exports_musd, abs=0.5)


def test_only_what_changes_is_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = LiveCase(load_scenario("dprk-2017"))
    case.answer({})
    solved: list[str] = []
    step = quick._solved_step

    def counted(*given: object) -> object:
        solved.append(given[2][0])  # type: ignore[index]
        return step(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(quick, "_solved_step", counted)
    case.answer({OIL: 100_000.0})
    assert solved == ["support"]
    solved.clear()
    case.answer({OIL: 100_000.0})
    case.answer({})
    assert not solved
    case.answer({CHINA: 0.5})
    assert solved == ["enforced", "withdrawal", "black_market", "support"]


def test_what_has_been_asked_before_does_not_matter() -> None:
    one, other = (LiveCase(load_scenario("dprk-2017")) for _ in range(2))
    for value in (0.0, 0.3, 0.6, 0.9):
        one.answer({CHINA: value})
    found = [case.answer({CHINA: 0.45}).result.steps[-1] for case in (one, other)]
    assert found[0].real_income_pct == pytest.approx(found[1].real_income_pct, abs=1e-6)
    assert found[0].exports_musd == pytest.approx(found[1].exports_musd, rel=1e-6)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "KEPT", 10)
    case = live()
    for value in (0.1, 0.2, 0.3):
        case.answer({"steps.enforced.enforcement.coalition": value})
    assert len(case._rungs) <= 10


def test_a_step_without_a_solution_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise NotConverged("RUS", 1.0, 1, "a test")

    monkeypatch.setattr(quick, "solved", never)
    with pytest.raises(NotConverged) as caught:
        LiveCase(load_scenario("russia-2022")).answer({})
    assert "in step baseline" in caught.value.__notes__[0]
    with pytest.raises(InvalidInput, match="is no control"):
        live().answer({"nothing": 1.0})
