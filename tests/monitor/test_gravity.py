"""PPML against other programs, and the counterfactual that no suspect enters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import linalg

from tests.monitor.worlds import FIRST, LAST, gravity_links, with_support
from tumen.errors import InvalidInput, NotConverged
from tumen.monitor import ppml
from tumen.monitor.calibration import ALARM, share_interval
from tumen.monitor.gravity import EFFECTS, Gravity, balanced, estimate

TARGET, PARTNER, SINCE = "CAN", "CHN", 2015


def table(seed: int = 0, economies: int = 6, zeros: float = 0.05) -> pd.DataFrame:
    links = gravity_links(seed, economies=economies)
    dropped = np.random.default_rng(seed).random(len(links)) < zeros
    return balanced(links[~dropped], FIRST, LAST)


def nothing(rows: pd.DataFrame) -> Any:
    return np.zeros(len(rows), dtype=bool)


@pytest.mark.filterwarnings("ignore")
def test_fitted_trade_is_that_of_statsmodels() -> None:
    api: Any = pytest.importorskip("statsmodels.api", reason="pip install statsmodels")
    rows = table(economies=6, zeros=0.0)
    dummies = pd.concat([pd.get_dummies(rows[kind], dtype=float) for kind in EFFECTS], axis=1)
    _, triangle, order = linalg.qr(dummies.to_numpy(), mode="economic", pivoting=True)
    rank = int((np.abs(np.diag(triangle)) > 1e-9).sum())
    design = dummies.to_numpy()[:, order[:rank]]
    model = api.GLM(rows.musd.to_numpy(), design, family=api.families.Poisson())
    theirs = model.fit(tol=1e-13, maxiter=100).fittedvalues
    codes = [rows[kind].cat.codes.to_numpy().astype(np.intp) for kind in EFFECTS]
    effects = ppml.fit(
        rows.musd.to_numpy(), codes, [len(rows[kind].cat.categories) for kind in EFFECTS]
    )
    np.testing.assert_allclose(effects.expected(codes), theirs, rtol=1e-6)
    assert effects.separated == 0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_forecasts_are_those_of_pyfixest() -> None:
    pytest.importorskip("pyfixest", reason="pip install 'tumen[gravity]'")
    rows = table(3, economies=9)
    pair = (rows.origin == "CHN") & (rows.destination == "AUS")
    unseen = (pair & (rows.year >= SINCE)).to_numpy()
    own, theirs = estimate(rows, unseen), estimate(rows, unseen, "pyfixest")
    np.testing.assert_allclose(own.expected, theirs.expected, rtol=1e-6)
    assert (own.used, own.separated) == (theirs.used, theirs.separated)


def test_separated_observations_are_dropped_and_counted() -> None:
    rows = table()
    silent = (rows.origin == "ARG") & (rows.year == FIRST)
    pair = (rows.origin == "BRA") & (rows.destination == "CHL")
    rows.loc[silent | pair, "musd"] = 0.0
    fit = estimate(rows, nothing(rows))
    assert fit.separated == int((silent | pair).sum())
    assert fit.used == len(rows) - fit.separated
    foretold = estimate(rows, pair.to_numpy())
    assert np.isnan(foretold.expected).all()  # a pair that was never seen has no forecast


def test_totals_of_every_group_are_met() -> None:
    rows = table(1)
    codes = [rows[kind].cat.codes.to_numpy().astype(np.intp) for kind in EFFECTS]
    sizes = [len(rows[kind].cat.categories) for kind in EFFECTS]
    fitted = ppml.fit(rows.musd.to_numpy(), codes, sizes).expected(codes)
    for code, size in zip(codes, sizes, strict=True):
        np.testing.assert_allclose(
            np.bincount(code, fitted, size), np.bincount(code, rows.musd, size), rtol=1e-6
        )


def test_an_estimate_that_does_not_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ppml, "ROUNDS", 1)
    rows = table()
    with pytest.raises(NotConverged, match="the gravity estimate"):
        estimate(rows, nothing(rows))
    rows["musd"] = 0.0
    with pytest.raises(InvalidInput, match="no trade is left"):
        estimate(rows, nothing(rows))


def test_the_suspect_does_not_enter_its_own_counterfactual() -> None:
    links = gravity_links(5)
    (honest,) = (e for e in excess(links) if e.origin == PARTNER)
    helped = with_support(links, PARTNER, TARGET, SINCE, 50.0)
    (caught,) = (e for e in excess(helped) if e.origin == PARTNER)
    assert caught.expected == honest.expected
    assert caught.actual == pytest.approx(honest.actual + 50)
    assert caught.judged is not None
    assert honest.judged is not None
    assert caught.judged.p_value < honest.judged.p_value


def excess(links: pd.DataFrame) -> Any:
    return Gravity(links, TARGET, (SINCE, LAST)).excess(PARTNER)


def recovered(seeds: range, added: float) -> tuple[int, int, int]:
    """Worlds in which support lies in its interval, is flagged, and is flagged where none is."""
    inside = flagged = alarms = 0
    for seed in seeds:
        links = gravity_links(seed)
        (honest,) = (e for e in excess(links) if e.origin == PARTNER)
        assert honest.judged is not None
        # what is added changes no estimate, so it shifts the excess and its interval alone
        inside += honest.judged.low + added <= added <= honest.judged.high + added
        alarms += honest.judged.p_value < ALARM
        gravity = Gravity(
            with_support(links, PARTNER, TARGET, SINCE, honest.expected), TARGET, (SINCE, LAST)
        )
        (helped,) = (e for e in gravity.excess(PARTNER) if e.origin == PARTNER)
        assert helped.judged is not None
        flagged += helped.judged.p_value < ALARM
    return inside, flagged, alarms


def test_injected_support_is_recovered() -> None:
    inside, flagged, alarms = recovered(range(100, 106), 10.0)
    assert inside >= 5
    assert flagged >= 5  # support as large as the trade itself
    assert alarms <= 1


@pytest.mark.slow
def test_injected_support_is_recovered_at_the_stated_rate() -> None:
    inside, flagged, alarms = recovered(range(1000, 1150), 10.0)
    low, high = share_interval(inside, 150)
    assert low <= 0.95 <= high, inside
    low, high = share_interval(alarms, 150)
    assert low <= ALARM <= high, alarms
    assert flagged >= 145
