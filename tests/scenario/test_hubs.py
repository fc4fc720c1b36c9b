"""Goods that go round by third economies: fitted legs, and whose customs see them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.scenario.cases import quick
from tumen.errors import InvalidInput
from tumen.report.explanation import explain
from tumen.scenario.baseline import scenario_world
from tumen.scenario.hub_records import hub_rows
from tumen.scenario.ladder import Rung, ladder
from tumen.scenario.leakage import law_parts
from tumen.scenario.load import load_scenario
from tumen.scenario.measure import trade_parts
from tumen.scenario.settings import accumulated

FUEL = 'steps.black_market.smuggling.fuel.hubs=["SGP", "TUR"]'


@cache
def rung(name: str, *changes: str) -> Rung:
    scenario = load_scenario(name, changes)
    found = ladder(scenario, scenario_world(scenario), "central")
    return next(each for each in found if each.id == "black_market")


@pytest.mark.parametrize(("name", "change"), [("russia-2022", ()), ("dprk-2017", (FUEL,))])
def test_hubs_record_what_goes_round_and_the_direct_record_falls(
    name: str, change: tuple[str, ...]
) -> None:
    step = rung(name, *change)
    target = {"russia-2022": "RUS", "dprk-2017": "PRK"}[name]
    world = step.outcome.world
    rows = hub_rows(step.id, step.outcome, step.arrangement, target)
    assert len(rows) > 1
    parts = trade_parts(step.outcome, step.arrangement)
    through = dict.fromkeys(step.arrangement.by_hubs, 0.0)
    for row in rows:
        through[row.hub] += row.diverted_musd
    for row in rows:
        h = world.economies.index(row.hub)
        abroad = np.arange(len(world.economies)) != h
        own = float(parts["recorded"][abroad, h].sum()), float(parts["recorded"][h, abroad].sum())
        assert row.hub_imports_musd - own[0] == pytest.approx(through[row.hub], rel=1e-6)
        assert row.hub_exports_musd - own[1] == pytest.approx(through[row.hub], rel=1e-6)
        assert row.direct_musd < row.direct_before_musd
    result = step.result(target)
    assert 0 < sum(through.values()) <= result.hidden_musd * (1 + 1e-9)


def test_what_hubs_carry_is_part_of_what_is_hidden() -> None:
    arrangement = rung("russia-2022").arrangement
    carried = np.sum([route.share for route in arrangement.by_hubs.values()], axis=0)
    assert (carried <= arrangement.hidden + 1e-12).all()
    assert (carried > 0).any()


def test_a_leg_without_trade_both_ways_is_fitted_and_says_so() -> None:
    scenario, result = quick("dprk-2017", FUEL)
    rows = [row for row in result.hubs if row.step == "support"]
    assert {row.hub for row in rows} == {"SGP", "TUR"}
    assert {row.fitted for row in rows} == {"C19"}, "North Korea sells no fuel to anybody"
    text = "\n".join(explain(scenario, result, "support.hidden_musd"))
    assert "hub        SGP: imports of" in text
    assert "legs fitted in C19" in text
    assert "hub  " not in "\n".join(explain(scenario, result, "withdrawal.hidden_musd"))


def test_a_rule_without_hubs_takes_them_off_the_cells_it_covers() -> None:
    scenario = load_scenario("dprk-2017", [FUEL])
    settings = next(found for step, _, found in accumulated(scenario) if step == "black_market")
    first = next(rule for rule in settings.smuggling if rule.id == "fuel")
    later = first.model_copy(update={"id": "later", "hubs": [], "partners": ["CHN"]})

    world = scenario_world(scenario)
    both = replace(settings, smuggling=(*settings.smuggling, later))
    by_hubs = law_parts(scenario, world, both, "central").by_hubs
    china, target = world.economies.index("CHN"), world.economies.index("PRK")
    for route in by_hubs.values():
        assert not route.share[china, target].any()
    assert any(route.share.any() for route in by_hubs.values())


def test_a_hub_that_sells_nothing_at_home_is_refused() -> None:
    scenario = load_scenario("dprk-2017", ['steps.black_market.smuggling.coal.hubs=["SGP"]'])
    settings = next(found for step, _, found in accumulated(scenario) if step == "black_market")
    with pytest.raises(InvalidInput, match="none of the hubs SGP sells these goods at home and"):
        law_parts(scenario, scenario_world(scenario), settings, "central")
