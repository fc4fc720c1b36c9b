"""What drives the error of a backtest: which goods, which figures, and how much each moves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tumen.evidence.quantity import Level
from tumen.regime.coverage import bundled_trade, trade_names
from tumen.scenario.backtest import Assumptions, Replay
from tumen.scenario.enforcement import figure_in, figures, may_predict, quantity_of
from tumen.scenario.records import RecordedYear
from tumen.scenario.rules import EnforcementRule

REST = "other"
"""Goods that the year's record does not print."""


@dataclass(frozen=True, slots=True)
class BacktestFigure:
    """A figure of enforcement in a year's prediction, or one that may not be used for it."""

    year: int
    rule: str
    since: str
    """First month; empty: from the beginning."""
    enforced: float
    enforced_low: float
    enforced_high: float
    used: bool
    """False: read off the records of this year or a later one."""
    basis: str
    """The window of a fit, the year of a figure read off, or its source."""


@dataclass(frozen=True, slots=True)
class BacktestGood:
    """A sector's part of the error; the parts of a year and flow sum to its whole error."""

    year: int
    flow: str
    sector: str
    baseline_musd: float
    predicted_musd: float
    recorded_musd: float
    error_musd: float
    """Predicted less recorded."""


@dataclass(frozen=True, slots=True)
class BacktestDriver:
    """How far one assumption moves a year's prediction, nothing else changed."""

    year: int
    flow: str
    assumption: str
    predicted_musd_low: float
    """The lowest change of the prediction."""
    predicted_musd_high: float
    hidden_musd_low: float
    """The lowest change of hidden trade."""
    hidden_musd_high: float


def backtest_figures(replay: Replay) -> list[BacktestFigure]:
    """Return every figure of enforcement that speaks, or would speak, in a predicted year."""
    years = dict.fromkeys(record.year for record in replay.test.recorded)
    return [
        figure
        for year in years
        for rule in replay.settings.enforcement
        for figure in _figures(replay, rule, year)
    ]


def _figures(replay: Replay, rule: EnforcementRule, year: int) -> Iterator[BacktestFigure]:
    scenario = replay.scenario
    laws = replay.year(year, Assumptions())
    if not (replay.rows(laws, rule) & laws.law.rows(lambda row: not row.service)).any():
        return
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    speaking = [figure_in(scenario, rule, month, year) for month in months]
    wanted = [figure_in(scenario, rule, month) for month in months]
    for figure in figures(rule):
        if not any(figure is each for each in (*speaking, *wanted)):
            continue
        quantity = quantity_of(scenario, figure)
        read_off = f", read off {figure.observed}" if figure.observed else ""
        yield BacktestFigure(
            year=year,
            rule=rule.id,
            since=getattr(figure, "since", ""),
            enforced=quantity.central,
            enforced_low=quantity.low,
            enforced_high=quantity.high,
            used=may_predict(scenario, figure, year),
            basis=quantity.note if figure.fit else f"{quantity.source}{read_off}",
        )


def backtest_goods(replay: Replay) -> list[BacktestGood]:
    """Return the error of every year and flow by sector, where the year's products are known."""
    return [good for record in _of_all(replay) for good in _goods(replay, record)]


def _goods(replay: Replay, record: RecordedYear) -> Iterator[BacktestGood]:
    target = replay.scenario.target
    if f"{target.lower()}-{record.year}" not in trade_names():
        return
    printed: dict[str, float] = {}
    for row in bundled_trade(target, record.year).goods(record.flow):
        if row.sector:
            printed[row.sector] = printed.get(row.sector, 0.0) + row.musd
    printed[REST] = record.musd.central - sum(printed.values())
    law = replay.year(record.year, Assumptions()).law
    left = replay.flows(record.year, Assumptions()).open
    sectors = np.array([row.sector if row.sector in printed else REST for row in law.trade.rows])
    for sector, recorded in printed.items():
        mine = replay.of_record(record) & (sectors == sector)
        predicted = float(left[mine].sum())
        yield BacktestGood(
            year=record.year,
            flow=record.flow,
            sector=sector,
            baseline_musd=float(law.value[mine].sum()),
            predicted_musd=predicted,
            recorded_musd=recorded,
            error_musd=predicted - recorded,
        )


def backtest_drivers(replay: Replay) -> list[BacktestDriver]:
    """Return how far each assumption moves the predictions for all partners together."""
    return [driver for record in _of_all(replay) for driver in _drivers(replay, record)]


def _drivers(replay: Replay, record: RecordedYear) -> Iterator[BacktestDriver]:
    rows = replay.of_record(record)

    def result(given: Assumptions) -> tuple[float, float]:
        left = replay.flows(record.year, given).open[rows]
        return float(left.sum()), float(replay.hidden(record.year, given)[rows].sum())

    central = result(Assumptions())
    for name, others in _assumptions(replay).items():
        found = np.array([central, *map(result, others)]) - central
        if np.abs(found).max() < 0.05:
            continue
        low, high = found.min(axis=0), found.max(axis=0)
        yield BacktestDriver(
            record.year, record.flow, name, float(low[0]), float(high[0]), float(low[1]),
            float(high[1]),
        )  # fmt: skip


def _assumptions(replay: Replay) -> dict[str, list[Assumptions]]:
    """Name of each assumption → what else could be assumed."""
    ends: tuple[Level, Level] = ("low", "high")
    rules = {
        f"enforcement, rule {rule.id}": [Assumptions(rule=(rule.id, end)) for end in ends]
        for rule in replay.settings.enforcement
    }
    return {
        **rules,
        "part of headings that the law reaches": [Assumptions(reach=end) for end in ends],
        "no old contracts run off": [Assumptions(sense="law")],
        "no caps": [Assumptions(caps=False)],
        "volumes behind caps": [Assumptions(volumes=end) for end in ends],
        "smugglers' mark-up and what they burn": [Assumptions(mark_up=end) for end in ends],
    }


def _of_all(replay: Replay) -> list[RecordedYear]:
    return [record for record in replay.test.recorded if record.partner is None]
