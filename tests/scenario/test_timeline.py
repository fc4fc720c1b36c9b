"""Month by month: what is paid is financed, savings never go below zero, every jump has a cause."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.scenario.cases import full, quick, steps
from tumen.endurance.currency import MONTHS
from tumen.errors import InvalidInput
from tumen.scenario.baseline import scenario_world
from tumen.scenario.circumstances import age_in_months
from tumen.scenario.ends import HARSH, scenario_at
from tumen.scenario.holding import holding
from tumen.scenario.horizon import at_horizon, stiffness
from tumen.scenario.ladder import ladder
from tumen.scenario.load import load_scenario
from tumen.scenario.months import later, months_between
from tumen.scenario.paying import desired_imports, own_financing
from tumen.scenario.schema import RULE_KINDS, Scenario
from tumen.scenario.timeline import MonthState, Walk
from tumen.scenario.timeline_rows import banded
from tumen.world import World

CASE = "dprk-2017"
JUMP = 0.005
"""A change of income or a price by more than this needs a cause."""


@cache
def walked(*settings: str, last: str = "2018-06") -> tuple[MonthState, ...]:
    return tuple(Walk(load_scenario(CASE, settings)).months(last))


def poor() -> tuple[MonthState, ...]:
    """Savings that are gone within the year."""
    return walked("endurance.stock_musd=400", "endurance.release_months=3")


def test_months_follow_one_another() -> None:
    assert [state.month for state in walked()] == list(months_between("2017-01", "2018-06"))
    assert later("2017-12", 1) == "2018-01"
    assert later("2017-01", -1) == "2016-12"


@pytest.mark.parametrize("rich", [True, False])
def test_financing_is_the_deficit_to_the_last_cent(rich: bool) -> None:
    for state in walked() if rich else poor():
        step = state.step
        exports = step.exports_musd + step.exports_unrecorded_musd + step.hidden_exports_musd
        imports = step.imports_musd + step.imports_unrecorded_musd + step.hidden_imports_musd
        paid = state.financing.own + state.draw + step.rents_abroad_musd
        assert imports - exports == pytest.approx(paid, rel=1e-8, abs=1e-8 * imports), state.month


@pytest.mark.parametrize("rich", [True, False])
def test_savings_lose_what_is_drawn_and_never_go_below_zero(rich: bool) -> None:
    states = walked() if rich else poor()
    for before, after in itertools.pairwise(states):
        assert after.stock.musd == pytest.approx(before.stock.musd - before.draw / MONTHS)
        assert after.stock.musd >= 0
        assert after.draw <= after.financing.draw_limit


def test_imports_shrink_when_savings_are_gone() -> None:
    rich, bare = walked(), poor()
    assert not any(state.limited for state in rich)
    first = next(state for state in bare if state.limited)
    assert "savings no longer pay" in " ".join(first.causes)
    last = bare[-1]
    assert last.step.imports_musd < 0.8 * rich[-1].step.imports_musd
    assert last.step.deficit_musd == pytest.approx(last.financing.own + last.draw, rel=1e-9)
    assert (first.runway, rich[-1].runway) == (0.0, 12 * rich[-1].stock.musd / rich[-1].draw)
    # As long as savings pay, how many there are makes no difference.
    assert bare[0].step.real_income_pct == pytest.approx(rich[0].step.real_income_pct, abs=1e-7)


@pytest.mark.parametrize("rich", [True, False])
def test_nothing_jumps_without_a_cause(rich: bool) -> None:
    states = walked(last="2019-12") if rich else poor()
    for before, after in itertools.pairwise(states):
        if after.causes:
            continue
        moved = np.abs(np.log(after.outcome.price.values / before.outcome.price.values)).max()
        income = abs(after.step.real_income_pct - before.step.real_income_pct) / 100
        assert max(float(moved), income) < JUMP, after.month


def test_prices_stay_calm_while_savings_last_and_fall_apart_after() -> None:
    """The dollar price of living stood still in 2017 and 2018, as the record says."""
    level = {
        name: [float(state.outcome.price_index.sel(economy="PRK")) for state in states]
        for name, states in (("rich", walked()), ("poor", poor()))
    }
    assert max(abs(value - 1) for value in level["rich"]) < 0.12
    assert min(level["poor"]) < 0.9


def test_the_baseline_year_draws_what_the_file_says() -> None:
    result = quick(CASE)[1]
    first = result.holding[0]
    assert first.step == "baseline"
    assert first.draw_musd == pytest.approx(100.0, rel=1e-6)
    assert first.real_income_pct == pytest.approx(0.0, abs=1e-6)
    assert first.deficit_musd == pytest.approx(first.own_financing_musd + 100.0, rel=1e-8)


def test_without_savings_imports_and_income_are_lower() -> None:
    for row in quick(CASE)[1].holding[1:]:
        assert row.gone_imports_musd < 0.8 * row.imports_musd
        assert row.gone_real_income_pct < row.real_income_pct
        assert row.stock_musd < 4500  # a year of draws is gone by the ladder's month
        assert row.runway_months == pytest.approx(12 * row.stock_musd / row.draw_musd)


def test_without_any_savings_the_runway_is_zero_and_survival_counts_the_loss_from_now_on() -> None:
    scenario = load_scenario(CASE, ["endurance.stock_musd=0", "timeline=null"])
    given = scenario.endurance
    assert given is not None
    rungs = list(ladder(scenario, scenario_world(scenario), "central"))[-2:]
    bare, rich = (holding(rungs, "PRK", given, stock)[-1] for stock in (0.0, 4500.0))
    assert (bare.draw_musd, bare.runway_months) == (0.0, 0.0)
    assert bare.real_income_pct == pytest.approx(bare.gone_real_income_pct, abs=1e-6)
    assert bare.survival < rich.survival


def test_the_stock_that_recorded_deficits_imply() -> None:
    """KOTRA's deficits of 2.0, 2.4 and 2.7 billion need savings between 3 and 10.6 billion."""
    implied = full(CASE)[1].implied_stock
    assert implied is not None
    assert implied.years == "2017 to 2019"
    assert implied.deficits_musd == 2010 + 2360 + 2690
    assert 3000 <= implied.central <= 10600
    assert implied.low <= implied.central <= implied.high


