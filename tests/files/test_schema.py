"""Records from files: every problem at once, each with its line and its remedy."""

from __future__ import annotations

import datetime
import json
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, model_validator

from tumen.errors import InvalidInput
from tumen.files.schema import Code, Record, Share, build, parse
from tumen.files.strict_yaml import load_yaml


class Range(Record):
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if self.low > self.high:
            raise ValueError("low must not exceed high")
        return self


class Ban(Record):
    kind: Literal["ban"]
    products: tuple[Code, ...]


class Cap(Record):
    kind: Literal["cap"]
    limit: Annotated[float, Field(gt=0)]


class Case(Record):
    target: Code
    start: datetime.date | None = None
    basis: Literal["low", "central", "high"] = "central"
    months: int = 12
    provisional: bool = False
    enforcement: dict[Code, Share | Range] = Field(default={})
    measures: tuple[Annotated[Ban | Cap, Field(discriminator="kind")], ...] = ()
    partners: Code | tuple[Code, ...] = ()


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        parse(Case, load_yaml("c.yaml", text))
    return [str(problem).removeprefix("c.yaml:") for problem in caught.value.problems]


def test_a_good_file_becomes_a_record() -> None:
    text = """\
target: PRK
start: 2017-09-11
enforcement: {CHN: 0.5, "N": {low: 0, high: 1}}
measures:
  - {kind: ban, products: ["0306", "2701"]}
  - {kind: cap, limit: 2}
partners: [CHN, RUS]
"""
    assert parse(Case, load_yaml("c.yaml", text)) == Case(
        target="PRK",
        start=datetime.date(2017, 9, 11),
        enforcement={"CHN": 0.5, "N": Range(low=0, high=1)},
        measures=(Ban(kind="ban", products=("0306", "2701")), Cap(kind="cap", limit=2.0)),
        partners=("CHN", "RUS"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("target: PRK\nmonths: '3'\n", ['2: months is "3"; it should be a whole number']),
        ("target: PRK\nmonths: 3.5\n", ["2: months is 3.5; it should be a whole number"]),
        ("target: PRK\nprovisional: 1\n", ["2: provisional is 1; it should be true or false"]),
        ("target: PRK\nbasis: lowe\n", ['2: basis is "lowe"; did you mean "low"?']),
        ("target: PRK\nbasis: x\n", ['2: basis is "x"; allowed: low, central, high']),
        ("months: 3\n", ["1: target is missing"]),
        ("target: PRK\nmonth: 3\n", ['2: unknown key month; did you mean "months"?']),
        ("target: ''\n", ["1: target: a code must not be empty or padded"]),
        ("target: ' PRK'\n", ["1: target: a code must not be empty or padded"]),
        ("target:\n", ['1: target: code must be a quoted string: write ""']),
        ("target: [PRK]\n", ["1: target is a list; it should be text"]),
        ("- target\n", ["1: the file is a list; it should be a mapping"]),
        ("target: P\nenforcement: {A: 1.5}\n", ["2: enforcement.A is 1.5; it should be less"]),
        (
            "target: P\nenforcement: {A: .nan}\n",
            ["2: enforcement.A is .nan; it should be a fin"],
        ),
        ("target: P\nenforcement: {A: 1e999}\n", ["2: enforcement.A is 1e999; it should be a fin"]),
        ("target: P\nenforcement: {A: x}\n", ['2: enforcement.A is "x"; it should be a number or']),
        ("target: P\nenforcement:\n  A: {low: 2, high: 1}\n", ["3: enforcement.A: low must not"]),
        ("target: P\nenforcement:\n  A: {low: 2}\n", ["3: enforcement.A.high is missing"]),
        (
            "target: P\nenforcement:\n  A: {low: 2, hihg: 1, high: 3}\n",
            ['3: unknown key enforcement.A.hihg; did you mean "high"?'],
        ),
        (
            "target: P\nmeasures:\n- {kind: cpa}\n",
            ['3: measures[1].kind is cpa; did you mean "cap"?'],
        ),
        ("target: P\nmeasures:\n- {limit: 1}\n", ["3: measures[1].kind is missing"]),
        (
            "target: P\nmeasures:\n- kind: cap\n  limit: 0\n  limt: 1\n",
            [
                "4: measures[1].limit is 0; it should be greater than 0",
                '5: unknown key measures[1].limt; did you mean "limit"?',
            ],
        ),
    ],
)
def test_messages(text: str, expected: list[str]) -> None:
    found = problems(text)
    assert len(found) == len(expected)
    for problem, start in zip(found, expected, strict=True):
        assert problem.startswith(start)


@pytest.mark.parametrize("word", ["NO", "N", "yes", "0306", "08", "12:30", "true", "~", "1e3"])
def test_a_code_without_quotes_is_refused_with_the_quoted_form(word: str) -> None:
    ask = f'code must be a quoted string: write "{word}"'
    assert problems(f"a: 1\ntarget: {word}\n")[1:] == [f"2: target: {ask}"]
    assert problems(f"target: P\npartners:\n- CHN\n- {word}\n") == [f"4: partners[2]: {ask}"]
    assert parse(Case, load_yaml("c.yaml", f'target: "{word}"')).target == word


def test_a_key_that_is_a_code_needs_quotes_too() -> None:
    ask = 'enforcement: code must be a quoted string: write "NO"'
    assert problems("target: P\nenforcement:\n  NO: 0.5\n") == [f"3: {ask}"]
    found = problems("target: P\nenforcement:\n  NO: 1.5\n")
    assert found == [
        "3: enforcement.NO is 1.5; it should be less than or equal to 1",
        f"3: {ask}",
    ]


def test_words_that_are_no_codes_need_no_quotes() -> None:
    class Note(Record):
        no: str
        basis: Literal["on", "off"]

    assert parse(Note, load_yaml("n.yaml", "no: yes\nbasis: off\n")) == Note(no="yes", basis="off")


def test_all_problems_come_in_the_order_of_the_file() -> None:
    found = problems("months: x\ntarget: NO\nbasis: y\nextra: 1\n")
    assert [problem.split(":")[0] for problem in found] == ["1", "2", "3", "4"]


def test_a_part_of_a_file_keeps_its_lines() -> None:
    located = load_yaml("c.yaml", "ranges:\n  - low: 1\n    high: x\n")
    with pytest.raises(InvalidInput, match=r'^c.yaml:3: ranges\[1\].high is "x"; it should be'):
        parse(Range, located, at=("ranges", 0))


def test_a_record_built_in_python_is_strict_and_frozen() -> None:
    with pytest.raises(InvalidInput, match=r'^high is "3"; it should be a number'):
        build(Range, low=1.0, high="3")
    with pytest.raises(InvalidInput, match=r"^low must not exceed high$"):
        build(Range, low=2.0, high=1.0)
    made = build(Range, low=1.0, high=2.0)
    with pytest.raises(ValidationError):
        made.low = 0.0  # type: ignore[misc]


@given(st.text(max_size=8))
def test_every_quoted_code_is_taken_as_it_is(word: str) -> None:
    located = load_yaml("c.yaml", f"target: {json.dumps(word)}\n")
    if word and word == word.strip():
        assert parse(Case, located).target == word
    else:
        with pytest.raises(InvalidInput, match="must not be empty or padded"):
            parse(Case, located)


def test_a_private_character_is_no_marker() -> None:
    assert parse(Case, load_yaml("c.yaml", 'target: "\\uE000NO"\n')).target == "\ue000NO"
