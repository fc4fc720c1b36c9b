"""From regimes to shocks: the law on the target's links, and what enforcement leaves of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tumen.equilibrium import Outcome, solve
from tumen.errors import InvalidInput
from tumen.evidence.quantity import Level
from tumen.scenario import measure
from tumen.scenario.baseline import scenario_world
from tumen.scenario.cells import on_links
from tumen.scenario.horizon import at_horizon, horizon_factor
from tumen.scenario.leakage import law_parts
from tumen.scenario.load import load_scenario
from tumen.scenario.rules import EnforcementRule, LawSetting
from tumen.scenario.schema import FreenessRule, HiddenRule, Scenario
from tumen.scenario.settings import Arrangement, Settings, accumulated, arrange
from tumen.scenario.target_law import coverage_of_target
from tumen.world import World

CASE = "dprk-2017"


@cache
def setting(step: str, *changes: str) -> tuple[Scenario, World, Settings]:
    scenario = load_scenario(CASE, list(changes))
    plans = {name: found for name, _, found in accumulated(scenario)}
    return scenario, scenario_world(scenario), plans[step]


def solved(step: str, *changes: str) -> tuple[Outcome, Arrangement]:
    scenario, world, settings = setting(step, *changes)
    arrangement = arrange(scenario, world, settings, "central")
    return solve(world, arrangement.shock), arrangement


def coverage_on_links(
    scenario: Scenario, world: World, law: LawSetting | None, level: Level
) -> np.ndarray:
    return on_links(scenario, world, coverage_of_target(scenario, world, law, level), 0.0)


def cell(world: World, origin: str, destination: str, sector: str) -> tuple[int, int, int]:
    return (
        world.economies.index(origin),
        world.economies.index(destination),
        world.sectors.index(sector),
    )


def test_the_law_alone_leaves_what_it_does_not_cover() -> None:
    scenario, world, settings = setting("law")
    covered = coverage_on_links(scenario, world, settings.law, "central")
    parts = law_parts(scenario, world, settings, "central")
    np.testing.assert_allclose(parts.recorded, 1 - covered, atol=1e-15)
    assert not parts.smuggled.any()
    assert covered[cell(world, "PRK", "CHN", "B05")] == pytest.approx(1, abs=1e-6)
    assert covered[cell(world, "RUS", "PRK", "B05")] == 0, "coal by Rajin is exempt"
    away = np.array([label != "PRK" for label in world.economies])
    assert not covered[np.ix_(away, away)].any(), "nobody else's trade is touched"


def test_no_enforcement_and_no_caps_bind_changes_nothing() -> None:
    zero = [
        f"steps.enforced.enforcement.{name}=0"
        for name in ("others", "CHN", "RUS", "china_steel", "workers")
    ]
    outcome, _ = solved("enforced", *zero)
    np.testing.assert_allclose(outcome.real_income, 1, atol=1e-10)


def test_full_enforcement_is_the_law() -> None:
    one = [
        f"steps.enforced.enforcement.{name}=1" for name in ("others", "CHN", "RUS", "china_steel")
    ]
    one.append("steps.enforced.enforcement.workers=0")
    full, law = solved("enforced", *one)[0], solved("law")[0]
    np.testing.assert_allclose(full.real_income, law.real_income, rtol=1e-9)


def test_more_enforcement_never_helps_the_target() -> None:
    incomes = [
        float(
            solved("enforced", f"steps.enforced.enforcement.CHN={e}")[0].real_income.sel(
                economy="PRK"
            )
        )
        for e in (0.3, 0.6, 0.9, 1.0)
    ]
    assert incomes == sorted(incomes, reverse=True)


@pytest.mark.parametrize("step", ["law", "enforced", "withdrawal", "black_market", "support"])
def test_recorded_unrecorded_and_hidden_add_up_to_the_flow(step: str) -> None:
    outcome, arrangement = solved(step)
    parts = measure.trade_parts(outcome, arrangement)
    np.testing.assert_allclose(sum(parts.values()), outcome.trade, rtol=1e-9, atol=1e-12)
    assert min(float(values.min()) for values in parts.values()) >= 0


def test_caps_hold_and_what_exceeds_them_at_the_smugglers_price_is_hidden() -> None:
    law, _ = solved("law")
    limits = np.array([cap.limit for cap in law.shock.caps])
    assert (law.cap_flow.values <= limits * (1 + 1e-8)).all()
    assert float(law.wedge.max()) > 1
    black, arrangement = solved("black_market")
    mark_up = max(cap.max_wedge or 1 for cap in black.shock.caps)
    assert float(black.wedge.max()) == pytest.approx(mark_up)
    over = float(black.cap_excess.sum())
    assert over > 0
    hidden = measure.trade_parts(black, arrangement)["hidden"]
    at = cell(black.world, "CHN", "PRK", "C19")
    assert 0 < hidden[at] < black.trade.values[at]


@pytest.mark.parametrize("earner", ["partner", "target", "RUS"])
def test_the_smugglers_of_a_caps_excess_are_those_of_the_rule(earner: str) -> None:
    fuel = "steps.black_market.smuggling.fuel"
    outcome, _ = solved("black_market", f"{fuel}.earner={earner}", f"{fuel}.burned=0.25")
    cap = next(cap for cap in outcome.shock.caps if cap.max_wedge)
    assert cap.smuggled_wedge == pytest.approx(1.8**0.75)
    who = {"partner": "origin", "target": "PRK"}.get(earner, earner)
    assert (cap.smuggled_rent, cap.rent) == (who, "destination")
    settled = outcome.solution.settlement
    assert settled is not None
    hidden = settled.smuggled.sum()
    assert settled.smuggled_rent.sum() == pytest.approx((1.8**0.75 - 1) * hidden)
    assert outcome.solution.worst_imbalance < 1e-10


def test_a_cap_inside_a_tighter_one_is_left_out() -> None:
    names = [cap.name for cap in solved("law")[0].shock.caps]
    assert "2397-5" in names
    assert not any(name.startswith("2375-14") for name in names)


def test_smuggled_coal_brings_the_seller_less_than_the_buyer_pays() -> None:
    outcome, _ = solved("black_market")
    settled = outcome.solution.settlement
    assert settled is not None
    caps = settled.caps
    fixed = caps.group >= len(outcome.shock.caps)
    assert fixed.any()
    ratio = settled.payments[fixed] / settled.receipts[fixed]
    np.testing.assert_allclose(ratio, np.exp(caps.floor[caps.group[fixed]]), rtol=1e-12)
    assert float(outcome.solution.rents.sum()) > 0


def test_before_a_resolution_nothing_of_it_is_felt() -> None:
    scenario, world, settings = setting("law", "steps.law.law.date=2017-08-01")
    covered = coverage_on_links(scenario, world, settings.law, "central")
    assert covered[cell(world, "PRK", "CHN", "C13T15")] == 0
    assert covered[cell(world, "PRK", "CHN", "A03")] == 0


def test_contracts_in_their_wind_down_still_move() -> None:
    for date, felt in (("2017-11-15", 0.0), ("2017-12-15", 1.0)):
        scenario, world, settings = setting("law", f"steps.law.law.date={date}")
        covered = coverage_on_links(scenario, world, settings.law, "central")
        assert covered[cell(world, "PRK", "CHN", "C13T15")] == felt


def test_a_second_regime_on_the_same_goods_does_not_count_twice() -> None:
    scenario, world, settings = setting("law")
    two = 'steps.law.law.regimes=["un-dprk", "china-dprk-2017"]'
    both, _, more = setting("law", two)
    one = coverage_on_links(scenario, world, settings.law, "central")
    joined = coverage_on_links(both, world, more.law, "central")
    assert (joined >= one - 1e-15).all()
    assert joined.max() <= 1


def test_hubs_free_banned_goods_and_those_that_cannot_be_paid_and_never_close() -> None:
    incomes, others = {}, {}
    for name, hubs in (("none", "[]"), ("gateways", '["gateways"]')):
        scenario = load_scenario(
            "russia-2022", [f"steps.black_market.smuggling.parallel_in.hubs={hubs}"]
        )
        world = scenario_world(scenario)
        plans = {step: found for step, _, found in accumulated(scenario)}
        parts = law_parts(scenario, world, plans["black_market"], "central")
        incomes[name], others[name] = parts.smuggled, parts.recorded
    assert (incomes["gateways"] >= incomes["none"] - 1e-15).all()
    assert (incomes["gateways"] > incomes["none"] + 1e-6).any()
    assert (others["gateways"] >= others["none"]).all()
    eased = others["gateways"] > others["none"]
    assert eased.any()
    assert others["none"][eased].max() < 1, "only where paying costs something"


def test_the_horizon_scales_every_elasticity_and_costs_follow_it() -> None:
    assert horizon_factor(0) == horizon_factor(12) == 0.38
    assert horizon_factor(600) == pytest.approx(1, abs=1e-6)
    world = setting("law")[1]
    short = at_horizon(world, 12)
    ratio = short.dataset.trade_elasticity / world.dataset.trade_elasticity
    np.testing.assert_allclose(ratio, 0.38)
    # A wedge of payment, a cost, closes less of a link when buyers react less.
    scenario, _, settings = setting("withdrawal")
    at = cell(world, "CHN", "PRK", "C20")
    long_run = law_parts(scenario, world, settings, "central").recorded[at]
    short_run = law_parts(scenario, short, settings, "central").recorded[at]
    assert long_run < short_run < 1
    # Coverage and enforcement, shares, do not depend on it.
    coal = cell(world, "PRK", "CHN", "B05")
    scenario, _, settings = setting("enforced")
    assert law_parts(scenario, world, settings, "central").recorded[coal] == pytest.approx(
        law_parts(scenario, short, settings, "central").recorded[coal]
    )


def test_the_short_run_hurts_more() -> None:
    now = float(solved("law")[0].real_income.sel(economy="PRK"))
    later = float(solved("law", "horizon_months=null")[0].real_income.sel(economy="PRK"))
    assert now < later


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("steps.enforced.enforcement.CHN=1.2", "must lie between 0 and 1"),
        ("steps.black_market.smuggling.coal.mark_up=0.9", "must lie between 1 and 100"),
        ("steps.withdrawal.finance.CHN.wedge=-1", "must lie between 0 and 10"),
        ('steps.enforced.enforcement.CHN.partners=["CHA"]', '"CHA" is no economy'),
        ('steps.law.law.regimes=["un-dpkr"]', "un-dprk"),
        ("steps.law.law.date=yesterday", "date"),
    ],
)
def test_wrong_settings_are_refused(change: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        arranged(change)


def arranged(change: str) -> None:
    scenario = load_scenario(CASE, [change])
    for _, _, settings in accumulated(scenario):
        arrange(scenario, scenario_world(scenario), settings, "central")


def test_a_limit_in_tonnes_or_barrels_needs_a_volume() -> None:
    scenario, world, settings = setting("law")
    without = scenario.model_copy(update={"volumes": []})
    with pytest.raises(InvalidInput, match="the scenario gives no volume of it; add one"):
        law_parts(without, world, settings, "central")


def test_a_cap_that_nobody_enforces_is_none() -> None:
    scenario, world, settings = setting("law")
    nobody = EnforcementRule.model_validate(
        {
            "id": "nobody",
            "partners": ["*"],
            "enforced": {"low": 0, "central": 0, "high": 0, "unit": "share", "source": "judgement"},
        }
    )
    lax = replace(settings, enforcement=(nobody,))
    assert law_parts(scenario, world, settings, "central").caps
    assert law_parts(scenario, world, lax, "central").caps == ()


def typed_in(
    kind: str, *cell: str, value: float
) -> tuple[Outcome, Arrangement, tuple[int, int, int]]:
    """The black market with one figure typed in on a cell that the law covers."""
    scenario, world, settings = setting("black_market")
    origin, destination, sector = cell
    exact = dict.fromkeys(("low", "central", "high"), value)
    figure = {**exact, "unit": "freeness", "source": "judgement"}
    rule = {
        "id": "typed", "origins": [origin], "destinations": [destination], "sectors": [sector],
    }  # fmt: skip
    if kind == "freeness":
        free = FreenessRule.model_validate({**rule, "left": figure})
        changed = replace(settings, freeness=(free,))
    else:
        hidden = HiddenRule.model_validate({**rule, "added": figure})
        changed = replace(settings, hidden=(hidden,))
    arrangement = arrange(scenario, world, changed, "central")
    at = (
        world.economies.index(origin),
        world.economies.index(destination),
        world.sectors.index(sector),
    )
    return solve(world, arrangement.shock), arrangement, at


COAL, FUEL = ("PRK", "CHN", "B05"), ("CHN", "PRK", "C19")


def on_cell(arrangement: Arrangement, cell: tuple[str, str, str]) -> list[float]:
    """Shares of a cell that caps and middlemen's wedges lie on."""
    shock = arrangement.shock
    flows = [flow for cap in shock.caps for flow in cap.flows]
    flows += [flow for wedge in shock.wedges for flow in wedge.flows]
    return [flow[3] for flow in flows if tuple(flow[:3]) == cell]


