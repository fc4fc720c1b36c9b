"""The JSON of a run: one object, names fixed by the public contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tumen.report.sentence import sentence
from tumen.scenario.result import Result
from tumen.scenario.schema import Scenario


def payload(scenario: Scenario, result: Result) -> dict[str, Any]:
    """Return plain data; a band that was not computed is left out, never null."""
    data = asdict(result)
    for step in data["steps"]:
        for name in ("real_income_pct_low", "real_income_pct_high"):
            if step[name] is None:
                del step[name]
    return {
        "scenario": data.pop("scenario"),
        "title": data.pop("title"),
        "target": data.pop("target"),
        "as_of": data.pop("as_of"),
        "sentence": sentence(scenario, result),
        **data,
    }
