"""How long each step of the ladder can be held: while savings pay, and when they are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tumen.endurance.currency import Stock
from tumen.endurance.survival import Hazard, held
from tumen.scenario import measure
from tumen.scenario.horizon import solved_or_mobile
from tumen.scenario.paying import Payment, desired_imports, financed, own_financing
from tumen.scenario.result import HoldingRow, StepResult

if TYPE_CHECKING:
    from tumen.scenario.endurance_schema import Endurance
    from tumen.scenario.ladder import Rung

HORIZON = 60
"""Months for which a step's settings are held."""
TOLERANCE = 1e-10
"""Largest residual of a solution."""


def holding(
    rungs: Iterable[Rung], target: str, given: Endurance, stock_musd: float
) -> list[HoldingRow]:
    """Return what each step leaves with savings of ``stock_musd`` and without any.

    Notes
    -----
    Survival is that of 60 months: the loss of real income while savings last, for the months of the
    runway, and the loss without savings from then on.
    """
    stock = Stock(stock_musd, given.release_months.central)
    return [_row(rung, target, given, stock) for rung in rungs]


def _row(rung: Rung, target: str, given: Endurance, stock: Stock) -> HoldingRow:
    world = rung.outcome.world
    own = own_financing(world, rung.arrangement, target, given.baseline_draw_musd.central)
    wanted = desired_imports(world, rung.arrangement, target)
    least = min(0.0, given.baseline_draw_musd.central)
    paid = Payment(own, wanted, stock.draw_limit, least)
    lasting = _solved(rung, target, paid)
    gone = _solved(rung, target, Payment(own, wanted, 0.0, least))
    draw = min(max(least, lasting.deficit_musd - own), stock.draw_limit)
    months = paid.runway(lasting, stock.musd, draw)
    chances = {
        prior.id: held(
            Hazard(given.base_hazard.central, prior.slope.central),
            -lasting.real_income_pct / 100,
            months,
            -gone.real_income_pct / 100,
            HORIZON,
        )
        for prior in given.priors
    }
    return HoldingRow(
        step=rung.id,
        label=rung.label,
        exports_musd=lasting.exports_musd,
        imports_musd=lasting.imports_musd,
        deficit_musd=lasting.deficit_musd,
        own_financing_musd=own,
        draw_musd=draw,
        stock_musd=stock.musd,
        real_income_pct=lasting.real_income_pct,
        real_output_pct=lasting.real_output_pct,
        gone_real_income_pct=gone.real_income_pct,
        gone_real_output_pct=gone.real_output_pct,
        gone_imports_musd=gone.imports_musd,
        runway_months=months,
        survival=sum(chances.values()) / len(chances),
        priors=chances,
    )


def _solved(rung: Rung, target: str, paid: Payment) -> StepResult:
    shock = financed(rung.arrangement, target, paid)
    outcome = solved_or_mobile(rung.outcome.world, shock, "financed", TOLERANCE, rung.outcome)
    return measure.step_result(
        rung.id, rung.label, rung.settings, outcome, rung.arrangement, target
    )


def with_bands(
    central: Sequence[HoldingRow], ends: Sequence[Sequence[HoldingRow]]
) -> list[HoldingRow]:
    """Put the lowest and highest of all runs beside runway and survival.

    Without other runs the chance still has a range: that of its priors.
    """
    result = []
    for rows in zip(central, *ends, strict=True):
        runways = [row.runway_months for row in rows]
        known = [months for months in runways if months is not None]
        chances = [chance for row in rows for chance in row.priors.values()]
        result.append(
            replace(
                rows[0],
                runway_months_low=min(known) if known and ends else None,
                runway_months_high=max(known) if ends and len(known) == len(runways) else None,
                survival_low=min(chances),
                survival_high=max(chances),
            )
        )
    return result


def on_steps(steps: Sequence[StepResult], rows: Sequence[HoldingRow]) -> list[StepResult]:
    """Put runway and survival on the steps of the ladder."""
    by_step: Mapping[str, HoldingRow] = {row.step: row for row in rows}
    names = ("runway_months", "survival")
    ends = ("", "_low", "_high")
    return [
        replace(
            step,
            **{
                f"{name}{end}": getattr(by_step[step.id], f"{name}{end}")
                for name in names
                for end in ends
            },
        )
        if step.id in by_step
        else step
        for step in steps
    ]
