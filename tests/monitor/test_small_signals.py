"""Breaks, history, stopping records, hubs, prices and look-alikes, each planted and found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.monitor.worlds import NAMES, panel
from tumen.monitor.breaks import breaks
from tumen.monitor.calibration import ALARM, Reference, share_interval
from tumen.monitor.confusion import confusion_findings, misreported
from tumen.monitor.dependence import concentration, dependence_findings
from tumen.monitor.history import AHEAD, PAST, forecasts
from tumen.monitor.reexport import reexport_findings
from tumen.monitor.unit_values import unit_value_findings
from tumen.monitor.vanishing import vanishing_findings


def test_planted_breaks_are_dated() -> None:
    random = np.random.default_rng(0)
    values = np.r_[np.full(8, 20.0), np.full(7, 60.0), np.full(6, 5.0)] + random.normal(0, 3, 21)
    found = breaks(values)
    assert [each.at for each in found] == [8, 15]
    assert found[0].change == pytest.approx(40, abs=4)
    assert abs(found[1].change + 55) < 2 * 1.96 * found[1].error
    assert all(each.p_value < 0.01 for each in found)


def test_noise_has_few_breaks_and_a_constant_none() -> None:
    random = np.random.default_rng(1)
    told = sum(
        any(each.p_value < 0.05 for each in breaks(random.normal(50, 10, 25))) for _ in range(15)
    )
    assert told <= 2
    assert breaks(np.full(20, 3.0)) == []
    assert breaks(np.arange(4.0)) == []


def test_trade_as_in_the_past_is_flagged_at_the_nominal_rate() -> None:
    random = np.random.default_rng(2)
    level = random.lognormal(3, 1, (120, 1))
    values = level * random.lognormal(0, 0.4, (120, 20))
    known = Reference(*forecasts(values[:, :15], PAST, AHEAD))
    flagged = 0
    for row in values:
        judged = known.judge(float(row[-AHEAD:].mean()), float(row[-AHEAD - PAST : -AHEAD].mean()))
        assert judged is not None
        flagged += judged.p_value < ALARM
    low, high = share_interval(flagged, 120)
    assert low <= ALARM <= high


def steady(products: int = 6) -> pd.DataFrame:
    """Everybody sells everybody some products, year after year, at a price of 100 a tonne."""
    random = np.random.default_rng(3)
    rows = [
        (i, j, f"84{k + 1:02d}10", year, value := 10 * random.lognormal(0, 0.1), value * 1e4)
        for i in NAMES[:10]
        for j in NAMES[:10]
        for k in range(products)
        for year in range(2008, 2017)
        if i != j
    ]
    columns = ["origin", "destination", "product", "year", "musd", "tonnes"]
    return pd.DataFrame(rows, columns=columns)


def test_dependence_and_concentration_add_up(tmp_path: Path) -> None:
    rows = steady(2)
    big = (rows.origin == "CHN") & (rows.destination == "ARG")
    with panel(tmp_path, rows.assign(musd=rows.musd * np.where(big, 20, 1)), "ARG", 2014) as opened:
        index = concentration(opened.own)
        (first, *_) = (e for e in dependence_findings(opened) if e.flow == "import")
    assert first.partner == "CHN"
    assert first.effect == pytest.approx(20 / 28, abs=0.05)
    assert first.low <= first.effect <= first.high
    mine = index[(index.flow == "import") & (index.year == 2013)].iloc[0]
    assert mine.concentration == pytest.approx(first.effect**2 + 8 * (1 / 28) ** 2, abs=0.05)


def test_records_that_stop_are_told_with_what_is_usual(tmp_path: Path) -> None:
    rows = steady()
    gone = (rows.origin == "CHN") & (rows.destination == "ARG") & (rows.year >= 2015)
    with panel(tmp_path, rows[~gone], "ARG", 2014) as opened:
        (found,) = vanishing_findings(opened)
    assert (found.partner, found.flow, found.first, found.effect) == ("CHN", "import", 2015, 1.0)
    assert found.musd == pytest.approx(-60, rel=0.1)


def test_a_hub_that_takes_over_is_found(tmp_path: Path) -> None:
    rows = steady(8)
    moved = rows["product"].isin(["840110", "840210", "840310"])
    late = rows.year >= 2014
    direct = (rows.origin == "CHN") & (rows.destination == "ARG") & moved & late
    taken = (rows.origin == "CHN") & (rows.destination == "AUS") & moved & late
    sold = (rows.origin == "AUS") & (rows.destination == "ARG") & moved & late
    rows["musd"] = rows.musd * np.where(direct, 0.1, 1) + 9.0 * (taken | sold)
    with panel(tmp_path, rows, "ARG", 2014) as opened:
        findings = {each.partner: each for each in reexport_findings(opened)}
    hub = findings["AUS"]
    assert hub.low < 27 < hub.high + 1e-9 or hub.effect == pytest.approx(27, rel=0.15)
    assert hub.p_value is not None
    assert hub.p_value < 0.05
    others = [e.p_value for name, e in findings.items() if name != "AUS"]
    assert all(p is not None and p > 0.05 for p in others)


def test_a_target_that_buys_nothing_has_no_hubs(tmp_path: Path) -> None:
    rows = steady(2)
    with panel(tmp_path, rows[rows.destination != "ARG"], "ARG", 2014) as opened:
        assert list(reexport_findings(opened)) == []


def test_a_discount_is_measured_against_others(tmp_path: Path) -> None:
    rows = steady()
    cheap = (rows.origin == "CHN") & (rows.destination == "ARG") & (rows.year >= 2014)
    rows["tonnes"] = rows.tonnes * np.where(cheap, 1 / 0.7, 1)
    with panel(tmp_path, rows, "ARG", 2014) as opened:
        found = {(e.partner, e.flow): e for e in unit_value_findings(opened)}
    discount = found["CHN", "import"]
    assert discount.effect == pytest.approx(np.log(0.7), abs=0.01)
    assert discount.low <= np.log(0.7) + 1e-6
    assert discount.p_value is not None
    assert discount.p_value < 0.01
    honest = found["DEU", "import"] if ("DEU", "import") in found else found["BRA", "import"]
    assert honest.effect == pytest.approx(0, abs=0.01)


def test_a_look_alikes_shipments_are_set_apart(tmp_path: Path) -> None:
    rows = steady(3).replace({"ARG": "PRK", "AUS": "KOR"})
    odd = (rows.origin == "CHN") & (rows.destination == "PRK")
    rows["tonnes"] = rows.tonnes * np.where(odd & (rows.year >= 2012), 0.02, 1)
    twin = (rows.origin == "BRA") & (rows.destination == "PRK")
    beside = rows[(rows.origin == "BRA") & (rows.destination == "KOR")]
    rows.loc[twin, ["musd", "tonnes"]] = beside[["musd", "tonnes"]].to_numpy()
    with panel(tmp_path, rows, "PRK", 2014) as opened:
        findings = list(confusion_findings(opened))
    assert misreported(findings) == {("CHN", "import"), ("BRA", "import")}
