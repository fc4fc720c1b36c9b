"""A regime: who acts against whom, by which measures; read with every problem and its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from tumen.catalogue.bundled import economy_names, find, names, sector_kinds, sources
from tumen.errors import InvalidInput, Problem
from tumen.evidence.sources import Source, SourceEntry, Sources
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.files.schema import Code, Record, parse
from tumen.files.strict_yaml import load_yaml
from tumen.regime.measure import Identifier, Measure

EVERYONE = "*"
"""All economies."""


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
    sources: dict[Code, SourceEntry] = Field(default_factory=dict)
    """Sources beside the bundled ones: text, url, licence, note."""

    def partners(self, measure: Measure) -> frozenset[str] | None:
        """Return the economies whose trade a measure covers; None: all."""
        return self.members(measure.partners or self.senders)

    def members(self, labels: list[str]) -> frozenset[str] | None:
        """Return economies with groups opened; None: all."""
        opened = {code for label in labels for code in self.groups.get(label, [label])}
        return None if EVERYONE in opened else frozenset(opened)


def regime_names() -> list[str]:
    """Names of the bundled regimes.

    Examples
    --------
    >>> regime_names()[-1]
    'us-dprk'
    """
    return [name for name in names("regimes", ".yaml") if name != "sources"]


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
        regime = parse(Regime, located)
    except InvalidInput as error:
        problems = {(each.place, each.message): each for each in error.problems}
    for each in _other_problems(located):
        problems.setdefault((each.place, each.message), each)
    if problems or regime is None:
        raise InvalidInput(sorted(problems.values(), key=lambda each: _line(each.place)))
    return regime


def _line(place: str) -> int:
    last = place.rpartition(":")[2]
    return int(last) if last.isdigit() else 0


def regime_sources(regime: Regime) -> Sources:
    """Return the bundled sources and the regime's own.

    Raises
    ------
    InvalidInput
        If the regime gives a bundled id another meaning.
    """
    own = (Source(id=key, **entry.model_dump()) for key, entry in regime.sources.items())
    places = {key: f"regime {regime.id}, sources.{key}" for key in regime.sources}
    return sources().merged(Sources(own, places))


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


def _other_problems(located: Located) -> Iterator[Problem]:
    """Yield what the schema alone cannot see, from data that may not fit the schema."""
    data = located.data if isinstance(located.data, dict) else {}
    yield from _duplicates(located, data)
    yield from _codes(located, data)
    own = data.get("sources")
    known = set(sources()) | set(own if isinstance(own, dict) else ())
    for place, key in _cited(data):
        if key not in known:
            yield Problem(located.place(place), f'no source "{key}"; {did_you_mean(key, known)}')
    for key in own if isinstance(own, dict) else ():
        if key in sources():
            message = f'source "{key}" is a bundled one: take another id, or leave it out here'
            yield Problem(located.place(("sources", key)), message)
    yield from _references(located, data)


def _members(data: Any, key: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the mappings in a list of the data, with their positions."""
    listed = data.get(key) if isinstance(data, dict) else None
    pairs = enumerate(listed) if isinstance(listed, list) else ()
    return [(place, each) for place, each in pairs if isinstance(each, dict)]


def _duplicates(located: Located, data: dict[str, Any]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, measure in _members(data, "measures"):
        name, place = measure.get("id"), ("measures", index, "id")
        if isinstance(name, str) and name in first:
            message = f'two measures are called "{name}", first on line {first[name]}: rename one'
            yield Problem(located.place(place), message)
        elif isinstance(name, str):
            first[name] = located.line(place)


def _codes(located: Located, data: dict[str, Any]) -> Iterator[Problem]:
    """Yield economies and sectors that do not exist."""
    groups = data.get("groups") if isinstance(data.get("groups"), dict) else {}
    economies = {EVERYONE, *groups, *economy_names()}
    lists: list[Place] = [("senders",), ("targets",), *(("groups", name) for name in groups)]
    for index, measure in _members(data, "measures"):
        lists.append(("measures", index, "partners"))
        for number, _ in _members(measure, "exemptions"):
            lists.append(("measures", index, "exemptions", number, "partners"))
        for number, reach in _members(measure, "reaches"):
            code = reach.get("sector")
            if isinstance(code, str) and code not in sector_kinds():
                place = ("measures", index, "reaches", number, "sector")
                message = f'no sector "{code}"; {did_you_mean(code, sector_kinds())}'
                yield Problem(located.place(place), message)
    for place in lists:
        for number, code in enumerate(_list_at(located, place)):
            if isinstance(code, str) and code not in economies:
                message = f'no economy or group "{code}"; {did_you_mean(code, economies)}'
                yield Problem(located.place((*place, number)), message)


def _list_at(located: Located, place: Place) -> list[Any]:
    try:
        found = located.value(place)
    except KeyError:
        return []
    return found if isinstance(found, list) else []


def _cited(data: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield (place, id) of every source that the data cite."""
    if isinstance(data, dict):
        for key, value in data.items():
            if place == () and key == "sources":
                continue
            if key == "source" and isinstance(value, str):
                yield (*place, key), value
            elif key == "sources" and isinstance(value, list):
                texts = ((n, each) for n, each in enumerate(value) if isinstance(each, str))
                yield from (((*place, key, number), each) for number, each in texts)
            else:
                yield from _cited(value, (*place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _cited(value, (*place, number))


def _references(located: Located, data: dict[str, Any]) -> Iterator[Problem]:
    """Yield measures named by others that do not exist."""
    own = {str(measure.get("id")) for _, measure in _members(data, "measures")}
    for index, _ in _members(data, "measures"):
        for key in ("implements", "strengthens"):
            place = ("measures", index, key)
            for number, name in enumerate(_list_at(located, place)):
                if isinstance(name, str):
                    known = _bundled_ids() | own if "/" in name else own
                    if name not in known:
                        message = f'no measure "{name}"; {did_you_mean(name, known)}'
                        yield Problem(located.place((*place, number)), message)


@cache
def _bundled_ids() -> frozenset[str]:
    """Return "REGIME/MEASURE" of every bundled measure, read without checking."""
    found = set()
    for name in regime_names():
        data = load_yaml(find(name, "regimes", ".yaml")).data
        found |= {f"{name}/{measure.get('id')}" for _, measure in _members(data, "measures")}
    return frozenset(found)
