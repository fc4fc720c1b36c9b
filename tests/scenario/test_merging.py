"""Merged economies give the target's answer; where they do not, nothing is merged."""

from __future__ import annotations

import datetime

import pytest

from tumen.scenario import shortcut as shortcuts
from tumen.scenario.baseline import scenario_world
from tumen.scenario.ladder import ladder
from tumen.scenario.load import load_scenario
from tumen.scenario.merging import MergedWorld, merged, merged_into, merged_world
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.shortcut import NEGLIGIBLE, shortcut
from tumen.scenario.target_law import coverage_of_target, scenario_law


@pytest.fixture(scope="module")
def case() -> Scenario:
    return load_scenario("dprk-2017")


@pytest.fixture(scope="module")
def small(case: Scenario) -> Scenario:
    return merged(case, scenario_world(case))


def test_who_is_named_stands_alone(case: Scenario, small: Scenario) -> None:
    into = dict(merged_into(small))
    assert not {"PRK", "CHN", "RUS", "USA", "JPN", "KOR"} & set(into)
    assert into["FRA"] == into["ITA"] == "DEU", "the European Union has measures of its own"
    assert into["BRA"] not in ("DEU", "BRA")
    assert merged_into(case) == ()
    assert merged(small, scenario_world(small)) is small


def test_every_step_is_as_with_all_economies(case: Scenario, small: Scenario) -> None:
    with_all = [rung.result("PRK") for rung in ladder(case, scenario_world(case), "central")]
    found = [rung.result("PRK") for rung in ladder(small, scenario_world(small), "central")]
    for one, other in zip(with_all, found, strict=True):
        assert other.real_income_pct == pytest.approx(one.real_income_pct, abs=2e-4)
        assert other.real_output_pct == pytest.approx(one.real_output_pct, abs=2e-4)
        assert other.exports_musd == pytest.approx(one.exports_musd, abs=0.05)
        assert other.imports_musd == pytest.approx(one.imports_musd, abs=0.05)
        assert other.hidden_musd == pytest.approx(one.hidden_musd, abs=0.05)


def test_law_covers_the_same_value(case: Scenario, small: Scenario) -> None:
    law = LawSetting(regimes=["un-dprk"], date=datetime.date(2018, 1, 31))
    values = []
    for each in (case, small):
        world = scenario_world(each)
        at = world.economies.index("PRK")
        trade = world.accounts.trade[:, :, at].T
        b = coverage_of_target(each, world, law, "central")[0]
        values.append(float((b * trade).sum()))
    assert values[1] == pytest.approx(values[0], rel=1e-6)
    rows = [scenario_law(each, law).trade.rows for each in (case, small)]
    assert sum(row.musd for row in rows[0]) == pytest.approx(sum(row.musd for row in rows[1]))
    assert "ARG" in {row.partner for row in rows[0]} - {row.partner for row in rows[1]}


def test_world_is_merged_once(case: Scenario, small: Scenario) -> None:
    world = scenario_world(case.model_copy(update={"horizon_months": None}))
    into = merged_into(small)
    assert merged_world(world, into) is merged_world(world, into)
    assert merged_world(world, into).accounts.value_added.sum() == pytest.approx(
        world.accounts.value_added.sum()
    )


def test_another_gdp_is_merged_alike(small: Scenario) -> None:
    other = small.world.model_copy(update={"gdp_basis": "low"})
    assert isinstance(other, MergedWorld)
    case = small.model_copy(update={"world": other})
    assert len(scenario_world(case).economies) == len(scenario_world(small).economies)


def test_where_it_shows_nothing_is_merged() -> None:
    case = load_scenario("russia-2022")
    found = shortcut(case)
    assert found.scenario is case
    assert found.difference_pct == 0.0
    assert found.economies == len(scenario_world(case).economies)


def test_a_difference_above_the_limit_is_seen(
    case: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shortcut(case)
    assert 0 < found.difference_pct < NEGLIGIBLE
    monkeypatch.setattr(shortcuts, "NEGLIGIBLE", found.difference_pct / 2)
    assert shortcut(case).scenario is case


@pytest.mark.parametrize("hubs", [["SGP", "MYS"], ["*"]])
def test_ways_round_keep_economies_apart(case: Scenario, hubs: list[str]) -> None:
    steps = list(case.steps)
    at = next(n for n, step in enumerate(steps) if step.smuggling)
    smuggling = [rule.model_copy(update={"hubs": hubs}) for rule in steps[at].smuggling]
    steps[at] = steps[at].model_copy(update={"smuggling": smuggling})
    case = case.model_copy(update={"steps": steps})
    into = dict(merged_into(merged(case, scenario_world(case))))
    assert not {"SGP", "MYS"} & set(into)
    assert bool(into) is (hubs != ["*"])
