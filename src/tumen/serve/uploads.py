"""Scenarios and regimes that come as text: strict schemas, and no file but bundled ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from tumen.catalogue.bundled import names
from tumen.catalogue.worlds import catalogue
from tumen.errors import InvalidInput, Problem
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.files.strict_yaml import load_yaml
from tumen.regime.checks import regime_names
from tumen.regime.regime import is_regime, read_regime
from tumen.scenario.load import checked_scenario
from tumen.scenario.schema import Scenario

NAME = "upload.yaml"
"""What messages call the text."""
LONGEST = 200_000
"""Characters of a scenario or a regime."""
NOWHERE = Path("/nonexistent")
"""The folder that files are looked for in: names of files are refused before."""


def uploaded_scenario(text: str) -> Scenario:
    """Return the scenario that a text holds, checked.

    Raises
    ------
    InvalidInput
        With every problem and its line; for a name of a file, whatever it is.
    """
    located = _located(text)
    problems = list(_file_problems(located))
    if problems:
        raise InvalidInput(problems)
    return checked_scenario(located, NOWHERE)


def described(text: str) -> tuple[Literal["regime", "scenario"], str]:
    """Say what a text holds: the kind of file, and its size in words.

    Raises
    ------
    InvalidInput
        With every problem and its line.
    """
    located = _located(text)
    if is_regime(located):
        regime = read_regime(located)
        return "regime", f"{regime.id}, {len(regime.measures)} measures"
    scenario = uploaded_scenario(text)
    return "scenario", f"{scenario.id}, {len(scenario.steps)} steps"


def _located(text: str) -> Located:
    if len(text) > LONGEST:
        message = f"has {len(text):,} characters, at most {LONGEST:,} are read here"
        raise InvalidInput(Problem(NAME, message))
    return load_yaml(NAME, text)


def _file_problems(located: Located) -> Iterator[Problem]:
    """Yield a problem for everything that could name a file of this machine."""
    data = located.data if isinstance(located.data, dict) else {}
    known = {"regimes": regime_names(), "streams": names("streams", ".yaml")}
    for place, key, name in _named(data, ()):
        allowed = known[key]
        if name not in allowed:
            near = did_you_mean(str(name), allowed)
            message = f"is {str(name)[:60]!r}, here only bundled {key}; {near}"
            yield Problem(located.place(place), message)
    if data.get("ledger") is not None:
        message = "a file of claims cannot be read here: put its claims into the scenario"
        yield Problem(located.place(("ledger",)), message)
    world = data.get("world")
    name = world.get("name") if isinstance(world, dict) else None
    if name is not None and name not in catalogue().worlds:
        known_worlds = did_you_mean(str(name), catalogue().worlds)
        message = f"is {str(name)[:60]!r}, here only a bundled world; {known_worlds}"
        yield Problem(located.place(("world", "name")), message)


def _named(data: Any, at: Place) -> Iterator[tuple[Place, str, Any]]:
    """Yield (place, key, name) of regimes and streams, wherever they are named."""
    if isinstance(data, dict):
        for key, value in data.items():
            here = (*at, key)
            if key == "streams" and value is not None and not at:
                yield here, key, value
            elif key == "regimes" and isinstance(value, list):
                yield from (((*here, n), key, name) for n, name in enumerate(value))
            else:
                yield from _named(value, here)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _named(value, (*at, position))
