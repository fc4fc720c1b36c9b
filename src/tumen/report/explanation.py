"""``tumen explain``: the inputs, the sources and the formula behind one printed number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tumen.errors import InvalidInput, Problem
from tumen.evidence.quantity import Quantity
from tumen.files.nearest import did_you_mean
from tumen.report.formulas import FORMULAS
from tumen.report.numbers import money
from tumen.scenario.citations import scenario_ledger
from tumen.scenario.enforcement import figure_in, quantity_of
from tumen.scenario.foundations import baseline_sources, law_sources
from tumen.scenario.result import CitedSource, HubRow, Result
from tumen.scenario.rules import (
    REMITTANCE,
    CapacityRule,
    EnforcementRule,
    FinanceRule,
    SmugglingRule,
)
from tumen.scenario.schema import RULE_KINDS, Scenario, TransferRule
from tumen.scenario.settings import Settings, accumulated, with_support
from tumen.scenario.stems import stem
from tumen.scenario.support_schema import IllicitRule

UNITS = {"runway_months": "months", "survival": "chance of holding for 60 months"}
"""Of numbers that are neither money nor per cent."""


def explain(scenario: Scenario, result: Result, number: str) -> list[str]:
    """Return lines that say where ``number``, such as "law.real_income_pct", comes from.

    Raises
    ------
    InvalidInput
        If there is no such step or number, with the nearest.
    """
    step_id, name = _parsed(result, number)
    step = next(step for step in result.steps if step.id == step_id)
    settings = next(found for step, _, found in accumulated(scenario) if step == step_id)
    lines = [f"{number} = {_with_unit(name, getattr(step, name))} ({step.label})", ""]
    lines += _basis(result, step_id, name)
    lines += ["", "inputs in force at this step (later rules win where they meet earlier ones):"]
    lines += _inputs(scenario, settings) or ["  none: this is the baseline"]
    lines += _waiting(scenario, settings)
    lines += [_by_hub(row) for row in result.hubs if row.step == step_id]
    if step.provisional:
        lines += ["", "provisional: these inputs are typed in, not derived from law and evidence"]
    return lines + _sources(scenario, settings, result.sources)


def _with_unit(name: str, value: float | None) -> str:
    if value is None:
        return "none: nothing is drawn from savings, or nothing is said of them"
    unit = "per cent against the baseline" if name.endswith("_pct") else "million USD a year"
    return f"{value:.6g} {UNITS.get(name, unit)}"


def _basis(result: Result, step_id: str, name: str) -> list[str]:
    """The formula, the baseline, the closure and the solver behind a number."""
    world, formula = result.world, FORMULAS[name]
    solved = next(item for item in result.convergence if item.step == step_id)
    basis = f" ({world['gdp_basis']} basis)" if world["insert"] else ""
    return [
        f"formula    {formula.text}",
        f"reference  {formula.reference}",
        f"baseline   {world['title']}; {result.target} GDP {money(world['target_gdp_musd'])} musd"
        f"{basis}, deficit {money(world['target_deficit_musd'])} musd",
        f"closure    {world['closure']}; elasticities {world['elasticity']}",
        f"solver     {solved.iterations} iterations, worst imbalance {solved.worst_imbalance:.1e}",
    ]


def _parsed(result: Result, number: str) -> tuple[str, str]:
    step_id, _, name = number.partition(".")
    steps = [step.id for step in result.steps]
    if step_id not in steps:
        hint = did_you_mean(step_id, steps)
        raise InvalidInput(
            Problem(number, f"no step {step_id!r}; {hint}; write STEP.NUMBER, law.real_income_pct")
        )
    if name not in FORMULAS:
        raise InvalidInput(Problem(number, f"no number {name!r}; {did_you_mean(name, FORMULAS)}"))
    return step_id, name


def _rules(scenario: Scenario, settings: Settings) -> Iterator[tuple[str, Any, str, Quantity]]:
    """Yield kind, rule, field and figure of everything in force."""
    settings = with_support(scenario, settings)
    for kind, fields in RULE_KINDS.items():
        for rule in getattr(settings, kind):
            for field in fields:
                quantity = _figure(scenario, settings, rule, field)
                if quantity is not None:
                    yield kind, rule, field, quantity


def _figure(scenario: Scenario, settings: Settings, rule: Any, field: str) -> Quantity | None:
    """The figure of a rule; of a dated one, the figure on the day of the law."""
    if field == "enforced" and settings.law is not None:
        dated = figure_in(scenario, rule, f"{settings.law.date:%Y-%m}")
        return None if dated is None else quantity_of(scenario, dated)
    quantity: Quantity | None = getattr(rule, field)
    return quantity


def _inputs(scenario: Scenario, settings: Settings) -> list[str]:
    lines = []
    if settings.law is not None:
        law = settings.law
        lines.append(
            f"  law        {', '.join(law.regimes)} on {law.date}, sense {law.sense}: "
            f"tumen coverage {law.regimes[0]} --date {law.date} lists the measures"
        )
    for kind, rule, field, quantity in _rules(scenario, settings):
        span = f"{quantity.central:g} ({quantity.low:g} to {quantity.high:g}) {quantity.unit}"
        name = rule.id if field == RULE_KINDS[kind][0] else f"{rule.id}.{field}"
        lines.append(f"  {kind:10s} {name}: {_where(rule)} = {span} [{quantity.source}]")
        if quantity.note:
            lines.append(f"             {quantity.note}")
        if quantity.claim is not None:
            claim = scenario_ledger(scenario)[quantity.claim]
            lines.append(f"             {claim.kind} {claim.id}: {claim.hands}")
    return lines


def _waiting(scenario: Scenario, settings: Settings) -> Iterator[str]:
    """Name the rules whose measure is not felt yet, or no longer, and its days."""
    for rule in settings.waiting:
        if rule.measure is not None:
            days = stem(scenario, rule.measure)
            end = f" to {days.until}" if days.until else ""
            yield f"  not in force: {rule.id}, as {rule.measure} bites from {days.bites_from}{end}"


def _by_hub(row: HubRow) -> str:
    """Say what a hub carries, and where its way round is fitted."""
    guessed = f"; legs fitted in {row.fitted}" if row.fitted else "; legs seen in trade"
    carried = money(row.diverted_musd)
    return f"  hub        {row.hub}: {row.flow}s of {carried} musd go round by it{guessed}"


def _where(rule: Any) -> str:
    if isinstance(rule, TransferRule):
        return f"{rule.giver} to {rule.receiver}"
    if isinstance(rule, CapacityRule):
        return f"{rule.economy}, sectors {' '.join(rule.sectors)}{_stems(rule)}"
    if isinstance(rule, IllicitRule):
        return "stream, from all others to the target"
    if isinstance(rule, EnforcementRule | SmugglingRule):
        flows = ", ".join(rule.flows)
        if rule.flows == [REMITTANCE]:
            return f"{_short(rule.partners)}, pay of workers abroad"
        return f"{_short(rule.partners)}, {flows}, sectors {' '.join(rule.sectors)}"
    if isinstance(rule, FinanceRule):
        return f"{_short(rule.partners)}{_stems(rule)}"
    return (
        f"{_short(rule.origins)} to {_short(rule.destinations)}, sectors {' '.join(rule.sectors)}"
    )


def _stems(rule: CapacityRule | FinanceRule) -> str:
    return f", by {rule.measure}" if rule.measure else ""


def _short(labels: Sequence[str]) -> str:
    return "/".join(labels[:4]) + (f" and {len(labels) - 4} more" if len(labels) > 4 else "")


def _sources(scenario: Scenario, settings: Settings, cited: Sequence[CitedSource]) -> list[str]:
    ids = {quantity.source for *_, quantity in _rules(scenario, settings)} | set(
        baseline_sources(scenario)
    )
    if settings.law is not None:
        ids |= law_sources(scenario, settings.law)
    used = [source for source in cited if source.id in ids]
    lines = [
        f"  {source.id}: {source.text}" + (f" {source.url}" if source.url else "")
        for source in used
    ]
    return ["", "sources:", *lines] if lines else []