def test_failed_forecasts_would_not_have_been_made() -> None:
    """Two published forecasts of exhaustion failed; the model put it later than both."""
    for row in full(CASE)[1].forecasts:
        assert not row.model_central or row.model_central > row.said
        assert not row.model_with_its_stock or row.model_with_its_stock > row.said


def test_the_oil_cap_multiplies_the_price_of_fuel_at_home() -> None:
    """2397 without smugglers: two to three times the consumer price, as gasoline in 2017."""
    rows = {(row.step, row.sector): row.price_pct for row in quick(CASE)[1].sectors}
    assert 1.7 < 1 + rows["withdrawal", "C19"] / 100 < 4
    assert rows["black_market", "C19"] < rows["withdrawal", "C19"]


def test_what_may_not_be_exported_is_cheaper_at_home() -> None:
    rows = {(row.step, row.sector): row.price_pct for row in quick(CASE)[1].sectors}
    for sector in ("B05", "B07", "A03"):
        assert rows["law", sector] < 0, sector


def test_steps_and_months_carry_runway_and_survival() -> None:
    result = full(CASE)[1]
    for step in result.steps:
        assert step.survival is not None
        assert step.survival_low is not None
        assert step.survival_low <= step.survival <= (step.survival_high or 0)
        assert step.runway_months is None or step.runway_months > 0
    assert [row["month"] for row in result.timeline] == list(months_between("2017-01", "2019-12"))
    ends = [row["survival"] for row in result.timeline]
    assert ends == sorted(ends, reverse=True)
    assert 0 < ends[-1] < 1
    for row in result.timeline:
        for name in ("exports_musd", "stock_musd", "real_income_pct", "survival", "price_gasoline"):
            assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"], (row["month"], name)


def test_months_are_twelfths_of_annual_rates() -> None:
    row, state = quick(CASE)[1].timeline[0], walked()[0]
    # The run's months have economies merged, those walked here have not.
    assert row["exports_musd"] * MONTHS == pytest.approx(state.step.exports_musd, rel=1e-5)
    assert row["real_income_pct"] == pytest.approx(state.step.real_income_pct, abs=1e-4)


def test_records_are_sums_of_months() -> None:
    result = quick(CASE)[1]
    found = {row.id: row for row in result.history}
    months = [row for row in result.timeline if row["month"][:4] == "2018"]
    assert found["savings-2018"].computed == pytest.approx(months[-1]["stock_musd"])
    output = [1 + row["real_output_pct"] / 100 for row in result.timeline]
    growth = 100 * (np.mean(output[12:24]) / np.mean(output[:12]) - 1)
    assert found["growth-2018"].computed == pytest.approx(growth)
    assert found["growth-2018"].error == pytest.approx(growth + 4.1)
    assert found["exports-2018"].read_off
    assert not found["exports-2019"].driver
    trade = found["exports-2018"]
    assert trade.error == pytest.approx(100 * (trade.computed / trade.recorded - 1))
    # All recorded exports are goods but for what no customs record shows.
    assert trade.computed <= sum(row["exports_musd"] for row in months) + 1e-6


