"""Strict YAML: what is read, what is refused, and the line that is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import InvalidInput, Problem
from tumen.files.strict_yaml import DEEPEST, LARGEST_FILE, load_yaml

SCENARIO = """\
# a comment
title: North Korea
steps:
  - id: law
    share: 0.9
    months: [1, 2]
  - id: enforced
    note: |
      two
      lines
"""


def refused(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_yaml("f.yaml", text)
    return [str(problem) for problem in caught.value.problems]


def test_plain_data_come_back() -> None:
    assert load_yaml("f.yaml", SCENARIO).data == {
        "title": "North Korea",
        "steps": [
            {"id": "law", "share": 0.9, "months": [1, 2]},
            {"id": "enforced", "note": "two\nlines\n"},
        ],
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("title",), 2),
        (("steps",), 3),
        (("steps", 0), 4),
        (("steps", 0, "months", 1), 6),
        (("steps", 1, "note"), 8),
        (("steps", 1, "missing", "deeper"), 7),
    ],
)
def test_every_value_knows_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert load_yaml("f.yaml", SCENARIO).line(path) == line


def test_the_words_of_the_source_are_kept() -> None:
    located = load_yaml("f.yaml", "a: 0306\nb: '0306'\nc: {d: 1}\n")
    assert located.data == {"a": 306, "b": "0306", "c": {"d": 1}}
    assert located.text(("a",)) == "0306"
    assert located.text(("c",)) is None
    assert located.unquoted(("a",))
    assert not located.unquoted(("b",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.yaml:1: the file is empty"),
        ("# nothing\n", "f.yaml:1: the file is empty"),
        ("a: 1\nb: 2\na: 3\n", 'f.yaml:3: "a" appears twice, first on line 1: keep one'),
        ("a: 1\nb: [1\nc: 2", "f.yaml:3: no YAML: "),
        ("a: 1\n\tb: 2\n", "f.yaml:2: no YAML: found character '\\t' that cannot start any token"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins: keep one document per file"),
        ("x:\n  1: 2\n", 'f.yaml:2: a key must be text: write "1" in quotes'),
        ("? [a]\n: 2\n", "f.yaml:1: a key must be text"),
        ("a: !!int 3\n", "f.yaml:1: the tag !!int is not allowed: remove it"),
        ("%YAML 1.1\n---\na: 1\n", "f.yaml:2: only YAML 1.2 is read: remove the %YAML line"),
        ("a:\n- \x01\n", "f.yaml:2: no YAML: special characters are not allowed"),
        ('a: "\\ud800"\n', "f.yaml:1: half a surrogate pair is no text: write the character"),
    ],
)
def test_refused_with_its_line(text: str, message: str) -> None:
    (problem,) = refused(text)
    assert problem.startswith(message)


def test_a_number_longer_than_any_figure_is_refused() -> None:
    (problem,) = refused("a: " + "9" * 5000)
    assert problem == "f.yaml:1: a number of 5000 digits is not a figure: shorten it or quote it"


def test_all_problems_come_at_once() -> None:
    found = refused("a: &x 1\nb: *x\na: !t 2\n1: 2\n")
    assert [problem.split(": ")[0] for problem in found] == [
        "f.yaml:1",
        "f.yaml:2",
        "f.yaml:3",
        "f.yaml:3",
        "f.yaml:4",
    ]


def test_cyclic_alias_is_refused() -> None:
    assert refused("a: &a [*a]\n") == [
        "f.yaml:1: the anchor &a is not allowed: write values out",
        "f.yaml:1: the alias *a is not allowed: write the value out",
    ]


def test_billion_laughs_are_refused_quickly() -> None:
    lines = ["a0: &a0 lol"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    assert len(refused("\n".join(lines))) == 50


def test_nesting_is_limited_but_generous() -> None:
    deep = load_yaml("f.yaml", "[" * DEEPEST + "]" * DEEPEST).data
    assert deep
    (problem,) = refused("[" * 100_000)
    assert problem == f"f.yaml:1: nested deeper than {DEEPEST} levels"
    assert "nested deeper" in refused("\n".join("  " * n + "a:" for n in range(60)))[0]


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"a: 1\nb: \xff\xfe\n")
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (LARGEST_FILE + 1))
    expected = {
        tmp_path / "absent.yaml": "No such file or directory",
        tmp_path: "directory",
        binary: "binary.yaml:2: byte 0xff is no UTF-8 text",
        large: "at most 2,000,000 are read",
    }
    for path, words in expected.items():
        with pytest.raises(InvalidInput, match=words) as caught:
            load_yaml(path)
        assert path.name in str(caught.value)


def test_a_path_with_a_null_byte_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_yaml("a\0b")


def test_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load_yaml(path).data == {"a": 1}


_PUNCTUATION = st.text(alphabet="ab1:-?[]{},&*!|>'\"%#@` \n\t\\~.0", max_size=40)


@settings(max_examples=300)
@given(st.text(max_size=60) | _PUNCTUATION)
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    found: tuple[Problem, ...] = ()
    try:
        load_yaml("f.yaml", text)
    except InvalidInput as error:
        found = error.problems
    last = len(text.splitlines()) + 1
    assert all(1 <= int(problem.place.removeprefix("f.yaml:")) <= last for problem in found)


_WORDS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(_DATA.filter(lambda data: data is not None))
def test_what_json_writes_is_read_back(data: object) -> None:
    assert load_yaml("f.yaml", json.dumps(data)).data == data
