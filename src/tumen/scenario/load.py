"""Reading a scenario, and everything that is wrong with it, in one error with lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tumen.catalogue.bundled import find, names
from tumen.errors import InvalidInput, Problem
from tumen.evidence.figures import quantities_in
from tumen.evidence.quantity import Quantity
from tumen.files.located import Located
from tumen.files.located import Path as Place
from tumen.files.nearest import did_you_mean
from tumen.files.schema import parse
from tumen.files.strict_yaml import load_yaml
from tumen.scenario.baseline import scenario_world
from tumen.scenario.citations import citation_problems, located_claims, scenario_sources
from tumen.scenario.claim_checks import claim_problems
from tumen.scenario.labels import label_problems
from tumen.scenario.overrides import overridden
from tumen.scenario.own_files import with_found_files
from tumen.scenario.record_checks import record_problems
from tumen.scenario.schema import RULE_KINDS, STEP_IDS, Scenario
from tumen.scenario.settings import idle_rules
from tumen.scenario.stems import stem_problems
from tumen.scenario.support_rules import with_streams
from tumen.scenario.support_schema import NONE_STATED


def scenario_names() -> list[str]:
    """Names of the bundled scenarios."""
    return [name for name in names("scenarios", ".yaml") if name != "sources"]


def read_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario without looking at its world: enough for its title."""
    path = _found(str(name_or_path))
    return _parsed(load_yaml(path), path.parent)


