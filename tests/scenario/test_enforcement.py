"""Enforcement by month: dated figures, fits that ladder and backtest share, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.cases import line_of
from tumen.catalogue.bundled import data
from tumen.errors import InvalidInput
from tumen.scenario.baseline import scenario_world
from tumen.scenario.enforcement import (
    at_end,
    enforced_on,
    figure_in,
    fit_of,
    fitted,
    may_predict,
    quantity_of,
)
from tumen.scenario.leakage import law_parts
from tumen.scenario.load import load_scenario
from tumen.scenario.records import FitWindow
from tumen.scenario.rules import EnforcementRule
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import accumulated

CASE = data("scenarios", "dprk-2017.yaml").read_text("utf-8")
REGIMES = 'regimes: ["un-dprk", "china-dprk-2017", "others-dprk"]'
FIT = '- {since: "2017-10", fit: "china-late-2017"}'


def case(folder: Path, *changes: tuple[str, str]) -> Path:
    """The bundled case with words replaced, each of which must be there."""
    text = CASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "case.yaml"
    path.write_text(text, "utf-8")
    return path


def rule_of(scenario: Scenario, name: str) -> EnforcementRule:
    step = next(step for step in scenario.steps if step.id == "enforced")
    return next(rule for rule in step.enforcement if rule.id == name)


def window(**changes: object) -> FitWindow:
    return fit_of(load_scenario("dprk-2017"), "china-late-2017").model_copy(update=changes)


def of_window(fit: FitWindow, musd: float | None = None) -> float:
    scenario = load_scenario("dprk-2017")
    assert scenario.backtest is not None
    if musd is not None:
        exact = dict.fromkeys(("low", "central", "high"), musd)
        fit = fit.model_copy(update={"musd": fit.musd.model_copy(update=exact)})
    return fitted(
        fit, tuple(scenario.backtest.regimes), scenario.target_year, tuple(scenario.volumes)
    )


def test_a_figure_holds_from_its_month_on() -> None:
    scenario = load_scenario("dprk-2017")
    china = rule_of(scenario, "CHN")
    found = {
        day: enforced_on(scenario, china, datetime.date.fromisoformat(day), "central")
        for day in ("2017-09-30", "2017-10-01", "2017-12-31", "2018-01-01")
    }
    fit = quantity_of(scenario, china.path[0]).central
    assert list(found.values()) == [1.0, fit, fit, 0.98]
    assert fit == pytest.approx(0.88, abs=0.03)


def test_before_its_first_month_a_rule_leaves_the_rules_before_it_alone() -> None:
    scenario = load_scenario("dprk-2017")
    steel = rule_of(scenario, "china_steel")
    assert enforced_on(scenario, steel, datetime.date(2017, 12, 31), "central") is None
    assert enforced_on(scenario, steel, datetime.date(2018, 1, 1), "central") == 0.73


@pytest.mark.parametrize(("date", "left"), [("2017-09-20", 0.0), ("2017-12-20", None)])
def test_the_ladder_uses_the_figure_of_the_laws_day(date: str, left: float | None) -> None:
    scenario = load_scenario(
        "dprk-2017", [f"steps.law.law.date={date}", "steps.law.law.sense=bites"]
    )
    world = scenario_world(scenario)
    plans = {step: found for step, _, found in accumulated(scenario)}
    parts = law_parts(scenario, world, plans["enforced"], "central")
    coal = tuple(
        labels.index(code)
        for labels, code in zip(
            (world.economies, world.economies, world.sectors), ("PRK", "CHN", "B05"), strict=True
        )
    )
    if left is None:
        left = 1 - quantity_of(scenario, rule_of(scenario, "CHN").path[0]).central
        assert 0.05 < left < 0.3
    assert parts.recorded[coal] == pytest.approx(left, abs=1e-6)


@given(st.floats(200, 500))
@settings(max_examples=10, deadline=None)
def test_the_fit_falls_in_what_was_recorded(musd: float) -> None:
    assert 0 < of_window(window(), musd + 5) < of_window(window(), musd) < 1


def test_a_record_beyond_what_the_law_can_leave_gives_an_end() -> None:
    assert of_window(window(), 5.0) == 1
    assert of_window(window(), 5000.0) == 0


def test_more_recorded_is_less_enforced_at_the_ends_of_the_range() -> None:
    scenario = load_scenario("dprk-2017")
    found = quantity_of(scenario, rule_of(scenario, "CHN").path[0])
    assert found.low == of_window(window(), 250.0)
    assert found.high == of_window(window(), 230.0)
    assert found.low < found.central < found.high
    high = at_end(scenario, "high")
    assert quantity_of(high, rule_of(high, "CHN").path[0]).central == found.high
    assert enforced_on(high, rule_of(high, "CHN"), datetime.date(2018, 1, 1), "central") == 0.995


@pytest.mark.parametrize("last", ["2018-01", "2018-12"])
def test_a_fit_may_predict_no_year_that_its_window_touches(last: str) -> None:
    scenario = load_scenario("dprk-2017", [f'backtest.fits.china-late-2017.last="{last}"'])
    china = rule_of(scenario, "CHN")
    fit = china.path[0]
    allowed = [may_predict(scenario, fit, year) for year in (2016, 2017, 2018, 2019)]
    assert allowed == [False, False, False, True]
    assert figure_in(scenario, china, "2018-06", predicting=2018) is china
    assert figure_in(scenario, china, "2018-06") is china.path[1]


def test_a_figure_read_off_a_year_may_predict_later_ones_only() -> None:
    scenario = load_scenario("dprk-2017")
    china = rule_of(scenario, "CHN")
    used = {
        year: figure_in(scenario, china, f"{year}-06", predicting=year)
        for year in (2017, 2018, 2019)
    }
    assert used == {2017: china, 2018: china.path[0], 2019: china.path[1]}


def test_a_value_that_is_set_replaces_the_path() -> None:
    for name in ("enforcement.CHN=0.6", "enforcement.CHN.enforced=0.6"):
        scenario = load_scenario("dprk-2017", [f"steps.enforced.{name}"])
        china = rule_of(scenario, "CHN")
        assert not china.path
        assert enforced_on(scenario, china, datetime.date(2018, 6, 1), "low") == 0.6
    scenario = load_scenario("dprk-2017", ["steps.enforced.enforcement.china_steel=0.1"])
    assert enforced_on(
        scenario, rule_of(scenario, "china_steel"), datetime.date(2017, 1, 1), "central"
    ) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        (FIT, FIT.replace("late", "lat"), "china-lat-2017", "no fit of the backtest; did you mean"),
        (
            FIT,
            FIT.replace("2017-10", "2018-02"),
            "observed: 2018, enforced: {low: 0.85",
            "months must rise",
        ),
        (FIT, '- {since: "2017-10"}', '- {since: "2017-10"}', "give enforced or fit"),
        (FIT, FIT.replace("}", ", observed: 2017}"), ", observed: 2017}", "a fit has its own win"),
        (FIT, FIT.replace("since", "from"), '{from: "2017-10"', "from"),
        ('first: "2017-10"', 'first: "2018-10"', 'first: "2018-10"', "after last"),
        (
            'first: "2017-10"',
            'first: "2005-10"',
            'first: "2005-10"',
            "outside the record, which is",
        ),
        (
            'last: "2017-12"',
            'last: "2019-01"',
            'last: "2019-01"',
            "outside the record, which is of",
        ),
        (
            "year: 2018",
            "year: 2016",
            "      year: 2016",
            "must be after 2016, the year whose trade",
        ),
        ('id: "imports-2017"', 'id: "exports-2017"', 'id: "exports-2017"', "rename one"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, at: str, message: str
) -> None:
    path = case(tmp_path, (old, new))
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path)
    problems = [each for each in caught.value.problems if message in each.message]
    assert problems, str(caught.value)
    if message != "rename one":
        assert problems[0].place.endswith(f":{line_of(path, at)}")


OF_2019 = """\
id: "later"
title: "A ban of one year"
senders: ["CHN"]
targets: ["PRK"]
base_year: 2016
measures:
  - id: "coal"
    title: "Coal"
    act: "An order"
    instrument: export_ban
    flow: export
    adopted: 2019-01-01
    from: 2019-01-01
    until: 2019-12-31
    scope: {revision: HS2017, hs: ["2701"]}
    verification: "general knowledge"
    sources: ["judgement"]
