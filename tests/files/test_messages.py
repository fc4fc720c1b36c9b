"""How values are shown in messages, and which errors of a union are told."""

from __future__ import annotations

import pytest
from pydantic import Field

from tumen.errors import InvalidInput
from tumen.files.schema import Record, parse
from tumen.files.strict_yaml import load_yaml


class Range(Record):
    low: float
    high: float


class Holder(Record):
    figure: float | Range | None = None
    names: list[str] = Field(default=[], max_length=2)
    word: str = Field(default="ok", pattern="^[a-z]+$")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("figure: [1]", ["figure is a list; it should be a number or a mapping"]),
        ("figure: {low: 1}", ["figure.high is missing"]),
        ("figure: {low: x, high: 1}", ['figure.low is "x"; it should be a number']),
        ("names: [a, b, c]", ["names is a list; it should have at most 2 items"]),
        ("names: {a: 1}", ["names is a mapping; it should be a list"]),
        ("word: A", ["word is \"A\"; it should match pattern '^[a-z]+$'"]),
        (f"word: {'A' * 99}", [f"word is \"{'A' * 60}…\"; it should match pattern '^[a-z]+$'"]),
        ("word: ~", ["word is ~; it should be text"]),
        ("word:", ["word is empty; it should be text"]),
        ("figure: 0x10\nword: 0x10", ["word is 0x10; it should be text"]),
    ],
)
def test_each_value_is_shown_as_it_stands(text: str, expected: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(Holder, load_yaml("h.yaml", text))
    found = [problem.message for problem in caught.value.problems]
    assert len(found) == len(expected)
    for message, start in zip(found, expected, strict=True):
        assert message.startswith(start)
