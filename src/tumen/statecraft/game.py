"""The smallest game in which a state votes yes to a mild text and then backfills quietly.

1. A proposer offers a text: a cut r of the target's trade with its benefactor (trade = 1).
2. The veto state votes. A veto costs it κ, and the cut is what others do alone, r0.
3. It supplies backfill b of at most what was cut and what it has. After a yes b is hidden, the
   net cut is n = r − φb − s, and it earns ρ unless caught; after a veto b is open.
4. The target falls with a chance P(n); hidden trade is caught with a chance q(b).

Solved backwards: the best backfill at each text, the texts that are accepted, the best of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tumen.errors import InvalidInput, Problem
from tumen.statecraft import proposer, state, target
from tumen.statecraft.checks import Bounds, problems
from tumen.statecraft.detection import power
from tumen.statecraft.proposer import Proposer, Response, largest_accepted
from tumen.statecraft.state import State
from tumen.statecraft.target import Loss, Target

Array = npt.NDArray[np.float64]

RULES = {
    **state.RULES,
    **target.RULES,
    "reversion": Bounds("r0, the cut that others make alone after a veto", 0, 1),
    "proposer_gain": proposer.RULES["gain"],
    "unanimity": proposer.RULES["unanimity"],
    "proposer_fear": proposer.RULES["fear"],
}
LEAST_SUPPORT = 1e-6
"""Less backfill than this is none."""


@dataclass(frozen=True, slots=True)
class Play:
    """How the game is played: the solution, read off and never written in advance."""

    vote: str
    """yes or veto; veto also where no text passes."""
    text: float
    """r: the cut that is in force, the reversion after a veto."""
    backfill: float
    detection: float
    """q; 0 after a veto, when support is open and nobody is caught."""
    net_cut: float
    collapse: float
    binding: str
    """What keeps the text from being larger: acceptance (the veto state is indifferent), jump (it
    would turn brazen), interior (a larger text gains the proposer nothing) or full cut. After a
    veto: no acceptable text, or reversion (which the proposer prefers)."""
    support: str
    """none, quiet, brazen (caught more likely than not), or open after a veto."""
    margin: float
    """What the veto state gains by yes rather than a veto, at the text it was offered."""
    proposer_payoff: float
    peaks: tuple[tuple[float, float], ...]
    """All local maxima of the backfill at this text, with what each gives the veto state."""


@dataclass(frozen=True, kw_only=True)
class VoteBackfillGame:
    """One proposer, one veto state, one target.

    Parameters
    ----------
    survival_value, penalty, relief, veto_cost, profit, cost
        S, F, ρ, κ, g, c of the veto state, in one unit of its own.
    horizon, base_hazard, hazard_slope
        H (years), h0 (a year) and η of the target's fall.
    income_loss
        Loss of real income (share): a number ȳ, for ȳ n; a function of n; or
        ``LossOfTextAndSupport`` (of an engine, say, by :class:`tumen.statecraft.surface.Surface`).
    effectiveness, capacity, capacity_after_veto
        φ, B, and B after a veto where that differs.
    noise, false_alarm
        σ and α of the monitor's test.
    reversion, proposer_gain, unanimity, proposer_fear
        r0, a, λ, and what the target's fall would cost the proposer.
    black_market
        s: what smugglers carry once a text is in force.

    Raises
    ------
    InvalidInput
        With every parameter that cannot be.

    Notes
    -----
    U_V(yes) = −S P(n) + g b − c b²/2 + ρ(1 − q(b)) − F q(b),
    U_V(veto) = −S P(n0) + g b − c b²/2 − κ, U_A = a n + λ · 1{passed}. At a tie the veto state is
    quiet and votes yes, and the proposer offers the largest text (within 1e-9).

    Examples
    --------
    >>> from tumen.statecraft.textbook import BASE
    >>> play = VoteBackfillGame(**BASE).solve()
    >>> play.vote, round(play.text, 4), round(play.backfill, 4), round(play.net_cut, 4)
    ('yes', 0.2632, 0.0553, 0.2079)
    >>> play.binding, play.support
    ('acceptance', 'quiet')
    """

    survival_value: float
    horizon: float
    base_hazard: float
    hazard_slope: float
    income_loss: Loss
    effectiveness: float
    profit: float
    cost: float
    penalty: float
    relief: float
    veto_cost: float
    noise: float
    false_alarm: float
    reversion: float
    proposer_gain: float
    unanimity: float
    capacity: float
    black_market: float = 0.0
    capacity_after_veto: float | None = None
    proposer_fear: float = 0.0

    def __post_init__(self) -> None:
        found: list[Problem] = [*problems(self, RULES), *target.loss_problems(self.income_loss)]
        if found:
            raise InvalidInput(found, "vote and backfill")

    @cached_property
    def target(self) -> Target:
        """The target."""
        return Target(**{each.name: getattr(self, each.name) for each in fields(Target)})

    @cached_property
    def state(self) -> State:
        """The veto state."""
        return State(**{name: getattr(self, name) for name in state.RULES})

    @cached_property
    def proposer(self) -> Proposer:
        """The proposer."""
        return Proposer(self.proposer_gain, self.unanimity, self.proposer_fear)

    @property
    def motives(self) -> list[str]:
        """Names of all that can be changed."""
        return [each.name for each in fields(self)]

    def varied(self, **motives: float) -> VoteBackfillGame:
        """Return the same game with motives changed."""
        return replace(self, **motives)

    def solve(self) -> Play:
        """Return the subgame-perfect play."""
        text = self.proposer.offer(self.respond, self._kinks)
        found = self.respond(proposer.beyond(text))
        margin = float(found.margin[0]) * self.state.scale
        if not found.accepted[0]:
            return self._vetoed(margin, "no acceptable text")
        passed = float(self.proposer.payoff(found.net_cut, found.collapse)[0])
        if self.without_text[2] - passed > proposer.TIE * self.proposer.scale:
            return self._vetoed(margin, "reversion")
        return self._play(text, True, margin, self.proposer.binding(text, found))

    def respond(self, text: Array) -> Response:
        """Return what follows from each text if it is offered."""
        backfill, payoff = self.state.reply(self.target, text, np.zeros_like(text))
        supplied = self.effectiveness * backfill
        net_cut = self.target.net_cut(text, supplied)
        collapse = self.target.collapse(text, supplied)
        return Response(net_cut, collapse, (payoff - self._veto[1]) / self.state.scale)

    def backfill(self, text: Array) -> Array:
        """Return the best hidden backfill at each text, were it in force.

        Examples
        --------
        >>> from tumen.statecraft.textbook import BASE
        >>> VoteBackfillGame(**BASE).backfill(np.array([0.1, 0.2632])).round(4).tolist()
        [0.0342, 0.0553]
        """
        return self.state.reply(self.target, text, np.zeros_like(text))[0]

    def acceptance_bound(self) -> float | None:
        """Return the largest text that is not vetoed, or None."""
        return largest_accepted(self.respond, self._kinks)

    @property
    def _kinks(self) -> tuple[float, ...]:
        supplied = self.effectiveness * self.capacity
        return (self.capacity, self.black_market, self.black_market + supplied)

    @cached_property
    def _veto(self) -> tuple[float, float]:
        """Backfill after a veto, and what it gives."""
        text = np.array([self.reversion])
        backfill, payoff = self.state.reply(self.target, text, np.zeros(1), passed=False)
        return float(backfill[0]), float(payoff[0])

    @cached_property
    def without_text(self) -> tuple[float, float, float]:
        """Net cut, chance of collapse and the proposer's payoff when no text passes."""
        text, supplied = np.array(self.reversion), np.array(self.effectiveness * self._veto[0])
        net_cut = self.target.net_cut(text, supplied, passed=False)
        collapse = self.target.collapse(text, supplied, passed=False)
        payoff = self.proposer.payoff(net_cut, collapse, passed=False)
        return float(net_cut), float(collapse), float(payoff)

    def _vetoed(self, margin: float, binding: str) -> Play:
        return self._play(self.reversion, False, margin, binding)

    def _play(self, text: float, passed: bool, margin: float, binding: str) -> Play:
        cut, nobody = np.array([text]), np.zeros(1)
        found = self.state.peaks(self.target, cut, nobody, passed)
        backfill = float(found.best(state.ROUNDING * self.state.scale)[0][0])
        supplied = np.array([self.effectiveness * backfill])
        net_cut = self.target.net_cut(cut, supplied, passed)
        collapse = self.target.collapse(cut, supplied, passed)
        caught = float(power(backfill, self.noise, self.false_alarm)) if passed else 0.0
        return Play(
            vote="yes" if passed else "veto",
            text=text,
            backfill=backfill,
            detection=caught,
            net_cut=float(net_cut[0]),
            collapse=float(collapse[0]),
            binding=binding,
            support=kind_of_support(backfill, caught, passed),
            margin=margin,
            proposer_payoff=float(self.proposer.payoff(net_cut, collapse, passed)[0]),
            peaks=tuple(zip(found.point.tolist(), found.value.tolist(), strict=True)),
        )


def kind_of_support(backfill: float, caught: float, passed: bool) -> str:
    """Name support by whether it is hidden, and likely to be caught.

    >>> kind_of_support(0.05, 0.13, True), kind_of_support(0.4, 0.99, True)
    ('quiet', 'brazen')
    """
    if backfill < LEAST_SUPPORT:
        return "none"
    if not passed:
        return "open"
    return "brazen" if caught > 0.5 else "quiet"
