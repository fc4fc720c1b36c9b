"""The evidence behind a case: every figure with its claim, claims it tests, and rival claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tumen.catalogue.bundled import sources_with
from tumen.catalogue.inserts import load_insert
from tumen.catalogue.worlds import catalogue
from tumen.evidence.claim import Claim
from tumen.evidence.figures import quantities_in
from tumen.evidence.ledger import Ledger
from tumen.evidence.quantity import Quantity, Range
from tumen.evidence.sources import Sources
from tumen.evidence.widening import narrower, supported
from tumen.files.schema import Record
from tumen.lifeline.illicit import load_streams
from tumen.regime.regime import regime_sources
from tumen.scenario.citations import citable, scenario_ledger, scenario_sources
from tumen.scenario.claim_tests import Finding, claims_tested
from tumen.scenario.law_calendar import regime
from tumen.scenario.overrides import SET_BY_USER
from tumen.scenario.schema import Scenario
from tumen.scenario.support_schema import NONE_STATED

OWN_WORDS = {
    "judgement": "the authors of the case",
    SET_BY_USER: "the user of this run",
    NONE_STATED: "nobody",
}
"""Bundled sources that stand for somebody's own figure → who that is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the case, and what is known of where it comes from."""

    path: str
    """Where it stands: in the scenario as ``--set`` takes it, elsewhere with the file's name."""
    quantity: Quantity
    claim: Claim | None
    """What it cites; None: a source alone."""
    speaker: str
    """Who says it; empty where only a source is given."""
    kind: str
    """Kind of claim; empty where only a source is given."""
    chain: str
    """From the speaker to what was seen, in one line."""
    supports: Range | None
    """What the claim supports by its kind and chain, in its own unit; None: no figure."""
    standing: str
    """"widened": it takes the claim's widened range; "as stated": the claim needs no widening;
    "as wide": it states a range of its own that covers what the claim supports; "narrower";
    "not compared": another unit, or a claim without figure; empty without a claim."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Claims about one thing, of which two at least differ."""

    about: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a case rests on."""

    scenario: str
    target: str
    figures: tuple[Figure, ...]
    tested: tuple[Finding, ...]
    disagreements: tuple[Subject, ...]
    claims: dict[str, Claim]
    """Every claim that the case cites or tests, and all others about its target."""
    sources: Sources


def evidence(scenario: Scenario) -> Evidence:
    """Return the evidence behind a scenario.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> found = evidence(load_scenario("dprk-2017", ["statecraft=null"]))
    >>> hidden = next(row for row in found.figures if row.path.endswith("oil_hidden.volume"))
    >>> hidden.speaker, hidden.kind
    ('V. Putin', 'attributed report')
    """
    ledger, sources = scenario_ledger(scenario), all_sources(scenario)
    figures = figures_behind(scenario, ledger, sources)
    tested = tuple(claims_tested(scenario))
    used = {figure.claim.id for figure in figures if figure.claim} | {row.claim for row in tested}
    claims = {
        key: claim
        for key, claim in ledger.items()
        if key in used or claim.target == scenario.target
    }
    return Evidence(
        scenario=scenario.id,
        target=scenario.target,
        figures=figures,
        tested=tested,
        disagreements=tuple(disagreements(claims)),
        claims=claims,
        sources=sources,
    )


def figures_behind(
    scenario: Scenario, ledger: Ledger | None = None, sources: Sources | None = None
) -> tuple[Figure, ...]:
    """Return every number of a case with its chain, without testing any claim."""
    ledger = scenario_ledger(scenario) if ledger is None else ledger
    sources = all_sources(scenario) if sources is None else sources
    return tuple(
        _figure(path, quantity, ledger, sources) for path, quantity in all_quantities(scenario)
    )


def all_quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    """Every quantity of a case: the scenario's, then its streams', regimes' and accounts'."""
    seen = []
    for path, quantity in _named(scenario):
        if quantity.source != NONE_STATED:
            seen.append(quantity)
            yield path, quantity
    if scenario.streams is not None:
        streams = load_streams(scenario.streams, citable(scenario))
        for path, quantity in _named(streams):
            if quantity not in seen:  # the steps hold what they take from the streams
                yield f"{streams.id}: {path}", quantity
    for name in _regimes(scenario):
        laid = regime(name)
        for path, quantity in _named(laid):
            yield f"{laid.id}: {path}", quantity
    yield from _accounts(scenario)


def _regimes(scenario: Scenario) -> list[str]:
    named = [name for step in scenario.steps if step.law for name in step.law.regimes]
    named += scenario.backtest.regimes if scenario.backtest else []
    named += scenario.timeline.regimes if scenario.timeline else []
    return list(dict.fromkeys(named))


def all_sources(scenario: Scenario) -> Sources:
    """Return what figures of the case and of the files that it names may cite."""
    found = scenario_sources(scenario)
    if scenario.streams is not None:
        streams = load_streams(scenario.streams, citable(scenario))
        found = found.merged(sources_with(streams.sources, f"streams {streams.id}"))
    return found.merged(*(regime_sources(regime(name)) for name in _regimes(scenario)))


def _accounts(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    entry = catalogue().worlds.get(scenario.world.name or catalogue().default)
    if entry is not None and entry.insert is not None:
        accounts = load_insert(entry.insert).accounts
        for path, quantity in _named(accounts):
            yield f"{entry.insert}: {path}", quantity


def _named(record: Any) -> Iterator[tuple[str, Quantity]]:
    """Every quantity with its dotted path; members of a list go by their id, or position."""
    for place, quantity in quantities_in(record):
        words, here = [], record
        for key in place:
            here = getattr(here, str(key)) if isinstance(here, Record) else here[key]
            words.append(str(getattr(here, "id", key) if isinstance(key, int) else key))
        yield ".".join(words), quantity


def _figure(path: str, quantity: Quantity, ledger: Ledger, sources: Sources) -> Figure:
    if quantity.claim is None:
        own = OWN_WORDS.get(quantity.source, "")
        chain = own or sources[quantity.source].text
        return Figure(path, quantity, None, own, "judgement" if own else "", chain, None, "")
    claim = ledger[quantity.claim]
    return Figure(
        path=path,
        quantity=quantity,
        claim=claim,
        speaker=claim.speaker,
        kind=claim.kind,
        chain=claim.hands,
        supports=supported(claim),
        standing=_standing(quantity, claim),
    )


def _standing(quantity: Quantity, claim: Claim) -> str:
    compared = narrower(quantity, claim)
    if compared is None or claim.quantity is None:
        return "not compared"
    if compared:
        return "narrower"
    mine, stated, wide = (
        (each.low, each.central, each.high)
        for each in (quantity, claim.quantity, supported(claim) or claim.quantity)
    )
    if mine != wide:
        return "as wide"
    return "as stated" if stated == wide else "widened"


def own_standings(scenario: Scenario) -> list[str]:
    """Return how each figure of the scenario itself that cites a claim stands to it."""
    cited = [quantity for _, quantity in quantities_in(scenario) if quantity.claim is not None]
    if not cited:
        return []
    ledger = scenario_ledger(scenario)
    return [_standing(quantity, ledger[str(quantity.claim)]) for quantity in cited]


def disagreements(claims: dict[str, Claim]) -> Iterator[Subject]:
    """Yield the subjects on which claims in one unit give different central values."""
    subjects: dict[str, list[Claim]] = {}
    for claim in claims.values():
        if claim.quantity is not None:
            subjects.setdefault(claim.about, []).append(claim)
    for about, found in subjects.items():
        values: dict[str, set[float]] = {}
        for claim in found:
            if claim.quantity is not None:
                values.setdefault(claim.quantity.unit, set()).add(claim.quantity.central)
        if any(len(differing) > 1 for differing in values.values()):
            yield Subject(about, tuple(found))
