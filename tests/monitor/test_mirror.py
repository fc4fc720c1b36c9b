"""Mirror gaps: freight measured on others, a planted gap and a planted slope found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.monitor.worlds import NAMES, panel
from tumen.errors import InvalidInput
from tumen.monitor.mirror import gap_slope, margin, mirror_findings, slope_finding
from tumen.sources.tariffs import read_tariffs

SLOPE = 0.03


def reports(seed: int, slope: float = 0.0, products: int = 120) -> pd.DataFrame:
    """Flows with both reports: 8 % freight, noise of a fifth, a tariff evaded."""
    random = np.random.default_rng(seed)
    rows = []
    for product in range(products):
        rate = float(product % 40)
        for origin, destination in (("CHN", "IND"), ("DEU", "FRA"), ("JPN", "AUS")):
            for year in (2014, 2015, 2016):
                shipped = random.lognormal(1, 1)
                evaded = slope * rate if destination == "IND" else 0.0
                arrived = shipped * np.exp(0.077 - evaded + 0.2 * random.normal())
                code = f"{84 + product // 60}{1 + product % 60:02d}10"
                rows.append((origin, destination, code, year, shipped, arrived, rate))
    columns = ["origin", "destination", "product", "year", "exported", "imported", "rate"]
    return pd.DataFrame(rows, columns=columns)


def test_a_planted_slope_of_three_per_cent_a_point_is_recovered() -> None:
    inside = 0
    for seed in range(20):
        table = reports(seed, SLOPE)
        table = table[table.destination == "IND"]
        found = gap_slope(table, dict(zip(table["product"], table.rate, strict=True)))
        inside += found.low <= SLOPE <= found.high
        assert found.per_point == pytest.approx(SLOPE, abs=0.005)
        assert found.products == 120
    assert inside >= 17


def test_without_evasion_there_is_no_slope() -> None:
    table = reports(99)
    found = gap_slope(table, dict(zip(table["product"], table.rate, strict=True)))
    assert found.low < 0 < found.high
    with pytest.raises(InvalidInput, match="has 2 products with a tariff"):
        gap_slope(table, dict(zip(table["product"][:10], table.rate[:10], strict=True)))


def both_sides(folder: Path, missing: float) -> pd.DataFrame:
    """Twelve economies that report alike, and a target that records less than was shipped."""
    random = np.random.default_rng(7)
    rows = []
    for origin in NAMES[:6]:
        for destination in NAMES[6:12]:
            for year in range(2010, 2017):
                shipped = random.lognormal(3, 0.5)
                lost = missing if (origin, destination) == ("CHN", "DEU") and year >= 2014 else 0
                arrived = shipped * np.exp(0.08 - lost + 0.05 * random.normal())
                rows += [
                    (origin, destination, origin, year, shipped),
                    (origin, destination, destination, year, arrived),
                ]
    return pd.DataFrame(rows, columns=["origin", "destination", "reporter", "year", "musd"])


def test_a_planted_gap_is_found_beside_the_freight_of_others(tmp_path: Path) -> None:
    with panel(tmp_path, both_sides(tmp_path, 0.5), "DEU", 2014) as opened:
        usual = margin(opened.reports, "DEU")
        findings = {each.partner: each for each in mirror_findings(opened)}
    assert usual is not None
    assert usual.cif == pytest.approx(0.08, abs=0.01)
    found = findings["CHN"]
    assert found.low < 0.5 < found.high
    assert found.p_value is not None
    assert found.p_value < 0.01
    assert found.musd is not None
    assert found.musd > 0
    honest = [each.p_value for name, each in findings.items() if name != "CHN"]
    assert sum(p is not None and p < 0.05 for p in honest) <= 1


def test_the_slope_of_a_target_is_told_with_its_records(tmp_path: Path) -> None:
    table = reports(1, SLOPE, products=60)
    sides = [
        table.assign(reporter=table[side], musd=table[value])
        for side, value in (("origin", "exported"), ("destination", "imported"))
    ]
    rows = pd.concat(sides)[["origin", "destination", "product", "year", "reporter", "musd"]]
    rates = table.drop_duplicates("product")[["product", "rate"]]
    rates.to_csv(tmp_path / "tariffs.csv", index=False)
    with panel(tmp_path, rows, "IND", 2015) as opened:
        found = slope_finding(opened, read_tariffs(tmp_path / "tariffs.csv"))
    assert found.low <= SLOPE <= found.high
    assert "180 flows of 60 products" in found.data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("product,rate\n270111,x\n", "row 2, column rate: is 'x', must be per cent"),
        ("product,rate\n270111,3\n270111,4\n", "row 3: product 270111 stands already in row 2"),
        ("product,duty\n270111,3\n", "has no column 'rate'"),
    ],
)
def test_wrong_tariffs_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "tariffs.csv").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        read_tariffs(tmp_path / "tariffs.csv")
    assert said in str(caught.value)
