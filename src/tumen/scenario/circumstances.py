"""What is the case in a month: law, enforcement, rules that are felt, who supports."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tumen.scenario.enforcement import figure_in
from tumen.scenario.horizon import FIRST_MONTHS
from tumen.scenario.law_calendar import law_of
from tumen.scenario.months import MIDDLE, in_month, last_settings, later, months_between
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Settings
from tumen.sources.product_trade import FLOWS

if TYPE_CHECKING:
    from tumen.regime.law import Law

QUARTER = 3
"""Months by which the horizon moves: what can be replaced changes slowly."""
OLDEST = 60
"""Months over which the age of the law is counted back."""
SHOWN = 3
"""Measures of one kind that a cause names."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that makes one month differ from another, but for savings and what caps have left."""

    law: frozenset[tuple[str, float]]
    """Measures in force, and the part of their flow that old contracts may still move."""
    enforcement: frozenset[tuple[str, str]]
    """Rules of enforcement that speak, and the month since when their figure holds."""
    waiting: frozenset[str]
    """Rules whose measure is not felt yet."""
    support: frozenset[str]
    """States that support."""
    horizon: int
    """Months that the law has been felt, on average, at least those of the short run."""

    @classmethod
    def of(cls, scenario: Scenario, settings: Settings) -> Circumstances:
        """Read them off the settings of the scenario's month."""
        month = scenario.as_of
        figures = ((rule.id, figure_in(scenario, rule, month)) for rule in settings.enforcement)
        law = law_in_force(scenario, settings)
        return cls(
            law=frozenset() if law is None else frozenset(_in_force(law, month)),
            enforcement=frozenset(
                (rule, getattr(figure, "since", "")) for rule, figure in figures if figure
            ),
            waiting=frozenset(rule.id for rule in settings.waiting),
            support=frozenset(each.id for each in settings.support if each.active(month)),
            horizon=horizon_of(scenario, settings),
        )

    def changes(self, before: Circumstances) -> list[str]:
        """Name what is new since ``before``."""
        now, then = dict(self.law), dict(before.law)
        begun = [name for name in now if name not in then]
        bite = [name for name in now if name in then and now[name] < then[name]]
        ended = [name for name in then if name not in now]
        words = [*_listed("begins", begun), *_listed("bites in full", bite)]
        words += _listed("ends", ended)
        words += _listed("enforcement", [r for r, _ in self.enforcement - before.enforcement])
        words += _listed("felt", list(before.waiting - self.waiting))
        words += _listed("support by", list(self.support - before.support))
        words += _listed("support ends by", list(before.support - self.support))
        if self.horizon != before.horizon:
            words.append("time: the law is older, more can be replaced")
        return words


def _listed(verb: str, names: list[str]) -> list[str]:
    if not names:
        return []
    shown = sorted(names)[:SHOWN]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return [f"{verb}: {', '.join(shown)}{more}"]


def law_in_force(scenario: Scenario, settings: Settings) -> Law | None:
    """The law of the settings, on the target's trade of the baseline year."""
    if settings.law is None:
        return None
    return law_of(tuple(settings.law.regimes), scenario.target_year)


def _in_force(law: Law, month: str) -> Iterator[tuple[str, float]]:
    day = _day(month)
    for index, measure in enumerate(law.measures):
        if measure.from_ <= day and (measure.until is None or day <= measure.until):
            yield law.name(index), float(measure.moving(day))


def age_in_months(regimes: tuple[str, ...], base_year: int, month: str) -> float:
    """Return how long the law of a month has been felt, on average over the value it reaches.

    Notes
    -----
    Σ_τ<t min(B_τ, B_t) / B_t with B the baseline trade under a ban or a cap, looking back 60
    months; a ban that has just begun pulls the mean down, one that ended does not count.
    """
    months = months_between(later(month, -OLDEST), month)
    reached = [_reached(regimes, base_year, each) for each in months]
    now = reached[-1]
    return sum(min(before, now) for before in reached[:-1]) / now if now > 0 else 0.0


def horizon_of(scenario: Scenario, settings: Settings) -> int:
    """Return the horizon of a month: the law's age in whole quarters, at least the short run's."""
    if settings.law is None:
        return FIRST_MONTHS
    regimes = tuple(settings.law.regimes)
    age = age_in_months(regimes, scenario.target_year, scenario.as_of)
    return max(FIRST_MONTHS, QUARTER * round(age / QUARTER))


@lru_cache(maxsize=4096)
def _reached(regimes: tuple[str, ...], base_year: int, month: str) -> float:
    law, day = law_of(regimes, base_year), _day(month)
    share = np.maximum(law.banned(day, "bites"), law.capped(day))
    return float((law.value * share).sum())


def _day(month: str) -> datetime.date:
    return datetime.date(int(month[:4]), int(month[5:]), MIDDLE)


def covered_shares(scenario: Scenario, month: str) -> dict[str, float]:
    """Return which part of goods exports and imports the law bans or caps in a month."""
    case = in_month(scenario, month)
    law = law_in_force(case, last_settings(case))
    if law is None:
        return {}
    share = np.maximum(law.banned(_day(month), "bites"), law.capped(_day(month)))
    found = {}
    for flow in FLOWS:
        rows = law.side(flow)
        whole = float(law.value[rows].sum())
        reached = float((law.value * share)[rows].sum())
        found[f"{flow}s_covered_share"] = reached / whole if whole > 0 else 0.0
    return found
