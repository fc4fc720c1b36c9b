"""No measure is felt before it begins, or while all its contracts are in their wind-down."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.regimes import measure
from tumen.evidence.quantity import LEVELS, Level
from tumen.regime.regime import load_regime
from tumen.scenario.baseline import scenario_world
from tumen.scenario.load import load_scenario
from tumen.scenario.rules import EnforcementRule, LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement, Settings, arrange
from tumen.scenario.target_law import (
    caps_of_target,
    remittances_of_target,
    scenario_law,
)
from tumen.world import World

CASES = {"dprk-2017": "un-dprk", "russia-2022": "russia-2022"}
DAY = datetime.date.fromisoformat


@cache
def case(name: str) -> tuple[Scenario, World]:
    scenario = load_scenario(name)
    return scenario, scenario_world(scenario)


def laid(name: str, law: LawSetting, level: Level = "central") -> Arrangement:
    scenario, world = case(name)
    return arrange(scenario, world, Settings(law=law), level)


def felt(scenario: Scenario, world: World, law: LawSetting, level: Level) -> np.ndarray:
    """Cells (origin, destination, sector) that a measure reaches whose contracts have run out."""
    found = np.zeros((len(world.economies), len(world.economies), len(world.sectors)), dtype=bool)
    laws = scenario_law(scenario, law)
    target = world.economies.index(scenario.target)
    for index, each in enumerate(laws.measures):
        if not each.in_force(law.date) or each.moving(law.date) == 1:
            continue
        for row, reached in zip(laws.trade.rows, laws.reaches[level][index], strict=True):
            if reached > 0 and row.partner in world.economies and row.sector:
                ends = [target, world.economies.index(row.partner)]
                origin, destination = ends if row.flow == "export" else ends[::-1]
                found[origin, destination, world.sectors.index(row.sector)] = True
    return found


def capped(arrangement: Arrangement, world: World) -> np.ndarray:
    found = np.zeros(arrangement.legal.shape, dtype=bool)
    for cap in arrangement.shock.caps:
        for origin, destination, sector, _ in cap.flows:
            cell = world.economies.index(origin), world.economies.index(destination)
            found[(*cell, world.sectors.index(sector))] = True
    return found


def holds(name: str, law: LawSetting, level: Level) -> None:
    scenario, world = case(name)
    arrangement = laid(name, law, level)
    free = ~felt(scenario, world, law, level)
    assert arrangement.shock.freeness is not None
    assert (arrangement.shock.freeness.values[free] == 1).all()
    assert not (capped(arrangement, world) & free).any()
    if arrangement.shock.tariff is not None:
        assert not arrangement.shock.tariff.values[free].any()


@pytest.mark.parametrize("name", CASES)
@settings(deadline=None, max_examples=25)
@given(day=st.dates(DAY("2005-01-01"), DAY("2024-12-31")), level=st.sampled_from(LEVELS))
def test_on_any_day_what_has_not_begun_or_still_moves_is_untouched(
    name: str, day: datetime.date, level: Level
) -> None:
    holds(name, LawSetting(regimes=[CASES[name]], date=day), level)


@settings(deadline=None, max_examples=25)
@given(
    measures=st.lists(
        st.tuples(
            st.sampled_from(["export", "import"]),
            st.sampled_from(["ban", "cap"]),
            st.sampled_from(["27", "50-63", "03", "84-85", "*"]),
            st.dates(DAY("2017-01-01"), DAY("2018-12-31")),
            st.integers(0, 400),
            st.sampled_from([0.0, 0.5, 1.0]),
        ),
        min_size=1,
        max_size=4,
    ),
    day=st.dates(DAY("2016-06-01"), DAY("2020-06-30")),
)
def test_the_same_for_any_regime(
    measures: list[tuple[str, str, str, datetime.date, int, float]],
    day: datetime.date,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("regimes") / "drawn.yaml"
    written(path, [drawn(f"m{k}", *each) for k, each in enumerate(measures)])
    holds("dprk-2017", LawSetting(regimes=[str(path)], date=day), "central")


def drawn(
    id_: str, flow: str, kind: str, hs: str, first: datetime.date, days: int, share: float
) -> dict[str, Any]:
    until = str(first + datetime.timedelta(days=days))
    cap = {"limits": [{"limit": 1.0, "unit": "million USD"}]}
    return measure(
        id_,
        [hs],
        flow=flow,
        instrument=f"{flow}_ban" if kind == "ban" else "value_cap",
        adopted=str(first),
        from_=str(first),
        wind_down={"until": until, "share": share},
        **({} if kind == "ban" else {"cap": cap}),
    )


def written(path: Path, measures: list[dict[str, Any]]) -> None:
    head = {"id": "drawn", "title": "Drawn", "senders": ["*"], "targets": ["PRK"]}
    path.write_text(json.dumps(head | {"base_year": 2016, "measures": measures}), "utf-8")
    load_regime(path)


@pytest.mark.parametrize(
    ("name", "day"), [("dprk-2017", "2006-10-13"), ("russia-2022", "2022-02-25")]
)
def test_before_the_first_measure_there_is_no_law(name: str, day: str) -> None:
    arrangement = laid(name, LawSetting(regimes=[CASES[name]], date=DAY(day)))
    assert arrangement.shock.freeness is not None
    assert (arrangement.shock.freeness.values == 1).all()
    assert not arrangement.shock.caps
    assert arrangement.untouched.all()


def test_workers_stay_until_the_last_day_of_2397_and_at_once_in_the_sense_of_the_law() -> None:
    scenario, world = case("dprk-2017")
    russia = world.economies.index("RUS")
    for day, sense, share in (
        ("2018-01-31", "bites", 0), ("2018-01-31", "law", 1),
        ("2019-12-22", "bites", 0), ("2019-12-23", "bites", 1),
    ):  # fmt: skip
        law = LawSetting.model_validate({"regimes": ["un-dprk"], "date": DAY(day), "sense": sense})
        banned, moving = remittances_of_target(scenario, world, law, "central")
        assert (banned[russia], moving[russia]) == (share, 1 - share)


def test_a_frozen_number_of_permits_is_a_cap_as_long_as_workers_may_stay() -> None:
    scenario, _ = case("dprk-2017")
    for day, capped_then in (("2018-01-31", True), ("2019-12-23", False)):
        law = LawSetting(regimes=["un-dprk"], date=DAY(day))
        names = [cap.name for cap in caps_of_target(scenario, law, "central")]
        assert ("2371-11" in names) == capped_then


@pytest.mark.parametrize("name", CASES)
def test_the_bundled_cases_take_what_the_economy_feels(name: str) -> None:
    law = case(name)[0].steps[0].law
    assert law is not None
    assert law.sense == "bites"
    assert LawSetting(regimes=["un-dprk"], date=law.date).sense == "bites"


def rule(**figures: float) -> EnforcementRule:
    exact = {
        key: {"low": value, "central": value, "high": value, "unit": "share", "source": "judgement"}
        for key, value in figures.items()
    }
    return EnforcementRule.model_validate({"id": "all", "partners": ["*"]} | exact)


def test_what_a_partner_stops_ahead_of_time_is_stopped_and_no_more() -> None:
    scenario, world = case("dprk-2017")
    coal = (
        world.economies.index("PRK"), world.economies.index("CHN"), world.sectors.index("B05")
    )  # fmt: skip
    law = LawSetting(regimes=["un-dprk"], date=DAY("2018-01-31"))
    for figures, left, coal_left in (
        ({"early": 0.25}, 0.75, 0.0), ({"enforced": 0.5}, 1.0, 0.5),
        ({"enforced": 0.5, "early": 0.25}, 0.75, 0.5),
    ):  # fmt: skip
        arranged = arrange(
            scenario, world, Settings(law=law, enforcement=(rule(**figures),)), "central"
        )
        pay = arranged.remittances
        np.testing.assert_allclose(pay.left, left * pay.before)
        assert arranged.legal[coal] == pytest.approx(coal_left, abs=1e-6)
    late = law.model_copy(update={"date": DAY("2020-01-31")})
    arranged = arrange(scenario, world, Settings(law=late, enforcement=(rule(early=0.0),)), "high")
    assert arranged.remittances.left_musd == 0, "once the last day is over the ban holds"


def test_an_enforcement_rule_says_something() -> None:
    with pytest.raises(ValueError, match="give enforced, fit, path or early"):
        rule()
