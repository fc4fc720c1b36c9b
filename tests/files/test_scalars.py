"""Plain words: their YAML 1.2 meaning, and which of them older readers see differently."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.files.scalars import is_ambiguous, resolve

AMBIGUOUS = [
    *("0306", "08", "270111", "-5", "+1", "1_000", "0b1", "0x1f", "0o7", "1e3", "1.", ".5"),
    *("12:30", "12:30:45", "2017-9-1", "2017-09-11"),
    *("~", "null", "true", "No", "NO", "off", "Y", "n", "On", "=", "<<"),
]
TEXT = ["CHN", "B05", "C10T12", "A01_02", "NOR", "2701.11x", "NA", "2017-09", "eggs", "1a"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("Null", None),
        ("TRUE", True),
        ("false", False),
        ("-12", -12),
        ("0306", 306),
        ("0o17", 15),
        ("0x1F", 31),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.INF", -math.inf),
        ("NO", "NO"),
        ("yes", "yes"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2017-09-11", "2017-09-11"),
        ("inf", "inf"),
        ("٣", "٣"),
    ],
)
def test_yaml_12_core_schema(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_a_float() -> None:
    found = resolve(".NaN")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_words_that_some_reader_takes_for_something_else(text: str) -> None:
    assert is_ambiguous(text)


@pytest.mark.parametrize(
    "text", ["CHN", "B05", "C10T12", "A01_02", "NOR", "2701.11x", "NA", "2017-09", "eggs", "1a"]
)
def test_words_that_every_reader_takes_for_text(text: str) -> None:
    assert not is_ambiguous(text)


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_survive(number: int) -> None:
    assert resolve(str(number)) == number
    assert is_ambiguous(str(number))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive(number: float) -> None:
    assert resolve(repr(number)) == number


@given(st.text(max_size=12))
def test_every_word_has_a_meaning(text: str) -> None:
    if not isinstance(resolve(text), str):
        assert is_ambiguous(text)
