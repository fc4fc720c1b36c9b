"""Drawn motives: how often each story is told, and under which what was seen is the solution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tumen.scenario.decision_game import Figure, common_figures, seat, state_figures
from tumen.scenario.decision_result import BelievedRow, Inverse, ShareRow, Stake, VoteChance
from tumen.scenario.spread import Job
from tumen.scenario.stake import Economy
from tumen.scenario.statecraft_schema import Seen, Situation, Statecraft
from tumen.statecraft.motives import Observed, drawn
from tumen.statecraft.proposer import REFUSED
from tumen.statecraft.seat import SeatGame, Stance

Array = NDArray[np.float64]

BATCH = 16
"""Draws of one job."""
INVERSE_DRAWS = 8
"""So many more draws for the inverse question: most of them are ruled out cheaply."""
RATIO_MOTIVES = ("survival_value", "penalty", "relief", "veto_cost")
FEWEST = 10
"""Ranges of fewer draws that fit say nothing."""
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Drawn:
    """A batch of draws in a situation, played."""

    situation: str
    state: str
    """Whose support is followed."""
    stances: tuple[Stance, ...]
    text: float | None
    """The text that was seen."""
    accepted: Array | None
    """Whether each state with a veto accepts it, dims draw, state; None: no text was seen."""
    states: tuple[str, ...]
    """Those with a veto."""


@dataclass(frozen=True)
class Fitted:
    """A batch of draws in the situation that was seen, and which of them play as seen."""

    points: Array
    fits: NDArray[np.bool_]


def draw_jobs(
    given: Statecraft, behind: Economy, followed: str, draws: int, seed: int
) -> dict[str, Job]:
    """Return the batches of all situations, and those of the inverse question."""
    jobs: dict[str, Job] = {}
    for situation in given.situations:
        figures = _uncertain(given, situation, behind)
        if not figures or not draws:
            continue
        asked = given, situation, behind, followed, figures
        for first, batch in _batches(figures, draws, seed, BATCH):
            jobs[f"draws of {situation.id} from {first}"] = partial(_played, *asked, batch)
        if given.seen is not None and given.seen.situation == situation.id:
            more = INVERSE_DRAWS * draws
            for first, batch in _batches(figures, more, seed + 1, INVERSE_DRAWS * BATCH):
                jobs[f"inverse from {first}"] = partial(_fitted, *asked, batch)
    return jobs


def _batches(
    figures: Sequence[Figure], draws: int, seed: int, size: int
) -> Iterator[tuple[int, Array]]:
    points = drawn({each.motive: each.spread for each in figures}, draws, seed)
    for first in range(0, draws, size):
        yield first, points[first : first + size]


def _uncertain(given: Statecraft, situation: Situation, behind: Economy) -> tuple[Figure, ...]:
    stake = behind.stake
    figures = [
        *(
            each
            for state in given.in_situation(situation)
            for each in state_figures(state, stake, given.false_alarm)
        ),
        *common_figures(given, stake, behind.hazard),
    ]
    return tuple(each for each in figures if each.range[0] < each.range[2])


def _played(
    given: Statecraft,
    situation: Situation,
    behind: Economy,
    followed: str,
    figures: tuple[Figure, ...],
    points: Array,
) -> Drawn:
    game = seat(given, situation, behind, followed)
    text = given.seen.text.central if given.seen and given.seen.text else behind.stake.law_text
    states = game.council.states
    voting = [place for place, state in enumerate(states) if state.veto]
    stances, accepted = [], []
    for varied in _varied(game, figures, points):
        stances.append(varied.solve())
        if text is not None:
            council = varied.council
            scales = np.array([state.scale for state in council.states])
            margins = council.margins(np.array([text]))[0] / scales
            accepted.append((margins >= -REFUSED)[voting])
    return Drawn(
        situation=situation.id,
        state=followed,
        stances=tuple(stances),
        text=text,
        accepted=np.array(accepted, float) if text is not None else None,
        states=tuple(states[place].name for place in voting),
    )


def _fitted(
    given: Statecraft,
    situation: Situation,
    behind: Economy,
    followed: str,
    figures: tuple[Figure, ...],
    points: Array,
) -> Fitted:
    game = seat(given, situation, behind, followed)
    seen = given.seen
    assert seen is not None
    observed = _observed(seen, behind.stake)
    fits = [
        varied.may_play(observed) and observed.fits(varied.solve())
        for varied in _varied(game, figures, points)
    ]
    return Fitted(points, np.array(fits))


def _varied(game: SeatGame, figures: Sequence[Figure], points: Array) -> Iterator[SeatGame]:
    names = [each.motive for each in figures]
    for point in points.tolist():
        yield game.varied(**dict(zip(names, point, strict=True)))


def _by_situation(batches: Sequence[Drawn]) -> Iterator[list[Drawn]]:
    for name in dict.fromkeys(each.situation for each in batches):
        yield [each for each in batches if each.situation == name]


def shares(batches: Sequence[Drawn]) -> Iterator[ShareRow]:
    """Yield how often each kind of play is the solution, the most frequent first."""
    for group in _by_situation(batches):
        kinds = Counter((play.vote, play.support) for each in group for play in each.stances)
        for (vote, support), count in kinds.most_common():
            share = count / kinds.total()
            yield ShareRow(group[0].situation, group[0].state, vote, support, share)


def vote_chances(batches: Sequence[Drawn]) -> Iterator[VoteChance]:
    """Yield how often each state would accept the text that was seen."""
    for group in _by_situation(batches):
        text = group[0].text
        if text is None:
            continue
        chances = np.concatenate([each.accepted for each in group if each.accepted is not None])
        for state, chance in zip(group[0].states, chances.mean(axis=0).tolist(), strict=True):
            yield VoteChance(group[0].situation, state, text, chance)


def inverse(
    given: Statecraft, behind: Economy, batches: Sequence[Drawn], fitted: Sequence[Fitted]
) -> Inverse | None:
    """Return the motives under which what was seen is the solution; None: nothing was seen."""
    seen = given.seen
    if seen is None or not fitted:
        return None
    situation = next(each for each in given.situations if each.id == seen.situation)
    figures = _uncertain(given, situation, behind)
    stances = [
        play for each in batches if each.situation == seen.situation for play in each.stances
    ]
    kinds = Observed(vote=seen.vote, support=tuple(seen.support) if seen.support else None)
    told = sum(kinds.fits(play) for play in stances)
    low, high = _interval(told, len(stances))
    points = np.concatenate([each.points for each in fitted])
    fits = np.concatenate([each.fits for each in fitted])
    return Inverse(
        situation=seen.situation,
        state=seen.state,
        vote=seen.vote or "",
        support=tuple(seen.support or ()),
        sizes=seen.text is not None or seen.support_musd is not None,
        story_draws=len(stances),
        story_share=told / len(stances),
        story_low=low,
        story_high=high,
        draws=len(fits),
        fitting=int(fits.sum()),
        reproduced_from=seen.reproduced_from,
        rows=tuple(
            _believed(figure, points[fits, place] / figure.factor)
            for place, figure in enumerate(figures)
        ),
        ratios=tuple(_ratios(seen.state, figures, points, fits)),
    )


def _interval(hits: int, count: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    ends = binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return float(ends.low), float(ends.high)


def _ratios(
    state: str, figures: Sequence[Figure], points: Array, fits: NDArray[np.bool_]
) -> Iterator[BelievedRow]:
    """Yield what motives must be relative to each other: only ratios count in the game."""
    columns = {each.motive: points[:, place] for place, each in enumerate(figures)}
    stakes, penalty, relief, refusal = (columns.get(f"{state}.{name}") for name in RATIO_MOTIVES)
    if stakes is None or penalty is None or relief is None or refusal is None:
        return
    for name, above, below in (
        ("survival / (penalty + relief)", stakes, penalty + relief),
        ("(relief + veto cost) / survival", relief + refusal, stakes),
    ):
        if not below.min() > 0:
            continue
        ratio = above / below
        low, central, high = np.quantile(ratio, QUANTILES).tolist()
        yield _believed(Figure(state, name, "", "ratio", (low, central, high), 1.0), ratio[fits])


def _believed(figure: Figure, fitting: Array) -> BelievedRow:
    ends: list[float | None] = [None] * len(QUANTILES)
    if fitting.size >= FEWEST:
        ends = np.quantile(fitting, QUANTILES).tolist()
    return BelievedRow(figure.state, figure.name, figure.unit, *figure.range, *ends)


def _observed(seen: Seen, stake: Stake) -> Observed:
    support = seen.support_musd
    return Observed(
        vote=seen.vote,
        text=None if seen.text is None else (seen.text.low, seen.text.high),
        backfill=None
        if support is None
        else (support.low / stake.trade_musd, support.high / stake.trade_musd),
        support=None if seen.support is None else tuple(seen.support),
    )
