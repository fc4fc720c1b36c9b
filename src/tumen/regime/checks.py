"""What is wrong with a regime file beyond its schema: names, codes, sources and references."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from tumen.catalogue.bundled import economy_names, find, names, sector_kinds, sources
from tumen.errors import Problem
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.files.strict_yaml import load_yaml
from tumen.regime.consistency import inconsistencies
from tumen.regime.exemptions import EVERYONE


def regime_names() -> list[str]:
    """Names of the bundled regimes.

    Examples
    --------
    >>> regime_names()[-1]
    'us-dprk'
    """
    return [name for name in names("regimes", ".yaml") if name != "sources"]


def file_problems(located: Located) -> Iterator[Problem]:
    """Yield what a schema cannot see, from data that may not fit the schema."""
    data = located.data if isinstance(located.data, dict) else {}
    yield from _duplicates(located, data)
    groups = data["groups"] if isinstance(data.get("groups"), dict) else {}
    senders = data["senders"] if isinstance(data.get("senders"), list) else [EVERYONE]
    for index, measure in _members(data, "measures"):
        for place, what in inconsistencies(measure, senders, groups):
            at: Place = ("measures", index, *place)
            yield Problem(located.place(at), f"{located.name(at)}: {what}")
    yield from _codes(located, data)
    own = data.get("sources")
    known = [*(own if isinstance(own, dict) else ()), *sorted(sources())]
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
    given = data.get("groups")
    groups: dict[str, Any] = given if isinstance(given, dict) else {}
    economies = [EVERYONE, *groups, *economy_names()]
    lists: list[Place] = [("senders",), ("targets",), *(("groups", name) for name in groups)]
    for index, measure in _members(data, "measures"):
        lists.append(("measures", index, "partners"))
        for number, _ in _members(measure, "exemptions"):
            lists.append(("measures", index, "exemptions", number, "partners"))
        for number, reach in _members(measure, "reaches"):
            code = reach.get("sector")
            if isinstance(code, str) and code not in sector_kinds():
                at: Place = ("measures", index, "reaches", number, "sector")
                message = f'no sector "{code}"; {did_you_mean(code, sector_kinds())}'
                yield Problem(located.place(at), message)
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
    own = [str(measure.get("id")) for _, measure in _members(data, "measures")]
    for index, _ in _members(data, "measures"):
        for key in ("implements", "strengthens"):
            place = ("measures", index, key)
            for number, name in enumerate(_list_at(located, place)):
                if isinstance(name, str):
                    known = [*own, *bundled_measures()] if "/" in name else own
                    if name not in known:
                        message = f'no measure "{name}"; {did_you_mean(name, known)}'
                        yield Problem(located.place((*place, number)), message)


@cache
def bundled_measures() -> tuple[str, ...]:
    """Return "REGIME/MEASURE" of every bundled measure, read without checking.

    Examples
    --------
    >>> "un-dprk/2375-18" in bundled_measures()
    True
    """
    found = []
    for name in regime_names():
        data = load_yaml(find(name, "regimes", ".yaml")).data
        found += [f"{name}/{measure.get('id')}" for _, measure in _members(data, "measures")]
    return tuple(found)
