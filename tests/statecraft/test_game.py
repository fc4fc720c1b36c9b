"""The game against brute force, its signs, its limits, and what it refuses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tumen
from tests.statecraft import brute_force
from tumen.errors import InvalidInput
from tumen.statecraft.game import Play, VoteBackfillGame
from tumen.statecraft.target import LossOfTextAndSupport
from tumen.statecraft.textbook import BASE


def solved(**changes: Any) -> Play:
    return VoteBackfillGame(**{**BASE, **changes}).solve()


def test_the_textbook() -> None:
    play = tumen.VoteBackfillGame(**BASE).solve()
    assert (play.vote, play.binding, play.support) == ("yes", "acceptance", "quiet")
    found = (play.text, play.backfill, play.detection, play.net_cut)
    assert found == pytest.approx((0.2632, 0.0553, 0.1375, 0.2079), abs=5e-4)
    assert play.collapse == pytest.approx(1 - math.exp(-0.1 * math.exp(2.1 * play.net_cut)))
    assert play.margin == pytest.approx(0, abs=1e-8)
    assert play.proposer_payoff == pytest.approx(play.net_cut + 0.1)


def random_game(seed: int) -> dict[str, Any]:
    """Motives around the textbook's, each game with some of them at a corner."""
    draw = np.random.default_rng(seed)
    game: dict[str, Any] = {
        "survival_value": draw.uniform(0, 20),
        "horizon": draw.uniform(1, 10),
        "base_hazard": draw.uniform(0.005, 0.05),
        "hazard_slope": draw.uniform(0, 8),
        "income_loss": draw.uniform(0.05, 0.5),
        "effectiveness": draw.uniform(0.5, 1.2),
        "profit": draw.uniform(0, 0.3),
        "cost": draw.uniform(0, 2),
        "penalty": draw.uniform(0, 2),
        "relief": draw.uniform(0, 0.8),
        "veto_cost": draw.uniform(0, 0.8),
        "noise": 10 ** draw.uniform(-1.7, 0.3),
        "false_alarm": draw.uniform(0.01, 0.2),
        "reversion": draw.uniform(0, 0.8),
        "proposer_gain": 1.0,
        "unanimity": draw.uniform(0, 0.2),
        "black_market": draw.choice([0.0, draw.uniform(0, 0.3)]),
        "capacity": draw.uniform(0, 1.2),
    }
    corners = {"capacity": 0.0, "survival_value": 0.0, "penalty": 0.0, "relief": 0.0, "cost": 0.0}
    corners |= {"veto_cost": 0.0, "reversion": 0.0, "hazard_slope": 0.0, "unanimity": 0.0}
    game |= {name: value for name, value in corners.items() if draw.random() < 0.08}
    if draw.random() < 0.2:
        game["capacity_after_veto"] = draw.uniform(0, 1)
    return game


def agrees(game: dict[str, Any]) -> Play:
    play, plain = VoteBackfillGame(**game).solve(), brute_force.solve(game)
    if plain.closeness > 5e-3:
        assert (play.vote == "yes") == plain.accepted, game
    if play.vote == "yes":
        assert play.proposer_payoff >= plain.payoff - 3e-3, game
        refused, _ = brute_force.veto(game)
        own = brute_force.payoff_yes(game, play.text, play.backfill)
        grid = np.linspace(0, min(play.text, game["capacity"]), 20001)
        best = brute_force.payoff_yes(game, play.text, grid).max()
        assert own >= best - 1e-9, game
        assert own >= refused - 1e-9, game
    if plain.accepted and play.vote == "yes":
        assert play.proposer_payoff == pytest.approx(plain.payoff, abs=6e-3), game
    return play


def test_brute_force_agrees() -> None:
    plays = [agrees(random_game(seed)) for seed in range(80)]
    assert {play.vote for play in plays} == {"yes", "veto"}
    assert {play.support for play in plays} >= {"none", "quiet", "brazen", "open"}


@pytest.mark.slow
def test_brute_force_agrees_on_five_hundred() -> None:
    plays = [agrees(random_game(seed)) for seed in range(80, 580)]
    assert {play.binding for play in plays} >= {"acceptance", "full cut", "interior", "jump"}
    assert {play.binding for play in plays} >= {"no acceptable text", "reversion"}


def test_no_text_on_a_fine_grid_is_better_even_with_extreme_motives() -> None:
    texts = np.linspace(0, 1, 4001)
    scaled = ("survival_value", "penalty", "relief", "veto_cost", "profit", "noise", "hazard_slope")
    for seed in range(40):
        draw = np.random.default_rng(seed)
        given = random_game(seed)
        given |= {name: given[name] * 10 ** draw.uniform(-2, 1.5) for name in scaled}
        game = VoteBackfillGame(**given, proposer_fear=draw.choice([0.0, 3.0]))
        found = game.respond(texts)
        worth = game.proposer.payoff(found.net_cut, found.collapse)[found.accepted]
        best = max(worth.max(initial=-np.inf), game.without_text[2])
        assert game.solve().proposer_payoff >= best - 1e-7 * game.proposer.scale, given


