"""The law month by month on the baseline's trade, beside what was recorded."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import InvalidInput
from tumen.evidence.quantity import LEVELS, Level
from tumen.regime.law import Sense
from tumen.scenario.cells import DIRECTIONS, Array, Mask
from tumen.scenario.enforcement import figure_in, fitted, quantity_of
from tumen.scenario.law_calendar import LawYear, Stance, YearFlows, law_of, law_year
from tumen.scenario.records import Backtest, FitWindow, RecordedYear
from tumen.scenario.routes import Routes
from tumen.scenario.rules import EnforcementRule, SmugglingRule
from tumen.scenario.schema import EVERYONE, Scenario
from tumen.scenario.settings import Settings, accumulated

if TYPE_CHECKING:
    from tumen.world import World


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a prediction rests on; the central reading of everything unless said otherwise."""

    enforcement: Level = "central"
    rule: tuple[str, Level] = ("", "central")
    """Id and reading of one rule of enforcement that is read otherwise than the rest."""
    mark_up: Level = "central"
    reach: Level = "central"
    """Of the parts of headings that the law reaches."""
    volumes: Level = "central"
    sense: Sense = "bites"
    caps: bool = True


@dataclass(frozen=True, slots=True)
class BacktestRow:
    """One year and flow: what was recorded, what the law would have left, and what it hides."""

    year: int
    flow: str
    partner: str
    """Empty: all partners."""
    recorded_musd: float
    predicted_musd: float
    predicted_musd_low: float
    """Over the ranges of enforcement."""
    predicted_musd_high: float
    error_pct: float
    hidden_musd: float
    """What sellers would receive for smuggled goods."""
    hidden_musd_low: float
    """Over the ranges of enforcement and of mark-ups."""
    hidden_musd_high: float
    enforcement_in_record: float | None
    """The e on all that the partner trades that would give its record; to compare, never used."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A scenario's backtest, ready to predict."""

    scenario: Scenario
    world: World
    test: Backtest
    settings: Settings
    _known: dict[tuple[int, Assumptions], YearFlows] = field(default_factory=dict)
    """Flows that were worked out before."""
    _parts: dict[Level, Array] = field(default_factory=dict)
    """What hidden routes bring the seller of each row, likewise."""

    @classmethod
    def of(cls, scenario: Scenario, world: World) -> Replay | None:
        """Take the rules of the step that the backtest names; None without a backtest."""
        test = scenario.backtest
        if test is None:
            return None
        plans = {step: settings for step, _, settings in accumulated(scenario)}
        return cls(scenario, world, test, plans[test.step])

    def year(self, year: int, given: Assumptions) -> LawYear:
        """Lay the law of a calendar year over the baseline's trade."""
        found = law_year(
            tuple(self.test.regimes),
            self.scenario.target_year,
            year,
            tuple(self.scenario.volumes),
            given.sense,
            given.reach,
            given.volumes,
        )
        if given.caps:
            return found
        return replace(found, spans=tuple(replace(span, limits=()) for span in found.spans))

    def flows(self, year: int, given: Assumptions) -> YearFlows:
        """Return what the law of a year leaves and stops of every row of trade."""
        key = year, replace(given, mark_up="central")
        if key not in self._known:
            self._known[key] = self._flows(*key)
        return self._known[key]

    def _flows(self, year: int, given: Assumptions) -> YearFlows:
        law_of_year = self.year(year, given)
        rules = [(rule, self.rows(law_of_year, rule)) for rule in self.settings.enforcement]

        def stance(day: datetime.date) -> Stance:
            enforced, recorded = (np.ones(law_of_year.law.value.size) for _ in range(2))
            for rule, rows in rules:
                figure = figure_in(self.scenario, rule, f"{day:%Y-%m}", predicting=year)
                if figure is None:
                    continue
                level = given.rule[1] if rule.id == given.rule[0] else given.enforcement
                enforced[rows] = quantity_of(self.scenario, figure).at(level)
                recorded[rows] = 1.0 if rule.recorded is None else rule.recorded.at(level)
            return Stance(enforced, recorded)

        return law_of_year.flows(stance)

    def rows(self, year: LawYear, rule: EnforcementRule | SmugglingRule) -> Mask:
        """Return the rows of trade that a rule about partners covers."""
        groups = self.scenario.groups
        named = {label for name in rule.partners for label in groups.get(name, [name])}
        return year.law.rows(
            lambda row: (
                (EVERYONE in named or row.partner in named)
                and row.flow in rule.flows
                and (EVERYONE in rule.sectors or row.sector in rule.sectors)
            )
        )

    def hidden(self, year: int, given: Assumptions) -> Array:
        """Return what sellers receive for what is smuggled or not recorded (row).

        Notes
        -----
        Of banned goods that partners stop, σ/q goes on in hiding; of goods under a cap, what
        exceeds the cap at the smugglers' price.
        """
        flows, part = self.flows(year, given), self._received(given.mark_up)
        within = np.where(flows.over > 0, (flows.over + flows.under) * part - flows.under, 0.0)
        smuggled: Array = flows.banned * part + np.maximum(within, 0.0) + flows.unseen
        return smuggled

    def _received(self, level: Level) -> Array:
        """σ/q of the hidden route of every row; 0 where there is none."""
        if level not in self._parts:
            self._parts[level] = self._received_at(level)
        return self._parts[level]

    def _received_at(self, level: Level) -> Array:
        routes = Routes.of(self.scenario, self.world, self.settings.smuggling, level)
        received = routes.freeness * (routes.direct / routes.wedge + 1 - routes.direct)
        partners = {label: index for index, label in enumerate(self.world.economies)}
        sectors = {label: index for index, label in enumerate(self.world.sectors)}
        return np.array(
            [
                received[DIRECTIONS.index(row.flow), partners[row.partner], sectors[row.sector]]
                if row.partner in partners and row.sector in sectors
                else 0.0
                for row in law_of(tuple(self.test.regimes), self.scenario.target_year).trade.rows
            ]
        )

    def of_record(self, record: RecordedYear) -> Mask:
        """Return the rows of goods that a record speaks of."""
        return self.year(record.year, Assumptions()).law.rows(
            lambda row: (
                row.flow == record.flow
                and not row.service
                and record.partner in (None, row.partner)
            )
        )


