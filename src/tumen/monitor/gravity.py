"""Trade above a gravity counterfactual: PPML without the suspect pairs and years.

Effects of pairs, of exporters' years and of importers' years explain trade. Nothing of the
suspect flows enters the estimate, so what they ought to be is foretold by the others. How wrong
such a forecast is, is measured on pairs that nobody suspects, left out in the same years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.monitor import ppml
from tumen.monitor.calibration import Judged, Reference
from tumen.monitor.finding import Finding
from tumen.monitor.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
EFFECTS = ("pair", "origin_year", "destination_year")
Estimator = Literal["own", "pyfixest"]
"""Which program estimates: ours, or pyfixest (extra ``gravity``) as a check on a few rows."""
PAST = 10
"""Years before the suspected ones that the estimate rests on."""
FOLDS = 4
"""Parts that the unsuspected pairs are left out in, one after the other."""
LEAST = 0.05
"""Million USD a year: smaller forecasts are not used to measure errors."""
PARTNERS = 15
"""Largest partners that are tested, where none are named."""


@dataclass(frozen=True)
class Fit:
    """An estimate, and what it foretells for rows that it has not seen."""

    expected: Array
    """Array (row): million USD a year; NaN where an effect has no observation left."""
    used: int
    separated: int
    """Observations dropped because a pair, an exporter's or an importer's year has no trade."""


def balanced(links: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Give every pair that ever trades a row in every year; no record is a 0."""
    import pandas as pd

    links = links[links.year.between(first, last)]
    pairs = links[["origin", "destination"]].drop_duplicates()
    years = pd.DataFrame({"year": range(first, last + 1)})
    table = pairs.merge(years, how="cross").merge(
        links, how="left", on=["origin", "destination", "year"]
    )
    table["musd"] = table["musd"].fillna(0.0)
    year = table.year.astype(str)
    names = (table.origin + ">" + table.destination, table.origin + "." + year,
             table.destination + "." + year)  # fmt: skip
    return table.assign(
        **{kind: name.astype("category") for kind, name in zip(EFFECTS, names, strict=True)}
    )


def estimate(table: pd.DataFrame, unseen: NDArray[np.bool_], by: Estimator = "own") -> Fit:
    """Estimate on the rows that are not ``unseen``, and foretell those that are.

    Raises
    ------
    InvalidInput
        If nothing is left to estimate on, or pyfixest was asked for and is not installed.
    """
    if not (table.musd[~unseen] > 0).any():
        raise InvalidInput(Problem("gravity", "no trade is left without the suspect flows"))
    if by == "pyfixest":
        return _by_pyfixest(table, unseen)
    coded = [table[kind].cat.codes.to_numpy().astype(np.intp) for kind in EFFECTS]
    sizes = [len(table[kind].cat.categories) for kind in EFFECTS]
    seen = [codes[~unseen] for codes in coded]
    effects = ppml.fit(table.musd.to_numpy(dtype=float)[~unseen], seen, sizes)
    expected = effects.expected([codes[unseen] for codes in coded])
    return Fit(expected, effects.used, effects.separated)


def _by_pyfixest(table: pd.DataFrame, unseen: NDArray[np.bool_]) -> Fit:
    """The same by pyfixest, where its demeaning gets to an end.

    Its ``predict`` for new rows is not used: in 0.60 it is wrong with fixed effects, even for rows
    that the model has seen. A dummy for each unseen row, whose trade is set to 1, takes the row
    out of the estimate just as well and shows what was expected of it.
    """
    import warnings

    try:
        import pyfixest
    except ImportError as error:
        message = "is not installed: pip install 'tumen[gravity]'"
        raise InvalidInput(Problem("pyfixest", message)) from error
    places = np.flatnonzero(unseen)
    own = {f"unseen_{k}": np.arange(len(table)) == place for k, place in enumerate(places)}
    rows = table.assign(musd=table.musd.where(~unseen, 1.0), **own)
    rows = rows.astype(dict.fromkeys(own, float))
    formula = f"musd ~ {' + '.join(own) or '1'} | {' + '.join(EFFECTS)}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is counted and reported
        try:
            model = pyfixest.fepois(
                formula, data=rows, vcov="iid", separation_check=["fe"], fixef_tol=1e-10,
                iwls_tol=1e-12, iwls_maxiter=100,
            )  # fmt: skip
        except ValueError as error:
            message = f"gives up ({error}); the estimator own does not"
            raise InvalidInput(Problem("pyfixest", message)) from error
    found = model.coef().reindex(list(own)).to_numpy(dtype=float)
    used = int(model._N) - places.size
    return Fit(np.exp(-found), used, len(table) - places.size - used)


