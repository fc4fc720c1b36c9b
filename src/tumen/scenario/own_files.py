"""Files of the user that a scenario names: its world, its regimes, illicit streams and claims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario


def with_found_files(scenario: Scenario, folder: Path) -> Scenario:
    """Name files by their absolute path; beside the scenario first, else from here."""

    def found(name: str, suffixes: tuple[str, ...]) -> str:
        if Path(name).suffix not in suffixes:
            return name
        places = (folder / name, Path(name))
        return str(next((each for each in places if each.is_file()), Path(name)).resolve())

    named = _with_names(scenario, lambda name: found(name, (".yaml", ".yml")))
    if scenario.world.name is None:
        return named
    world = scenario.world.model_copy(update={"name": found(scenario.world.name, (".nc",))})
    return named.model_copy(update={"world": world})


def with_files_beside(scenario: Scenario, folder: Path) -> Scenario:
    """Copy the user's own files into ``folder`` and name the copies: it stands alone."""
    copies: dict[str, str] = {}

    def copied(name: str) -> str:
        path = Path(name)
        if path.suffix not in (".yaml", ".yml"):
            return name
        if name not in copies:
            taken = {*copies.values(), "scenario.yaml"}
            copy = f"own-{path.name}" if path.name in taken else path.name
            while copy in taken:
                copy = f"own-{copy}"
            (folder / copy).write_bytes(path.read_bytes())
            copies[name] = copy
        return copies[name]

    return _with_names(scenario, copied)


def _with_names(scenario: Scenario, named: Callable[[str], str]) -> Scenario:
    def lawful(law: LawSetting | None) -> LawSetting | None:
        return law and law.model_copy(update={"regimes": [*map(named, law.regimes)]})

    steps = [step.model_copy(update={"law": lawful(step.law)}) for step in scenario.steps]
    tested = [
        each.model_copy(update={"exports_banned": lawful(each.exports_banned)})
        for each in scenario.tested
    ]
    test = scenario.backtest
    if test is not None:
        test = test.model_copy(update={"regimes": [*map(named, test.regimes)]})
    months = scenario.timeline
    if months is not None:
        months = months.model_copy(update={"regimes": [*map(named, months.regimes)]})
    streams = None if scenario.streams is None else named(scenario.streams)
    ledger = None if scenario.ledger is None else named(scenario.ledger)
    files = {"streams": streams, "ledger": ledger, "timeline": months}
    return scenario.model_copy(update={"steps": steps, "tested": tested, "backtest": test, **files})