def test_what_moves_a_record_most_is_named() -> None:
    rows = {row.id: row for row in full(CASE)[1].history}
    assert rows["exports-2018"].driver == "enforcement"
    assert rows["savings-2018"].driver == "money"
    assert all(row.driver and row.driver_effect is not None for row in rows.values())


def test_both_ends_of_time() -> None:
    result = full(CASE)[1]
    rows = {(row.step, row.end): row for row in result.horizons}
    for step in ("law", "withdrawal"):
        assert rows[step, "short run"].labour == "idle"
        assert rows[step, "long run"].labour == "mobile"
        assert rows[step, "short run"].real_income_pct < rows[step, "long run"].real_income_pct
    short = steps(result)["law"]
    assert short.real_income_pct == pytest.approx(rows["law", "short run"].real_income_pct)
    assert short.employment_pct < 0
    assert short.labour == "idle"


def test_the_horizon_softens_with_time() -> None:
    scenario = load_scenario(CASE)
    world = walked()[0].outcome.world
    assert [stiffness(months) for months in (0, 12, 24, 36, 90)] == [1, 1, 0.5, 0, 0]
    later_world = at_horizon(world, 40, scenario.short_run, scenario.target)
    assert "trade_elasticity" in later_world.dataset
    regimes = tuple(scenario.timeline.regimes) if scenario.timeline else ()
    ages = [age_in_months(regimes, 2016, month) for month in ("2018-03", "2019-03", "2020-03")]
    assert ages == sorted(ages)
    assert 8 < ages[2] - ages[1] < 12  # little new is banned in 2019


def test_where_idle_labour_has_no_solution_workers_move(monkeypatch: pytest.MonkeyPatch) -> None:
    import tumen.equilibrium as engine
    from tumen.errors import NotConverged

    real = engine.solve

    def fails_when_stuck(world: World, *rest: Any, **options: Any) -> Any:
        if world.accounts.stuck.any():
            raise NotConverged("PRK", 1.0, 1, "a trial")
        return real(world, *rest, **options)

    monkeypatch.setattr(engine, "solve", fails_when_stuck)
    scenario = load_scenario(CASE)
    rungs = list(ladder(scenario, scenario_world(scenario), "central"))
    assert {rung.result("PRK").labour for rung in rungs} == {"mobile"}
    states = list(Walk(scenario).months("2017-02"))
    assert {state.step.labour for state in states} == {"mobile"}


def test_every_figure_has_a_harsh_end() -> None:
    assert set(HARSH) | {"enforcement"} == set(RULE_KINDS)
    for kind, figures in HARSH.items():
        assert set(figures) == set(RULE_KINDS[kind]), kind


def test_harsh_and_mild_are_the_ends_of_the_file() -> None:
    scenario = load_scenario(CASE)
    harsh, mild = (scenario_at(scenario, end) for end in ("harsh", "mild"))

    def fuel(case: Scenario) -> float:
        return case.support[0].goods[1].volume.central  # type: ignore[union-attr]

    assert fuel(harsh) == 33000
    assert fuel(mild) == 1200000
    assert harsh.elasticity == "low"
    assert mild.elasticity == "high"
    assert harsh.endurance is not None
    assert mild.endurance is not None
    assert harsh.endurance.stock_musd.central == 3010
    assert mild.endurance.stock_musd.central == 10600
    assert harsh.endurance.release_months.central == 12
    assert banded({}) == []


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('timeline.last="2016-12"', "last 2016-12 lies before first 2017-01"),
        ('timeline.goods.rice.sector="A99"', "A99"),
        ("endurance.stock_musd=-1", "must lie between 0 and"),
        ("endurance.release_months=0", "must lie between 1 and 120"),
        ('timeline.history.gasoline-2017-09.good="petrol"', 'no good "petrol"'),
        ('timeline.history.exports-2017.partner="CHX"', "CHX"),
        ('timeline.first="2016-10"', "2016-12"),
        ('short_run.labour="mobile"', 'labour "idle" needs a wage_floor'),
        ('short_run.inputs="rigd"', 'did you mean "rigid"'),
        ("endurance=null", "a timeline needs endurance"),
        ('deficits="zero"', 'endurance needs deficits "keep"'),
    ],
)
def test_wrong_settings_are_refused_before_any_work(setting: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_scenario(CASE, [setting])
    assert message in str(caught.value)


def test_payment_is_read_off_the_arrangement() -> None:
    state = walked()[0]
    world = state.outcome.world
    own = own_financing(world, state.arrangement, "PRK", 100.0)
    assert own == pytest.approx(state.financing.own)
    assert own_financing(world, state.arrangement, "PRK", 0.0) == pytest.approx(own + 100)
    wanted = desired_imports(world, state.arrangement, "PRK")
    assert 0.9 * 3730 < wanted <= 3730 + 1e-6
