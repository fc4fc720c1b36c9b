"""What ``tumen evidence`` prints: every standing in words, nothing cut."""

from __future__ import annotations

import json
from functools import cache

from syrupy.assertion import SnapshotAssertion

from tests.evidence.claims import claim
from tumen.evidence.claim import Claim
from tumen.evidence.quantity import Quantity
from tumen.evidence.sources import Source, Sources
from tumen.evidence.widening import supported
from tumen.report.evidence import evidence_lines, evidence_payload
from tumen.report.payload import json_text
from tumen.scenario.claim_tests import Finding
from tumen.scenario.evidence import Evidence, Figure, Subject, evidence
from tumen.scenario.load import load_scenario


@cache
def bundled() -> Evidence:
    return evidence(load_scenario("dprk-2017"))


def printed(found: Evidence) -> str:
    return "\n".join(str(line) for line in evidence_lines(found))


def row(path: str, ends: tuple[float, float, float], said: Claim, standing: str) -> Figure:
    quantity = Quantity.of(*ends, "million USD", "seen")
    return Figure(
        path, quantity, said, said.speaker, said.kind, said.hands, supported(said), standing
    )


def small() -> Evidence:
    rumour = claim(kind="rumour", figure=(100, 200, 400), chain=["rumour", "a paper", "a repost"])
    report = claim(kind="attributed report", figure=(90, 90, 90), id="other", note="of last year")
    bare = claim(kind="official statistic", id="bare", statement="There was no veto")
    figures = (
        row("steps.law.a", (45.0, 200, 900), rumour, "as wide"),
        row("steps.law.b", (100, 200, 400), rumour, "narrower"),
        row("steps.law.c", (1, 2, 3), bare, "not compared"),
        row("steps.law.d", (75, 90, 108), report, "widened"),
        Figure("steps.law.e", Quantity.of(1, 1, 1, "share", "judgement"), None,
               "the authors of the case", "judgement", "the authors of the case", None, ""),
        Figure("steps.law.f", Quantity.of(1, 1, 1, "share", "seen"), None, "", "", "A paper", None,
               ""),
    )  # fmt: skip
    tested = (
        Finding("trial", "stream x: 20 million USD", 20, "below", "tumen run small", "a reading"),
        Finding("bare", "", None, "", "", ""),
    )
    known = [Source(id=name, text=f"Text of {name}", url=None, licence="own") for name in
             ("seen", "judgement")]  # fmt: skip
    unused = claim(id="unused", figure=(1, 1, 1))
    return Evidence(
        "small", "PRK", figures, tested, (Subject("trial", (rumour, report)),),
        {each.id: each for each in (rumour, report, bare, unused)}, Sources(known),
    )  # fmt: skip


def test_everything_in_words(snapshot: SnapshotAssertion) -> None:
    assert printed(small()) == snapshot


def test_the_json_object(snapshot: SnapshotAssertion) -> None:
    assert json_text(evidence_payload(small())) == snapshot


def test_the_articles_claims() -> None:
    words = " ".join(printed(bundled()).split())
    for part in (
        "attributed report Reuters (A. Osborn), 2017-10-04 → ZeroHedge (T. Durden), aggregator → a "
        "repost, 2017-10-05 [article-2017-10]; excerpt read",
        f"Tumen {bundled().tested[0].says}: within what the claim supports",
        "Tumen stream arms: 36 (0 to 236) million USD a year: below what the claim supports",
        "Tumen the run gives support.real_income_pct",
        "Tumen China has backed away: a text of 0.64 passes, and RUS gives quiet support; without "
        "veto cost a text of",
    ):
        assert part in words


def test_no_line_is_too_long_and_nothing_is_left_out() -> None:
    text = printed(bundled())
    assert max(map(len, text.splitlines())) <= 100
    data = json.loads(json_text(evidence_payload(bundled())))
    words = " ".join(text.split())
    for figure in data["figures"]:
        assert " ".join(figure["chain"].split()) in words
    for name in data["claims"]:
        assert name in text
    assert text.count("\n! ") == sum(
        figure.get("standing") == "narrower" for figure in data["figures"]
    )
