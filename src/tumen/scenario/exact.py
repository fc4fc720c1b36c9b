"""A case with values put in place of what stands there, without reading it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tumen.evidence.quantity import LEVELS
from tumen.files.located import Path as Place
from tumen.files.schema import Record
from tumen.scenario.schema import Scenario


def with_exact(scenario: Scenario, figures: Mapping[Place, float]) -> Scenario:
    """Return the case with figures exact, each at its place."""

    def exact(value: float) -> Callable[[Any], Any]:
        return lambda quantity: quantity.model_copy(update=dict.fromkeys(LEVELS, value))

    return with_changed(scenario, {place: exact(value) for place, value in figures.items()})


def with_changed(scenario: Scenario, changes: Mapping[Place, Callable[[Any], Any]]) -> Scenario:
    """Return the case with what stands at each place replaced by what its change makes of it.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> case = load_scenario("russia-2022")
    >>> with_changed(case, {("world", "gdp_basis"): lambda _: "low"}).world.gdp_basis
    'low'
    """
    changed: Scenario = _changed(scenario, (), changes)
    return changed


def _changed(record: Any, at: Place, changes: Mapping[Place, Callable[[Any], Any]]) -> Any:
    """Change a record and what it holds; what no change is about stays the same object."""
    if at in changes:
        return changes[at](record)
    inside = {place[len(at)] for place in changes if place[: len(at)] == at}
    if not inside:
        return record
    if isinstance(record, Record):
        update = {
            str(key): _changed(getattr(record, str(key)), (*at, key), changes) for key in inside
        }
        return record.model_copy(update=update)
    return [
        _changed(item, (*at, place), changes) if place in inside else item
        for place, item in enumerate(record)
    ]
