"""What ``tumen evidence`` prints: each number's chain, the claims under test, rival claims."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tumen.evidence.claim import Claim
from tumen.evidence.widening import supported
from tumen.scenario.claim_tests import Finding
from tumen.scenario.evidence import Evidence, Figure, Subject

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDE = 100
"""Columns that a line takes at most."""
_VERDICTS = {
    "within": "within what the claim supports",
    "below": "below what the claim supports",
    "above": "above what the claim supports",
}


def evidence_lines(found: Evidence) -> list[RenderableType]:
    """Return everything that ``tumen evidence SCENARIO`` prints, in order."""
    lines = [f"The evidence behind {found.scenario}", "", *_summary(found)]
    lines += ["", "Numbers", *(line for each in found.figures for line in _figure(each))]
    if found.tested:
        lines += ["", "Claims that the case tests"]
        lines += [line for row in found.tested for line in _tested(row, found.claims[row.claim])]
    if found.disagreements:
        lines += ["", "Where claims disagree"]
        lines += [line for each in found.disagreements for line in _subject(each)]
    rest = list(_rest(found))
    return [*lines, "", *rest] if rest else list(lines)


def _summary(found: Evidence) -> Iterator[str]:
    own = sum(figure.kind == "judgement" for figure in found.figures)
    cited = sum(figure.claim is not None for figure in found.figures)
    narrower = sum(figure.standing == "narrower" for figure in found.figures)
    others = len(found.figures) - own - cited
    words = (
        f"{len(found.figures)} numbers; resting on claims: {cited}, judgement: {own}, with a "
        f"source alone: {others}; narrower than their claim supports (marked !): {narrower}"
    )
    yield from textwrap.wrap(words, WIDE)


def _figure(figure: Figure) -> Iterator[str]:
    mark = "!" if figure.standing == "narrower" else " "
    yield f"{mark} {figure.path}: {figure.quantity.span}"
    if figure.claim is None:
        yield from _indented(figure.kind or "source alone", f"{figure.chain}{_source(figure)}")
        return
    yield from _indented(figure.kind, f"{figure.chain}{_source(figure)}")
    yield from _indented("claim", f"{figure.claim.id}: {figure.claim.statement}")
    yield from _indented("range", _standing(figure))


def _source(figure: Figure) -> str:
    return f" [{figure.quantity.source}]"


def _standing(figure: Figure) -> str:
    supports = figure.supports.span if figure.supports else ""
    return {
        "widened": f"the claim's, widened for its kind and chain from {_stated(figure.claim)}",
        "as stated": "the claim's, which needs no widening",
        "as wide": f"its own, which covers what the claim supports, {supports}",
        "narrower": f"narrower than the claim supports, {supports}",
        "not compared": f"not compared: the claim gives {supports or 'no figure'}",
    }[figure.standing]


def _stated(claim: Claim | None) -> str:
    return claim.quantity.span if claim is not None and claim.quantity is not None else ""


def _tested(row: Finding, claim: Claim) -> Iterator[str]:
    yield from _wrapped(f"{claim.id}: {claim.statement}", "  ")
    yield from _indented(claim.kind, f"{claim.hands} [{claim.source}]; {_read(claim)}")
    if not row.says:
        yield from _indented("Tumen", "not tested")
    else:
        verdict = f": {_VERDICTS[row.verdict]}, {_span(claim)}" if row.verdict else ""
        yield from _indented("Tumen", f"{row.says}{verdict}")
        yield from _indented("see", row.see)
    if row.note:
        yield from _indented("note", row.note)


def _read(claim: Claim) -> str:
    return "not read" if claim.read == "not read" else f"{claim.read} read"


def _span(claim: Claim) -> str:
    wide = supported(claim)
    return wide.span if wide is not None else "no figure"


def _subject(subject: Subject) -> Iterator[str]:
    yield f"  {subject.about}"
    for claim in subject.claims:
        words = f"{_stated(claim)} · {claim.kind} · {claim.hands} [{claim.source}]"
        yield from _indented(claim.id, words, width=28)
        if claim.note:
            yield from _indented("", claim.note, width=28)


def _rest(found: Evidence) -> Iterator[str]:
    shown = {row.claim for row in found.tested}
    shown |= {figure.claim.id for figure in found.figures if figure.claim}
    shown |= {claim.id for subject in found.disagreements for claim in subject.claims}
    rest = [key for key in found.claims if key not in shown]
    if rest:
        words = f"More claims about {found.target}, which --json has in full: "
        yield from textwrap.wrap(words + ", ".join(rest), WIDE, break_on_hyphens=False)


def _indented(head: str, words: str, width: int = 20) -> Iterator[str]:
    """Yield a heading and words beside it, further lines under the words."""
    lead = f"    {head:{width}s}" + ("" if len(head) < width else " ")
    yield from _wrapped(words, lead, " " * (4 + width))


def _wrapped(words: str, first: str, later: str | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        words,
        WIDE,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def evidence_payload(found: Evidence) -> dict[str, Any]:
    """Return the object of ``tumen evidence SCENARIO --json``."""
    used = {claim_source for claim in found.claims.values() for claim_source in claim.sources}
    used |= {figure.quantity.source for figure in found.figures}
    return {
        "scenario": found.scenario,
        "target": found.target,
        "figures": [_figure_data(figure) for figure in found.figures],
        "tested": [_tested_data(row) for row in found.tested],
        "disagreements": [
            {"about": each.about, "claims": [claim.id for claim in each.claims]}
            for each in found.disagreements
        ],
        "claims": {key: _claim_data(claim) for key, claim in found.claims.items()},
        "sources": [
            {"id": key, "text": found.sources[key].text, "url": found.sources[key].url}
            for key in sorted(used)
        ],
    }


def _figure_data(figure: Figure) -> dict[str, Any]:
    data = {"path": figure.path, **figure.quantity.model_dump(exclude_none=True)}
    data |= {"speaker": figure.speaker, "kind": figure.kind, "chain": figure.chain}
    if figure.claim is not None:
        data |= {"date": figure.claim.date, "standing": figure.standing}
    if figure.supports is not None:
        data["supports"] = figure.supports.model_dump()
    return data


def _tested_data(row: Finding) -> dict[str, Any]:
    data = {"claim": row.claim, "tested": bool(row.says), "says": row.says, "see": row.see}
    if row.found is not None:
        data["found"] = row.found
    return data | {"verdict": row.verdict, "note": row.note}


def _claim_data(claim: Claim) -> dict[str, Any]:
    data = claim.model_dump(exclude_none=True, exclude={"id"})
    wide = supported(claim)
    return data if wide is None else data | {"supports": wide.model_dump()}
