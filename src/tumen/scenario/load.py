"""Reading a scenario, and everything that is wrong with it, in one error with lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tumen.catalogue.bundled import find, names, sources
from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Quantity
from tumen.evidence.sources import Sources
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml
from tumen.scenario.overrides import overridden
from tumen.scenario.schema import STEP_IDS, Scenario, Step


def scenario_names() -> list[str]:
    """Names of the bundled scenarios."""
    return [name for name in names("scenarios", ".yaml") if name != "sources"]


def load_scenario(name_or_path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """Read a bundled scenario or a file, with ``--set`` overrides applied.

    Parameters
    ----------
    name_or_path
        A bundled name, or a path that ends in .yaml.
    settings
        Overrides such as ``world.gdp_basis=low``.

    Raises
    ------
    InvalidInput
        With every problem of the file, its line, and the nearest valid names.
    """
    path = find(str(name_or_path), "scenarios", ".yaml")
    located = load_yaml(path)
    scenario = parse(Scenario, located)
    for setting in settings:
        located = overridden(scenario, located, setting)
        scenario = parse(Scenario, located)
    problems = _step_problems(scenario, located) + _source_problems(scenario, located, path)
    problems += _group_problems(scenario, located)
    if problems:
        raise InvalidInput(problems, str(path.name))
    return scenario


def scenario_sources(path: Path | None = None) -> Sources:
    """The bundled sources and those of a ``sources.yaml`` beside the scenario file."""
    from tumen.evidence.sources import load_sources

    beside = path.parent / "sources.yaml" if path is not None else None
    if beside is None or not beside.is_file() or beside == find_sources():
        return sources()
    return sources().merged(load_sources(beside))


def find_sources() -> Path:
    """The bundled sources of the scenarios."""
    from tumen.catalogue.bundled import data

    return data("scenarios", "sources.yaml")


def quantities(scenario: Scenario) -> Iterator[tuple[Place, Quantity]]:
    """Every quantity of a scenario with its place."""
    for index, step in enumerate(scenario.steps):
        for kind, field in (
            ("freeness", "left"), ("hidden", "added"), ("openings", "musd"), ("transfers", "musd"),
        ):
            for rule_index, rule in enumerate(getattr(step, kind)):
                yield ("steps", index, kind, rule_index, field), getattr(rule, field)


def _step_problems(scenario: Scenario, located: Located) -> list[Problem]:
    problems = []
    order = [step.id for step in scenario.steps]
    wanted = [name for name in STEP_IDS if name in order]
    if order != wanted:
        problems.append(
            Problem(
                located.place(("steps",)),
                f"steps are {', '.join(order)}; each may stand once, in the order "
                f"{', '.join(STEP_IDS)}",
            )
        )
    for index, step in enumerate(scenario.steps):
        problems += _twice(step, located, index)
        for rule_index, transfer in enumerate(step.transfers):
            if transfer.musd.low < 0:
                place = located.place(("steps", index, "transfers", rule_index, "musd"))
                problems.append(Problem(place, "a transfer must not be negative; turn it around"))
    for at, quantity in quantities(scenario):
        if quantity.low < 0:
            problems.append(
                Problem(located.place((*at, "low")), f"is {quantity.low:g}, must not be below 0")
            )
    return list(dict.fromkeys(problems))


def _twice(step: Step, located: Located, index: int) -> list[Problem]:
    problems = []
    for kind in ("freeness", "hidden", "openings", "transfers"):
        seen: set[str] = set()
        for rule_index, rule in enumerate(getattr(step, kind)):
            if rule.id in seen:
                place = located.place(("steps", index, kind, rule_index))
                problems.append(Problem(place, f"a rule called {rule.id!r} stands here already"))
            seen.add(rule.id)
    return problems


def _source_problems(scenario: Scenario, located: Located, path: Path) -> list[Problem]:
    known = scenario_sources(path)
    return known.missing(
        (located.place((*at, "source")), quantity.source) for at, quantity in quantities(scenario)
    )


def _group_problems(scenario: Scenario, located: Located) -> list[Problem]:
    """A lower-case word in a list of economies must be a group."""
    problems = []
    for index, step in enumerate(scenario.steps):
        for kind in ("freeness", "hidden", "openings"):
            for rule_index, rule in enumerate(getattr(step, kind)):
                for field in ("origins", "destinations"):
                    for label in getattr(rule, field):
                        if label.islower() and label not in scenario.groups:
                            place = located.place(("steps", index, kind, rule_index, field))
                            hint = did_you_mean(label, scenario.groups)
                            problems.append(Problem(place, f"no group {label!r}; {hint}"))
    return problems
