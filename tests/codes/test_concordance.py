"""From headings to sectors and back: weights are whole, totals are kept."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.catalogue.bundled import sector_kinds, sources
from tumen.codes.chapters import chapter_titles, table
from tumen.codes.concordance import Concordance, bundled_concordance
from tumen.codes.products import product_spans
from tumen.errors import InvalidInput

ROWS = table("hs_to_icio.csv")
VALUES = st.dictionaries(
    st.sampled_from(bundled_concordance().headings), st.floats(0, 1e6), min_size=1
)


def test_every_chapter_has_weights_that_sum_to_one() -> None:
    for chapter in chapter_titles():
        assert math.isclose(sum(bundled_concordance().weights(chapter).values()), 1)
    for heading in bundled_concordance().headings:
        assert math.isclose(sum(bundled_concordance().weights(heading).values()), 1)


def test_rows_name_sectors_and_sources_that_exist() -> None:
    assert {row["sector"] for row in ROWS} <= set(sector_kinds())
    assert {row["source"] for row in ROWS} <= set(sources())
    split = [row for row in ROWS if float(row["weight"]) < 1]
    assert split
    assert all(row["note"] for row in split)


@pytest.mark.parametrize(
    ("heading", "sector"),
    [
        ("2701", "B05"), ("2709", "B06"), ("2710", "C19"), ("26", "B07"), ("25", "B08"),
        ("2523", "C23"), ("72", "C24A"), ("74", "C24B"), ("8471", "C26"), ("8703", "C29"),
        ("89", "C301"), ("86", "C302T309"), ("88", "C302T309"), ("30", "C21"), ("620342", "C13T15"),
    ],
)  # fmt: skip
def test_headings_go_where_they_belong(heading: str, sector: str) -> None:
    assert bundled_concordance().weights(heading) == {sector: 1.0}


def test_chapters_that_hold_several_sectors_are_split() -> None:
    assert set(bundled_concordance().weights("03")) == {"A03", "C10T12"}
    assert max(bundled_concordance().weights("84").items(), key=lambda pair: pair[1])[0] == "C28"
    assert set(bundled_concordance().weights("85")) == {"C26", "C27"}


@given(VALUES)
def test_there_and_back_keeps_totals(values: dict[str, float]) -> None:
    spread = bundled_concordance().spread(values)
    back = Concordance.by_heading(spread)
    assert set(back) == set(values)
    assert all(math.isclose(back[h], values[h], abs_tol=1e-9) for h in values)
    by_sector = Concordance.by_sector(spread)
    assert math.isclose(sum(by_sector.values()), sum(values.values()), abs_tol=1e-6)
    assert set(by_sector) <= set(sector_kinds())


def test_sectors_of_a_heading_leave_out_the_rest_of_its_chapter() -> None:
    assert bundled_concordance().sectors("2701") == {"B05"}
    assert bundled_concordance().sectors("2709-2710") == {"B06", "C19"}
    assert {"B05", "B06", "C19"} <= bundled_concordance().sectors("27")
    assert bundled_concordance().sectors("S:tourism") == {"I"}
    assert len(bundled_concordance().sectors("*")) > 20


def test_a_bad_table_is_refused_with_every_row() -> None:
    rows = [
        {"hs": "2701", "sector": "B05", "weight": "0.9"},
        {"hs": "77", "sector": "B05", "weight": "1"},
        {"hs": "26", "sector": "B07", "weight": "many"},
        {"hs": "25", "sector": "B08", "weight": "1.5"},
    ]
    with pytest.raises(InvalidInput) as caught:
        Concordance(rows)
    assert [str(problem) for problem in caught.value.problems] == [
        'hs_to_icio.csv:row 3: there is no HS chapter "77": chapters run from 01 to 97, not 77',
        "hs_to_icio.csv:row 4: could not convert string to float: 'many'",
        "hs_to_icio.csv:row 5: weight 1.5 must be above 0 and at most 1",
        "hs_to_icio.csv: weights of heading 2701 sum to 0.9, must be 1",
    ]


def test_an_unknown_heading_is_refused() -> None:
    with pytest.raises(InvalidInput, match='no sector is known for the product "26"'):
        Concordance([{"hs": "25", "sector": "B08", "weight": "1"}]).weights("26")


def test_headings_of_the_table_exist() -> None:
    assert all(product_spans(row["hs"]) for row in ROWS)