def load_scenario(name_or_path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """Read a bundled scenario or a file, with ``--set`` overrides applied, and check it.

    Parameters
    ----------
    name_or_path
        A bundled name, or a path that ends in .yaml.
    settings
        Overrides such as ``world.gdp_basis=low``.

    Returns
    -------
    Scenario; files that it names are looked for beside it, then from here, and given by their
        absolute path.

    Raises
    ------
    InvalidInput
        With every problem of the file, its line, and the nearest valid names.

    Examples
    --------
    >>> load_scenario("dprk-2017", ["world.gdp_basis=low"]).world.gdp_basis
    'low'
    """
    path = _found(str(name_or_path))
    return checked_scenario(load_yaml(path), path.parent, settings)


def checked_scenario(located: Located, folder: Path, settings: Sequence[str] = ()) -> Scenario:
    """Turn located data into a scenario, overrides applied, and check it.

    Parameters
    ----------
    folder
        Where files that it names are looked for first.

    Raises
    ------
    InvalidInput
        As for :func:`load_scenario`.
    """
    scenario = with_streams(_parsed(located, folder), located)
    if not settings:
        return _checked(scenario, located)
    try:
        located = overridden(scenario, located, settings)
        return _checked(with_streams(_parsed(located, folder), located), located)
    except InvalidInput as error:
        raise InvalidInput([_with_settings(each, settings) for each in error.problems]) from None


def _parsed(located: Located, folder: Path) -> Scenario:
    """Read a scenario, its figures completed from the claims that they cite."""
    claims = located_claims(located, folder)
    return with_found_files(parse(Scenario, located, context=claims), folder)


def _with_settings(problem: Problem, settings: Sequence[str]) -> Problem:
    """Say that settings are behind a problem, where its place is not one of them."""
    if problem.place.startswith("--set "):
        return Problem(problem.place.removesuffix(":1"), problem.message)
    given = " ".join(f"--set {setting}" for setting in settings)
    return Problem(problem.place, f"{problem.message} (with {given})")


def _checked(scenario: Scenario, located: Located) -> Scenario:
    """Return the scenario if steps, sources and labels are in order."""
    problems = _step_problems(scenario, located) + _closure_problems(scenario, located)
    problems += [
        Problem(located.place(place), message)
        for place, message in (
            *record_problems(scenario),
            *stem_problems(scenario),
            *claim_problems(scenario),
        )
    ]
    problems += _source_problems(scenario, located) + _world_problems(scenario, located)
    if problems:
        raise InvalidInput(problems)
    return scenario


def quantities(scenario: Scenario) -> Iterator[tuple[Place, Quantity]]:
    """Every quantity of a scenario with its place; what it leaves out is none."""
    for place, quantity in quantities_in(scenario):
        if quantity.source != NONE_STATED:
            yield place, quantity


def _found(name: str) -> Path:
    """Return the file of a scenario, or say what is near."""
    if Path(name).suffix or len(Path(name).parts) > 1:
        return find(name, "scenarios", ".yaml")
    known = scenario_names()
    if name in known:
        return find(name, "scenarios", ".yaml")
    for beside in (Path(f"{name}.yaml"), Path(name, "scenario.yaml")):
        if beside.is_file():
            raise InvalidInput(
                Problem(name, f"is no bundled scenario; for the file here write {beside}")
            )
    raise InvalidInput(
        Problem(name, f"is no bundled scenario and no .yaml file; {did_you_mean(name, known)}")
    )


def _step_problems(scenario: Scenario, located: Located) -> list[Problem]:
    """Check the order of the steps and the names of their rules."""
    problems = []
    order = [step.id for step in scenario.steps]
    if order != [name for name in STEP_IDS if name in order]:
        message = (
            f"steps are {', '.join(order)}; each may stand once, in the order {', '.join(STEP_IDS)}"
        )
        problems.append(Problem(located.place(("steps",)), message))
    supporters = [each.id for each in scenario.support]
    problems += _support_problems(scenario, located)
    for index, step in enumerate(scenario.steps):
        for position, name in enumerate(step.support):
            if name not in supporters:
                hint = did_you_mean(name, supporters)
                message = f'"{name}" is no state of the scenario\'s support; {hint}'
                place = located.place(("steps", index, "support", position))
                problems.append(Problem(place, message))
        for kind in RULE_KINDS:
            seen: set[str] = set()
            for position, rule in enumerate(getattr(step, kind)):
                if rule.id in seen:
                    place = located.place(("steps", index, kind, position))
                    message = f'two rules of {step.id}.{kind} are called "{rule.id}"; rename one'
                    problems.append(Problem(place, message))
                seen.add(rule.id)
    return problems


def _support_problems(scenario: Scenario, located: Located) -> list[Problem]:
    """Check who supports whom, and that a step lets each of them in."""
    ids = [each.id for each in scenario.support]
    listed = {name for step in scenario.steps for name in step.support}
    problems = []
    for at, name in enumerate(ids):
        place = located.place(("support", at))
        if name == scenario.target:
            problems.append(Problem(place, f'"{name}" is the target, which cannot support itself'))
        if name in ids[:at]:
            problems.append(Problem(place, f'"{name}" stands twice; write one entry for each'))
        if name not in listed:
            message = (
                f'no step lists "{name}", so its support counts nowhere; add support: ["{name}"]'
            )
            problems.append(Problem(place, message))
    leaving = scenario.withdrawing or [scenario.benefactor]
    gone = {name for label in leaving for name in scenario.groups.get(label, [label])}
    for name in sorted(gone & set(ids)):
        place = located.place(("support", ids.index(name)))
        problems.append(Problem(place, f'"{name}" withdraws and cannot step in as well'))
    if ids and scenario.newcomer not in ids:
        message = (
            f'the newcomer "{scenario.newcomer}" gives no support, but {", ".join(ids)} does; '
            "name one of those as newcomer"
        )
        problems.append(Problem(located.place(("newcomer",)), message))
    return problems


def _closure_problems(scenario: Scenario, located: Located) -> list[Problem]:
    """Under "income" deficits follow incomes, so nobody can be given a sum of dollars."""
    if scenario.deficits != "income":
        return []
    return [
        Problem(
            located.place(("steps", index, kind)),
            f'{kind} needs deficits "keep" or "zero"; the closure is "{scenario.deficits}"',
        )
        for index, step in enumerate(scenario.steps)
        for kind in ("transfers", "illicit", "support")
        if getattr(step, kind)
    ]


def _source_problems(scenario: Scenario, located: Located) -> list[Problem]:
    known = scenario_sources(scenario)
    missing = known.missing(
        (located.place((*at, "source")), quantity.source)
        for at, quantity in quantities(scenario)
        if quantity.claim is None or located.text((*at, "source")) is not None
    )
    return missing + citation_problems(scenario, located)


def _world_problems(scenario: Scenario, located: Located) -> list[Problem]:
    """Check the world, the labels on it, and that each rule has something to act on."""
    try:
        world = scenario_world(scenario)
    except InvalidInput as error:
        place = located.place(("world",))
        return [Problem(place, str(problem)) for problem in error.problems]
    problems = label_problems(scenario, world, located.place)
    if problems:
        return problems
    return [
        Problem(
            located.place(place),
            f"the rule covers no baseline trade, so no freeness can change it; {remedy}",
        )
        for place, remedy in idle_rules(scenario, world)
    ]