around = st.fixed_dictionaries(
    {},
    optional={
        "survival_value": st.floats(2, 25),
        "noise": st.floats(0.03, 0.5),
        "penalty": st.floats(0.1, 3),
        "relief": st.floats(0, 0.6),
        "veto_cost": st.floats(0, 0.8),
        "capacity": st.floats(0, 1),
        "profit": st.floats(0, 0.1),
    },
)
texts = st.floats(0.02, 1)


@given(around, texts, st.floats(1.0, 3.0))
def test_at_a_given_text_support_rises_with_the_stake_and_falls_with_the_penalty(
    changes: dict[str, float], text: float, factor: float
) -> None:
    game = {**BASE, **changes}

    def support(**other: float) -> float:
        return float(VoteBackfillGame(**{**game, **other}).backfill(np.array([text]))[0])

    base = support()
    assert support(survival_value=game["survival_value"] * factor) >= base - 1e-6
    assert support(penalty=game["penalty"] * factor) <= base + 1e-6


@given(st.floats(0.05, 0.6), st.floats(0.06, 0.2), st.floats(1.01, 1.2))
def test_noise_hides_quiet_support(text: float, noise: float, factor: float) -> None:
    def support(sigma: float) -> float:
        game = VoteBackfillGame(**{**BASE, "noise": sigma, "capacity": 0.15})
        return float(game.backfill(np.array([text]))[0])

    less = support(noise)
    if less / noise < 1.5:
        assert support(noise * factor) >= less - 1e-6


def test_noise_can_make_brazen_support_quiet() -> None:
    """The sign of σ fails where hiding becomes worth while: support falls as noise rises."""
    brazen, quiet = (
        float(VoteBackfillGame(**{**BASE, "noise": noise}).backfill(np.array([0.5]))[0])
        for noise in (0.10, 0.15)
    )
    assert brazen == pytest.approx(0.5)
    assert quiet == pytest.approx(0.194, abs=1e-3)


@given(around, st.floats(0.01, 0.5))
def test_the_text_rises_with_relief_and_the_cost_of_a_veto_on_the_quiet_branch(
    changes: dict[str, float], more: float
) -> None:
    game = {**BASE, **changes}
    base = solved(**changes)
    for name in ("relief", "veto_cost"):
        other = solved(**{**changes, name: game[name] + more})
        if base.vote == other.vote == "yes" and {base.support, other.support} <= {"none", "quiet"}:
            assert other.text >= base.text - 1e-6


@given(st.floats(6, 12), st.floats(1.0, 1.3))
def test_the_text_falls_with_the_stake(stake: float, factor: float) -> None:
    assert solved(survival_value=stake * factor).text <= solved(survival_value=stake).text + 1e-9


def test_signs_of_penalty_and_noise_on_the_quiet_branch() -> None:
    plays = [solved(penalty=1.2), solved(), solved(noise=0.12)]
    assert {play.support for play in plays} == {"quiet"}
    low, base, high = (play.text for play in plays)
    assert low < base < high


def test_the_sign_of_the_penalty_fails_at_the_jump() -> None:
    """Where a larger text would make the veto state brazen, a penalty makes room for one."""
    less, more = solved(penalty=0.3), solved(penalty=0.5)
    assert (less.binding, more.binding) == ("jump", "acceptance")
    assert less.text == pytest.approx(0.262, abs=1e-3)
    assert more.text == pytest.approx(0.299, abs=1e-3)


@given(st.floats(0, 0.4), st.floats(0.001, 0.3))
def test_evasion_after_a_yes_only_raises_the_text(evasion: float, more: float) -> None:
    less, much = solved(black_market=evasion), solved(black_market=evasion + more)
    assert much.text >= less.text - 1e-9
    assert much.net_cut <= less.net_cut + 1e-6


def test_capacity_after_a_yes_only_raises_the_text_and_lowers_the_net_cut() -> None:
    plays = [solved(capacity=each, capacity_after_veto=0.2) for each in (0.0, 0.02, 0.04, 0.2)]
    found = [play.text for play in plays]
    assert found == sorted(found)
    assert found[0] < found[-1]
    nets = [play.net_cut for play in plays]
    assert nets == sorted(nets, reverse=True)


def test_capacity_that_also_works_after_a_veto_lowers_both() -> None:
    without, with_it = solved(capacity=0.0), solved(capacity=0.6)
    assert without.text == pytest.approx(0.485, abs=1e-3)
    assert with_it.text == pytest.approx(0.263, abs=1e-3)
    assert with_it.net_cut < without.net_cut


@given(around, st.floats(1e-3, 1e3), st.floats(1e-2, 1e2))
def test_payoffs_have_no_unit(changes: dict[str, float], unit: float, other: float) -> None:
    game = {**BASE, **changes}
    motives = ("survival_value", "profit", "cost", "penalty", "relief", "veto_cost")
    scaled = {name: game[name] * unit for name in motives}
    scaled |= {name: game[name] * other for name in ("proposer_gain", "unanimity")}
    base, same = solved(**changes), solved(**{**game, **scaled})
    assert same.vote == base.vote
    assert same.proposer_payoff == pytest.approx(base.proposer_payoff * other, abs=1e-6 * other)


