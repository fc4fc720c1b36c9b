"""The game of a case: its figures, each in its own unit, turned into a council of states."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tumen.evidence.quantity import LEVELS, Quantity
from tumen.scenario.decision_result import Stake
from tumen.scenario.stake import Economy
from tumen.scenario.statecraft_schema import Situation, Statecraft, StateMotives
from tumen.statecraft.council import Council
from tumen.statecraft.proposer import Proposer
from tumen.statecraft.seat import SeatGame
from tumen.statecraft.state import State
from tumen.statecraft.target import LossOfTextAndSupport, Target

QUICK_TEXTS, QUICK_ACCURACY = 33, 1e-4
"""How closely the proposer looks where the game is played many times."""
OWN_UNIT = ("survival_value", "relief", "penalty", "veto_cost", "cost")
"""Motives that the game takes as they are."""
MOTIVES = {"margin": "profit", "noise_musd": "noise", "supply": "capacity"}
"""Names that the game has for what a case calls otherwise."""
THOUSAND = 1000.0
"""Million USD in a billion."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the case and the motive of the game that it becomes."""

    state: str
    """Whose; empty: nobody's in particular."""
    name: str
    """As the case calls it."""
    motive: str
    """As a :class:`tumen.statecraft.seat.SeatGame` calls it."""
    unit: str
    range: tuple[float, float, float]
    """Low, central and high, in the unit of the case."""
    factor: float
    """What makes it the game's."""

    @property
    def spread(self) -> tuple[float, ...]:
        """The range in the units of the game."""
        return tuple(self.factor * value for value in self.range)


def state_figures(state: StateMotives, stake: Stake, alarm: Quantity | None = None) -> list[Figure]:
    """Return all that a state states of its motives and means, and how often it is flagged."""
    trade = stake.trade_musd
    factors = {**dict.fromkeys(OWN_UNIT, 1.0), "margin": trade / THOUSAND, "noise_musd": 1 / trade}
    found = []
    for name, factor in factors.items():
        figure = getattr(state, name)
        motive = f"{state.id}.{MOTIVES.get(name, name)}"
        found.append(Figure(state.id, name, motive, figure.unit, _ends(figure), factor))
    if alarm is not None:
        motive = f"{state.id}.false_alarm"
        found.append(Figure(state.id, "false_alarm", motive, alarm.unit, _ends(alarm), 1.0))
    if state.supply is not None:
        low, central, high = (sum(s.musd.at(level) for s in state.supply) for level in LEVELS)
        supply = (low, central, high)
        motive = f"{state.id}.capacity"
        found.append(Figure(state.id, "supply", motive, "million USD a year", supply, 1 / trade))
    for name in ("capacity", "capacity_after_veto"):
        figure = getattr(state, name)
        if figure is not None:
            found.append(
                Figure(state.id, name, f"{state.id}.{name}", figure.unit, _ends(figure), 1.0)
            )
    return found


def common_figures(given: Statecraft, stake: Stake, hazard: Quantity) -> list[Figure]:
    """Return the figures that are no state's."""
    whole = stake.whole_loss_pct / 100
    proposer = given.proposer
    found = [
        Figure("", "danger", "hazard_slope", given.danger.unit, _ends(given.danger), 1 / whole),
        Figure("", "base_hazard", "base_hazard", hazard.unit, _ends(hazard), 1.0),
        Figure("", "reversion", "reversion", "share", _ends(given.reversion), 1.0),
        *(
            Figure(proposer.id, name, name, "of a whole cut", _ends(getattr(proposer, name)), 1.0)
            for name in ("unanimity", "fear")
        ),
    ]
    if given.black_market is not None:
        ends = _ends(given.black_market)
        found.append(Figure("", "black_market", "black_market", "share", ends, 1.0))
    return found


def council(given: Statecraft, situation: Situation, economy: Economy) -> Council:
    """Return the council of a situation at the central figures."""
    stake = economy.stake
    target = Target(
        horizon=given.horizon_years,
        base_hazard=stake.base_hazard,
        hazard_slope=stake.hazard_slope,
        income_loss=LossOfTextAndSupport(economy.surface),
        black_market=stake.black_market,
    )
    proposer = given.proposer
    return Council(
        target=target,
        states=tuple(_state(each, stake, given) for each in given.in_situation(situation)),
        proposer=Proposer(1.0, proposer.unanimity.central, proposer.fear.central),
        reversion=given.reversion.central,
        select=given.expected,
    )


def seat(given: Statecraft, situation: Situation, economy: Economy, state: str) -> SeatGame:
    """Return the council of a situation from a seat, for many quick plays."""
    whole = council(given, situation, economy)
    quick = replace(whole, texts=QUICK_TEXTS, accuracy=QUICK_ACCURACY)
    return SeatGame(quick, state)


def _state(state: StateMotives, stake: Stake, given: Statecraft) -> State:
    values = {
        figure.motive.rpartition(".")[2]: figure.spread[1] for figure in state_figures(state, stake)
    }
    return State(
        name=state.id,
        veto=state.veto is not False,
        effectiveness=1.0,
        false_alarm=given.false_alarm.central,
        **values,
    )


def _ends(figure: Quantity) -> tuple[float, float, float]:
    low, central, high = (figure.at(level) for level in LEVELS)
    return low, central, high
