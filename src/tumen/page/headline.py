"""The first screen: the few numbers that a reader takes along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tumen.page.case import Case
from tumen.report.numbers import money, percent


@dataclass(frozen=True, slots=True)
class Fact:
    """One number, and what it is."""

    number: str
    what: str


def headline(case: Case) -> str:
    """Return the answer in one short sentence."""
    income = percent(case.last.real_income_pct, 2)
    return (
        f"After all steps {case.target}’s real income has changed by {income}, and its recorded "
        f"trade by {percent(_trade_change(case), 0)}."
    )


def _trade_change(case: Case) -> float:
    first, last = (step.exports_musd + step.imports_musd for step in (case.baseline, case.last))
    return 100 * (last / first - 1) if first > 0 else 0.0


def facts(case: Case) -> list[Fact]:
    """Return the headline's numbers; each stands in the JSON of the run."""
    return list(_facts(case))


def _facts(case: Case) -> Iterator[Fact]:
    first, last = case.baseline, case.last
    band = ""
    if last.real_income_pct_low is not None and last.real_income_pct_high is not None:
        band = f" ({percent(last.real_income_pct_low)} to {percent(last.real_income_pct_high)})"
    yield Fact(percent(last.real_income_pct, 2), f"real income after all steps{band}")
    yield Fact(
        f"{money(first.exports_musd)} → {money(last.exports_musd)}",
        "recorded exports, million USD a year",
    )
    yield Fact(
        f"{money(first.imports_musd)} → {money(last.imports_musd)}",
        "recorded imports, million USD a year",
    )
    yield Fact(money(last.hidden_musd), "trade that nobody records, million USD a year")
    if case.result.holding:
        runway = last.runway_months
        months = "no end" if runway is None else f"{runway:.0f} months"
        yield Fact(months, "that savings would pay for imports at this pace")
