"""Sources: read, looked up, merged, and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumen.errors import InvalidInput
from tumen.evidence.sources import Source, Sources, load_sources

TEXT = """\
sources:
  bok-2016:
    text: "Bank of Korea, GDP estimates for North Korea in 2016"
    url: https://www.bok.or.kr
    licence: quotation of figures
  kotra-2016:
    text: KOTRA, North Korea's external trade 2016
    url: null
    licence: quotation of figures
    note: includes crude by pipeline
"""


def one(name: str, text: str) -> Sources:
    return load_sources(name, f"sources:\n  a: {{text: {text}, url: null, licence: MIT}}\n")


def test_sources_are_a_mapping_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(TEXT)
    sources = load_sources(path)
    assert list(sources) == ["bok-2016", "kotra-2016"]
    assert sources["kotra-2016"] == Source(
        id="kotra-2016",
        text="KOTRA, North Korea's external trade 2016",
        url=None,
        licence="quotation of figures",
        note="includes crude by pipeline",
    )
    assert sources.place("kotra-2016") == f"{path}:6"
    assert sources.place("other") == ""


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    sources = load_sources("s.yaml", TEXT)
    with pytest.raises(InvalidInput, match=r'^no source "bok-2061"; did you mean "bok-2016"\?'):
        sources["bok-2061"]
    assert "bok-2061" not in sources
    assert "bok-2016" in sources


def test_all_references_are_checked_at_once() -> None:
    sources = load_sources("s.yaml", TEXT)
    found = sources.missing([("c.yaml:3", "bok-2016"), ("c.yaml:7", "kotra"), ("c.yaml:9", "zzz")])
    assert [str(problem) for problem in found] == [
        'c.yaml:7: no source "kotra"; did you mean "kotra-2016"?',
        'c.yaml:9: no source "zzz"; allowed: bok-2016, kotra-2016',
    ]


def test_merging_keeps_places_and_takes_the_same_source_once() -> None:
    both = load_sources("s.yaml", TEXT).merged(one("a.yaml", "x"), one("b.yaml", "x"))
    assert len(both) == 3
    assert both.place("a") == "a.yaml:2"


def test_conflicts_of_a_merge_come_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        one("a.yaml", "x").merged(one("b.yaml", "y"), one("c.yaml", "z"))
    assert [str(problem) for problem in caught.value.problems] == [
        'b.yaml:2: source "a" differs from the one in a.yaml:2: rename one',
        'c.yaml:2: source "a" differs from the one in a.yaml:2: rename one',
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("https:", "htp:", "s.yaml:4: sources.bok-2016.url is"),
        ("    url: null\n", "", "s.yaml:6: sources.kotra-2016.url is missing"),
        ("note:", "notes:", "s.yaml:10: unknown key sources.kotra-2016.notes; did you mean"),
        ("kotra-2016:", "yes:", 's.yaml:6: sources: code must be a quoted string: write "yes"'),
        ("sources:", "source:", "s.yaml:1: sources is missing"),
    ],
)
def test_bad_files_are_refused_with_their_line(old: str, new: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_sources("s.yaml", TEXT.replace(old, new))
    assert str(caught.value.problems[0]).startswith(message)
