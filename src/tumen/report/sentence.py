"""The answer in plain words, read from the steps that a scenario has."""

from __future__ import annotations

from tumen.report.numbers import decimals_for, percent
from tumen.scenario.result import Result, StepResult
from tumen.scenario.schema import Scenario


def sentence(scenario: Scenario, result: Result) -> str:
    """Return one or two sentences: the law, what is left of it, and what each actor changes."""
    steps = {step.id: step for step in result.steps}
    order = [step for step in result.steps if step.id != "baseline"]
    moves = [after.real_income_pct - before.real_income_pct for before, after in _pairs(result)]
    digits = decimals_for(moves)
    target = _name(scenario.target)
    benefactor = scenario.benefactor_name or _name(scenario.benefactor)
    newcomer = scenario.newcomer_name or _name(scenario.newcomer)
    first = order[0]
    parts = [
        f"{_opening(first)}, {target}'s real income would change by "
        f"{percent(first.real_income_pct, digits)}{_band(first, digits)}"
    ]
    if "enforced" in steps and first.id != "enforced":
        parts.append(f"as enforced by {percent(steps['enforced'].real_income_pct, digits)}")
    if "withdrawal" in steps:
        value = percent(steps["withdrawal"].real_income_pct, digits)
        parts.append(f"with the withdrawal of {benefactor} by {value}")
    text = "; ".join(parts) + "."
    gains = []
    if "black_market" in steps:
        gains.append(f"a black market {_moved(result, 'black_market', digits)}")
    if "support" in steps:
        gains.append(f"support by {newcomer} {_moved(result, 'support', digits)}")
    if gains:
        last = order[-1]
        text += (
            f" {_capital(' and '.join(gains))}, which leaves "
            f"{percent(last.real_income_pct, digits)}{_band(last, digits)}; what the economy earns "
            f"itself stands at {percent(last.real_earnings_pct, digits)}."
        )
    return text


def _opening(step: StepResult) -> str:
    return {"law": "With the law enforced in full", "enforced": "As enforced"}.get(
        step.id, f"With {step.label.lower()}"
    )


def _name(code: str) -> str:
    from tumen.catalogue.bundled import economy_names

    return economy_names().get(code, code)


def _pairs(result: Result) -> list[tuple[StepResult, StepResult]]:
    return list(zip(result.steps, result.steps[1:], strict=False))


def _band(step: StepResult, digits: int) -> str:
    if step.real_income_pct_low is None or step.real_income_pct_high is None:
        return ""
    low, high = (
        percent(value, digits) for value in (step.real_income_pct_low, step.real_income_pct_high)
    )
    return f" ({low} to {high} over the range of trade elasticities)"


def _moved(result: Result, step: str, digits: int) -> str:
    for before, after in _pairs(result):
        if after.id == step:
            points = after.real_income_pct - before.real_income_pct
            verb = "gives back" if points >= 0 else "takes away a further"
            return f"{verb} {abs(points):.{digits}f} points"
    return "changes nothing"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
