"""What is drawn, and the case of one draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.scenario.cases import figure, links, small, step
from tumen.ensemble.inputs import ELASTICITY, GDP, inputs, spread_of, value_at, with_draw
from tumen.evidence.figures import quantities_in
from tumen.scenario.baseline import scenario_world
from tumen.scenario.citations import scenario_ledger
from tumen.scenario.load import load_scenario

CASE = load_scenario("dprk-2017")
DRAWN = inputs(CASE)


def test_every_figure_of_the_run_with_a_range_is_drawn_once() -> None:
    places = [place for each in DRAWN for place in each.places]
    assert len(places) == len(set(places))
    claims = scenario_ledger(CASE)
    for section in ("steps", "support", "volumes", "endurance", "short_run"):
        for place, quantity in quantities_in(getattr(CASE, section), (section,)):
            low, _, high = spread_of(quantity, claims)
            assert (place in places) == (low < high), place
    assert {place[0] for place in places}.isdisjoint({"timeline", "backtest", "statecraft"})


def test_later_months_of_a_rule_move_with_it() -> None:
    china = next(each for each in DRAWN if each.name == "enforcement.CHN.enforced")
    assert len(china.places) > 1
    case = with_draw(CASE, DRAWN, [1.0] * len(DRAWN))
    rule = next(r for s in case.steps for r in s.enforcement if r.id == "CHN")
    before = next(r for s in CASE.steps for r in s.enforcement if r.id == "CHN")
    for now, was in zip(rule.path, before.path, strict=True):
        if was.enforced is not None and now.enforced is not None:
            assert now.enforced.central >= was.enforced.high


def test_the_middle_is_the_case_and_the_ends_are_its_ends() -> None:
    middle = with_draw(CASE, DRAWN, [0.5] * len(DRAWN))
    assert middle.elasticity == 0.5
    assert middle.world == CASE.world
    world, plain = scenario_world(middle), scenario_world(CASE)
    assert np.array_equal(world.accounts.theta, plain.accounts.theta)
    for place, quantity in quantities_in(CASE.steps, ("steps",)):
        at = dict(quantities_in(middle.steps, ("steps",)))[place]
        assert at.central == pytest.approx(quantity.central, rel=1e-12)
    low = with_draw(CASE, DRAWN, [0.0] * len(DRAWN))
    coal = next(r for s in low.steps for r in s.smuggling if r.id == "coal")
    assert coal.mark_up.low == coal.mark_up.high <= 1.48
    assert low.world.gdp_basis == "low"
    lowest = scenario_world(CASE.model_copy(update={"elasticity": "low"}))
    drawn = scenario_world(
        low.model_copy(update={"world": CASE.world, "short_run": CASE.short_run})
    )
    assert drawn.accounts.theta == pytest.approx(lowest.accounts.theta, rel=1e-12)


def test_half_of_the_chance_lies_on_each_side_of_the_centre() -> None:
    coal = next(each for each in DRAWN if each.name == "smuggling.coal.mark_up")
    low, central, high = coal.ranges[0]
    assert [value_at(coal, part) for part in (0.0, 0.5, 1.0)] == [low, central, high]
    assert value_at(coal, 0.25) == pytest.approx((low + central) / 2)
    assert value_at(next(each for each in DRAWN if each.name == ELASTICITY), 0.3) == 0.3


@pytest.mark.parametrize(
    ("part", "level"), [(0.0, "low"), (0.24, "low"), (0.3, "central"), (0.8, "high")]
)
def test_gdp_is_one_of_its_readings(part: float, level: str) -> None:
    unit = [part if each.name == GDP else 0.5 for each in DRAWN]
    assert with_draw(CASE, DRAWN, unit).world.gdp_basis == level


def test_a_claim_widens_what_the_figure_states() -> None:
    """A stock that rests on an estimate is drawn as wide as that estimate supports."""
    assert CASE.endurance is not None
    quantity, claims = CASE.endurance.stock_musd, scenario_ledger(CASE)
    narrow = quantity.model_copy(update={"low": 4400.0, "high": 4600.0})
    low, central, high = spread_of(narrow, claims)
    assert central == narrow.central
    assert low < 4400
    assert high > 4600
    alone = narrow.model_copy(update={"claim": None})
    assert spread_of(alone, claims) == (4400.0, 4500.0, 4600.0)


def test_a_case_without_ranges_cannot_be_drawn(tmp_path: Path) -> None:
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {figure(0.5)}")
    case = load_scenario(str(small(tmp_path, step("law", freeness=[rule]))))
    assert [each.name for each in inputs(case)] == [ELASTICITY]
