"""Quantities: ordered, finite, with a unit and a source."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.errors import InvalidInput
from tumen.evidence.quantity import LEVELS, Quantity
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_only_ordered_numbers_are_a_quantity(low: float, central: float, high: float) -> None:
    if low <= central <= high:
        made = Quantity.of(low, central, high, "share", "trial")
        assert [made.at(level) for level in LEVELS] == [low, central, high]
    else:
        with pytest.raises(InvalidInput, match="are not in order"):
            Quantity.of(low, central, high, "share", "trial")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_are_finite(bad: float) -> None:
    with pytest.raises(InvalidInput, match=r"central is .*; it should be a finite number"):
        Quantity.of(0, bad, 1, "share", "trial")


def test_a_quantity_is_read_from_a_file() -> None:
    text = "low: 16.9\ncentral: 28.5\nhigh: 31\nunit: billion USD\nsource: bok\nnote: 2016\n"
    with pytest.raises(InvalidInput, match=r"^q.yaml:6: note is 2016; it should be text$"):
        parse(Quantity, load_yaml("q.yaml", text))
    made = parse(Quantity, load_yaml("q.yaml", text.replace("2016\n", "in 2016\n")))
    assert made == Quantity.of(16.9, 28.5, 31, "billion USD", "bok", "in 2016")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "q.yaml:1: the file is 5; it should be a mapping"),
        (
            "{low: 2, central: 1, high: 3, unit: x, source: y1}",
            "q.yaml:1: low 2, central 1, high 3 are not in order: "
            "low <= central <= high is required",
        ),
        ("{low: 1, central: 1, high: 1, unit: x}", "q.yaml:1: source is missing"),
        (
            "{low: 1, central: 1, high: 1, unit: '', source: a}",
            'q.yaml:1: unit is ""; it should have at least 1 character',
        ),
        (
            "{low: 1, central: 1, high: 1, unit: x, source: 17}",
            'q.yaml:1: source: code must be a quoted string: write "17"',
        ),
    ],
)
def test_a_bad_quantity_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(Quantity, load_yaml("q.yaml", text))
    assert str(caught.value) == message
