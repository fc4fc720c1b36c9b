"""The law through a year: spans of days with one law, and what it stops of the baseline's trade."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tumen.evidence.quantity import Level
from tumen.regime.consistency import CAPS
from tumen.regime.coverage import bundled_law
from tumen.regime.law import Law, Sense
from tumen.regime.regime import Regime, load_regime
from tumen.regime.shares import CapInForce, caps_in_force
from tumen.scenario.law_caps import lowest_limit
from tumen.scenario.rules import BaselineVolume, Direction

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stance:
    """What partners do about each row of trade on a day."""

    enforced: Array
    """e (row): part of what the law covers that they stop."""
    recorded: Array | float = 1.0
    """ζ (row): part of what is banned and not stopped that customs record."""


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """A cap as a stock for one calendar year."""

    name: str
    musd: float
    """How much may move in the year, million USD at baseline prices."""
    share: Array
    """Part of each row under the cap and not also banned (row)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one month with one law."""

    first: datetime.date
    year_part: float
    """Its part of a year; all months count alike."""
    banned: Array
    """b (row)."""
    limits: tuple[SharedLimit, ...]
    """The tightest first."""


@dataclass(frozen=True, slots=True)
class YearFlows:
    """The baseline's trade in goods under a year's law, at baseline costs (row), million USD."""

    open: Array
    """What goes on and customs record, under caps or not."""
    unseen: Array
    """What is banned, not stopped and not recorded."""
    banned: Array
    """What partners stop as banned."""
    over: Array
    """What partners stop as above a cap."""
    under: Array
    """What goes on under caps."""


@dataclass(frozen=True, slots=True)
class LawYear:
    """One calendar year of the law on the baseline's trade."""

    law: Law
    spans: tuple[Span, ...]

    def flows(
        self, stance: Callable[[datetime.date], Stance], first: str = "", last: str = "9999"
    ) -> YearFlows:
        """Let the year run; months before ``first`` and after ``last`` are not in the sums.

        Notes
        -----
        Bans stop b·e of a row. A cap is a stock: what its rows sell in the open counts against it
        from January on, and of what comes after it is full partners stop e. Several caps on the
        same goods are taken as nested, the tightest first.
        """
        value = self.law.value * self.law.rows(lambda row: not row.service)
        found = YearFlows(*(np.zeros_like(value) for _ in range(5)))
        used: dict[str, float] = {}
        for span in self.spans:
            taken, due = stance(span.first), value * span.year_part
            e = taken.enforced
            banned = due * span.banned * e
            unseen = due * span.banned * (1 - e) * (1 - taken.recorded)
            over, under = _above(span, due, e, used)
            if first <= f"{span.first:%Y-%m}" <= last:
                found.open[:] += due - banned - over - unseen
                found.unseen[:] += unseen
                found.banned[:] += banned
                found.over[:] += over
                found.under[:] += under
        return found


def _above(span: Span, due: Array, enforced: Array, used: dict[str, float]) -> tuple[Array, Array]:
    """What is stopped above the caps of a span and what goes on under them (row)."""
    over, reached = np.zeros_like(due), np.zeros_like(due)
    for limit in span.limits:
        covered = np.maximum(due * limit.share - over, 0.0)
        before, total = used.get(limit.name, 0.0), float(covered.sum())
        room = min(max(limit.musd - before, 0.0), total)
        cut = enforced * covered * (1 - room / total) if total > 0 else covered
        used[limit.name] = before + float((covered - cut).sum())
        over += cut
        reached = np.maximum(reached, due * limit.share)
    return over, np.maximum(reached - over, 0.0)


@lru_cache(maxsize=16)
def law_of(regimes: tuple[str, ...], base_year: int) -> Law:
    """Lay regimes over the trade of a base year, once."""
    return bundled_law([regime(name) for name in regimes], base_year)


@lru_cache(maxsize=16)
def regime(name: str) -> Regime:
    """Return a bundled regime or a file, read once."""
    return load_regime(name)


@lru_cache(maxsize=64)
def law_year(
    regimes: tuple[str, ...],
    base_year: int,
    year: int,
    volumes: tuple[BaselineVolume, ...] = (),
    sense: Sense = "bites",
    level: Level = "central",
    volume_level: Level = "central",
) -> LawYear:
    """Lay a calendar year of regimes over the trade of the base year.

    Parameters
    ----------
    volumes
        Physical volumes of the baseline, for caps in barrels and tonnes; a cap in units without
        a volume is refused.
    level
        Reading of the parts of headings that the law reaches.
    volume_level
        Reading of ``volumes``.
    """
    law = law_of(regimes, base_year)

    def limit(cap: CapInForce) -> float:
        return _in_year(cap, year) * lowest_limit(volumes, cap, volume_level, _traded(law))[0]

    return LawYear(law, tuple(_spans(law, year, sense, level, limit)))


def _traded(law: Law) -> Callable[[Direction, str], float]:
    def traded(flow: Direction, sector: str) -> float:
        return float(law.value[law.rows(lambda r: r.flow == flow and r.sector == sector)].sum())

    return traded


def _in_year(cap: CapInForce, year: int) -> float:
    """Part of a cap's limit that falls into a calendar year."""
    measure = cap.measure
    if cap.cap.period == "year" or measure.until is None:
        return 1.0
    first = max(measure.from_, datetime.date(year, 1, 1))
    last = min(measure.until, datetime.date(year, 12, 31))
    return ((last - first).days + 1) / ((measure.until - measure.from_).days + 1)


def _spans(
    law: Law, year: int, sense: Sense, level: Level, limit: Callable[[CapInForce], float]
) -> Iterator[Span]:
    starts = _starts(law, year)
    goods = law.rows(lambda row: not row.service).astype(float)
    for start, end in zip(starts, [*starts[1:], datetime.date(year + 1, 1, 1)], strict=True):
        month = calendar.monthrange(start.year, start.month)[1]
        yield Span(
            start,
            (end - start).days / month / 12,
            law.banned(start, sense, level),
            _limits(law, start, sense, level, goods, limit),
        )


def _starts(law: Law, year: int) -> Sequence[datetime.date]:
    """First days of months, and of every change of the law within the year."""
    days = {datetime.date(year, month, 1) for month in range(1, 13)}
    after = datetime.timedelta(days=1)
    for measure in law.measures:
        days |= {measure.from_, measure.bites_from}
        if measure.until is not None:
            days.add(measure.until + after)
    return sorted(day for day in days if day.year == year)


def _limits(
    law: Law,
    day: datetime.date,
    sense: Sense,
    level: Level,
    goods: Array,
    limit: Callable[[CapInForce], float],
) -> tuple[SharedLimit, ...]:
    banned = law.banned(day, "law", level)
    index = {law.name(int(kept)): kept for kept in law.kept(CAPS, day)}
    found = []
    for cap in caps_in_force(law, day, sense, level):
        if cap.measure.flow not in ("export", "import"):
            continue
        share = np.maximum(law.reaches[level][index[cap.name]] - banned, 0.0) * goods
        covered = float((law.value * share).sum())
        if covered > 0:
            allowed = limit(cap)
            found.append((allowed / covered, SharedLimit(cap.name, allowed, share)))
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))
