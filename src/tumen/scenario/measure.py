"""Reading an outcome as a step: what partners record, what stays hidden, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tumen.scenario.result import ClosureResult, PartnerEffect, SectorRow, StepResult
from tumen.scenario.settings import Arrangement, Settings

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.world import World

Array = NDArray[np.float64]
PARTNERS_SHOWN = 10


def percent(ratio: float) -> float:
    """Per cent change of a ratio new / baseline."""
    return 100 * (ratio - 1)


def trade_parts(outcome: Outcome, arrangement: Arrangement, at: Any = ...) -> dict[str, Array]:
    """Split every flow (origin, destination, sector) into recorded, unrecorded and hidden.

    The parts add up to the flow: they are the shares of its strength, π·φ + ω, that recorded
    rules, hidden rules and openings give; the world's ``recorded`` share divides the open part.

    Parameters
    ----------
    at
        Index of some of the flows; all by default.
    """
    world = outcome.world
    shares = world.accounts.shares.transpose(2, 1, 0)[at]
    legal, hidden = shares * arrangement.legal[at], shares * arrangement.hidden[at]
    open_, concealed = arrangement.opened[at], hidden + arrangement.opened_hidden[at]
    total = legal + open_ + concealed
    trade = outcome.trade.values[at]
    per_strength = np.divide(trade, total, out=np.zeros_like(total), where=total > 0)
    recorded = recorded_share(world, at)
    seen = per_strength * (legal * recorded + open_)
    over = np.minimum(over_caps(outcome)[at], seen)
    return {
        "recorded": seen - over,
        "unrecorded": per_strength * legal * (1 - recorded),
        "hidden": per_strength * concealed + over,
    }


def foreign_parts(
    outcome: Outcome, arrangement: Arrangement, n: int
) -> dict[str, tuple[Array, Array]]:
    """Return exports and imports of economy ``n`` (partner, sector) by part, without home sales."""
    found = [trade_parts(outcome, arrangement, at) for at in (n, (slice(None), n))]
    for parts in found:
        for values in parts.values():
            values[n] = 0.0
    return {name: (found[0][name], found[1][name]) for name in found[0]}


def recorded_share(world: World, at: Any = ...) -> Array | float:
    """Part of each baseline flow that customs record (origin, destination, sector)."""
    share = world.recorded
    return 1.0 if share is None else share[at]


def over_caps(outcome: Outcome) -> Array:
    """What exceeds caps at their largest wedge (origin, destination, sector): it is smuggled."""
    over = np.zeros(outcome.world.accounts.trade.transpose(2, 1, 0).shape)
    settled = outcome.solution.settlement
    if settled is None or not outcome.cap_excess.values.any():
        return over
    caps = settled.caps
    np.add.at(over, (caps.seller, caps.buyer, caps.sector), settled.smuggled)
    return over


def step_result(
    step: str,
    label: str,
    settings: Settings,
    outcome: Outcome,
    arrangement: Arrangement,
    target: str,
) -> StepResult:
    """Return one rung of the ladder for ``target``."""
    n = outcome.world.economies.index(target)
    out, into = _directions(foreign_parts(outcome, arrangement, n))
    welfare, found = outcome.first_order, outcome.readings
    hidden_transfers = arrangement.hidden_transfer
    return StepResult(
        id=step,
        label=label,
        provisional=settings.provisional,
        exports_musd=out["recorded"],
        imports_musd=into["recorded"],
        hidden_musd=out["hidden"] + into["hidden"],
        exports_unrecorded_musd=out["unrecorded"],
        imports_unrecorded_musd=into["unrecorded"],
        hidden_exports_musd=out["hidden"],
        hidden_imports_musd=into["hidden"],
        hidden_transfers_musd=hidden_transfers,
        remittances_musd=arrangement.remittances.left_musd,
        transfers_musd=arrangement.transfer,
        diversion_musd=_diversion(outcome, arrangement, n),
        evasion_musd=out["hidden"] + into["hidden"] + _unenforced(outcome, arrangement, n),
        deficit_musd=float(found.deficit[n]),
        rents_abroad_musd=_rents(outcome, n),
        real_income_pct=percent(float(found.real_income[n])),
        real_output_pct=percent(float(found.real_output[n])),
        real_earnings_pct=percent(float(found.real_earnings[n])),
        employment_pct=percent(float(found.employment[n])),
        labour=mobility(outcome, n),
        first_order_pct=float(welfare.total[n]),
        first_order_flag=str(welfare.flags[n]),
    )


def mobility(outcome: Outcome, n: int) -> str:
    """Whether workers of economy ``n`` can change sectors, and idle."""
    accounts = outcome.world.accounts
    if not accounts.stuck[n]:
        return "mobile"
    return "idle" if accounts.wage_floor[n] > 0 else "fixed"


def _of_economy(n: int) -> tuple[Any, Any]:
    """Indices of economy ``n``'s exports and of its imports."""
    return n, (slice(None), n)


