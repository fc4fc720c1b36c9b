"""What ``tumen supporters`` prints: whose support would do most, and what it would cost."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tumen.report.layout import make_table
from tumen.report.numbers import money, signed
from tumen.scenario.supporters import Supporters

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN = 15
"""Economies printed; the JSON has all."""


def supporters_payload(found: Supporters) -> dict[str, Any]:
    """Return the object of ``tumen supporters SCENARIO --json``."""
    return asdict(found)


def supporters_lines(found: Supporters) -> list[RenderableType]:
    """Return everything that ``tumen supporters SCENARIO`` prints, in order."""
    from rich.text import Text

    table = make_table(
        f"{money(found.musd)} million USD a year for {found.target}, after step {found.step}",
        ["giver", "money:\npoints", "costs it,\nmusd", "% of its income\nfor a point",
         "trade:\npoints", "costs it,\nmusd", "musd of trade\nfor a point"],
    )  # fmt: skip
    for row in found.givers[:SHOWN]:
        table.add_row(
            row.giver,
            "none" if row.money_points is None else signed(row.money_points, 3),
            "" if row.money_cost_musd is None else money(row.money_cost_musd),
            "" if row.money_cost_pct_per_point is None else f"{row.money_cost_pct_per_point:.4f}",
            "none" if row.trade_points is None else signed(row.trade_points, 3),
            "" if row.trade_cost_musd is None else money(row.trade_cost_musd),
            "" if row.trade_musd_per_point is None else money(row.trade_musd_per_point),
        )
    table.caption = (
        "points: per cent of the target's real income. money: given. trade: opened\n"
        "to that value, half bought and half sold, in what the target traded before.\n"
        "A negative cost is a gain. none: no solution, the giver cannot pay."
    )
    table.caption_justify = "left"
    rest = len(found.givers) - SHOWN
    more = [Text(f"and {rest} more economies (--json has them)")] if rest > 0 else []
    return [Text(_sentence(found), style="bold"), Text(""), table, *more]


def _sentence(found: Supporters) -> str:
    able = [row for row in found.givers if row.money_cost_pct_per_point is not None]
    if not able:
        return "Nobody's support would give anything back."
    easiest = min(able, key=lambda row: row.money_cost_pct_per_point or 0.0)
    first = found.givers[0]
    words = (
        f"A point of {found.target}'s income in money weighs least on {easiest.giver} "
        f"({easiest.money_cost_pct_per_point:.4f} % of its own)"
    )
    if first.trade_musd_per_point is None:
        return f"{words}; no opened trade gives anything back."
    return (
        f"{words}; by trade it takes least from {first.giver}, "
        f"{money(first.trade_musd_per_point)} million USD a year."
    )