"""


def test_a_window_outside_the_regimes_dates_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "later.yaml").write_text(OF_2019, "utf-8")
    path = case(tmp_path, (REGIMES, 'regimes: ["later.yaml"]'))
    dates = "outside the dates of the regimes, which are in force from 2019-01-01 to 2019-12-31"
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path)
    found = {each.place: each.message for each in caught.value.problems}
    for at, said in (('first: "2017-10"', "first is 2017-10"), ("year: 2017", "year is 2017")):
        assert found[f"{path}:{line_of(path, at)}"] == f"{said}; {dates}"


def test_a_window_in_which_the_law_stops_nothing_is_refused_with_its_line(tmp_path: Path) -> None:
    window = 'first: "2017-10"\n      last: "2017-12"', 'first: "2017-01"\n      last: "2017-01"'
    path = case(tmp_path, window, (REGIMES, 'regimes: ["us-dprk"]'))
    with pytest.raises(InvalidInput, match="the law stops no exports with CHN") as caught:
        load_scenario(path)
    assert f":{line_of(path, '2017-01')}" in str(caught.value)


def test_a_rule_says_one_thing() -> None:
    for rule in ({}, {"enforced": None}, {"fit": "a", "enforced": figure()}):
        with pytest.raises(ValueError, match="give enforced"):
            EnforcementRule.model_validate({"id": "x", "partners": ["CHN"], **rule})


def figure() -> dict[str, object]:
    return {"low": 0, "central": 0, "high": 0, "unit": "share", "source": "judgement"}
