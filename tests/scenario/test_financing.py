"""Pay of workers abroad: a transfer that the law moves, and that adds up."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.cases import quick, steps
from tumen.errors import InvalidInput
from tumen.scenario.baseline import scenario_world
from tumen.scenario.financing import Remittances, remittances
from tumen.scenario.load import load_scenario
from tumen.scenario.rules import EnforcementRule, LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Settings, arrange
from tumen.world import World

DAY = datetime.date.fromisoformat
AFTER = LawSetting(regimes=["un-dprk"], date=DAY("2020-01-31"))
BEFORE = LawSetting(regimes=["un-dprk"], date=DAY("2018-01-31"))
SHARE = st.floats(0, 1)


@cache
def case() -> tuple[Scenario, World]:
    scenario = load_scenario("dprk-2017")
    return scenario, scenario_world(scenario)


def rule(name: str = "all", **given: object) -> EnforcementRule:
    figures = {
        key: {"low": value, "central": value, "high": value, "unit": "share", "source": "judgement"}
        if isinstance(value, float)
        else value
        for key, value in given.items()
    }
    return EnforcementRule.model_validate({"id": name, "partners": ["*"]} | figures)


def pay(law: LawSetting, *rules: EnforcementRule) -> Remittances:
    return remittances(*case(), Settings(law=law, enforcement=rules), "central")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([BEFORE, AFTER]), st.sampled_from(["law", "bites"]), SHARE, SHARE)
def test_what_is_lost_is_the_banned_part_times_enforcement_and_what_is_stopped_early(
    law: LawSetting, sense: str, enforced: float, early: float
) -> None:
    dated = law.model_copy(update={"sense": sense})
    found = pay(dated, rule(enforced=enforced, early=early))
    banned = float(sense == "law" or law is AFTER)
    left = found.before * (1 - banned * enforced - (1 - banned) * early)
    np.testing.assert_allclose(found.left, left, atol=1e-9)
    assert (found.left >= 0).all()
    assert (found.left <= found.before).all()


@settings(max_examples=15, deadline=None)
@given(SHARE, SHARE)
def test_deficits_cancel_and_who_no_longer_pays_keeps_the_money(
    enforced: float, russia: float
) -> None:
    scenario, world = case()
    rules = rule(enforced=enforced), rule("RUS", partners=["RUS"], enforced=russia)
    arranged = arrange(scenario, world, Settings(law=AFTER, enforcement=rules), "central")
    lost = arranged.remittances.before - arranged.remittances.left
    if not lost.any():
        assert arranged.shock.deficit is None
        return
    assert arranged.shock.deficit is not None
    moved = arranged.shock.deficit.values - world.accounts.deficit
    assert abs(moved.sum()) < 1e-9 * 350
    target = world.economies.index("PRK")
    assert moved[target] == pytest.approx(-lost.sum(), abs=1e-8)
    others = np.arange(moved.size) != target
    np.testing.assert_allclose(moved[others], lost[others], atol=1e-8)
    payer = world.economies.index("RUS")
    assert lost[payer] == pytest.approx(145 * russia, abs=1e-9)


def test_law_without_enforcement_is_the_baseline() -> None:
    scenario, world = case()
    idle = Settings(law=AFTER, enforcement=(rule(enforced=0.0),))
    arranged = arrange(scenario, world, idle, "central")
    assert arranged.shock.deficit is None
    np.testing.assert_array_equal(arranged.remittances.left, arranged.remittances.before)


def test_rules_on_pay_and_rules_on_sectors_keep_apart() -> None:
    scenario, world = case()
    idle, full = Settings(law=AFTER), rule(enforced=0.0, sectors=["B05"])
    assert pay(AFTER, full).left_musd == 0, "a rule that names sectors says nothing about pay"
    alone = arrange(
        scenario,
        world,
        Settings(law=AFTER, enforcement=(rule(enforced=0.0, flows=["remittance"]),)),
        "central",
    )
    np.testing.assert_array_equal(alone.legal, arrange(scenario, world, idle, "central").legal)
    assert alone.remittances.left_musd == pytest.approx(350)
    with pytest.raises(ValueError, match="remittances have no sector; leave sectors out"):
        rule(enforced=0.5, flows=["remittance"], sectors=["N"])


def test_the_order_of_economies_does_not_matter() -> None:
    scenario, world = case()
    order = np.random.default_rng(3).permutation(len(world.economies))
    dims = dict.fromkeys(("origin", "destination", "economy"), order)
    other = World(world.dataset.isel(dims))
    rules = Settings(law=AFTER, enforcement=(rule("RUS", partners=["RUS"], enforced=0.4),))
    here, there = (arrange(scenario, each, rules, "central") for each in (world, other))
    np.testing.assert_array_equal(here.remittances.left[order], there.remittances.left)
    assert here.shock.deficit is not None
    assert there.shock.deficit is not None
    np.testing.assert_allclose(here.shock.deficit.values[order], there.shock.deficit.values)


CAP = """\
id: "permits"
title: "A cap on pay"
senders: ["*"]
targets: ["PRK"]
base_year: 2016
measures:
  - id: "cap"
    title: "Pay of at most 100 million"
    act: "Act 1"
    instrument: value_cap
    flow: labour
    adopted: 2017-01-01
    from: 2017-01-01
    services: ["S:labour"]
    cap: {limits: [{limit: LIMIT}]}
    verification: "general knowledge"
    sources: ["law-general-knowledge"]
