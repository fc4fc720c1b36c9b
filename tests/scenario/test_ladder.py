"""Runs of the bundled cases: accounting, plausibility, closures, sensitivities."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from tests.scenario.cases import figure, full, links, quick, small, step, steps, template, transfer
from tests.support.worlds import world as invented
from tumen.errors import Infeasible, InvalidInput
from tumen.evidence.quantity import Level
from tumen.scenario import measure
from tumen.scenario.baseline import scenario_world
from tumen.scenario.ladder import ladder
from tumen.scenario.load import load_scenario
from tumen.scenario.result import Result, Sensitivity
from tumen.scenario.run import run
from tumen.scenario.sensitivity import banded, gdp_elasticity
from tumen.scenario.store import scenario_text
from tumen.scenario.support_rules import illicit_income, support_rules

CASES = ("dprk-2017", "russia-2022")


@pytest.mark.parametrize("name", CASES)
def test_the_baseline_is_the_world_as_recorded(name: str) -> None:
    scenario, result = full(name)
    world = scenario_world(scenario)
    data, target = world.dataset, scenario.target
    shown = data.trade * data.recorded if "recorded" in data else data.trade
    others = [label for label in world.economies if label != target]
    first = result.steps[0]
    assert first.id == "baseline"
    assert first.exports_musd == pytest.approx(
        float(shown.sel(origin=target, destination=others).sum()), rel=1e-9
    )
    assert first.imports_musd == pytest.approx(
        float(shown.sel(destination=target, origin=others).sum()), rel=1e-9
    )
    assert first.hidden_musd == 0
    for number in ("real_income_pct", "real_output_pct", "real_earnings_pct", "first_order_pct"):
        assert getattr(first, number) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_parts_of_every_flow_add_up_to_it(name: str) -> None:
    scenario = load_scenario(name)
    for rung in ladder(scenario, scenario_world(scenario), "central"):
        parts = measure.trade_parts(rung.outcome, rung.arrangement)
        flow = rung.outcome.trade.values
        assert set(parts) == {"recorded", "unrecorded", "hidden"}
        assert all((part >= 0).all() for part in parts.values())
        np.testing.assert_allclose(sum(parts.values()), flow, rtol=1e-9, atol=1e-9 * flow.max())


def test_hidden_is_the_sum_of_its_parts_and_outside_the_other_columns() -> None:
    _, result = full("dprk-2017")
    for found in result.steps:
        parts = found.hidden_exports_musd + found.hidden_imports_musd
        assert found.hidden_musd == pytest.approx(parts)
    black = steps(result)["black_market"]
    assert black.hidden_transfers_musd == pytest.approx(210)  # 218 stolen, 8 less for statues
    assert black.hidden_exports_musd > 0
    assert steps(result)["withdrawal"].hidden_musd == 0


def test_the_target_s_balance_of_everything_is_its_deficit() -> None:
    _, result = full("dprk-2017")
    for found in result.steps:
        imports = found.imports_musd + found.imports_unrecorded_musd + found.hidden_imports_musd
        exports = found.exports_musd + found.exports_unrecorded_musd + found.hidden_exports_musd
        paid = found.deficit_musd + found.rents_abroad_musd
        assert imports - exports == pytest.approx(paid, rel=1e-6)


def test_the_deficit_moves_by_exactly_the_transfers() -> None:
    scenario, result = full("dprk-2017")
    found = steps(result)
    streams = illicit_income(scenario.steps[-2].illicit, "central")
    rules = support_rules(scenario, scenario.support).transfers
    given = {"black_market": streams, "support": sum(rule.musd.central for rule in rules)}
    assert given["support"] == 4  # food aid
    pay = found["baseline"].remittances_musd - found["withdrawal"].remittances_musd
    before = found["baseline"].deficit_musd - pay
    assert found["law"].deficit_musd == pytest.approx(before + pay)
    assert found["withdrawal"].deficit_musd == pytest.approx(before)
    assert found["black_market"].deficit_musd - before == pytest.approx(given["black_market"])
    after = given["black_market"] + given["support"]
    back = found["support"].remittances_musd - found["withdrawal"].remittances_musd
    assert found["support"].deficit_musd - before == pytest.approx(after + back)


def test_the_ladder_of_2017_is_plausible() -> None:
    _, result = full("dprk-2017")
    found = steps(result)
    assert list(found) == [
        "baseline", "law", "enforced", "withdrawal", "black_market", "support",
    ]  # fmt: skip
    assert found["law"].exports_musd < 0.15 * found["baseline"].exports_musd
    assert -15 < found["law"].real_income_pct < -1
    lost = found["law"].remittances_musd - found["enforced"].remittances_musd
    own = 100 * lost / (22_600 + found["baseline"].deficit_musd)
    early = next(each for each in result.contributions if each.part == "stopped early")
    assert own < -early.real_income_points < 2 * own, "workers' pay, and prices of what it bought"
    assert found["withdrawal"].real_income_pct < found["enforced"].real_income_pct
    assert found["black_market"].real_income_pct > found["withdrawal"].real_income_pct
    assert found["support"].real_income_pct > found["black_market"].real_income_pct
    assert not any(item.provisional for item in result.steps)


def test_support_sells_about_what_was_opened() -> None:
    scenario = load_scenario("dprk-2017")
    rungs = {rung.id: rung for rung in ladder(scenario, scenario_world(scenario), "central")}
    sold = []
    for name in ("black_market", "support"):
        rung = rungs[name]
        parts = measure.trade_parts(rung.outcome, rung.arrangement)["recorded"]
        economies, sectors = rung.outcome.world.economies, rung.outcome.world.sectors
        cell = (
            economies.index(scenario.newcomer),
            economies.index(scenario.target),
            sectors.index("C19"),
        )
        sold.append(float(parts[cell]))
    goods = {item.id: item.value.central for item in scenario.support[0].goods}
    opened = goods["oil_recorded"]
    # At baseline costs: other sellers are shut out, and hidden oil makes fuel cheaper again.
    assert 0.8 * opened < sold[1] - sold[0] < 2 * opened


def test_the_law_hurts_and_support_helps_in_2022() -> None:
    _, result = full("russia-2022")
    found = steps(result)
    assert found["law"].real_income_pct < -0.1
    assert found["law"].exports_musd < found["baseline"].exports_musd
    assert found["support"].real_income_pct > found["black_market"].real_income_pct
    assert found["black_market"].hidden_musd > 0


@pytest.mark.parametrize("name", CASES)
def test_the_elasticity_band_holds_the_number_and_low_hurts_more(name: str) -> None:
    _, result = full(name)
    ends = {
        test.value: test.real_income_pct
        for test in result.sensitivity
        if test.assumption == "trade elasticities"
    }
    assert ends["low"]["law"] < ends["high"]["law"]
    for found in result.steps:
        low, high = found.real_income_pct_low, found.real_income_pct_high
        assert low is not None
        assert high is not None
        assert low <= found.real_income_pct <= high
        values = (found.real_income_pct, ends["low"][found.id], ends["high"][found.id])
        assert (low, high) == (min(values), max(values))


@pytest.mark.parametrize(
    ("low", "high", "band"),
    [
        (-9.0, 9.0, (-9.0, 9.0)),
        (9.0, -9.0, (-9.0, 9.0)),
        (-9.0, -8.0, (-9.0, None)),
        (9.0, 8.0, (None, 9.0)),
    ],
)
def test_the_band_is_in_order_and_holds_the_central_number(
    low: float, high: float, band: tuple[float | None, float | None]
) -> None:
    law = replace(steps(quick("dprk-2017")[1])["law"], real_income_pct=-2.0)
    ends = [
        Sensitivity("trade elasticities", "low", None, {"law": low}),
        Sensitivity("trade elasticities", "high", None, {"law": high}),
    ]
    found = banded([law], ends)[0]
    central = law.real_income_pct
    expected = tuple(central if end is None else end for end in band)
    assert (found.real_income_pct_low, found.real_income_pct_high) == expected
    unsolved = [ends[0], Sensitivity("trade elasticities", "high", None, {}, "none")]
    assert banded([law], unsolved)[0].real_income_pct_low is None


def test_transfers_of_the_law_step_are_no_part_of_the_trade_loss(tmp_path: Path) -> None:
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {figure(0.5)}")
    gift = transfer("gift", "IND", "RUS", 50_000.0)
    plain = small(tmp_path, step("law", freeness=[rule]))
    without = cases(run(load_scenario(plain), sensitivity=False))
    gifted = small(tmp_path, step("law", freeness=[rule], transfers=[gift]))
    result = run(load_scenario(gifted), sensitivity=False)
    assert cases(result) == without
    assert steps(result)["law"].real_income_pct > without["law_deficit_kept"][0] + 1


def test_without_sensitivities_there_are_no_bands() -> None:
    _, result = quick("dprk-2017")
    assert result.sensitivity == ()
    assert result.elasticity_of_headline is None
    assert {item.real_income_pct_low for item in result.steps} == {None}


def test_more_gdp_means_a_smaller_loss() -> None:
    _, result = full("dprk-2017")
    assert result.elasticity_of_headline is not None
    assert -2 < result.elasticity_of_headline < -0.5
    assert {test.assumption for test in result.sensitivity} == {
        "trade elasticities", "step settings", "enforcement", "horizon", "GDP basis",
        "input template", "inputs and wage floor",
    }  # fmt: skip
    assert full("russia-2022")[1].elasticity_of_headline is None


def test_the_elasticity_to_gdp_by_hand() -> None:
    tests = [
        Sensitivity("GDP basis", "low", 10.0, {"baseline": 0.0, "law": -4.0}),
        Sensitivity("GDP basis", "high", 20.0, {"baseline": 0.0, "law": -2.0}),
    ]
    assert gdp_elasticity(tests) == pytest.approx(-1)
    gain = Sensitivity("GDP basis", "high", 20.0, {"baseline": 0.0, "law": 2.0})
    assert gdp_elasticity([tests[0], gain]) is None
    assert gdp_elasticity(tests[:1]) is None


def test_a_sensitivity_is_the_run_with_that_assumption() -> None:
    _, result = full("dprk-2017")
    low = next(test for test in result.sensitivity if test.value.startswith("low, "))
    _, other = quick("dprk-2017", "world.gdp_basis=low")
    for found in other.steps:
        assert low.real_income_pct[found.id] == pytest.approx(found.real_income_pct, abs=1e-4)


def cases(result: Result) -> dict[str, tuple[float, float]]:
    return {case.id: (case.real_income_pct, case.imports_musd) for case in result.closures}


def test_trade_loss_and_financing_loss_stand_apart() -> None:
    scenario, result = full("dprk-2017")
    found = cases(result)
    law = steps(result)["law"]
    assert found["law_deficit_kept"][0] == pytest.approx(law.real_income_pct, abs=1e-7)
    assert found["law_deficit_kept"][1] == pytest.approx(
        law.imports_musd + law.imports_unrecorded_musd, rel=1e-6
    )
    world = scenario_world(scenario)
    n = world.economies.index(scenario.target)
    fall = world.accounts.imports[n] - found["no_law_deficit_removed"][1]
    # With nothing banned exports grow and imports fall until they meet.
    assert 0 < fall < world.accounts.deficit[n]
    assert found["no_law_deficit_removed"][0] < 0
    assert found["law_deficit_removed"][0] < found["law_deficit_kept"][0]
    assert found["law_deficit_removed"][0] < found["no_law_deficit_removed"][0]


def test_a_surplus_is_called_one() -> None:
    labels = [case.label for case in full("russia-2022")[1].closures]
    assert all("surplus" in label for label in labels)
    assert not any("financing loss" in label for label in labels)
    assert any("financing loss" in case.label for case in full("dprk-2017")[1].closures)


@pytest.mark.parametrize("closure", ["zero", "income"])
def test_other_closures_run(closure: str, tmp_path: Path) -> None:
    rule = links("a", '"*"', '"RUS"', '"C26", "C28"', f"left: {figure(0.1)}")
    path = small(tmp_path, step("law", freeness=[rule]), head=f'deficits: "{closure}"\n')
    result = run(load_scenario(path), sensitivity=False)
    assert steps(result)["law"].real_income_pct < 0
    if closure == "zero":
        assert [item.deficit_musd for item in result.steps] == pytest.approx([0, 0], abs=1e-3)
    else:
        before, after = (item.deficit_musd for item in result.steps)
        assert 1e-4 < abs(after / before - 1) < 0.1


def test_without_deficits_a_transfer_is_all_that_the_deficit_is(tmp_path: Path) -> None:
    gift = transfer("gift", "IND", "RUS", 500.0)
    path = small(tmp_path, step("support", transfers=[gift]), head='deficits: "zero"\n')
    found = steps(run(load_scenario(path), sensitivity=False))
    assert found["support"].deficit_musd == pytest.approx(500, abs=1e-3)
    assert found["support"].real_income_pct > 0


def shut(*sides: tuple[str, str]) -> str:
    rules = [
        links(f"r{i}", one, two, '"*"', f"left: {figure(0.0)}")
        for i, (one, two) in enumerate(sides)
    ]
    return step("law", freeness=rules)


def test_imports_shut_with_a_deficit_is_infeasible_and_says_where(tmp_path: Path) -> None:
    text = small(tmp_path, shut(('"*"', '"PRK"'), ('"PRK"', '"*"'))).read_text("utf-8")
    path = tmp_path / "korea.yaml"
    path.write_text(text.replace('"RUS"', '"PRK"', 1).replace("world-2022", "world-2022-prk"))
    with pytest.raises(Infeasible, match="PRK") as caught:
        run(load_scenario(path), sensitivity=False)
    assert caught.value.__notes__ == ["in step law of scenario small"]


def test_autarky_without_deficits_has_an_answer_and_no_missing_numbers(tmp_path: Path) -> None:
    path = small(tmp_path, shut(('"*"', '"RUS"'), ('"RUS"', '"*"')), head='deficits: "zero"\n')
    result = run(load_scenario(path), sensitivity=False)
    law = steps(result)["law"]
    assert law.exports_musd == law.imports_musd == 0
    assert law.real_income_pct < -3
    for row in [*map(asdict, result.sectors), *map(asdict, result.partners)]:
        assert all(np.isfinite(x) for x in row.values() if isinstance(x, float)), row


def test_a_run_under_another_assumption_may_have_no_solution(tmp_path: Path) -> None:
    wide = '{low: 0.0, central: 0.5, high: 1.0, unit: "freeness", source: "judgement"}'
    rule = links("in", '"*"', '"PRK"', '"*"', f"left: {wide}")
    out = links("out", '"PRK"', '"*"', '"*"', f"left: {wide}")
    text = small(tmp_path, step("law", freeness=[rule, out])).read_text("utf-8")
    path = tmp_path / "korea.yaml"
    path.write_text(text.replace('"RUS"', '"PRK"', 1).replace("world-2022", "world-2022-prk"))
    result = run(load_scenario(path))
    low = next(t for t in result.sensitivity if (t.assumption, t.value) == ("step settings", "low"))
    assert set(low.real_income_pct) == {"baseline"}
    assert "PRK" in low.problem
    others = [test for test in result.sensitivity if test is not low]
    assert all(set(test.real_income_pct) == {"baseline", "law"} for test in others)
    assert not any(test.problem for test in others)


def test_a_world_without_a_range_of_elasticities_has_no_band(tmp_path: Path) -> None:
    invented(4, 2).save(tmp_path / "own.nc")
    rule = links("a", '"e1"', '"e0"', '"*"', f"left: {figure(0.5)}")
    text = small(tmp_path, step("law", freeness=[rule])).read_text("utf-8")
    for old, new in {"world-2022": "own.nc", "RUS": "e0", "CHN": "e1", "IND": "e2"}.items():
        text = text.replace(old, new)
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    result = run(load_scenario(path))
    assert {test.assumption for test in result.sensitivity} == {"step settings", "horizon"}
    assert result.steps[1].real_income_pct_low is None
    with pytest.raises(InvalidInput, match="no trade_elasticity_low"):
        load_scenario(path, ["elasticity=low"])


@pytest.mark.parametrize("level", ["low", "high"])
def test_low_elasticities_hurt_more_in_a_run_of_their_own(level: Level) -> None:
    central = steps(quick("dprk-2017")[1])["law"].real_income_pct
    other = steps(quick("dprk-2017", f"elasticity={level}")[1])["law"].real_income_pct
    assert (other < central) == (level == "low")


@pytest.mark.parametrize("name", CASES)
def test_a_scenario_written_and_read_again_is_the_same(name: str, tmp_path: Path) -> None:
    scenario, result = quick(name)
    path = tmp_path / "again.yaml"
    path.write_text(scenario_text(scenario), "utf-8")
    assert load_scenario(path) == scenario
    again = run(load_scenario(path), sensitivity=False)
    assert again == result


def test_words_that_yaml_would_change_survive_writing(tmp_path: Path) -> None:
    path = template(
        tmp_path,
        {"my-source:": '"0306":', 'title: "A': 'title: "Ä: # \\"quoted\\" \\n no', "id:": "id:"},
    )
    scenario = load_scenario(path, ['groups.coalition=["NOR", "USA"]'])
    again = tmp_path / "again.yaml"
    again.write_text(scenario_text(scenario), "utf-8")
    assert load_scenario(again) == scenario
    assert "0306" in load_scenario(again).sources


def test_progress_is_told_for_steps_and_sensitivities(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {figure(0.5)}")
    scenario = load_scenario(small(tmp_path, step("law", freeness=[rule])))
    run(scenario, lambda what, done, total: told.append((what, done, total)))
    assert told[:2] == [("Baseline 2022", 0, 2), ("law", 1, 2)]
    names = [name for name, _, _ in told[2:]]
    assert names[:3] == ["compensation", "contributions", "both ends"]
    assert names[3:] == [
        "trade elasticities low", "trade elasticities high", "step settings low",
        "step settings high", "horizon 12 months", "backtest",
    ]  # fmt: skip
    assert [done for _, done, _ in told[2:]] == list(range(9))
    assert {total for _, _, total in told[2:]} == {9}


def test_partners_effects_are_the_largest_and_leave_the_target_out() -> None:
    scenario, result = full("dprk-2017")
    assert len(result.partners) == 10 * len(scenario.steps)
    assert scenario.target not in {effect.economy for effect in result.partners}
    law = [abs(effect.real_income_musd) for effect in result.partners if effect.step == "law"]
    assert law == sorted(law, reverse=True)
    assert result.partners[0].economy == "CHN"


def test_sector_rows_add_up_to_the_step() -> None:
    _, result = full("dprk-2017")
    for found in result.steps:
        rows = [row for row in result.sectors if row.step == found.id]
        assert sum(row.exports_musd for row in rows) == pytest.approx(
            found.exports_musd + found.exports_unrecorded_musd
        )
        hidden = found.hidden_exports_musd + found.hidden_imports_musd
        assert sum(row.hidden_musd for row in rows) == pytest.approx(hidden)
