"""Bundled cases run once, and small files made from the start file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.support.once import once
from tumen.catalogue.bundled import data
from tumen.scenario.load import load_scenario
from tumen.scenario.result import Result, StepResult
from tumen.scenario.run import run
from tumen.scenario.schema import Scenario

TEMPLATE = data("templates", "scenario.yaml").read_text("utf-8").replace("NAME", "mine")
NO_MONTHS = ("timeline=null", "endurance=null", "statecraft=null")
BASE = """\
id: "small"
title: "A small case"
target: "RUS"
benefactor: "CHN"
newcomer: "IND"
as_of: "2022-12"
target_year: 2022
world: {name: "world-2022"}
"""


@cache
def full(name: str) -> tuple[Scenario, Result]:
    """A bundled case with its sensitivities."""
    scenario = load_scenario(name)
    return scenario, once(f"full-{name}", lambda: run(scenario))


@cache
def quick(name: str, *settings: str) -> tuple[Scenario, Result]:
    """A bundled case without sensitivities; with overrides it goes through no months."""
    if settings:
        scenario = load_scenario(name, (*settings, *NO_MONTHS))
        return scenario, run(scenario, sensitivity=False)
    scenario = load_scenario(name)
    return scenario, once(f"quick-{name}", lambda: run(scenario, sensitivity=False))


def steps(result: Result) -> dict[str, StepResult]:
    return {step.id: step for step in result.steps}


def template(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """Write the start file with words replaced, each of which must be there."""
    text = TEMPLATE
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return path


def figure(value: float, unit: str = "freeness") -> str:
    return f'{{low: {value}, central: {value}, high: {value}, unit: "{unit}", source: "judgement"}}'


def links(name: str, origins: str, destinations: str, sectors: str, field: str) -> str:
    """A rule on links, in flow style: ``links("a", '"CHN"', '"*"', '"*"', "left: {…}")``."""
    return (
        f'{{id: "{name}", origins: [{origins}], destinations: [{destinations}], '
        f"sectors: [{sectors}], {field}}}"
    )


def transfer(name: str, giver: str, receiver: str, musd: float) -> str:
    money = figure(musd, "million USD a year")
    return f'{{id: "{name}", giver: "{giver}", receiver: "{receiver}", musd: {money}}}'


def step(name: str, **kinds: list[str]) -> str:
    """One step of :func:`small`; ``step("law", freeness=[…])``."""
    lines = [f'  - id: "{name}"', f'    label: "{name}"']
    for kind, rules in kinds.items():
        lines += [f"    {kind}:", *(f"      - {rule}" for rule in rules)]
    return "\n".join(lines) + "\n"


def small(folder: Path, *rungs: str, head: str = "") -> Path:
    """Write a case of the given steps on the bundled world, target Russia."""
    path = folder / "small.yaml"
    path.write_text(BASE + head + "steps:\n" + "".join(rungs), "utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """The line on which ``text`` first stands."""
    found = re.search(re.escape(text), path.read_text("utf-8"))
    assert found, text
    return path.read_text("utf-8").count("\n", 0, found.start()) + 1
