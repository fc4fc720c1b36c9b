"""A council from one seat: its motives by name, and the inverse question asked of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tumen.errors import InvalidInput
from tumen.statecraft.council import Council
from tumen.statecraft.game import VoteBackfillGame
from tumen.statecraft.motives import Observed, consistent, drawn
from tumen.statecraft.seat import SeatGame
from tumen.statecraft.textbook import BASE
from tumen.statecraft.tipping import along, phase_map, support_jump

GAME = VoteBackfillGame(**BASE)
FIRST = replace(GAME.state, name="first")
SECOND = replace(GAME.state, name="second", survival_value=6.0)
COUNCIL = Council(
    target=GAME.target, states=(FIRST, SECOND), proposer=GAME.proposer, reversion=0.35, texts=33
)
SEAT = SeatGame(COUNCIL, "second")


def alone() -> SeatGame:
    return SeatGame(replace(COUNCIL, states=(FIRST,), texts=129), "first")


def test_a_seat_alone_is_the_game() -> None:
    found, play = alone().solve(), GAME.solve()
    for name in ("vote", "support", "binding"):
        assert getattr(found, name) == getattr(play, name)
    for name in ("text", "backfill", "net_cut", "collapse", "detection", "margin"):
        assert getattr(found, name) == pytest.approx(getattr(play, name), abs=1e-6)


def test_names_reach_who_they_name() -> None:
    changed = SEAT.varied(
        penalty=2.0, **{"first.relief": 0.4}, reversion=0.2, hazard_slope=5.0, unanimity=0.3
    ).council
    first, second = changed.states
    assert (second.penalty, first.penalty) == (2.0, 1.0)
    assert (first.relief, second.relief) == (0.4, 0.25)
    assert (changed.reversion, changed.target.hazard_slope) == (0.2, 5.0)
    assert (changed.proposer.unanimity, changed.proposer.gain) == (0.3, 1.0)
    assert SEAT.council == COUNCIL


def test_every_name_that_is_told_can_be_changed() -> None:
    for name in SEAT.motives:
        if name not in ("income_loss", "horizon", "noise") and "noise" not in name:
            SEAT.varied(**{name: 0.25})
    with pytest.raises(InvalidInput, match=r"'secnd\.penalty', which no game has; did you mean"):
        along(SEAT, "secnd.penalty", [0.1, 0.2])


def test_tipping_works_from_a_seat_as_it_does_in_the_game() -> None:
    values = [0.1, 0.5, 1.0]
    seat, game = (along(each, "penalty", values) for each in (alone(), GAME))
    assert [each.what for each in seat.switches] == [each.what for each in game.switches]
    for mine, its in zip(seat.switches, game.switches, strict=True):
        assert mine.at == pytest.approx(its.at, abs=1e-3)
    assert seat.column("text") == pytest.approx(game.column("text"), abs=1e-6)
    one, other = support_jump(alone()), support_jump(GAME)
    assert one is not None
    assert other is not None
    assert one.text == pytest.approx(other.text, abs=1e-6)
    chart = phase_map(alone(), "survival_value", [0.0, 16.0], "penalty", [0.3])
    assert chart.column("support").tolist() == [["none", "brazen"]]


def test_fewer_looks_find_nearly_the_same_text() -> None:
    quick = replace(COUNCIL, texts=33, accuracy=1e-4).solve()
    exact = replace(COUNCIL, texts=129).solve()
    assert quick.text == pytest.approx(exact.text, abs=1e-4)
    assert [each.support for each in quick.seats] == [each.support for each in exact.seats]


def test_draws_respect_their_central_value_and_their_ends() -> None:
    points = drawn({"penalty": (0.0, 1.0, 100.0), "relief": (0.2, 0.4)}, 400, seed=3)
    penalty, relief = points.T
    assert (penalty < 1).mean() == 0.5
    assert 0 <= penalty.min() < 0.02
    assert 99 < penalty.max() <= 100
    assert relief.mean() == pytest.approx(0.3, abs=1e-3)
    assert np.array_equal(
        points, drawn({"penalty": (0.0, 1.0, 100.0), "relief": (0.2, 0.4)}, 400, 3)
    )


def test_what_is_ruled_out_is_never_the_play() -> None:
    """The cheap look may let a play through that is none, but never rules out one that is."""
    observed = Observed(vote="yes", text=(0.15, 0.3), backfill=(0.02, 0.08), support="quiet")
    ranges = {
        "survival_value": (2.0, 6.0, 20.0),
        "first.veto_cost": (0.0, 0.3, 0.6),
        "penalty": (0.2, 3.0),
    }
    names, points = list(ranges), drawn(ranges, 24, seed=1)
    games = [SEAT.varied(**dict(zip(names, point, strict=True))) for point in points.tolist()]
    fits = [observed.fits(game.solve()) for game in games]
    may = [game.may_play(observed) for game in games]
    assert 2 < sum(fits) < 22
    assert sum(may) < 23
    assert not any(fit and not possible for fit, possible in zip(fits, may, strict=True))


def test_narrow_support_in_a_wide_text_is_not_ruled_out() -> None:
    play = SEAT.solve()
    narrow = Observed(
        vote="yes", text=(0.0, 1.0), backfill=(play.backfill - 1e-5, play.backfill + 1e-5)
    )
    assert narrow.fits(play)
    assert SEAT.may_play(narrow)
    assert not SEAT.may_play(replace(narrow, backfill=(0.9, 0.95)))


def test_the_inverse_of_a_council() -> None:
    observed = Observed(vote="yes", support=("quiet", "brazen"))
    found = consistent(SEAT, observed, {"survival_value": (0.0, 12.0)}, draws=8)
    remaining = found.remaining()
    assert 0 < found.share < 1
    assert remaining is not None
    assert remaining["survival_value"][0] > 0.5
    with pytest.raises(InvalidInput, match="is 'loud', must be one of none, quiet"):
        Observed(support=("quiet", "loud"))
