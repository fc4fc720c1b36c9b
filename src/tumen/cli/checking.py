"""``tumen check``: which kind of file it is, and whether it can be used."""

from __future__ import annotations

from pathlib import Path

from tumen.errors import InvalidInput, Problem


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
            "is neither a scenario or regime (.yaml), a world (.nc) nor a folder of tables",
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
    from tumen.files.strict_yaml import load_yaml
    from tumen.regime.regime import is_regime, load_regime

    if is_regime(load_yaml(path)):
        regime = load_regime(path)
        return f"regime, sound: {regime.id}, {len(regime.measures)} measures"
    return f"scenario, sound: {_scenario(path)}"


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
    return f"{scenario.id}, {len(scenario.steps)} steps on {world!r}"
