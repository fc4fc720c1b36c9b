"""A regime: who acts against whom, by which measures; read with every problem and its line."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from tumen.catalogue.bundled import find, sources_with
from tumen.errors import InvalidInput, Problem
from tumen.evidence.sources import SourceEntry, Sources
from tumen.files.located import Located
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, Share, parse
from tumen.files.strict_yaml import load_yaml
from tumen.regime.checks import file_problems, regime_names
from tumen.regime.exemptions import EVERYONE
from tumen.regime.measure import CheckedByLine, Identifier, Measure
from tumen.sources.product_trade import Flow


class Claim(Record):
    """What was said at an adoption about the share of trade that the law covers."""

    adopted: datetime.date
    """The day of the act that it was made about."""
    flow: Flow
    """Exports or imports, from the target's side."""
    share: Share
    """The share that was claimed."""
    text: Annotated[str, Field(min_length=1)]
    """Who said what."""
    source: Code
    """Where."""
    gap: str = ""
    """Why the share computed here differs."""


class Regime(Record):
    """A file of ``data/regimes``: the measures of one sender, or of several together."""

    id: Identifier
    """Its name."""
    title: Annotated[str, Field(min_length=1)]
    """One line."""
    senders: Annotated[list[Code], Field(min_length=1)]
    """Economies whose trade with the target is bound; "*" if it binds all."""
    sender_name: str = ""
    """What tables call the senders."""
    targets: Annotated[list[Code], Field(min_length=1)]
    """Economies under sanctions."""
    base_year: int
    """The year whose trade coverage is measured on."""
    groups: dict[Identifier, Annotated[list[Code], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Names for lists of economies, to be used as senders or partners."""
    note: str = ""
    """What a reader should know about the whole file."""
    measures: Annotated[list[Measure], Field(min_length=1)]
    """The measures, in the order of adoption."""
    claims: list[Claim] = Field(default_factory=list)
    """Official claims, shown beside what is computed."""
    sources: dict[Code, SourceEntry] = Field(default_factory=dict)
    """Sources beside the bundled ones: text, url, licence, note."""

    def partners(self, measure: Measure) -> frozenset[str] | None:
        """Return the economies whose trade a measure covers; None: all."""
        return self.members(measure.partners or self.senders)

    def members(self, labels: list[str]) -> frozenset[str] | None:
        """Return economies with groups opened; None: all."""
        opened = {code for label in labels for code in self.groups.get(label, [label])}
        return None if EVERYONE in opened else frozenset(opened)


def load_regime(name_or_path: str | Path) -> Regime:
    """Read a bundled regime or a file.

    Parameters
    ----------
    name_or_path
        A bundled name, or a path that ends in .yaml.

    Raises
    ------
    InvalidInput
        With every problem of the file, its line, and the nearest valid names.

    Examples
    --------
    >>> un = load_regime("un-dprk")
    >>> un.senders, un.targets, un.base_year
    (['*'], ['PRK'], 2016)
    """
    name = str(name_or_path)
    if name == "sources":
        raise InvalidInput(Problem(name, f"is no regime; {did_you_mean(name, regime_names())}"))
    path = find(name, "regimes", ".yaml")
    if path.suffix not in (".yaml", ".yml"):
        raise InvalidInput(Problem(name, "a regime is a file that ends in .yaml"))
    return read_regime(load_yaml(path))


def read_regime(located: Located) -> Regime:
    """Turn located data into a regime, or refuse them with all problems in the file's order."""
    problems: dict[tuple[str, str], Problem] = {}
    regime = None
    try:
        regime = parse(Regime, located, context=CheckedByLine())
    except InvalidInput as error:
        problems = {(each.place, each.message): each for each in error.problems}
    for each in file_problems(located):
        problems.setdefault((each.place, each.message), each)
    if problems or regime is None:
        raise InvalidInput(sorted(problems.values(), key=lambda each: _line(each.place)))
    return regime


def _line(place: str) -> int:
    last = place.rpartition(":")[2]
    return int(last) if last.isdigit() else 0


def is_regime(located: Located) -> bool:
    """Tell whether a YAML file is meant to be a regime rather than a scenario.

    Examples
    --------
    >>> is_regime(load_yaml("a.yaml", "measures: []"))
    True
    """
    return isinstance(located.data, dict) and bool({"measures", "senders"} & set(located.data))


def regime_sources(regime: Regime) -> Sources:
    """Return the bundled sources and the regime's own.

    Raises
    ------
    InvalidInput
        If the regime gives a bundled id another meaning.
    """
    return sources_with(regime.sources, f"regime {regime.id}")


def regime_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a regime file, for editors.

    Examples
    --------
    >>> regime_json_schema()["title"]
    'Tumen sanctions regime'
    """
    schema = Regime.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | schema | {"title": "Tumen sanctions regime"}


def schema_text() -> str:
    """Return the text of ``data/regimes/regime.schema.json``."""
    return json.dumps(regime_json_schema(), indent=1, ensure_ascii=False) + "\n"
