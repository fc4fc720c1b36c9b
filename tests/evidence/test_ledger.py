"""The ledger: read with lines, cited by figures, and what a figure may leave to its claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.claims import claim
from tumen.errors import InvalidInput
from tumen.evidence.ledger import Ledger, load_ledger
from tumen.evidence.quantity import Quantity
from tumen.evidence.sources import Source, Sources
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml

KNOWN = Sources([Source(id="seen", text="A paper", url=None, licence="facts cited")])
TEXT = """\
target: "PRK"
claims:
  a:
    statement: "A"
    about: "trade"
    kind: "estimate"
    date: null
    chain: [{who: "BOK"}, {who: "A paper", source: "mine"}]
    read: "excerpt"
    quantity: {central: 100, unit: "million USD"}
  b:
    statement: "B"
    about: "trade"
    kind: "rumour"
    date: "2017"
    chain: [{who: "nobody", source: "seen"}]
    read: "not read"
sources:
  mine: {text: "Mine", url: null, licence: "own"}
"""


def figure(words: str, ledger: Ledger) -> Quantity:
    return parse(Quantity, load_yaml("q.yaml", words), context=ledger)


@pytest.fixture
def ledger() -> Ledger:
    return load_ledger("c.yaml", KNOWN, TEXT)[0]


def test_a_file_of_claims(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(TEXT, "utf-8")
    ledger, own = load_ledger(path, KNOWN)
    assert list(ledger) == ["a", "b"]
    assert {each.target for each in ledger.values()} == {"PRK"}
    assert ledger.place("b") == f"{path}:11"
    assert list(own) == ["mine"]


def test_all_that_is_wrong_comes_at_once() -> None:
    text = TEXT.replace('"mine"}', '"mne"}').replace('"seen"', '"sen"')
    with pytest.raises(InvalidInput) as caught:
        load_ledger("c.yaml", KNOWN, text)
    assert [str(each) for each in caught.value.problems] == [
        'c.yaml:3: no source "mne"; did you mean "mine"?',
        'c.yaml:11: no source "sen"; did you mean "seen"?',
    ]


def test_a_figure_leaves_range_unit_and_source_to_its_claim(ledger: Ledger) -> None:
    found = figure('{claim: "a", note: "so"}', ledger)
    assert (found.unit, found.source, found.claim, found.note) == ("million USD", "mine", "a", "so")
    assert [found.low, found.high] == pytest.approx([100 / 1.1, 110])
    assert figure('{claim: "a", source: "other"}', ledger).source == "other"


def test_a_figure_keeps_what_it_states(ledger: Ledger) -> None:
    found = figure('{low: 1, central: 2, high: 3, unit: "tonnes", claim: "a"}', ledger)
    assert (found.low, found.central, found.high, found.unit) == (1, 2, 3, "tonnes")
    assert found.source == "mine"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ('{claim: "aa"}', 'q.yaml:1: no claim "aa"; did you mean "a"?'),
        ('{low: 1, central: 2, high: 3, unit: x, claim: "c"}',
         'q.yaml:1: no claim "c"; allowed: a, b'),
        ('{claim: "b"}', 'q.yaml:1: claim "b" has no figure; give low, central, high, unit'),
        ('{claim: "a", unit: "tonnes"}', 'q.yaml:1: the unit is "tonnes", claim "a" is in "million '
         'USD"; give low, central and high in your unit'),
        ('{claim: "a", low: 1}', "3 problems\n  - q.yaml:1: central is missing\n  - q.yaml:1: high "
         "is missing"),
        ("{low: 1, central: 2, high: 3, unit: x}", "q.yaml:1: source is missing"),
        ("{claim: 2017}", 'q.yaml:1: claim: code must be a quoted string: write "2017"'),
    ],
)  # fmt: skip
def test_a_wrong_citation_is_refused_with_its_line(
    words: str, message: str, ledger: Ledger
) -> None:
    with pytest.raises(InvalidInput) as caught:
        figure(words, ledger)
    assert message in str(caught.value)


def test_without_a_ledger_nothing_is_filled_in() -> None:
    words = '{low: 1, central: 2, high: 3, unit: x, source: s, claim: "any"}'
    assert parse(Quantity, load_yaml("q.yaml", words)).claim == "any"


def test_two_files_may_not_give_an_id_two_meanings() -> None:
    with pytest.raises(InvalidInput, match='claim "trial" differs from the one in another file'):
        Ledger([claim()]).merged(Ledger([claim(kind="rumour")]))
