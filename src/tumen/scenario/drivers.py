"""What drives the timeline: one group of figures at its harsh end, all others central."""

from __future__ import annotations

from tumen.scenario.ends import scenario_at
from tumen.scenario.enforcement import at_end
from tumen.scenario.schema import Scenario


def driver_cases(scenario: Scenario) -> dict[str, Scenario]:
    """Return the scenario with each group of figures at its harsh end; none without records."""
    if scenario.timeline is None or not scenario.timeline.history:
        return {}
    harsh = scenario_at(scenario, "harsh")
    steps = [
        step.model_copy(update={"smuggling": hard.smuggling})
        for step, hard in zip(scenario.steps, harsh.steps, strict=True)
    ]
    money = [
        step.model_copy(update={"illicit": hard.illicit, "transfers": hard.transfers})
        for step, hard in zip(scenario.steps, harsh.steps, strict=True)
    ]
    return {
        "elasticities": scenario.model_copy(update={"elasticity": harsh.elasticity}),
        "enforcement": at_end(scenario, "high"),
        "smuggling": scenario.model_copy(update={"steps": steps}),
        "money": scenario.model_copy(
            update={"steps": money, "support": harsh.support, "endurance": harsh.endurance}
        ),
    }
