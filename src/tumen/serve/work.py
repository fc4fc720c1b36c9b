"""What jobs do: whole runs with their page, and the decision; run in a process of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tumen.page.case import Case
from tumen.page.page import laid_out, page, sections
from tumen.report.decision import decision_payload
from tumen.report.payload import payload
from tumen.scenario.decision import BRIEF, decision
from tumen.scenario.run import run
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import Progress


@dataclass(frozen=True, slots=True)
class Finished:
    """What a job hands over."""

    data: dict[str, Any]
    """As the JSON of the command."""
    page: str = ""
    """The report as HTML."""


def whole_run(scenario: Scenario, told: Progress) -> Finished:
    """Run a case with bands, months and decision, and lay out its report."""
    return _run(scenario, told, sensitivity=True)


def quick_run(scenario: Scenario, told: Progress) -> Finished:
    """Run a case without bands, and lay out its report."""
    return _run(scenario, told, sensitivity=False)


def _run(scenario: Scenario, told: Progress, sensitivity: bool) -> Finished:
    result = run(scenario, told, sensitivity)
    told("page", 0, 1)
    case = Case(scenario, result)
    return Finished(payload(scenario, result), page(case, laid_out(sections(case))))


def decide(scenario: Scenario, told: Progress) -> Finished:
    """Play the vote and the backfill at the case's motives."""
    found = decision(scenario, BRIEF, told=told)
    return Finished({} if found is None else decision_payload(scenario, found))


WORKS = {"run": whole_run, "quick": quick_run, "decision": decide}
