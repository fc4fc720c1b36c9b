"""The decision of a case: from its file to the play, the tipping points and the inverse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.scenario.cases import figure, small, step
from tests.support.once import once
from tumen.errors import InvalidInput
from tumen.lifeline.cut import Cut
from tumen.scenario.baseline import scenario_world
from tumen.scenario.decision import BRIEF, Depth, decision, played_out, required, wide
from tumen.scenario.decision_draws import FEWEST, INVERSE_DRAWS, Drawn, _uncertain, draw_jobs
from tumen.scenario.decision_game import Figure, council, seat, state_figures
from tumen.scenario.decision_result import Decision
from tumen.scenario.horizon import solved_or_mobile
from tumen.scenario.load import load_scenario
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import silent
from tumen.scenario.stake import PARTS, TEXTS, Economy, economy
from tumen.scenario.statecraft_schema import MOTIVES, Statecraft

CASE = "dprk-2017"
DEPTH = Depth(draws=6, seed=2, motives=("penalty",), map=False)


@cache
def case() -> tuple[Scenario, Statecraft]:
    scenario = load_scenario(CASE)
    assert scenario.statecraft is not None
    return scenario, scenario.statecraft


@cache
def behind() -> Economy:
    return once("economy", lambda: economy(*case()))


@cache
def decided() -> Decision:
    return once("decision", lambda: played_out(*case(), behind(), DEPTH))


def test_the_losses_are_those_of_the_engine() -> None:
    scenario, _ = case()
    world, found = scenario_world(scenario), behind()
    cut = Cut(world, "PRK", "CHN", "RUS")
    assert found.stake.trade_musd == pytest.approx(6160, abs=1)
    for text, support in ((0.45, 0.009), (0.7, 0.1)):
        shock = cut.shock(text, support)
        true = cut.loss(solved_or_mobile(world, shock, "keep", 1e-10))
        told = float(found.surface(np.array([text]), np.array([support]))[0])
        assert told == pytest.approx(true, abs=found.stake.interpolation_error_points / 100 + 1e-9)
    assert found.stake.interpolation_error_points < 1.5
    assert found.stake.slack_difference_points < 0.5
    assert found.stake.collapse_without_cut == pytest.approx(1 - np.exp(-0.1))


def test_the_steps_of_the_case_stand_beside_the_game() -> None:
    """The law bans 97 % of exports to and 33 % of imports from China, of 2,740 and 3,420."""
    stake = behind().stake
    assert stake.law_text == pytest.approx((0.966 * 2740 + 0.33 * 3420) / 6160, abs=5e-3)
    assert stake.black_market == pytest.approx(510 / 6160, abs=2e-3)
    assert stake.support_musd == pytest.approx(64, abs=2)
    assert len(stake.losses) == TEXTS.size * PARTS.size


def test_figures_reach_the_game_in_its_units() -> None:
    given = case()[1]
    before, after = given.situations
    found = {each.id: each for each in given.in_situation(after)}
    assert found["CHN"].penalty == next(c.penalty for c in after.states if c.id == "CHN")
    assert found["CHN"].survival_value == given.states[0].survival_value
    russia = {each.name: each for each in state_figures(found["RUS"], behind().stake)}
    assert russia["supply"].range[1] == pytest.approx(135 + 27.3 + 35.8 + 4.0)
    state = council(given, after, behind()).states[1]
    assert state.capacity == pytest.approx(202.1 / 6160)
    assert state.noise == pytest.approx(66 / 6160)
    assert state.profit == pytest.approx(0.2 * 6.16)
    assert state.survival_value == 20.0
    assert council(given, before, behind()).states[0].capacity == 1.0


def test_the_play_is_the_council_s_and_its_support_an_equilibrium() -> None:
    given, found = case()[1], decided()
    for situation, row in zip(given.situations, found.situations, strict=True):
        play = council(given, situation, behind()).solve()
        assert row.text == pytest.approx(play.text, abs=1e-9)
        assert (row.vote, row.binding, row.tightest) == (play.vote, play.binding, play.tightest)
        mine = [each for each in found.seats if each.situation == situation.id]
        for each, its in zip(mine, play.seats, strict=True):
            assert each.backfill_musd == pytest.approx(its.backfill * 6160, rel=1e-9)
            assert each.backfill_musd_low <= each.backfill_musd <= each.backfill_musd_high
            assert each.backfill_musd <= each.capacity_musd + 1e-9


def test_the_case_of_2017_as_it_is_stated() -> None:
    """Sizes are judgement; what they give is held here, so that a change is seen."""
    before, after = decided().situations
    seats = {(each.situation, each.state): each for each in decided().seats}
    assert (before.vote, after.vote) == ("yes", "yes")
    assert before.text < 0.3 < 0.5 < after.text
    assert before.tightest == "CHN"
    assert seats["after", "RUS"].support == "quiet"
    assert seats["after", "CHN"].support == "none"
    assert seats["before", "CHN"].support == "quiet"


def test_with_other_motives_another_story_is_told() -> None:
    given = case()[1]
    game = seat(given, given.situations[1], behind(), "RUS")
    feared = game.varied(penalty=1.0).solve()
    assert (feared.vote, feared.support) == ("yes", "none")
    assert game.varied(penalty=0.02).solve().support == "brazen"
    stubborn = game.varied(
        survival_value=400.0, relief=0.0, veto_cost=0.0, reversion=0.0, noise=1e-3
    ).solve()
    assert stubborn.vote == "veto"
    open_vote = council(given, given.situations[1], behind())
    free = replace(open_vote, states=tuple(replace(s, veto=False) for s in open_vote.states))
    assert free.solve().text > 0.9


def test_a_lever_s_switch_is_one() -> None:
    given, found = case()[1], decided()
    game = seat(given, given.situations[1], behind(), "RUS")
    assert {row.motive for row in found.switches} == {"penalty"}
    for row in found.switches:
        below, above = (game.varied(penalty=row.at * factor).solve() for factor in (0.97, 1.03))
        assert (getattr(below, row.what), getattr(above, row.what)) == (row.before, row.after)
        assert (row.low, row.central, row.high) == (0.01, 0.05, 0.5)
    assert [row.after for row in found.switches] == ["quiet", "none"]
    assert len(found.curves) == 7


def test_draws_say_how_often_and_for_whom() -> None:
    found = decided()
    for situation in ("before", "after"):
        rows = [row for row in found.shares if row.situation == situation]
        assert sum(row.share for row in rows) == pytest.approx(1)
    assert {(row.situation, row.state) for row in found.chances} == {
        (situation, state) for situation in ("before", "after") for state in ("CHN", "RUS")
    }
    inverse = found.inverse
    assert inverse is not None
    after = [row for row in found.shares if row.situation == "after"]
    hidden = sum(r.share for r in after if r.vote == "yes" and r.support in ("quiet", "brazen"))
    assert inverse.story_share == pytest.approx(hidden)
    assert (inverse.story_draws, inverse.draws) == (6, 6 * INVERSE_DRAWS)
    assert 0 < inverse.fitting < inverse.draws
    for row in (*inverse.rows, *inverse.ratios):
        if inverse.fitting < FEWEST:
            assert row.fitting_low is None
        else:
            assert row.fitting_low is not None
            assert row.fitting_high is not None
            assert row.low * 0.2 <= row.fitting_low <= row.fitting_high <= row.high * 5


def test_every_figure_with_a_range_is_drawn() -> None:
    """Of the section, and the hazard that it takes from endurance."""
    scenario, given = case()
    after = given.situations[1]
    drawn = {(each.state, each.name) for each in _uncertain(given, after, behind())}
    for state in given.in_situation(after):
        for name in (*MOTIVES, "capacity"):
            quantity = getattr(state, name)
            if quantity is not None:
                assert ((state.id, name) in drawn) == (quantity.low < quantity.high)
    assert {("RUS", "supply"), ("", "danger"), ("", "reversion"), ("", "base_hazard")} <= drawn
    assert ("USA", "unanimity") in drawn
    assert ("RUS", "false_alarm") not in drawn  # it has no range
    assert scenario.endurance is not None
    hazard = next(e for e in _uncertain(given, after, behind()) if e.name == "base_hazard")
    assert hazard.range == (0.005, 0.02, 0.05)


def test_a_benefactor_without_trade_is_refused() -> None:
    scenario = case()[0].model_copy(update={"benefactor": "AGO"})
    with pytest.raises(InvalidInput, match="PRK and AGO do not trade: name another benefactor"):
        decision(scenario)


def test_the_same_seed_gives_the_same_draws() -> None:
    def batch(seed: int) -> Drawn:
        found = draw_jobs(case()[1], behind(), "RUS", 2, seed)["draws of after from 0"]()
        assert isinstance(found, Drawn)
        return found

    one, again, other = batch(2), batch(2), batch(3)
    assert one.stances == again.stances
    assert one.stances != other.stances


def test_a_brief_answer_has_no_draws() -> None:
    found = played_out(*case(), behind(), BRIEF)
    assert (found.switches, found.shares, found.inverse) == ((), (), None)
    assert found.situations == decided().situations


def test_motives_without_a_central_value_are_followed_from_zero() -> None:
    fixed = Figure("RUS", "relief", "RUS.relief", "billion USD", (0.0, 0.0, 0.5), 1.0)
    assert wide(fixed, 3).tolist() == [0.0, 10.0, 20.0]
    assert wide(replace(fixed, range=(0.0, 1.0, 2.0)), 3) == pytest.approx([0.05, 1.0, 20.0])


def test_a_case_without_the_section_has_no_decision() -> None:
    scenario = load_scenario("russia-2022")
    assert decision(scenario) is None
    with pytest.raises(InvalidInput, match="scenario russia-2022: has no statecraft section"):
        required(scenario, DEPTH, 1, silent)


STATE = {
    "id": '"IND"',
    "survival_value": figure(10.0, "billion USD"),
    "relief": figure(0.2, "billion USD"),
    "penalty": figure(1.0, "billion USD"),
    "veto_cost": figure(0.3, "billion USD"),
    "margin": figure(0.1, "share"),
    "cost": figure(1.0, "billion USD"),
    "noise_musd": figure(100.0, "million USD a year"),
    "capacity": figure(0.2, "share"),
}
SECTION = {
    "horizon_years": "5.0",
    "danger": figure(1.0, "log hazard at a whole cut"),
    "base_hazard": figure(0.02, "per year"),
    "reversion": figure(0.2, "share"),
    "false_alarm": figure(0.05, "share"),
    "proposer": (
        f'{{id: "USA", unanimity: {figure(0.1, "of a whole cut")}, '
        f"fear: {figure(0.0, 'of a whole cut')}}}"
    ),
    "situations": '[{id: "now", label: "Now"}]',
}


def written(folder: Path, state: Mapping[str, str] = {}, **section: str) -> Path:
    states = {**STATE, **state}
    listed = ", ".join(f"{key}: {value}" for key, value in states.items() if value)
    parts = {**SECTION, "states": f"[{{{listed}}}]", **section}
    lines = [f"  {key}: {value}\n" for key, value in parts.items() if value]
    return small(folder, step("law"), head="statecraft:\n" + "".join(lines))


def test_a_small_case_is_decided(tmp_path: Path) -> None:
    found = required(
        load_scenario(str(written(tmp_path))), Depth(2, 0, ("penalty",), False), 1, silent
    )
    assert [row.state for row in found.seats] == ["IND"]
    assert found.stake.law_text is None
    assert found.stake.support_musd is None
    assert found.inverse is None
    assert found.shares == ()  # nothing is uncertain
    assert found.situations[0].vote in ("yes", "veto")


@pytest.mark.parametrize(
    ("state", "section", "said"),
    [
        ({"penalty": figure(-1.0, "billion USD")}, {}, "penalty: must lie between 0 and 1e+06"),
        ({"noise_musd": figure(0.0, "million USD a year")}, {}, "noise_musd: must lie between 1e-"),
        ({"capacity": figure(-0.1, "share")}, {}, "capacity: must lie between 0 and 1"),
        ({"relief": figure(1.0, "million USD")}, {}, 'is "million USD", must be "billion USD"'),
        ({"relief": ""}, {}, 'state "IND" has no relief'),
        ({"capacity": ""}, {}, 'state "IND" has neither supply nor capacity'),
        ({"supply": "[]"}, {}, "give supply or capacity, not both"),
        ({}, {"false_alarm": figure(1.0, "share")}, "false_alarm: must lie between 1e-06 and"),
        ({}, {"base_hazard": ""}, "statecraft needs a base_hazard, or endurance with one"),
        ({}, {"horizon_years": "0.0"}, "horizon_years"),
        (
            {},
            {"situations": '[{id: "now", label: "Now", states: [{id: "CHN"}]}]'},
            'situation "now" changes "CHN"; states are IND',
        ),
        (
            {},
            {"seen": '{situation: "then", state: "CHN"}'},
            'seen has the situation "then"; there are now; seen has the state "CHN"; there are IND',
        ),
    ],
)  # fmt: skip
def test_bad_motives_are_refused(
    state: dict[str, str], section: dict[str, str], said: str, tmp_path: Path
) -> None:
    path = written(tmp_path, state, **section)
    with pytest.raises(InvalidInput) as caught:
        load_scenario(str(path))
    assert said in str(caught.value)
    assert "small.yaml:" in str(caught.value)
