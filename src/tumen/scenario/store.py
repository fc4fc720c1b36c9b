"""Writing a scenario back as YAML, complete after defaults, so that it repeats the run alone."""

from __future__ import annotations

import json
from typing import Any

from tumen.files.scalars import is_ambiguous
from tumen.scenario.schema import Scenario


def scenario_text(scenario: Scenario) -> str:
    """Return the scenario as YAML with every code quoted.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> print(scenario_text(load_scenario("dprk-2017")).splitlines()[1])
    id: "dprk-2017"

    Notes
    -----
    Scalars are written as JSON, which YAML 1.2 contains, so that no code can turn into a number
    or a boolean.
    """
    title = " ".join(scenario.title.split())
    lines = [f"# {title}: the settings of one run, complete after defaults."]
    lines += _mapping(scenario.model_dump(mode="json"), 0)
    return "\n".join(lines) + "\n"


def _mapping(data: dict[str, Any], indent: int) -> list[str]:
    lines = []
    pad = " " * indent
    for name, value in data.items():
        key = json.dumps(name, ensure_ascii=False) if is_ambiguous(name) else name
        if isinstance(value, dict) and value and not _flat(value):
            lines += [f"{pad}{key}:", *_mapping(value, indent + 2)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{pad}{key}:")
            for item in value:
                block = _mapping(item, indent + 4)
                block[0] = f"{pad}  - {block[0].lstrip()}"
                lines += block
        else:
            lines.append(f"{pad}{key}: {json.dumps(value, ensure_ascii=False)}")
    return lines


def _flat(value: dict[str, Any]) -> bool:
    return not any(isinstance(item, dict | list) for item in value.values())