def test_an_endless_penalty_ends_hidden_support_and_the_deal() -> None:
    game = VoteBackfillGame(**{**BASE, "penalty": 1e3})
    assert game.backfill(np.array([0.1, 0.3, 0.9])).tolist() == [0, 0, 0]
    play = game.solve()  # false alarms alone cost more than a veto
    assert (play.vote, play.binding) == ("veto", "no acceptable text")


def test_perfect_and_no_detection() -> None:
    sharp = solved(noise=1e-6)
    assert sharp.backfill < 1e-5
    blind = solved(noise=1e6)
    assert blind.detection == pytest.approx(0.05, abs=1e-6)
    plain = {**BASE, "noise": 1e6}
    grid = np.linspace(0, min(blind.text, 0.6), 100_001)
    best = grid[brute_force.payoff_yes(plain, blind.text, grid).argmax()]
    assert blind.backfill == pytest.approx(best, abs=1e-4)


def test_a_veto_that_costs_everything_is_never_cast() -> None:
    play = solved(veto_cost=1e6)
    assert (play.vote, play.text, play.binding) == ("yes", 1.0, "full cut")


def test_no_deal_ends_in_a_veto() -> None:
    play = solved(veto_cost=0.0, relief=0.0, penalty=5.0)
    assert (play.vote, play.text, play.support) == ("veto", 0.35, "open")
    assert play.binding == "no acceptable text"
    assert play.detection == 0
    assert play.margin < 0


def test_a_proposer_may_prefer_the_reversion() -> None:
    open_support = solved(reversion=0.5, capacity_after_veto=0.2)
    assert open_support.vote == "yes"
    alone = solved(reversion=0.5, capacity_after_veto=0.0)
    assert (alone.vote, alone.binding) == ("veto", "reversion")
    assert (alone.net_cut, alone.text, alone.support) == (0.5, 0.5, "none")


def test_both_maxima_are_found() -> None:
    game = VoteBackfillGame(**{**BASE, "survival_value": 14.0, "noise": 0.05, "veto_cost": 1.2})
    play = game.solve()
    assert play.binding == "jump"
    (quiet, at_quiet), (brazen, at_brazen) = play.peaks
    assert quiet == pytest.approx(play.backfill)
    assert brazen == pytest.approx(min(play.text, 0.6))
    assert at_quiet == pytest.approx(at_brazen, abs=1e-6)
    beyond = game.backfill(np.array([play.text - 1e-4, play.text + 1e-4]))
    assert beyond[1] - beyond[0] > 0.1


def test_a_proposer_who_fears_collapse_stops_before_the_bound() -> None:
    play = solved(proposer_fear=5.0)
    bound = VoteBackfillGame(**BASE).acceptance_bound()
    assert bound == pytest.approx(0.2632, abs=5e-4)
    assert play.binding == "interior"
    assert bound is not None
    assert play.text < bound
    grid = VoteBackfillGame(**BASE).respond(np.linspace(0, bound, 2001))
    best = (grid.net_cut - 5 * grid.collapse).max()
    assert play.proposer_payoff - 0.1 == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize(
    "loss",
    [
        lambda net: 0.35 * net,
        lambda net: 0.35 * float(net),
        LossOfTextAndSupport(lambda text, support: 0.35 * np.maximum(0, text - support)),
    ],
)
def test_a_loss_may_be_a_function(loss: Any) -> None:
    assert solved(income_loss=loss).text == pytest.approx(solved().text, abs=1e-6)


def test_a_curved_loss_agrees_with_brute_force() -> None:
    for seed in range(5):
        agrees({**random_game(seed), "income_loss": lambda net: 0.4 * net**2})


def test_bad_motives_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        solved(noise=0.0, capacity=-0.1, false_alarm=-0.05, relief=math.nan, income_loss="x")
    assert str(caught.value) == (
        "vote and backfill: 5 problems\n"
        "  - relief: is nan, must be a number not below 0: "
        "ρ, the worth of relief from the state's own sanctions\n"
        "  - noise: is 0, must be a number above 0: σ, the standard error of the monitor's figure\n"
        "  - false_alarm: is -0.05, must be above 0 and below 1: α, how often honest trade is "
        "flagged\n"
        "  - capacity: is -0.1, must be a number not below 0: "
        "B, the most that can be supplied, a share of baseline trade\n"
        "  - income_loss: is 'x', must be a number not below 0: "
        "ȳ, the share of real income lost without this trade"
    )


def test_a_loss_without_an_answer_is_refused() -> None:
    with pytest.raises(InvalidInput, match="income_loss: is nan at 1, must be finite"):
        solved(income_loss=lambda net: np.where(net < 1, net, np.nan))
