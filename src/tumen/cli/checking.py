"""``tumen check``: which kind of file it is, and whether it can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tumen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from tumen.scenario.schema import Scenario


def check_path(path: Path) -> str:
    """Return one line about a sound file or folder.

    Raises
    ------
    InvalidInput
        With everything that is wrong with it.
    """
    if path.is_dir():
        return f"tables of a world, sound: {_tables(path)}"
    if not path.exists():
        raise InvalidInput(Problem(str(path), "no such file or folder"))
    if path.suffix == ".nc":
        return f"sound: {_world(path)}"
    if path.suffix in (".yaml", ".yml"):
        return _described(path)
    raise InvalidInput(
        Problem(
            str(path),
            "is no scenario, regime or file of claims (.yaml), world (.nc) or folder of tables",
        )
    )


def within(problem: Problem, path: Path) -> Problem:
    """Return the problem with ``path`` in its place, once.

    Examples
    --------
    >>> str(within(Problem("trade.csv:7", "is negative"), Path("own")))
    'own: trade.csv:7: is negative'
    >>> str(within(Problem("own/a.yaml:7", "is negative"), Path("own/a.yaml")))
    'own/a.yaml:7: is negative'
    """
    if problem.place.startswith(str(path)):
        return problem
    return Problem(f"{path}: {problem.place}".removesuffix(": "), problem.message)


def _described(path: Path) -> str:
    """Check a YAML file as what its keys say it is."""
    from tumen.evidence.ledger import is_ledger
    from tumen.files.strict_yaml import load_yaml
    from tumen.regime.regime import is_regime, load_regime

    located = load_yaml(path)
    if is_ledger(located):
        return f"claims, sound: {_claims(path)}"
    if is_regime(located):
        regime = load_regime(path)
        return f"regime, sound: {regime.id}, {len(regime.measures)} measures"
    return f"scenario, sound: {_scenario(path)}"


def _claims(path: Path) -> str:
    from tumen.catalogue.bundled import ledger, sources
    from tumen.evidence.ledger import load_ledger

    own, _ = load_ledger(path, sources())
    ledger().merged(own)
    return f"{len(own)} claims"


def _world(path: Path) -> str:
    from tumen.world import World

    return repr(World.load(path))


def _tables(path: Path) -> str:
    from tumen.sources.tidy import read_folder
    from tumen.world import World

    return repr(World(read_folder(path)))


def _scenario(path: Path) -> str:
    """Check a scenario against its schema, its sources and its world, at all ends of its ranges."""
    from tumen.evidence.quantity import LEVELS
    from tumen.scenario.baseline import scenario_world
    from tumen.scenario.load import load_scenario
    from tumen.scenario.settings import accumulated, arrange

    scenario = load_scenario(path)
    world = scenario_world(scenario)
    for _, _, settings in accumulated(scenario):
        for level in LEVELS:
            arrange(scenario, world, settings, level)
    return f"{scenario.id}, {len(scenario.steps)} steps on {world!r}{_narrower(scenario)}"


def _narrower(scenario: Scenario) -> str:
    """Say how many figures leave out a part of what their claims support: no error, but a mark."""
    from tumen.scenario.evidence import own_standings

    found = own_standings(scenario).count("narrower")
    if not found:
        return ""
    few = "1 figure has" if found == 1 else f"{found} figures have"
    return f"; {few} a narrower range than the claim behind it supports (tumen evidence)"
