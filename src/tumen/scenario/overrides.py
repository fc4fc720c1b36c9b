"""``--set path=value``: a dotted path into the scenario as it is after defaults."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tumen.errors import InvalidInput, Problem
from tumen.files.located import Located, Mark, Path
from tumen.files.nearest import did_you_mean
from tumen.files.strict_yaml import load_yaml
from tumen.scenario.rules import INSTEAD
from tumen.scenario.schema import Scenario

SET_BY_USER = "set-by-user"
"""Id of the bundled source that stands for a value given with ``--set``."""

_UNSET_QUANTITIES = {
    "musd", "volume", "price", "interdiction", "price_ratio", "margin", "recorded", "early",
}  # fmt: skip
"""Figures that a rule may leave out: nothing then says the unit of a number."""
_RANGE = "a range {low: …, central: …, high: …, unit: …, source: …}"


def overridden(scenario: Scenario, located: Located, settings: Sequence[str]) -> Located:
    """Return the scenario's data with values replaced, all of them before they are checked.

    Parameters
    ----------
    scenario
        The parsed scenario, which knows the defaults.
    located
        The data it was read from, for lines in messages.
    settings
        ``path=value``; members of a list are named by their ``id``; the value is YAML. A number
        in place of a quantity is a quantity without range.

    Raises
    ------
    InvalidInput
        If the path does not exist, with the nearest ones.
    """
    complete = _with_defaults(scenario, located)
    for setting in settings:
        complete = _replaced(complete, setting)
    return complete


def _replaced(complete: Located, setting: str) -> Located:
    path_text, _, value_text = setting.partition("=")
    place = f"--set {setting}"
    if not path_text.strip() or not value_text.strip():
        raise InvalidInput(Problem(place, "must be path=value, for example world.gdp_basis=low"))
    path = _resolved(complete.data, path_text.strip(), place)
    value = _value(place, value_text)
    before = complete.value(path)
    number = isinstance(value.data, int | float) and not isinstance(value.data, bool)
    if number and isinstance(before, dict):
        path, before = _main_figure(path, before)
    if before is None and number and path[-1] in _UNSET_QUANTITIES:
        message = f"{path_text} is not set, so a number has no unit; give {_RANGE}"
        raise InvalidInput(Problem(place, message))
    figure = isinstance(before, dict) and "central" in before
    if figure and not number and not isinstance(value.data, dict):
        raise InvalidInput(Problem(place, f"{path_text} must be a number, or {_RANGE}"))
    if number and isinstance(before, dict) and "central" in before:
        if not math.isfinite(value.data):
            raise InvalidInput(Problem(place, f"{path_text} must be a finite number"))
        exact = dict.fromkeys(("low", "central", "high"), float(value.data))
        known = {"unit": before["unit"], "source": SET_BY_USER, "note": setting}
        value = Located({**exact, **known}, value.marks)
    return _alone(complete.replaced(path, value), path)


def _value(place: str, text: str) -> Located:
    """Read the value; a lone null, which an empty file would be as well, is one."""
    if text.strip() in ("null", "~"):
        return Located(None, {(): Mark(place, 1)})
    return load_yaml(place, text)


def _alone(complete: Located, path: Path) -> Located:
    """Take away what else would give the figure that was set: a setting replaces."""
    for field, nothing in INSTEAD.get(str(path[-1]), {}).items():
        parent = complete.value(path[:-1])
        if field in parent:
            complete = complete.replaced((*path[:-1], field), Located(nothing, {}))
    return complete


def _main_figure(path: Path, rule: dict[str, Any]) -> tuple[Path, Any]:
    """Where a rule stands for its only figure: that figure, so that a number may replace it."""
    figures = [key for key, value in rule.items() if isinstance(value, dict) and "central" in value]
    if INSTEAD["enforced"].keys() <= rule.keys() and figures != ["early"]:
        return (*path, "enforced"), rule["enforced"] or {"central": None, "unit": "share"}
    if "central" in rule or len(figures) != 1:
        return path, rule
    return (*path, figures[0]), rule[figures[0]]


def _with_defaults(scenario: Scenario, located: Located) -> Located:
    """All fields of the scenario, with the marks of those that stand in its file."""
    marks = dict(located.marks)
    marks.setdefault((), Mark("scenario", 1))
    return Located(scenario.model_dump(mode="json"), marks)


def _resolved(data: Any, text: str, place: str) -> Path:
    path: Path = ()
    here = data
    for step in text.split("."):
        options = _options(here)
        if step not in options:
            before = ".".join(str(part) for part in _named(data, path))
            where = f"in {before}" if before else "at the top"
            raise InvalidInput(
                Problem(place, f"nothing is called {step!r} {where}; {did_you_mean(step, options)}")
            )
        key = options[step]
        path = (*path, key)
        here = here[key]
    return path


def _options(here: Any) -> dict[str, str | int]:
    """What may follow in a path: keys, or the ids of a list's members (or their position)."""
    if isinstance(here, dict):
        return {str(key): key for key in here}
    if isinstance(here, list):
        return {
            str(item["id"]) if isinstance(item, dict) and "id" in item else str(position): position
            for position, item in enumerate(here)
        }
    return {}


def _named(data: Any, path: Path) -> list[str]:
    names, here = [], data
    for key in path:
        here = here[key]
        named = isinstance(key, int) and isinstance(here, dict) and "id" in here
        names.append(str(here["id"]) if named else str(key))
    return names
