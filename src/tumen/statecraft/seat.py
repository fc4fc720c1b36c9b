"""A council seen from one seat: what this state does, as if it were alone in the game."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tumen.statecraft import state as states
from tumen.statecraft.council import Council
from tumen.statecraft.motives import Observed
from tumen.statecraft.proposer import Proposer
from tumen.statecraft.target import Target

Array = npt.NDArray[np.float64]

NEAR = 1e-6
"""Support this close to a range is in it: texts are found to some accuracy only."""
LOOKS = 9
"""Texts within an observed range at which a play is ruled out."""
_COUNCIL_MOTIVES = ("reversion",)
# Names of no state: a code or a word has no blank in front.
_COUNCIL, _PROPOSER, _TARGET = " council", " proposer", " target"


@dataclass(frozen=True, slots=True)
class Stance:
    """What one state does in the play of a council, and what comes of it."""

    vote: str
    """Of the council: yes, or veto."""
    text: float
    net_cut: float
    collapse: float
    binding: str
    tightest: str
    margin: float
    """What this state gains by a yes rather than its veto."""
    backfill: float
    detection: float
    support: str
    """Its own: none, quiet, brazen or open."""


@dataclass(frozen=True)
class SeatGame:
    """A council from one seat; its motives can be changed by name.

    A bare name is a motive of this seat (``penalty``), one with a dot that of another
    (``second.relief``); those of the target and the proposer, and the reversion, are their own.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from tumen.statecraft.game import VoteBackfillGame
    >>> from tumen.statecraft.textbook import BASE
    >>> game = VoteBackfillGame(**BASE)
    >>> states = (replace(game.state, name="first"), replace(game.state, name="second"))
    >>> council = Council(target=game.target, states=states, proposer=game.proposer, reversion=0.35)
    >>> seat = SeatGame(council, "second")
    >>> seat.solve().support, seat.varied(survival_value=0.0).solve().support
    ('quiet', 'none')
    """

    council: Council
    seat: str

    @property
    def motives(self) -> list[str]:
        """Names of all that can be changed."""
        named = [f"{each.name}.{motive}" for each in self.council.states for motive in states.RULES]
        parts = (Target, Proposer)
        return [
            *states.RULES,
            *named,
            *(each.name for part in parts for each in fields(part)),
            *_COUNCIL_MOTIVES,
        ]

    def varied(self, **motives: float) -> SeatGame:
        """Return the same with motives changed."""
        changes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for name, value in motives.items():
            seat, _, motive = name.rpartition(".")
            changes[seat or self._place(motive)][motive] = value
        council = self.council
        return replace(
            self,
            council=replace(
                council,
                target=replace(council.target, **changes[_TARGET]),
                states=tuple(replace(each, **changes[each.name]) for each in council.states),
                proposer=replace(council.proposer, **changes[_PROPOSER]),
                **changes[_COUNCIL],
            ),
        )

    def _place(self, motive: str) -> str:
        if motive in states.RULES:
            return self.seat
        if motive in _COUNCIL_MOTIVES:
            return _COUNCIL
        return _PROPOSER if motive in _names(Proposer) else _TARGET

    def backfill(self, text: Array) -> Array:
        """Return this state's support at each text, were it in force."""
        place = [each.name for each in self.council.states].index(self.seat)
        support: Array = self.council.support(text)[:, place]
        return support

    def may_play(self, observed: Observed) -> bool:
        """Tell whether an observed yes and support may be the play; False rules it out cheaply.

        Looks at texts within the observed range: at some of them everyone must vote yes and this
        state support as observed. Whether the proposer would stop there is for ``solve`` to say.
        """
        if observed.vote != "yes" or observed.text is None:
            return True
        text = np.linspace(*observed.text, LOOKS)
        accepted = self.council.respond(text).accepted
        low, high = observed.backfill or (0.0, np.inf)
        support = self.backfill(text)
        # Between two looks support takes every value between theirs, or jumps over it.
        least, most = (each(support[1:], support[:-1]) for each in (np.minimum, np.maximum))
        passes = accepted[1:] | accepted[:-1]
        return bool((passes & (least <= high + NEAR) & (most >= low - NEAR)).any())

    def solve(self) -> Stance:
        """Return the play as this seat has it."""
        play = self.council.solve()
        own = next(each for each in play.seats if each.name == self.seat)
        return Stance(
            vote=play.vote,
            text=play.text,
            net_cut=play.net_cut,
            collapse=play.collapse,
            binding=play.binding,
            tightest=play.tightest,
            margin=own.margin,
            backfill=own.backfill,
            detection=own.detection,
            support=own.support,
        )


def _names(part: type) -> set[str]:
    return {each.name for each in fields(part)}