def backtest(replay: Replay) -> list[BacktestRow]:
    """Return prediction, record and hidden trade of every year.

    Notes
    -----
    Recorded = Σ_months Σ_rows (value / 12) (1 − b e) less what exceeds caps, by calendar year,
    with b after wind-downs. Prices, growth and diversion are left out. A figure of enforcement
    that was read off a year, or a later one, is not used to predict it.
    """
    return [_row(replay, record) for record in replay.test.recorded]


def _row(replay: Replay, record: RecordedYear) -> BacktestRow:
    rows = replay.of_record(record)
    left = {
        level: float(replay.flows(record.year, Assumptions(enforcement=level)).open[rows].sum())
        for level in LEVELS
    }
    hidden = {
        (enforcement, mark_up): float(
            replay.hidden(record.year, Assumptions(enforcement=enforcement, mark_up=mark_up))[
                rows
            ].sum()
        )
        for enforcement in LEVELS
        for mark_up in LEVELS
    }
    seen = record.musd.central
    return BacktestRow(
        year=record.year,
        flow=record.flow,
        partner=record.partner or "",
        recorded_musd=seen,
        predicted_musd=left["central"],
        predicted_musd_low=min(left.values()),
        predicted_musd_high=max(left.values()),
        error_pct=100 * (left["central"] / seen - 1),
        hidden_musd=hidden["central", "central"],
        hidden_musd_low=min(hidden.values()),
        hidden_musd_high=max(hidden.values()),
        enforcement_in_record=_in_record(replay, record),
    )


def _in_record(replay: Replay, record: RecordedYear) -> float | None:
    """The e that a partner's own record of the year gives; None where the law stops nothing."""
    if record.partner is None:
        return None
    window = FitWindow(
        id=record.id,
        partner=record.partner,
        flow=record.flow,
        first=f"{record.year}-01",
        last=f"{record.year}-12",
        musd=record.musd,
    )
    regimes, volumes = tuple(replay.test.regimes), tuple(replay.scenario.volumes)
    try:
        return fitted(window, regimes, replay.scenario.target_year, volumes)
    except InvalidInput:
        return None
