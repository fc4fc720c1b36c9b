"""What the figures of a scenario may cite: sources and claims, bundled, in the file and beside."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tumen.catalogue.bundled import BundledClaims, ledger, sources, sources_with
from tumen.errors import InvalidInput, Problem
from tumen.evidence.claim import Claim, ClaimEntry
from tumen.evidence.ledger import Ledger, load_ledger
from tumen.evidence.quantity import Claims
from tumen.evidence.sources import Sources
from tumen.files.located import Located
from tumen.files.schema import parse
from tumen.scenario.schema import Scenario


def scenario_sources(scenario: Scenario) -> Sources:
    """The bundled sources, the scenario's own and those of its file of claims.

    Raises
    ------
    InvalidInput
        If the scenario gives a bundled id another meaning.
    """
    own = sources_with(scenario.sources, f"scenario {scenario.id}")
    return own if scenario.ledger is None else own.merged(_file(scenario.ledger)[1])


def scenario_ledger(scenario: Scenario) -> Ledger:
    """The bundled claims, those of the scenario's file of claims and its own.

    Raises
    ------
    InvalidInput
        If the scenario gives a bundled id another meaning.
    """
    own = (
        Claim(id=key, target=scenario.target, **dict(entry))
        for key, entry in scenario.claims.items()
    )
    places = {key: f"scenario {scenario.id}, claims.{key}" for key in scenario.claims}
    return _together(scenario.ledger, Ledger(own, places))


def citable(scenario: Scenario) -> Claims:
    """What files that the scenario names may cite; the bundled claims are read when one is."""
    alone = not scenario.claims and scenario.ledger is None
    return BundledClaims() if alone else scenario_ledger(scenario)


def located_claims(located: Located, folder: Path) -> Claims:
    """The claims that figures of a scenario file may cite, before the file is read as a whole.

    Parameters
    ----------
    folder
        Where its file of claims is looked for first.

    Raises
    ------
    InvalidInput
        With every problem of the scenario's own claims, or of its file of claims.
    """
    data = located.data if isinstance(located.data, dict) else {}
    written = data.get("claims")
    own: list[Claim] = []
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for key in written if isinstance(written, dict) else ():
        at = ("claims", key)
        try:
            entry = parse(ClaimEntry, located, at)
        except InvalidInput as error:
            problems += error.problems
            continue
        own.append(Claim(id=key, target=str(data.get("target", "")), **dict(entry)))
        places[key] = located.place(at)
    if problems:
        raise InvalidInput(problems)
    name = data.get("ledger")
    if not isinstance(name, str):
        return _together(None, Ledger(own, places)) if own else BundledClaims()
    found = next((path for path in (folder / name, Path(name)) if path.is_file()), None)
    if found is None:
        message = f'no such file "{name}"; name a file of claims, beside the scenario or from here'
        raise InvalidInput(Problem(located.place(("ledger",)), message))
    return _together(str(found.resolve()), Ledger(own, places))


def citation_problems(scenario: Scenario, located: Located) -> list[Problem]:
    """Return a problem for each source that the scenario's own claims name and nobody knows."""
    return scenario_sources(scenario).missing(
        (located.place(("claims", key, "chain", position, "source")), link.source)
        for key, entry in scenario.claims.items()
        for position, link in enumerate(entry.chain)
        if link.source is not None
    )


def _together(file: str | None, own: Ledger) -> Ledger:
    return ledger().merged(*(() if file is None else (_file(file)[0],)), own)


@cache
def _file(path: str) -> tuple[Ledger, Sources]:
    return load_ledger(path, sources())
