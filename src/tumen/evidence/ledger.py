"""The ledger: all claims by id, read from files, and cited by figures."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from tumen.errors import InvalidInput, Problem
from tumen.evidence.claim import Claim, ClaimEntry
from tumen.evidence.listed import Listed
from tumen.evidence.sources import Source, SourceEntry, Sources
from tumen.evidence.widening import supported
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml

_RANGE = ("low", "central", "high")


class LedgerFile(Record):
    """A file of claims: ``claims: {id: {statement, about, kind, …}}``."""

    target: Code | None = None
    """The economy that they are about; null: none in particular."""
    claims: dict[Code, ClaimEntry]
    """The claims."""
    sources: dict[Code, SourceEntry] = Field(default_factory=dict)
    """Sources beside the bundled ones."""


class Ledger(Listed[Claim]):
    """Claims by id; an id that does not exist is refused with the nearest one.

    Examples
    --------
    >>> words = '''
    ... claims:
    ...   trade-90:
    ...     {statement: China has 90 % of the trade, about: share, kind: attributed report,
    ...      date: "2017", chain: [{who: A paper, source: paper}], read: excerpt,
    ...      quantity: {central: 0.9, unit: share}}
    ... '''
    >>> ledger = ledger_of(parse(LedgerFile, load_yaml("claims.yaml", words)))
    >>> dict(ledger.completed({"claim": "trade-90"}))["source"]
    'paper'
    >>> ledger["trade-80"]
    Traceback (most recent call last):
    tumen.errors.InvalidInput: no claim "trade-80"; did you mean "trade-90"?
    """

    noun = "claim"

    def completed(self, figure: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields of a figure with what it leaves to its claim.

        A range that is left out is the claim's, widened by its kind and chain
        (:func:`tumen.evidence.widening.widened`); a source that is left out is what was seen.
        """
        claim = self[figure["claim"]]
        filled = {"source": claim.source, **figure}
        if any(name in figure for name in _RANGE):
            return filled
        wide = supported(claim)
        if wide is None:
            raise InvalidInput(f'claim "{claim.id}" has no figure; give low, central, high, unit')
        if figure.get("unit", wide.unit) != wide.unit:
            raise InvalidInput(
                f'the unit is "{figure["unit"]}", claim "{claim.id}" is in "{wide.unit}"; '
                "give low, central and high in your unit"
            )
        return {**wide.model_dump(), **filled}

    def unsourced(self, sources: Sources) -> list[Problem]:
        """Return a problem for every link that names a source unknown to ``sources``."""
        return [
            problem
            for key, claim in self.items()
            for problem in sources.missing((self.place(key), source) for source in claim.sources)
        ]


def ledger_of(file: LedgerFile, located: Located | None = None, at: Place = ("claims",)) -> Ledger:
    """Return the claims of a file as a ledger."""
    places = {} if located is None else {key: located.place((*at, key)) for key in file.claims}
    claims = (
        Claim(id=key, target=file.target, **dict(entry)) for key, entry in file.claims.items()
    )
    return Ledger(claims, places)


def load_ledger(
    path: str | os.PathLike[str], known: Sources, text: str | None = None
) -> tuple[Ledger, Sources]:
    """Read a file of claims, and the sources that it brings.

    Parameters
    ----------
    known
        Sources that its links may name beside its own.

    Raises
    ------
    InvalidInput
        With every problem of the file and its line.
    """
    located = load_yaml(path, text)
    file = parse(LedgerFile, located)
    ledger = ledger_of(file, located)
    places = {key: located.place(("sources", key)) for key in file.sources}
    own = Sources((Source(id=key, **dict(entry)) for key, entry in file.sources.items()), places)
    problems = ledger.unsourced(known.merged(own))
    if problems:
        raise InvalidInput(problems)
    return ledger, own


def is_ledger(located: Located) -> bool:
    """Tell whether a YAML file is meant to be a file of claims.

    Examples
    --------
    >>> is_ledger(load_yaml("a.yaml", "claims: {}")), is_ledger(load_yaml("a.yaml", "steps: []"))
    (True, False)
    """
    return (
        isinstance(located.data, dict)
        and "claims" in located.data
        and not {"steps", "measures"} & set(located.data)
    )
