"""The bundled claims: sound, sourced, cited, and the ids that other files count on."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tumen.catalogue.bundled import data, ledger, sources
from tumen.evidence.claim import Claim
from tumen.evidence.sources import load_sources

EXPECTED = {
    "reserves-bok-2014-cash": (3010, "million USD"),
    "reserves-bok-2014-deposits": (6630, "million USD"),
    "reserves-zang-2016": (4400, "million USD"),
    "reserves-kiep-2016": (4500, "million USD"),
    "reserves-inss-2016": (10600, "million USD"),
    "drain-bok-2014-2016": (100, "million USD a year"),
    "drain-bok-2017": (1000, "million USD a year"),
    "gap-zang-2017-2019": (3000, "million USD in three years"),
    "other-income-inss": (2540, "million USD in five years"),
    "deficit-kotra-2017": (2010, "million USD"),
    "deficit-kotra-2018": (2360, "million USD"),
    "deficit-kotra-2019": (2690, "million USD"),
    "growth-bok-2016": (3.9, "per cent"),
    "growth-bok-2017": (-3.5, "per cent"),
    "growth-bok-2018": (-4.1, "per cent"),
    "growth-bok-2019": (0.4, "per cent"),
    "gasoline-2017": (3.0, "ratio"),
    "hazard-geddes-2014": (280, "regimes"),
}
NAMED = {
    "forecast-dry-2018", "forecast-dry-2020", "hazard-marinov-2005", "hazard-licht-2017",
    "rice-2017-2018", "exchange-2017-2018", "vote-2371", "vote-2375", "vote-2397", "article-relief",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_figures_that_others_count_on(name: str) -> None:
    stated = ledger()[name].quantity
    assert stated is not None
    assert (stated.central, stated.unit) == EXPECTED[name]


def test_names_that_others_count_on() -> None:
    assert set(ledger()) >= NAMED
    assert {ledger()[name].read for name in ("hazard-marinov-2005",)} == {"not read"}


def test_every_link_has_a_known_source_and_every_source_is_used() -> None:
    assert ledger().unsourced(sources()) == []
    used = {source for claim in ledger().values() for source in claim.sources}
    own = load_sources(data("claims", "sources.yaml"))
    assert [name for name in own if name not in used] == []
    assert len(ledger()) >= 130


def _dates(claim: Claim) -> list[str]:
    return [link.date for link in claim.chain if link.date is not None]


def test_a_chain_runs_forward_in_time() -> None:
    for claim in ledger().values():
        dates = _dates(claim)
        for before, after in pairwise(dates):
            size = min(len(before), len(after))
            assert before[:size] <= after[:size], claim.id


def test_the_article_is_seen_as_a_repost_of_an_aggregator() -> None:
    article = {name: claim for name, claim in ledger().items() if name.startswith("article-")}
    assert len(article) == 12
    for claim in article.values():
        assert claim.source == "article-2017-10"
        assert claim.retold >= 1
        assert re.search("ZeroHedge", claim.hands)
    assert article["article-russia-steps-in"].speaker == "Reuters (A. Osborn)"
    assert article["article-counterfeits"].kind == "rumour"


def test_motives_say_which_way_they_pull() -> None:
    motives = [claim for claim in ledger().values() if claim.about.startswith("motive-")]
    assert len(motives) > 20
    assert [claim.id for claim in motives if claim.pull is None] == []
