"""HS text, scopes and how they meet coarser or finer trade."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.codes.chapters import chapter_titles, last_headings, services
from tumen.codes.products import Revision, Scope, check_product, product_spans
from tumen.codes.spans import Span, inside, intersects, merged, minus
from tumen.errors import InvalidInput
from tumen.files.schema import build

SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair))),
    max_size=6,
)
HEADINGS = st.sampled_from(sorted(chapter_titles())).flatmap(
    lambda chapter: st.one_of(
        st.just(chapter),
        st.integers(1, last_headings()[chapter]).map(lambda n: f"{chapter}{n:02d}"),
        st.integers(1, last_headings()[chapter]).map(lambda n: f"{chapter}{n:02d}10"),
    )
)


def numbers(spans: tuple[Span, ...] | list[Span]) -> set[int]:
    return {number for low, high in spans for number in range(low, high)}


@given(SPANS, SPANS)
def test_spans_behave_like_sets(one: list[Span], other: list[Span]) -> None:
    a, b = merged(one), merged(other)
    assert numbers(a) == numbers(one)
    assert numbers(minus(a, b)) == numbers(a) - numbers(b)
    assert intersects(a, b) == bool(numbers(a) & numbers(b))
    assert inside(a, b) == (numbers(a) <= numbers(b))
    assert list(a) == sorted(a)
    assert all(a[k][1] < a[k + 1][0] for k in range(len(a) - 1))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("03", ((30000, 40000),)),
        ("0306", ((30600, 30700),)),
        ("270111", ((270111, 270112),)),
        ("7201-7229", ((720100, 723000),)),
        ("50-60+63", ((500000, 610000), (630000, 640000))),
        ("*", ((10000, 770000), (780000, 980000))),
    ],
)
def test_text_becomes_spans(text: str, spans: tuple[Span, ...]) -> None:
    assert product_spans(text) == spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("306", "is no HS text"),
        ("27011", "is no HS text"),
        ("coal", "is no HS text"),
        ("2701000000", "is no HS text"),
        ("٢٧", "is no HS text"),
        ("77", 'no HS chapter "77"'),
        ("00", 'no HS chapter "00"'),
        ("2799", "chapter 27 (Mineral fuels and oils) ends at 2716"),
        ("2700", "ends at 2716"),
        ("63-50", "ends before it begins"),
        ("50-6310", "same number of digits"),
        ("", "is no HS text"),
    ],
)
def test_text_that_is_no_product_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"HS|range|digits") as caught:
        product_spans(text)
    assert words in str(caught.value)


def test_services_are_known_by_id() -> None:
    assert check_product("S:labour") == "S:labour"
    assert set(services()) >= {"S:labour", "S:fishing-rights", "S:tourism", "S:transit"}
    with pytest.raises(ValueError, match='did you mean "S:labour"'):
        check_product("S:labor")


def scope(*hs: str, but: tuple[str, ...] = (), revision: Revision = "HS2017") -> Scope:
    return Scope(revision=revision, hs=list(hs), but=list(but))


@pytest.mark.parametrize(
    ("given_scope", "product", "expected"),
    [
        (scope("27"), "270111", "all"),
        (scope("2701"), "27", "part"),
        (scope("2701"), "2709", "none"),
        (scope("50-63"), "61-62", "all"),
        (scope("*", but=("1006", "30")), "3004", "none"),
        (scope("*", but=("1006", "30")), "10", "part"),
        (scope("*", but=("1006", "30")), "1005", "all"),
        (scope("72-76", "78-83"), "72-83", "all"),
        (scope("1604", "1605"), "1604-1605", "all"),
        (scope("1604", "1605"), "16", "part"),
    ],
)
def test_overlap(given_scope: Scope, product: str, expected: str) -> None:
    assert given_scope.overlap(product) == expected
    assert given_scope.matches(product) == (expected == "all")


def test_six_digits_of_another_edition_are_never_certain() -> None:
    fine = scope("270111", revision="HS2017")
    assert fine.overlap("270111", "HS2017") == "all"
    assert fine.overlap("270111", "HS92") == "part"
    assert fine.overlap("270112", "HS92") == "part"  # may be the same good under a new number
    assert fine.overlap("270210", "HS92") == "none"
    assert scope("2701").overlap("270111", "HS92") == "all"


@given(HEADINGS, HEADINGS, st.sampled_from(["HS92", "HS2017"]))
def test_overlap_agrees_with_prefixes(one: str, other: str, revision: Revision) -> None:
    found = scope(one, revision=revision).overlap(other)
    if other.startswith(one):
        assert found == "all"
    elif one.startswith(other):
        assert found == "part"
    else:
        assert found == "none"


@given(HEADINGS, HEADINGS)
def test_all_but_is_the_complement(one: str, other: str) -> None:
    opposite = {"all": "none", "none": "all", "part": "part"}
    assert scope("*", but=(one,)).overlap(other) == opposite[scope(one).overlap(other)]


def test_exceptions_have_to_be_in_the_scope() -> None:
    with pytest.raises(InvalidInput, match='leaves out "64", which is not in'):
        build(Scope, revision="HS2017", hs=["50-63"], but=["64"])
    with pytest.raises(InvalidInput, match="leaves nothing"):
        build(Scope, revision="HS2017", hs=["6301"], but=["63"])
    with pytest.raises(InvalidInput, match="HS2013"):
        build(Scope, revision="HS2013", hs=["63"])
