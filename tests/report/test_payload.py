"""The JSON of a run, and where its numbers come from."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.scenario.cases import full, quick
from tumen.errors import InvalidInput
from tumen.report.explanation import explain
from tumen.report.formulas import FORMULAS
from tumen.report.payload import json_text, payload

NAMES = (
    "scenario", "target", "as_of", "sentence", "steps", "timeline", "convergence", "versions",
    "sources", "seed", "draws",
)  # fmt: skip
STEP_NAMES = (
    "id", "label", "exports_musd", "imports_musd", "hidden_musd", "real_income_pct",
    "real_output_pct", "real_earnings_pct", "first_order_pct",
)  # fmt: skip


def leaves(data: Any, path: str = "") -> dict[str, Any]:
    if isinstance(data, dict):
        pairs = [(f"{path}.{key}", value) for key, value in data.items()]
    elif isinstance(data, list | tuple):
        pairs = [(f"{path}.{place}", value) for place, value in enumerate(data)]
    else:
        return {path: data}
    return {where: leaf for name, value in pairs for where, leaf in leaves(value, name).items()}


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_the_contract_s_names(name: str) -> None:
    data = json.loads(json_text(payload(*full(name))))
    assert set(NAMES) <= set(data)
    assert data["scenario"] == name
    ids = [step["id"] for step in data["steps"]]
    assert ids == ["baseline", "law", "enforced", "withdrawal", "black_market", "support"]
    for step in data["steps"]:
        assert set(STEP_NAMES) <= set(step)
        assert step["real_income_pct_low"] <= step["real_income_pct_high"]
    assert all(set(source) == {"id", "text", "url"} for source in data["sources"])
    assert data["sources"]
    assert all(step["worst_imbalance"] <= 1e-10 for step in data["convergence"])
    assert {"tumen", "python", "numpy"} <= set(data["versions"])


def test_bands_that_were_not_computed_are_left_out() -> None:
    data = payload(*quick("dprk-2017"))
    missing = [name for name, value in leaves(data["steps"]).items() if value is None]
    assert missing == []
    assert "real_income_pct_low" not in data["steps"][1]


def test_a_number_that_is_not_finite_is_never_written() -> None:
    scenario, result = quick("dprk-2017")
    broken = replace(result.steps[1], exports_musd=float("nan"))
    with pytest.raises(ValueError, match="JSON"):
        json_text(payload(scenario, replace(result, steps=(result.steps[0], broken))))


@pytest.mark.parametrize("number", FORMULAS)
@pytest.mark.parametrize("step", ["baseline", "support"])
def test_every_number_is_explained(step: str, number: str) -> None:
    scenario, result = quick("dprk-2017")
    lines = explain(scenario, result, f"{step}.{number}")
    value = getattr(next(item for item in result.steps if item.id == step), number)
    assert lines[0].startswith(f"{step}.{number} = {value:.6g} ")
    assert FORMULAS[number].text in "\n".join(lines)
    text = "\n".join(lines)
    if step == "baseline":
        assert "none: this is the baseline" in text
        assert "oecd-icio-2025" in text
    else:
        assert "transfers  rus-food_aid-given: RUS to PRK = 4 (3.6 to 8) million USD a year" in text
        assert "openings   rus-oil_recorded: RUS to PRK, sectors C19" in text
        assert "smuggling  coal: CHN, export, sectors B05 = 2.3 (1.48 to 3.6) price ratio" in text
        assert "illicit    cyber_theft.revenue: stream, from all others to the target" in text
        assert "\n  tass-wfp-2019: " in text


def test_every_number_of_a_step_has_a_formula() -> None:
    step = payload(*quick("dprk-2017"))["steps"][1]
    numbers = {name for name, value in step.items() if isinstance(value, float)}
    assert {name for name in numbers if not name.endswith(("_low", "_high"))} == set(FORMULAS)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("lwa.real_income_pct", r"no step 'lwa'; did you mean \"law\""),
        ("law.real_incme_pct", r"no number 'real_incme_pct'; did you mean \"real_income_pct\""),
        ("law", r"no number ''"),
        ("", r"no step ''"),
    ],
)
def test_unknown_numbers(number: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        explain(*quick("dprk-2017"), number)
