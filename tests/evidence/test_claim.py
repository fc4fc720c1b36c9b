"""Claims: a chain that ends where it was seen, figures in short forms, and refusals by line."""

from __future__ import annotations

import pytest

from tests.evidence.claims import claim
from tumen.errors import InvalidInput
from tumen.evidence.claim import ClaimEntry, Stated
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml

TEXT = """\
statement: "Exports are cut by 90 %"
about: "exports"
kind: "attributed report"
date: "2017-10"
chain: [{who: "Reuters", date: "2017-10-04"}, {who: "a repost", source: "seen"}]
read: "excerpt"
quantity: {central: 0.9, unit: "share"}
"""


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("{central: 2, unit: x}", (2, 2, 2)),
        ("{low: 2, high: 4, unit: x}", (2, 3, 4)),
        ("{low: 1, central: 2, high: 4, unit: x}", (1, 2, 4)),
    ],
)
def test_a_figure_may_be_short(words: str, read: tuple[float, float, float]) -> None:
    stated = parse(Stated, load_yaml("c.yaml", words))
    assert (stated.low, stated.central, stated.high) == read


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("attributed report", "rumor", 'c.yaml:3: kind is "rumor"; did you mean "rumour"?'),
        ('"2017-10"', '"October"', 'c.yaml:4: date is "October"; it should match pattern'),
        ('"2017-10-04"', '"2017-13"', "c.yaml:5: chain[1].date is"),
        (', source: "seen"', "", 'the last link of the chain, "a repost", is what was seen'),
        ("[{who: \"Reuters\", date: \"2017-10-04\"}, {who: \"a repost\", source: \"seen\"}]", "[]",
         "chain is a list; it should have at least 1 item"),
        ("central: 0.9", "low: 0.9", "c.yaml:7: quantity.central is missing"),
        ("{central: 0.9", "{low: 4, high: 3", "quantity: low 4, central 3.5, high 3 are not in"),
        ("{central: 0.9", "{low: a, high: 3", 'quantity.low is "a"; it should be a number'),
        ("read:", "seen:", "unknown key seen"),
    ],
)  # fmt: skip
def test_bad_claims_are_refused_with_their_line(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidInput) as caught:
        parse(ClaimEntry, load_yaml("c.yaml", TEXT.replace(old, new)))
    assert message in str(caught.value)


def test_speaker_source_and_hands() -> None:
    found = claim(chain=["Reuters", "an aggregator", "a repost"])
    assert (found.speaker, found.source, found.retold) == ("Reuters", "seen", 2)
    assert found.hands == "Reuters → an aggregator → a repost, 2017-10-05"
    assert found.sources == ["seen"]


def test_what_nobody_read_counts_as_one_more_hand() -> None:
    assert claim(chain=["a paper"], read="not read").retold == 1