def _diversion(outcome: Outcome, arrangement: Arrangement, n: int) -> float:
    """Gains of economy ``n``'s foreign trade, both ways, on links that no setting touches."""
    before = outcome.world.accounts.trade.transpose(2, 1, 0)
    abroad = np.arange(before.shape[0]) != n
    return float(
        sum(
            np.where(
                arrangement.untouched[at],
                np.maximum(outcome.trade.values[at] - before[at], 0.0),
                0.0,
            )[abroad].sum()
            for at in _of_economy(n)
        )
    )


def _unenforced(outcome: Outcome, arrangement: Arrangement, n: int) -> float:
    """Banned trade of economy ``n`` that is not stopped and that customs record."""
    all_shares = outcome.world.accounts.shares.transpose(2, 1, 0)
    abroad = np.arange(all_shares.shape[0]) != n
    found = 0.0
    for at in _of_economy(n):
        legal, shares = arrangement.legal[at], all_shares[at]
        seen = np.minimum(arrangement.unenforced[at], legal)
        opened = arrangement.opened[at] + arrangement.opened_hidden[at]
        strength = shares * (legal + arrangement.hidden[at]) + opened
        part = np.divide(shares * seen, strength, out=np.zeros_like(seen), where=strength > 0)
        found += float((outcome.trade.values[at] * part)[abroad].sum())
    return found


def _rents(outcome: Outcome, n: int) -> float:
    """Rents of economy ``n`` from abroad, net."""
    settled = outcome.solution.settlement
    return 0.0 if settled is None else float(settled.rents(outcome.solution.wage.size)[1][n])


def _directions(
    parts: dict[str, tuple[Array, Array]],
) -> tuple[dict[str, float], dict[str, float]]:
    """Exports and imports by part, added up."""
    out = {name: float(exports.sum()) for name, (exports, _) in parts.items()}
    return out, {name: float(imports.sum()) for name, (_, imports) in parts.items()}


def closure_result(name: str, label: str, outcome: Outcome, target: str) -> ClosureResult:
    """Return one line of the table that keeps trade loss and financing loss apart."""
    n = outcome.world.economies.index(target)
    abroad = np.arange(len(outcome.world.economies)) != n
    return ClosureResult(
        name,
        label,
        percent(float(outcome.real_income[n])),
        percent(float(outcome.real_output[n])),
        percent(float(outcome.real_earnings[n])),
        float(outcome.trade.values[abroad, n].sum()),
    )


def partner_effects(step: str, outcome: Outcome, target: str) -> list[PartnerEffect]:
    """Return the largest changes of other economies' real income, in dollars of the baseline."""
    income = outcome.world.accounts.income
    change = (outcome.real_income.values - 1) * income
    change[outcome.world.economies.index(target)] = 0.0
    order = np.argsort(-np.abs(change))[:PARTNERS_SHOWN]
    return [
        PartnerEffect(
            step,
            outcome.world.economies[n],
            float(change[n]),
            percent(float(outcome.real_income[n])),
        )
        for n in order
    ]


def sector_rows(
    step: str, outcome: Outcome, arrangement: Arrangement, target: str
) -> list[SectorRow]:
    """Return the target's trade, output and prices sector by sector."""
    n = outcome.world.economies.index(target)
    parts = foreign_parts(outcome, arrangement, n)
    flow = {name: tuple(values.sum(axis=0) for values in both) for name, both in parts.items()}
    accounts = outcome.world.accounts
    made = outcome.solution.output[:, n] / outcome.solution.cost[:, n]
    before = accounts.output[:, n]
    quantity = np.divide(made, before, out=np.ones_like(made), where=before > 0)
    relative = outcome.price.values[n] / float(outcome.price_index[n])
    return [
        SectorRow(
            step,
            sector,
            float(flow["recorded"][0][s] + flow["unrecorded"][0][s]),
            float(flow["recorded"][1][s] + flow["unrecorded"][1][s]),
            float(flow["hidden"][0][s] + flow["hidden"][1][s]),
            percent(float(quantity[s])),
            percent(float(relative[s])),
        )
        for s, sector in enumerate(outcome.world.sectors)
    ]