"""


def test_a_cap_on_pay_stops_what_exceeds_it(tmp_path: Path) -> None:
    path = tmp_path / "permits.yaml"
    path.write_text(CAP.replace("LIMIT", '100.0, unit: "million USD"'), "utf-8")
    law = LawSetting(regimes=[str(path)], date=DAY("2017-06-30"))
    assert pay(law).left_musd == pytest.approx(100)
    assert pay(law, rule(enforced=0.5)).left_musd == pytest.approx(225)
    frozen = tmp_path / "frozen.yaml"
    frozen.write_text(CAP.replace("LIMIT", '1.0, unit: "baseline"'), "utf-8")
    assert pay(law.model_copy(update={"regimes": [str(frozen)]})).left_musd == pytest.approx(350)
    workers = tmp_path / "workers.yaml"
    workers.write_text(CAP.replace("LIMIT", '5.0, unit: "workers"'), "utf-8")
    with pytest.raises(InvalidInput, match="cap cap: limits work abroad in workers; write it in"):
        pay(law.model_copy(update={"regimes": [str(workers)]}))


def test_a_ban_on_pay_needs_deficits_in_dollars() -> None:
    scenario, world = case()
    own = scenario.model_copy(update={"deficits": "income"})
    with pytest.raises(InvalidInput, match='needs deficits "keep" or "zero"'):
        arrange(own, world, Settings(law=AFTER), "central")


def test_steps_show_pay_beside_trade_and_the_deficit_is_all_of_it() -> None:
    _, result = quick("dprk-2017")
    found = steps(result)
    assert found["baseline"].remittances_musd == pytest.approx(350)
    assert found["law"].remittances_musd == pytest.approx(350), "workers may stay until 2019"
    assert found["enforced"].remittances_musd == pytest.approx(350 * 0.45)
    kept = 350 * 0.45 + 145 * (0.55 - 0.25)
    assert found["support"].remittances_musd == pytest.approx(kept), "workers who stay in Russia"
    for step in found.values():
        rest = step.deficit_musd - step.remittances_musd - step.transfers_musd
        assert rest == pytest.approx(441, abs=0.5), step.id


def test_the_trade_loss_is_without_the_loss_of_pay() -> None:
    _, result = quick("dprk-2017", "steps.law.law.date=2020-01-31")
    law = steps(result)["law"]
    assert law.remittances_musd == 0
    assert law.deficit_musd == pytest.approx(441, abs=0.5)
    kept = next(case for case in result.closures if case.id == "law_deficit_kept")
    assert kept.real_income_pct > law.real_income_pct + 1
