"""How much of what the law covers partners stop, by month: typed in, or fitted on a record."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TypeVar

import numpy as np

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import OPPOSITE, Level, Quantity
from tumen.files.nearest import did_you_mean
from tumen.scenario.law_calendar import Stance, law_year
from tumen.scenario.records import FitWindow
from tumen.scenario.rules import BaselineVolume, EnforcementFigure, EnforcementRule
from tumen.scenario.schema import Scenario

_Figure = TypeVar("_Figure", bound=EnforcementFigure)


def figure_in(
    scenario: Scenario, rule: EnforcementRule, month: str, predicting: int | None = None
) -> EnforcementFigure | None:
    """Return the figure of a rule that holds in a month ("2017-12"); None before its first.

    Parameters
    ----------
    predicting
        In a backtest, the year to be predicted: a figure read off the records of this year or of
        a later one is passed over for the one before it. None: any figure may be used.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> scenario = load_scenario("dprk-2017")
    >>> china = next(r for r in scenario.steps[1].enforcement if r.id == "CHN")
    >>> figure_in(scenario, china, "2018-06").observed
    2018
    >>> figure_in(scenario, china, "2018-06", predicting=2018).fit
    'china-late-2017'
    """
    for figure in reversed(figures(rule)):
        begun = getattr(figure, "since", "") <= month
        if begun and (predicting is None or may_predict(scenario, figure, predicting)):
            return figure
    return None


def figures(rule: EnforcementRule) -> list[EnforcementFigure]:
    """All figures of a rule, its own first."""
    return [*([rule] if rule.speaks else []), *rule.path]


def may_predict(scenario: Scenario, figure: EnforcementFigure, year: int) -> bool:
    """Tell whether a figure comes from before a year, so that it may predict it."""
    read_off = figure.observed
    if figure.fit is not None:
        read_off = fit_of(scenario, figure.fit).years[-1]
    return read_off is None or read_off < year


def quantity_of(scenario: Scenario, figure: EnforcementFigure) -> Quantity:
    """Return e of a figure, with its range and source; a fit is computed."""
    if figure.enforced is not None:
        return figure.enforced
    fit = fit_of(scenario, figure.fit or "")
    test = scenario.backtest
    regimes = tuple(test.regimes) if test else ()
    values = {
        level: fitted(fit, regimes, scenario.target_year, tuple(scenario.volumes), opposite)
        for level, opposite in OPPOSITE.items()  # more recorded trade is less enforcement
    }
    note = f"fitted on {fit.flow}s, {fit.partner}, {fit.first} to {fit.last}"
    low, central, high = values["low"], values["central"], values["high"]
    found = Quantity.of(low, central, high, "share", fit.musd.source, note)
    return found.model_copy(update={"claim": fit.musd.claim})


def enforced_on(
    scenario: Scenario, rule: EnforcementRule, day: datetime.date, level: Level
) -> float | None:
    """Return e of a rule on a day; None where it says nothing yet."""
    figure = figure_in(scenario, rule, f"{day:%Y-%m}")
    return None if figure is None else quantity_of(scenario, figure).at(level)


def fit_of(scenario: Scenario, name: str) -> FitWindow:
    """Return a fit of the scenario's backtest by its id."""
    fits = {fit.id: fit for fit in scenario.backtest.fits} if scenario.backtest else {}
    if name not in fits:
        hint = did_you_mean(name, fits) if fits else "the scenario has no fits in a backtest"
        raise InvalidInput(Problem(f"fit {name}", f"is no fit of the backtest; {hint}"))
    return fits[name]


@lru_cache(maxsize=256)
def fitted(
    fit: FitWindow,
    regimes: tuple[str, ...],
    base_year: int,
    volumes: tuple[BaselineVolume, ...],
    level: Level = "central",
) -> float:
    """Return the e that makes a window's record come out, between 0 and 1.

    Parameters
    ----------
    level
        Reading of the record.

    Raises
    ------
    InvalidInput
        If the law stops nothing of the flow in the window.

    Notes
    -----
    One e for all goods of the partner's flow. What the law leaves falls in e, so the root is
    bracketed; a record above what no enforcement leaves gives 0, below what full enforcement
    leaves gives 1.
    """
    from scipy.optimize import brentq

    years = [law_year(regimes, base_year, year, volumes) for year in fit.years]
    mine = years[0].law.rows(lambda row: row.partner == fit.partner and row.flow == fit.flow)

    def surplus(enforced: float) -> float:
        everywhere = Stance(np.full(mine.size, enforced))
        flows = (year.flows(lambda _: everywhere, fit.first, fit.last).open for year in years)
        return sum(float(flow[mine].sum()) for flow in flows) - fit.musd.at(level)

    most, least = surplus(0.0), surplus(1.0)
    if most - least <= 1e-9 * max(1.0, fit.musd.at(level)):
        raise InvalidInput(
            Problem(
                f"fit {fit.id}",
                f"the law stops no {fit.flow}s with {fit.partner} from {fit.first} to {fit.last}, "
                "so no enforcement can be read off; name another window, flow or regime",
            )
        )
    if most <= 0:
        return 0.0
    return 1.0 if least >= 0 else float(brentq(surplus, 0.0, 1.0, xtol=1e-12))


def at_end(scenario: Scenario, end: Level) -> Scenario:
    """Return the scenario with all enforcement at one end of its ranges, nothing else changed."""
    steps = [
        step.model_copy(update={"enforcement": [_rule_at(rule, end) for rule in step.enforcement]})
        for step in scenario.steps
    ]
    test = scenario.backtest
    if test is not None:
        fits = [fit.model_copy(update={"musd": _at(fit.musd, OPPOSITE[end])}) for fit in test.fits]
        test = test.model_copy(update={"fits": fits})
    return scenario.model_copy(update={"steps": steps, "backtest": test})


def _rule_at(rule: EnforcementRule, end: Level) -> EnforcementRule:
    early = None if rule.early is None else _at(rule.early, end)
    path = [_figure_at(figure, end) for figure in rule.path]
    return _figure_at(rule.model_copy(update={"path": path, "early": early}), end)


def _figure_at(figure: _Figure, end: Level) -> _Figure:
    if figure.enforced is None:
        return figure
    return figure.model_copy(update={"enforced": _at(figure.enforced, end)})


def _at(quantity: Quantity, end: Level) -> Quantity:
    return quantity.model_copy(update={"central": quantity.at(end)})
