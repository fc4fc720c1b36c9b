"""Tariffs of regimes: as the engine takes them, on the part of a cell that owes them."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tests.scenario.cases import full
from tests.support.regimes import measure, regime, row, table
from tumen.equilibrium import Outcome, solve
from tumen.errors import InvalidInput
from tumen.evasion import Duty, joint_tariff, with_duties
from tumen.regime.law import law_on
from tumen.scenario import measure as reading
from tumen.scenario.baseline import scenario_world
from tumen.scenario.load import load_scenario
from tumen.scenario.rules import EnforcementRule, LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement, Settings, arrange
from tumen.world import Shock, World

DAY = datetime.date(2023, 1, 1)
STEEL = {"origin": "RUS", "destination": "DEU", "sector": "C24A"}
RATE = 0.35


@cache
def case() -> tuple[Scenario, World]:
    scenario = load_scenario("russia-2022")
    return scenario, scenario_world(scenario)


def reach(sector: str, share: float) -> dict[str, Any]:
    exact = dict.fromkeys(("low", "central", "high"), share)
    return {"sector": sector, "share": exact | {"unit": "share", "source": "judgement"}}


def tariff(id_: str, rate: float, *reaches: dict[str, Any], **fields: Any) -> dict[str, Any]:
    own: dict[str, Any] = {"instrument": "tariff", "rate": rate, "partners": ["DEU"]}
    own["reaches"] = list(reaches)
    return measure(id_, **(own | fields))


def ban(id_: str, *reaches: dict[str, Any], **fields: Any) -> dict[str, Any]:
    own: dict[str, Any] = {"reaches": list(reaches), "partners": ["DEU"]}
    return measure(id_, **(own | fields))


def arranged(folder: Path, *measures: dict[str, Any], enforced: float = 1.0) -> Arrangement:
    head = {"id": "drawn", "title": "Drawn", "senders": ["*"], "targets": ["RUS"]}
    path = folder / "drawn.yaml"
    dated = [{**each, "adopted": "2022-03-01", "from": "2022-03-01"} for each in measures]
    path.write_text(json.dumps(head | {"base_year": 2022, "measures": dated}), "utf-8")
    exact = dict.fromkeys(("low", "central", "high"), enforced)
    rule = EnforcementRule.model_validate(
        {
            "id": "all",
            "partners": ["*"],
            "enforced": exact | {"unit": "share", "source": "set-by-user"},
        }
    )
    law = LawSetting(regimes=[str(path)], date=DAY)
    return arrange(*case(), Settings(law=law, enforcement=(rule,)), "central")


def cell(values: xr.DataArray | None) -> float:
    assert values is not None
    return float(values.sel(STEEL))


def strength(found: Arrangement) -> float:
    """φ of the link with its duty's effect."""
    return float(cell(found.shock.freeness) * (1 + cell(found.shock.tariff)) ** -theta())


def theta() -> float:
    return float(case()[1].dataset["trade_elasticity"].sel(sector="C24A"))


def same(one: Outcome, other: Outcome) -> None:
    for name in ("real_income", "trade", "price_index", "real_output"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-9)


def test_a_duty_on_a_whole_sector_is_the_engine_s_tariff(tmp_path: Path) -> None:
    _, world = case()
    found = arranged(tmp_path, tariff("steel", RATE, reach("C24A", 1)))
    assert cell(found.shock.freeness) == pytest.approx(1, abs=1e-14)
    assert cell(found.shock.tariff) == pytest.approx(RATE, abs=1e-14)
    rates = xr.zeros_like(world.dataset["trade"])
    rates.loc[STEEL] = RATE
    direct = solve(world, Shock(tariff=rates))
    ours = solve(world, found.shock)
    same(ours, direct)
    assert float(ours.real_income.sel(economy="RUS")) < 1
    parts = reading.trade_parts(ours, found)
    np.testing.assert_allclose(parts["recorded"], ours.trade, rtol=1e-9)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_duty_on_a_part_keeps_strength_and_revenue_of_both_parts(
    share: float, tmp_path: Path
) -> None:
    found = arranged(tmp_path, tariff("steel", RATE, reach("C24A", share)))
    left = (1 + RATE) ** -theta()
    assert strength(found) == pytest.approx(1 - share + share * left)
    rate = cell(found.shock.tariff)
    paid = share * left * RATE / (1 + RATE)
    assert rate / (1 + rate) * strength(found) == pytest.approx(paid)
    assert 0 < rate < RATE


