"""The JSON of a run: one object, names fixed by the public contract."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tumen.report.decision import decision_words
from tumen.report.sentence import sentence
from tumen.scenario.result import Result
from tumen.scenario.schema import Scenario

BANDED = (
    "exports_musd",
    "imports_musd",
    "hidden_musd",
    "real_income_pct",
    "real_output_pct",
    "real_earnings_pct",
    "survival",
)
BANDS = ("survival", *(f"{name}_{end}" for name in BANDED for end in ("low", "high")))
"""Left out where they were not computed."""
RUNWAY = ("runway_months", "runway_months_low", "runway_months_high")
"""Null for a runway without end; left out where nothing is said of savings."""


def payload(scenario: Scenario, result: Result) -> dict[str, Any]:
    """Return plain data; a band that was not computed is left out, never null."""
    data = asdict(result)
    for step in data["steps"]:
        for name in BANDS:
            if step[name] is None:
                del step[name]
        gone = RUNWAY if not result.holding else RUNWAY[1:]
        for name in gone if step["runway_months_low"] is None else ():
            del step[name]
    for stream, row in zip(data["stepping_in"]["streams"], result.stepping_in.streams, strict=True):
        stream["revenue"] = row.revenue.model_dump()
    if result.decision is not None:
        data["decision"]["sentence"] = decision_words(scenario, result.decision)
    replaced = result.stepping_in.replacement
    if replaced is not None:
        ratios = {"recorded_ratio": replaced.recorded_ratio, "hidden_ratio": replaced.hidden_ratio}
        data["stepping_in"]["replacement"].update(ratios)
    first = {name: data.pop(name) for name in ("scenario", "title", "target", "as_of")}
    return {**first, "sentence": sentence(scenario, result), **data}


def json_text(data: dict[str, Any]) -> str:
    r"""Write one JSON object; a number that is not finite is an error, never written.

    Examples
    --------
    >>> json_text({"loss": "−2 %"})
    '{\n "loss": "−2 %"\n}\n'
    """
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
