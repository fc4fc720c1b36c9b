"""Nearest names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.files.nearest import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "allowed", "best"),
    [
        ("CHNA", ["CHE", "CHN", "CHL"], "CHN"),
        ("prk", ["PRT", "PRK", "KOR"], "PRK"),
        ("gdp", ["trade", "gdp_basis"], "gdp_basis"),
        ("enforcment", ["enforced", "enforcement"], "enforcement"),
        ("dprk-2071", ["dprk-2017", "russia-2022"], "dprk-2017"),
    ],
)
def test_best_first(word: str, allowed: list[str], best: str) -> None:
    assert nearest(word, allowed)[0] == best


def test_nothing_is_near_and_one_letter_is_no_prefix() -> None:
    assert nearest("zzz", ["PRK", "CHN"]) == []
    assert nearest("a", ["agriculture"]) == []


def test_repeated_names_count_once_and_ties_are_alphabetical() -> None:
    assert nearest("AB", ["ABD", "ABC", "ABC"], n=2) == ["ABC", "ABD"]


@pytest.mark.parametrize(
    ("word", "allowed", "sentence"),
    [
        ("lwo", ["low", "high"], 'did you mean "low"?'),
        ("ABx", ["ABC", "ABD"], 'did you mean "ABC" or "ABD"?'),
        ("ABx", ["ABC", "ABD", "ABE"], 'did you mean "ABC", "ABD" or "ABE"?'),
        ("q", list("abcdefghij"), "allowed: a, b, c, d, e, f, g, h and 2 more"),
        ("q", [], "nothing is allowed here"),
    ],
)
def test_clause(word: str, allowed: list[str], sentence: str) -> None:
    assert did_you_mean(word, allowed) == sentence


@given(st.lists(st.text(max_size=6), max_size=6), st.integers(0, 5), st.data())
def test_an_allowed_name_is_its_own_nearest(names: list[str], n: int, data: st.DataObject) -> None:
    assert len(nearest("word", names, n)) <= n
    if names:
        word = data.draw(st.sampled_from(names))
        assert word.casefold() == nearest(word, names)[0].casefold()