def test_nothing_is_levied_elsewhere(tmp_path: Path) -> None:
    found = arranged(tmp_path, tariff("steel", RATE, reach("C24A", 1)))
    assert found.shock.tariff is not None
    assert found.shock.freeness is not None
    assert int((found.shock.tariff != 0).sum()) == 1
    assert int((abs(found.shock.freeness - 1) > 1e-12).sum()) == 0
    assert int((~found.untouched).sum()) == 1


@pytest.mark.parametrize(
    ("banned", "owed"), [(1.0, 1.0), (0.7, 0.5), (0.5, 0.7), (0.3, 0.3), (0.0, 0.6)]
)
def test_a_ban_on_the_same_part_shuts_it_and_no_duty_adds_to_that(
    banned: float, owed: float, tmp_path: Path
) -> None:
    found = arranged(
        tmp_path, tariff("duty", RATE, reach("C24A", owed)), ban("ban", reach("C24A", banned))
    )
    left = (1 + RATE) ** -theta()
    taxed = max(owed - banned, 0)
    if taxed == 0:
        assert found.shock.tariff is None
        assert cell(found.shock.freeness) == pytest.approx(1 - banned)
    else:
        assert strength(found) == pytest.approx(1 - banned - taxed + taxed * left)


def test_banned_goods_that_pass_customs_owe_the_duty(tmp_path: Path) -> None:
    found = arranged(
        tmp_path,
        tariff("duty", RATE, reach("C24A", 1)),
        ban("ban", reach("C24A", 0.5)),
        enforced=0.4,
    )
    left = (1 + RATE) ** -theta()
    assert strength(found) == pytest.approx((0.5 + 0.5 * 0.6) * left)
    assert cell(found.shock.tariff) == pytest.approx(RATE)


def test_of_several_duties_the_highest_counts_once(tmp_path: Path) -> None:
    found = arranged(
        tmp_path,
        tariff("low", 0.1, reach("C24A", 1)),
        tariff("high", RATE, reach("C24A", 0.4)),
        tariff("again", RATE, reach("C24A", 0.4)),
    )
    theta_ = theta()
    parts = 0.4 * (1 + RATE) ** -theta_ + 0.6 * 1.1**-theta_
    assert strength(found) == pytest.approx(parts)


def test_a_duty_on_everything_reaches_every_good_and_no_service() -> None:
    everything = tariff("all", 0.1, hs=["*"], reaches=[], partners=["CHN"])
    found = law_on(
        regime(everything), table(row("", sector="C24A"), row("S:labour", sector="N"), row("72"))
    )
    assert found.reaches["central"][0].tolist() == [1, 0, 1]
    assert not found.unknown.any()


def test_duties_show_in_the_ladder_of_2022() -> None:
    parts = {each.part: each for each in full("russia-2022")[1].contributions}
    duty = parts["Proclamation 10420 of the United States"]
    assert duty.real_income_points < -0.001
    assert duty.exports_musd < -100


# ------------------------------------------------------------------------ pure functions


SHARES = st.floats(0, 1)
RATES = st.floats(0, 2)


@given(
    whole=SHARES, share=SHARES, rate=RATES, theta_=st.floats(1, 12), old=st.floats(0, 0.5),
    hiding=SHARES,
)  # fmt: skip
def test_a_duty_never_frees_trade_and_never_leaves_less_than_hiding_does(
    whole: float, share: float, rate: float, theta_: float, old: float, hiding: float
) -> None:
    hidden = hiding * whole
    left, revenue = with_duties(whole, [Duty(rate, np.array(share))], theta_, old, hidden)
    assert left <= whole + 1e-12
    assert left >= (1 - share) * whole + share * hidden - 1e-12
    assert revenue >= 0
    if rate <= old:
        assert left == pytest.approx(whole)
        assert revenue == 0


@given(strength_=st.floats(0.01, 2), share=st.floats(0, 0.9), old=st.floats(0, 0.5))
def test_one_rate_brings_in_the_same(strength_: float, share: float, old: float) -> None:
    extra = share * strength_ * (1 - old / (1 + old)) * 0.99
    rate = joint_tariff(strength_, extra, old)
    assert strength_ * (rate / (1 + rate) - old / (1 + old)) == pytest.approx(extra, abs=1e-12)
    assert joint_tariff(0.0, 0.0, old) == old


@pytest.mark.parametrize("duty", [Duty(-0.1, np.array(0.5)), Duty(0.1, np.array(1.5))])
def test_wrong_duties_are_refused(duty: Duty) -> None:
    with pytest.raises(InvalidInput, match="rates must not be negative"):
        with_duties(1.0, [duty], 4.0)
