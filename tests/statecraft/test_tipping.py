"""Where plays tip, and which motives a play reveals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tumen.errors import InvalidInput
from tumen.statecraft.game import VoteBackfillGame
from tumen.statecraft.motives import Observed, consistent
from tumen.statecraft.textbook import BASE
from tumen.statecraft.tipping import along, phase_map, support_jump

GAME = VoteBackfillGame(**BASE)
MOTIVES = {
    "survival_value": np.linspace(1, 30, 9),
    "relief": np.linspace(0, 1, 6),
    "penalty": np.linspace(0, 20, 9),
    "veto_cost": np.linspace(0, 1, 6),
    "noise": np.linspace(0.02, 0.5, 7),
}


@pytest.mark.parametrize("motive", MOTIVES)
def test_a_switch_separates_two_kinds_of_play(motive: str) -> None:
    curve = along(GAME, motive, MOTIVES[motive])
    assert curve.column("text").shape == curve.values.shape
    for switch in curve.switches:
        low, high = (replace(GAME, **{motive: switch.at + step}).solve() for step in (-1e-4, 1e-4))
        assert getattr(low, switch.what) == switch.before
        assert getattr(high, switch.what) == switch.after


def test_the_story_changes_with_the_motives() -> None:
    """The same code tells of silence, quiet help, open defiance and a veto."""
    penalty = along(GAME, "penalty", MOTIVES["penalty"])
    assert [(each.what, each.before, each.after) for each in penalty.switches][:1] == [
        ("support", "brazen", "quiet")
    ]
    assert ("vote", "yes", "veto") in [(e.what, e.before, e.after) for e in penalty.switches]
    stake = along(GAME, "survival_value", MOTIVES["survival_value"])
    assert list(dict.fromkeys(stake.column("support"))) == ["none", "quiet", "brazen"]


def test_where_a_sign_fails() -> None:
    """The text falls with the penalty, but not where the jump binds."""
    curve = along(GAME, "penalty", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0, 1.5])
    assert curve.against("text", -1) == [(0.3, 0.4)]
    assert curve.against("text", 1) == [(0.0, 0.3), (0.4, 1.5)]
    assert along(GAME, "veto_cost", MOTIVES["veto_cost"]).against("text", 1) == []


def test_a_map_agrees_with_its_curves() -> None:
    stakes, penalties = [4.0, 10.0, 16.0], [0.3, 1.0]
    chart = phase_map(GAME, "survival_value", stakes, "penalty", penalties)
    assert chart.column("text").shape == (2, 3)
    curve = along(GAME, "survival_value", stakes)
    assert chart.column("text")[1].tolist() == curve.column("text").tolist()
    assert sum(chart.shares().values()) == pytest.approx(1)
    assert set(chart.shares()) == {(p.vote, p.support) for row in chart.plays for p in row}


def test_the_jump_from_quiet_to_brazen() -> None:
    jump = support_jump(GAME)
    assert jump is not None
    assert jump.after - jump.before > 0.2
    near = GAME.backfill(np.array([jump.text - 1e-6, jump.text + 1e-6]))
    assert near == pytest.approx([jump.before, jump.after], abs=1e-3)
    assert support_jump(replace(GAME, noise=5.0, penalty=0.0, relief=0.0)) is None


def test_better_monitoring_moves_the_jump() -> None:
    """What a watcher gains: beyond a larger text nothing is worth hiding."""
    sharp, blunt = support_jump(replace(GAME, noise=0.05)), support_jump(GAME)
    assert sharp is not None
    assert blunt is not None
    assert sharp.before < blunt.before


def test_the_inverse_finds_the_motives_that_made_the_play() -> None:
    play = GAME.solve()
    near = Observed(
        vote="yes",
        text=(play.text - 0.03, play.text + 0.03),
        backfill=(play.backfill - 0.02, play.backfill + 0.02),
    )
    ranges = {"survival_value": (2.0, 20.0), "penalty": (0.2, 3.0)}
    found = consistent(GAME, near, ranges, draws=400, seed=3)
    assert 0 < found.share < 0.5
    left = found.remaining()
    assert left is not None
    for name, (low, high) in left.items():
        assert low <= BASE[name] <= high
        assert high - low < ranges[name][1] - ranges[name][0]
    middle = found.remaining(0.25, 0.75)
    assert middle is not None
    assert left["penalty"][0] <= middle["penalty"][0] <= middle["penalty"][1]
    for point, fits in zip(found.draws[:20].tolist(), found.fits[:20]):
        again = replace(GAME, **dict(zip(ranges, point))).solve()
        assert near.fits(again) == fits


def test_draws_repeat_with_their_seed() -> None:
    ranges = {"noise": (0.05, 0.2)}
    one, two, other = (
        consistent(GAME, Observed(vote="yes"), ranges, draws=8, seed=seed) for seed in (1, 1, 2)
    )
    assert one.draws.tolist() == two.draws.tolist() != other.draws.tolist()


def test_nothing_fits_the_impossible() -> None:
    never = Observed(vote="veto", support="quiet")
    found = consistent(GAME, never, {"noise": (0.05, 0.2)}, draws=8)
    assert found.share == 0
    assert found.remaining() is None


def test_bad_questions_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"motive: is 'penalti', .* did you mean .penalty"):
        along(GAME, "penalti", [1.0])
    with pytest.raises(InvalidInput, match=r"noise: is 0.2 to 0.1, must rise"):
        consistent(GAME, Observed(), {"noise": (0.2, 0.1)})
    with pytest.raises(InvalidInput, match=r"noise: is -0.1, must be a number above 0"):
        consistent(GAME, Observed(), {"noise": (-0.1, 0.1)})
    with pytest.raises(InvalidInput) as caught:
        Observed(vote="maybe", text=(0.3, 0.2))
    assert str(caught.value) == (
        "observed: 2 problems\n"
        "  - text: is 0.3 to 0.2, must rise\n"
        "  - vote: is 'maybe', must be one of yes, veto"
    )


def test_two_switches_between_two_values_are_both_found() -> None:
    """From none to brazen in one step of the curve: quiet lies between."""
    curve = along(GAME, "survival_value", [0.0, 30.0])
    kinds = [(each.before, each.after) for each in curve.switches if each.what == "support"]
    assert kinds == [("none", "quiet"), ("quiet", "brazen")]
    assert curve.switches[0].at < curve.switches[1].at
