"""Several veto states and supporters; a proposer who does not know what it faces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tumen.errors import InvalidInput
from tumen.statecraft.council import Council, CouncilPlay
from tumen.statecraft.game import VoteBackfillGame
from tumen.statecraft.proposer import Proposer
from tumen.statecraft.state import State
from tumen.statecraft.textbook import BASE
from tumen.statecraft.uncertainty import Beliefs, UncertainGame

GAME = VoteBackfillGame(**BASE)
FIRST = replace(GAME.state, name="first")
SECOND = replace(GAME.state, name="second")


def council(*states: State, **changes: Any) -> Council:
    given = {"target": GAME.target, "proposer": GAME.proposer, "reversion": 0.35, **changes}
    return Council(states=states, **given)


def play(*states: State, **changes: Any) -> CouncilPlay:
    return council(*states, **changes).solve()


def test_a_council_of_one_is_the_game() -> None:
    for changes in ({}, {"penalty": 0.3}, {"veto_cost": 0.0, "relief": 0.0, "penalty": 5.0}):
        game = VoteBackfillGame(**{**BASE, **changes})
        alone, found = game.solve(), play(game.state)
        assert (found.vote, found.binding) == (alone.vote, alone.binding)
        assert found.text == pytest.approx(alone.text, abs=1e-7)
        assert found.net_cut == pytest.approx(alone.net_cut, abs=1e-6)
        assert found.seats[0].support == alone.support


def test_the_tightest_veto_binds() -> None:
    """Without support, each has a bound of its own and the council has the smallest."""
    stakes = (6.0, 9.0, 12.0)
    states = [
        replace(FIRST, name=f"s{stake:g}", survival_value=stake, capacity=0.0) for stake in stakes
    ]
    bounds = [council(state).acceptance_bound() for state in states]
    found = play(*states)
    assert all(bound is not None for bound in bounds)
    assert found.text == pytest.approx(min(bound for bound in bounds if bound), abs=1e-7)
    assert found.tightest == "s12"
    assert found.binding == "acceptance"
    assert [seat.vote for seat in found.seats] == ["yes"] * 3
    assert found.seats[2].margin == pytest.approx(0, abs=1e-6)
    assert found.seats[0].margin > 0.1


def test_a_state_without_a_veto_does_not_bind_but_supports() -> None:
    opposed = replace(SECOND, survival_value=12.0, veto=False)
    found = play(FIRST, opposed)
    assert found.tightest == "first"
    assert found.seats[1].vote == "none"
    assert found.seats[1].backfill > 0
    assert found.text > play(FIRST).text  # the other's help makes the text bearable


def test_one_veto_is_enough() -> None:
    stubborn = replace(SECOND, veto_cost=0.0, relief=0.0, penalty=5.0, capacity=0.0)
    found = play(FIRST, stubborn)
    assert (found.vote, found.binding, found.tightest) == ("veto", "no acceptable text", "second")
    assert [seat.vote for seat in found.seats] == ["yes", "veto"]
    assert found.text == 0.35
    assert found.seats[0].support == "open"


def test_a_council_without_vetoes_passes_everything() -> None:
    found = play(replace(FIRST, veto=False, survival_value=1.0))
    assert (found.vote, found.text, found.tightest) == ("yes", 1.0, "")


def test_a_fearful_proposer_stops_short_in_a_council_too() -> None:
    found = play(FIRST, SECOND, proposer=Proposer(1.0, 0.1, fear=5.0))
    assert found.binding == "interior"
    assert found.text < play(FIRST, SECOND).text


def test_several_equilibria_are_said_and_the_choice_between_them_matters() -> None:
    backer = replace(SECOND, survival_value=20.0, veto=False)
    asked = [council(FIRST, backer, select=each) for each in ("least", "most")]
    least, most = (each.solve() for each in asked)
    assert not asked[0].equilibria(least).unique
    assert least.net_cut > 0
    assert most.net_cut <= least.net_cut + 1e-6


def test_a_bad_council_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        council(FIRST, FIRST, reversion=1.5, select="any")
    assert str(caught.value) == (
        "council: 3 problems\n"
        "  - reversion: is 1.5, must be between 0 and 1: "
        "r0, the cut that others make alone after a veto\n"
        "  - states: has 'first' twice, names must differ\n"
        "  - select: is 'any', must be 'least' or 'most'"
    )
    with pytest.raises(InvalidInput, match="must have at least one state"):
        council()
    with pytest.raises(InvalidInput, match="first: 1 problem\n  - noise: is -1"):
        replace(FIRST, noise=-1.0)


def test_certain_beliefs_are_the_game() -> None:
    gamble = UncertainGame(GAME, Beliefs((10.0,), (1.0,))).solve()
    assert gamble.text == pytest.approx(GAME.solve().text, abs=1e-7)
    assert gamble.chance_of_yes == 1


def test_the_chance_of_a_yes_falls_with_the_text() -> None:
    """Even beliefs from 5 to 15: the chance is the share of stakes that would accept."""
    game = UncertainGame(GAME, Beliefs.evenly(5.0, 15.0, 50))
    chances = game.chances(np.array([0.2632, 0.15, 0.3, 0.6]))
    assert chances[0] == pytest.approx(0.5, abs=0.021)
    assert chances[1] >= chances[0] >= chances[2] >= chances[3]


def test_a_proposer_who_is_unsure_may_risk_a_veto() -> None:
    beliefs = Beliefs((6.0, 30.0), (0.9, 0.1))
    gamble = UncertainGame(GAME, beliefs).solve()
    mild = replace(GAME, survival_value=6.0).solve()
    assert gamble.chance_of_yes == pytest.approx(0.9)
    assert gamble.text == pytest.approx(mild.text, abs=1e-6)
    texts = np.linspace(0, 1, 400)
    game = UncertainGame(GAME, beliefs)
    assert gamble.expected_payoff >= max(game._expected(texts)[3]) - 1e-9


def test_no_text_where_all_refuse() -> None:
    game = replace(GAME, veto_cost=0.0, relief=0.0, penalty=5.0)
    gamble = UncertainGame(game, Beliefs.evenly(8.0, 12.0, 5)).solve()
    assert gamble.text is None
    assert gamble.chance_of_yes == 0
    assert gamble.expected_net_cut == pytest.approx(game.solve().net_cut)


def test_bad_beliefs_are_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        Beliefs((1.0, -2.0), (0.5, 0.6))
    assert [problem.place for problem in caught.value.problems] == ["values", "weights"]
    assert Beliefs.drawn([3.0, 4.0]).weights == (0.5, 0.5)