@pytest.mark.parametrize("cell", [COAL, FUEL])
@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_typed_in_freeness_replaces_all_that_the_law_does_to_a_cell(
    cell: tuple[str, str, str], value: float
) -> None:
    scenario, world, settings = setting("black_market")
    before = arrange(scenario, world, settings, "central")
    assert on_cell(before, cell), "the law reaches it"
    outcome, arrangement, at = typed_in("freeness", *cell, value=value)
    assert not on_cell(arrangement, cell)
    assert arrangement.shock.freeness is not None
    assert arrangement.shock.freeness.values[at] == value
    assert arrangement.legal[at] == value
    assert arrangement.hidden[at] == arrangement.unenforced[at] == 0
    parts = measure.trade_parts(outcome, arrangement)
    assert parts["hidden"][at] == 0
    if value == 1:
        assert arrangement.untouched[at]
    others = np.ones_like(before.legal, dtype=bool)
    others[at] = False
    np.testing.assert_array_equal(before.legal[others], arrangement.legal[others])


def test_a_cap_keeps_its_other_suppliers_when_one_is_typed_in() -> None:
    scenario, world, settings = setting("black_market")
    caps = {cap.name: cap for cap in arrange(scenario, world, settings, "central").shock.caps}
    _, arrangement, _ = typed_in("freeness", *FUEL, value=0.5)
    for cap in arrangement.shock.caps:
        if any(flow[2] == "C19" for flow in cap.flows):
            assert 0 < len(cap.flows) < len(caps[cap.name].flows)
            assert cap.limit < caps[cap.name].limit


def test_typed_in_hidden_trade_stands_for_all_smuggling_of_a_cell() -> None:
    scenario, world, settings = setting("black_market")
    before = arrange(scenario, world, settings, "central")
    outcome, arrangement, at = typed_in("hidden", *COAL, value=0.05)
    assert not on_cell(arrangement, COAL)
    assert arrangement.hidden[at] == 0.05
    assert arrangement.legal[at] == before.legal[at]
    assert measure.trade_parts(outcome, arrangement)["hidden"][at] > 0
    _, fuel, _ = typed_in("hidden", *FUEL, value=0.5)
    share = on_cell(fuel, FUEL)
    assert len(share) == 1, "the cap stays, on the open part"
    assert 0 < share[0] < on_cell(before, FUEL)[0]
