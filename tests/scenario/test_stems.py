"""Rules that stem from a measure of law: nothing before its day, and names that are checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.cases import figure, line_of, quick, small, step, steps
from tests.support.regimes import HEAD, MEASURE
from tumen.errors import InvalidInput
from tumen.report.explanation import explain
from tumen.scenario.load import load_scenario
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Settings, accumulated
from tumen.scenario.stems import stem

LAW = "steps.law.law.date="
BANKS, CLOSED = "2017-09-18", "2018-01-10"


def withdrawal(*changes: str) -> Settings:
    return plan(load_scenario("dprk-2017", changes))


def plan(scenario: Scenario, name: str = "withdrawal") -> Settings:
    return {step: found for step, _, found in accumulated(scenario)}[name]


@pytest.mark.parametrize(
    ("day", "banks", "closed"),
    [
        ("2017-09-17", 0, 0), (BANKS, 1, 0), ("2017-09-28", 1, 0), ("2018-01-09", 1, 0),
        (CLOSED, 1, 1), ("2018-01-31", 1, 1),
    ],
)  # fmt: skip
def test_banks_and_joint_ventures_of_2017_follow_their_measures(
    day: str, banks: int, closed: int
) -> None:
    found = withdrawal(LAW + day)
    assert (len(found.finance), len(found.capacity)) == (banks, closed)
    assert len(found.waiting) == 2 - banks - closed


@settings(deadline=None, max_examples=30)
@given(day=st.dates(stem(load_scenario("dprk-2017"), "un-dprk/2375-18").adopted))
def test_a_rule_counts_from_the_first_day_without_old_contracts(day: object) -> None:
    found = withdrawal(LAW + str(day))
    assert bool(found.capacity) == (str(day) >= CLOSED)
    assert bool(found.finance) == (str(day) >= BANKS)


def test_before_their_days_withdrawal_changes_nothing() -> None:
    early = steps(quick("dprk-2017", LAW + "2017-09-17")[1])
    for name in ("real_income_pct", "real_output_pct", "exports_musd", "imports_musd"):
        assert getattr(early["withdrawal"], name) == pytest.approx(
            getattr(early["enforced"], name), abs=1e-9
        )
    later = steps(quick("dprk-2017", LAW + CLOSED)[1])
    assert later["withdrawal"].real_income_pct < later["enforced"].real_income_pct - 0.1


def test_in_the_sense_of_the_law_it_counts_at_once() -> None:
    found = withdrawal(LAW + "2017-09-12", "steps.law.law.sense=law")
    assert (len(found.finance), len(found.capacity)) == (0, 1)


def test_a_measure_that_has_ended_or_was_adopted_too_late_does_not_count() -> None:
    ended = 'steps.withdrawal.finance.CHN.measure="china-dprk-2017/75-2016"'
    assert not withdrawal(ended).finance
    assert withdrawal(ended, LAW + "2016-12-20").finance
    assert not withdrawal("steps.law.law.acts_until=2017-09-10").capacity


def test_a_rule_without_a_measure_always_counts(tmp_path: Path) -> None:
    free = ventures("").replace('measure: "", ', "")
    path = small(tmp_path, step("withdrawal", capacity=[free]))
    path.write_text(path.read_text("utf-8").replace('"2022-12"', '"1999-01"'), "utf-8")
    assert plan(load_scenario(path)).capacity


def ventures(measure: str) -> str:
    return (
        f'{{id: "closed", economy: "RUS", sectors: ["C26"], measure: "{measure}", '
        f"left: {figure(0.9, 'share')}}}"
    )


def test_without_a_law_the_day_is_the_end_of_the_month(tmp_path: Path) -> None:
    rule = ventures("russia-2022/swift")
    for month, counts in (("2022-02", False), ("2022-03", True)):
        path = small(tmp_path, step("withdrawal", capacity=[rule]))
        path.write_text(path.read_text("utf-8").replace('"2022-12"', f'"{month}"'), "utf-8")
        assert bool(plan(load_scenario(path)).capacity) == counts


def test_a_measure_of_a_regime_of_one_s_own(tmp_path: Path) -> None:
    regime = (HEAD + MEASURE).replace('["PRK"]', '["RUS"]').replace("2016", "2022")
    (tmp_path / "own.yaml").write_text(regime, "utf-8")
    law = '    law: {regimes: ["own.yaml"], date: "2022-12-31"}\n'
    rung = step("law", capacity=[ventures("trial/fish")]) + law
    assert plan(load_scenario(small(tmp_path, rung)), "law").capacity


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        ("un-dprk/2375-188", 'no measure "un-dprk/2375-188"; did you mean "un-dprk/2375-18"'),
        ("un-dprkk/2375-18", 'did you mean "un-dprk/2375-18"'),
        ("trial/fish", 'no measure "trial/fish"'),
        ("2375-18", "should match"),
    ],
)
def test_an_unknown_measure_is_refused_with_its_line_and_the_nearest(
    measure: str, message: str, tmp_path: Path
) -> None:
    path = small(tmp_path, step("withdrawal", capacity=[ventures(measure)]))
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.place == f"{path}:{line_of(path, measure)}"


def test_the_explanation_names_the_measure_and_what_waits_for_it() -> None:
    scenario, result = quick("dprk-2017", LAW + "2017-12-31")
    text = "\n".join(explain(scenario, result, "withdrawal.real_income_pct"))
    assert "CHN.wedge: CHN, by china-dprk-2017/pboc-2017-09-18 = 0.1 (0.03 to 0.2)" in text
    assert "workers.early: *, pay of workers abroad = 0.55 (0.2 to 0.7) share" in text
    assert "not in force: joint_ventures, as un-dprk/2375-18 bites from 2018-01-10" in text