@dataclass(frozen=True)
class Excess:
    """A pair's trade above what was foretold, mean of the years."""

    origin: str
    destination: str
    actual: float
    expected: float
    judged: Judged | None
    fit: Fit


class Gravity:
    """The counterfactual of a target's trade with suspects.

    Parameters
    ----------
    links
        origin, destination, year, musd.
    target
        Whose trade is suspected.
    years
        First and last year that are suspected.
    seed
        Of the parts in which unsuspected pairs are left out.
    """

    def __init__(
        self, links: pd.DataFrame, target: str, years: tuple[int, int], seed: int = 0
    ) -> None:
        self.table = balanced(links, max(int(links.year.min()), years[0] - PAST), years[1])
        self.target = target
        self._now = self.table.year.between(*years).to_numpy()
        self._seed = seed

    @cached_property
    def reference(self) -> Reference:
        """Errors of the same forecast for pairs that the target has no part in."""
        mine = (self.table.origin == self.target) | (self.table.destination == self.target)
        pairs = self.table.loc[~mine, "pair"].unique()
        part = np.random.default_rng(self._seed).integers(0, FOLDS, pairs.size)
        folds = dict(zip(pairs, part, strict=True))
        fold = self.table["pair"].astype(object).map(folds).fillna(-1).to_numpy()
        expected, actual = [], []
        for number in range(FOLDS):
            unseen = (fold == number) & self._now
            means = self._means(unseen, estimate(self.table, unseen).expected)
            expected.append(means.expected.to_numpy(dtype=float))
            actual.append(means.musd.to_numpy(dtype=float))
        foretold, came = np.concatenate(expected), np.concatenate(actual)
        kept = foretold >= LEAST
        return Reference(foretold[kept], came[kept])

    def _means(self, unseen: NDArray[np.bool_], expected: Array) -> pd.DataFrame:
        rows = self.table[unseen].assign(expected=expected)
        means = rows.groupby(["origin", "destination"])[["musd", "expected"]].agg(
            lambda column: column.mean(skipna=False)
        )
        return means.reset_index()

    def excess(self, partner: str) -> list[Excess]:
        """Judge the target's trade with a partner, both directions left out together."""
        here = self.table
        pair = ((here.origin == self.target) & (here.destination == partner)) | (
            (here.origin == partner) & (here.destination == self.target)
        )
        unseen = pair.to_numpy() & self._now
        if not unseen.any():
            return []
        fit = estimate(here, unseen)
        found = []
        for row in self._means(unseen, fit.expected).itertuples(index=False):
            expected = float(row.expected)
            judged = self.reference.judge(float(row.musd), expected)
            found.append(
                Excess(row.origin, row.destination, float(row.musd), expected, judged, fit)
            )
        return found


def candidates(panel: Panel, named: Sequence[str] = ()) -> list[str]:
    """Partners to test: those named, else the largest since and before the year asked about."""
    own = panel.own
    recent = own[own.year >= panel.asked.since - 5]
    totals = recent.groupby("partner")["musd"].sum().sort_values(ascending=False)
    return list(named) or [str(name) for name in totals.index[:PARTNERS]]


def gravity_of(panel: Panel) -> Gravity:
    """Return the counterfactual for what a panel asks about."""
    return Gravity(panel.links, panel.asked.target, (panel.asked.since, panel.last))


def gravity_findings(panel: Panel, named: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield excess trade with each candidate, judged by the errors for unsuspected pairs."""
    target, since = panel.asked.target, panel.asked.since
    gravity = gravity_of(panel)
    for partner in candidates(panel, named):
        for each in gravity.excess(partner):
            if each.judged is None:
                continue
            judged = each.judged
            yield Finding(
                "gravity", partner, "export" if each.origin == target else "import", since,
                panel.last, judged.excess, judged.low, judged.high, "million USD a year",
                judged.error, judged.p_value, judged.excess,
                f"{panel.described}; {each.fit.used} observations, {each.fit.separated} dropped as "
                f"separated, errors of {judged.compared} unsuspected pairs",
                f"expected {each.expected:.1f}, recorded {each.actual:.1f}; goods that leave no "
                "record are in neither",
            )  # fmt: skip
