"""The decision of a case: how it is played, where it tips, and what must be believed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.scenario.decision_draws import Drawn, Fitted, draw_jobs, inverse, shares, vote_chances
from tumen.scenario.decision_game import Figure, council, seat, state_figures
from tumen.scenario.decision_result import (
    CurvePoint,
    Decision,
    MapPoint,
    SeatRow,
    SituationRow,
    SwitchRow,
)
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import Job, Progress, silent, spread
from tumen.scenario.stake import Economy, economy
from tumen.scenario.statecraft_schema import Situation, Statecraft
from tumen.statecraft.council import Council, CouncilPlay
from tumen.statecraft.seat import SeatGame
from tumen.statecraft.tipping import along, phase_map, support_jump

Array = NDArray[np.float64]

LEVERS = ("noise_musd", "penalty", "relief")
"""What others can do about a supporter: watch better, punish, promise."""
TIPPING = (*LEVERS, "survival_value", "veto_cost")
"""Motives along which the play is followed."""
FURTHER = 20.0
"""A motive is followed from its central value over and times this."""
POINTS = 7
HALVINGS = 8
MAP = ("survival_value", "penalty")
MAP_POINTS = 6
DRAWS = 64


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is asked."""

    draws: int = DRAWS
    seed: int = 0
    motives: tuple[str, ...] = TIPPING
    map: bool = True


BRIEF = Depth(draws=0, motives=(), map=False)
"""As part of a run of the whole case: how it is played, at the central motives."""
ON_A_PAGE = Depth(draws=0)
"""As part of a report: where it tips, and the map of two motives, as well."""


def decision(
    scenario: Scenario, depth: Depth = Depth(), workers: int = 1, told: Progress = silent
) -> Decision | None:
    """Return how a case's vote and support are decided; None where it says nothing of them.

    Parameters
    ----------
    depth
        How much is asked.
    workers, told
        As for :func:`tumen.scenario.run.run`.

    Raises
    ------
    InvalidInput, Infeasible, NotConverged
        Where the losses of texts and support cannot be solved, or motives cannot be.
    """
    given = scenario.statecraft
    if given is None:
        return None
    told("losses of texts and support", 0, 1)
    return played_out(scenario, given, economy(scenario, given), depth, workers, told)


def played_out(
    scenario: Scenario,
    given: Statecraft,
    behind: Economy,
    depth: Depth,
    workers: int = 1,
    told: Progress = silent,
) -> Decision:
    """Return the decision on losses that are solved already."""
    followed, watched = _followed(scenario, given)
    plays = [(each, *_played(given, each, behind)) for each in given.situations]
    jobs: dict[str, Job] = {
        f"{motive} in {watched.id}": partial(_curve, given, watched, behind, followed, motive)
        for motive in depth.motives
    }
    if depth.map:
        jobs["two motives"] = partial(_map, given, watched, behind, followed)
    jobs |= draw_jobs(given, behind, followed, depth.draws, depth.seed)
    answers = spread(jobs, workers, told)
    curves = [found for found in answers.values() if isinstance(found, _Curve)]
    drawn = [found for found in answers.values() if isinstance(found, Drawn)]
    fitted = [found for found in answers.values() if isinstance(found, Fitted)]
    return Decision(
        stake=behind.stake,
        situations=tuple(row for _, row, _ in plays),
        seats=tuple(row for _, _, rows in plays for row in rows),
        switches=tuple(row for found in curves for row in found.switches),
        curves=tuple(row for found in curves for row in found.points),
        phase_map=tuple(answers.get("two motives", ())),
        shares=tuple(shares(drawn)),
        chances=tuple(vote_chances(drawn)),
        inverse=inverse(given, behind, drawn, fitted),
        draws=depth.draws,
        seed=depth.seed,
        notes=tuple(
            each.note
            for each in (*given.states, *(state for s in given.situations for state in s.states))
            if each.note
        ),
    )


def required(scenario: Scenario, depth: Depth, workers: int, told: Progress) -> Decision:
    """Return the decision of a case that must say who decides.

    Raises
    ------
    InvalidInput
        If it has no section about statecraft.
    """
    found = decision(scenario, depth, workers, told)
    if found is None:
        message = "has no statecraft section: say who votes and supports, and what they want"
        raise InvalidInput(Problem(f"scenario {scenario.id}", message))
    return found


def _followed(scenario: Scenario, given: Statecraft) -> tuple[str, Situation]:
    """Whose support is followed, and in which situation: what was seen, else the newcomer, last."""
    if given.seen is not None:
        watched = next(each for each in given.situations if each.id == given.seen.situation)
        return given.seen.state, watched
    names = [each.id for each in given.states]
    state = scenario.newcomer if scenario.newcomer in names else names[-1]
    return state, given.situations[-1]


def _played(
    given: Statecraft, situation: Situation, behind: Economy
) -> tuple[SituationRow, list[SeatRow]]:
    """Play a situation at the central motives."""
    stake = behind.stake
    game = council(given, situation, behind)
    play = game.solve()
    found = game.equilibria(play)
    ranges = found.ranges or [(each.backfill, each.backfill) for each in play.seats]
    jumps = {each.name: support_jump(SeatGame(game, each.name)) for each in game.states}
    row = SituationRow(
        situation=situation.id,
        label=situation.label,
        note=situation.note,
        vote=play.vote,
        text=play.text,
        net_cut=play.net_cut,
        loss_pct=100 * _loss(game, play, behind),
        collapse=play.collapse,
        binding=play.binding,
        tightest=play.tightest,
        accepted_up_to=game.acceptance_bound(),
        equilibria=len(found.points),
        on_a_line=found.line,
    )
    seats = [
        SeatRow(
            situation=situation.id,
            state=each.name,
            vote=each.vote,
            margin=each.margin if state.veto else None,
            backfill_musd=each.backfill * stake.trade_musd,
            backfill_musd_low=min(each.backfill, low) * stake.trade_musd,
            backfill_musd_high=max(each.backfill, high) * stake.trade_musd,
            detection=each.detection,
            support=each.support,
            capacity_musd=state.capacity * stake.trade_musd,
            jump_at=jump.text if jump else None,
            jump_from_musd=jump.before * stake.trade_musd if jump else None,
            jump_to_musd=jump.after * stake.trade_musd if jump else None,
        )
        for each, state, (low, high), jump in zip(
            play.seats, game.states, ranges, jumps.values(), strict=True
        )
    ]
    return row, seats


def _loss(game: Council, play: CouncilPlay, behind: Economy) -> float:
    """Share of real income that the target loses in a play."""
    around = sum(each.backfill for each in play.seats)
    around += game.target.black_market if play.vote == "yes" else 0.0
    text = np.array([play.text])
    return float(behind.surface(text, np.minimum(text, around))[0])


@dataclass(frozen=True, slots=True)
class _Curve:
    switches: list[SwitchRow]
    points: list[CurvePoint]


def _figure(
    given: Statecraft, situation: Situation, behind: Economy, state: str, name: str
) -> Figure:
    chosen = next(each for each in given.in_situation(situation) if each.id == state)
    return next(each for each in state_figures(chosen, behind.stake) if each.name == name)


def wide(figure: Figure, count: int) -> Array:
    """Return values around the central one of a figure, evenly in logs; from 0 where that is 0."""
    central = figure.range[1]
    if central > 0:
        return np.geomspace(central / FURTHER, central * FURTHER, count)
    return np.linspace(0.0, FURTHER * max(figure.range[2], 1.0), count)


def _curve(
    given: Statecraft, situation: Situation, behind: Economy, state: str, name: str
) -> _Curve:
    """Follow a state's support along a motive."""
    figure = _figure(given, situation, behind, state, name)
    game = seat(given, situation, behind, state)
    values = wide(figure, POINTS)
    found = along(game, figure.motive, values * figure.factor, HALVINGS)
    common = {"situation": situation.id, "state": state, "motive": name, "unit": figure.unit}
    low, central, high = figure.range
    return _Curve(
        [
            SwitchRow(
                **common,
                central=central,
                low=low,
                high=high,
                at=each.at / figure.factor,
                what=each.what,
                before=each.before,
                after=each.after,
            )
            for each in found.switches
        ],
        [
            CurvePoint(
                **common,
                value=float(value),
                vote=play.vote,
                text=play.text,
                net_cut=play.net_cut,
                collapse=play.collapse,
                backfill_musd=play.backfill * behind.stake.trade_musd,
                detection=play.detection,
                support=play.support,
            )
            for value, play in zip(values.tolist(), found.plays, strict=True)
        ],
    )


def _map(given: Statecraft, situation: Situation, behind: Economy, state: str) -> list[MapPoint]:
    """Play over two motives."""
    across, up = (_figure(given, situation, behind, state, name) for name in MAP)
    axes = [wide(each, MAP_POINTS) for each in (across, up)]
    game = seat(given, situation, behind, state)
    found = phase_map(game, across.motive, axes[0] * across.factor, up.motive, axes[1] * up.factor)
    return [
        MapPoint(
            situation=situation.id,
            state=state,
            across=across.name,
            across_value=float(axes[0][column]),
            up=up.name,
            up_value=float(axes[1][row]),
            vote=play.vote,
            text=play.text,
            backfill_musd=play.backfill * behind.stake.trade_musd,
            support=play.support,
        )
        for row, plays in enumerate(found.plays)
        for column, play in enumerate(plays)
    ]
