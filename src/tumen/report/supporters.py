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
    first = found.givers[:SHOWN]
    for row in (*first, *(row for row in found.givers[SHOWN:] if row.giver in found.actors)):
        table.add_row(
            row.giver,
            "none" if row.money_points is None else signed(row.money_points, 3),
            "" if row.money_cost_musd is None else money(row.money_cost_musd),
            _weight(row.money_cost_pct_per_point),
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
    rest = len(found.givers) - table.row_count
    more = [Text(f"and {rest} more economies (--json has them)")] if rest > 0 else []
    return [Text(_sentence(found), style="bold"), Text(""), table, *more]


def _weight(percent: float | None) -> str:
    """Per cent of the giver's income; more than it has is no support.

    >>> _weight(0.0123), _weight(131.9), _weight(None)
    ('0.0123', 'none', '')
    """
    if percent is None:
        return ""
    return "none" if percent > 100 else f"{percent:.4f}"


def _sentence(found: Supporters) -> str:
    able = [row for row in found.givers if row.money_cost_pct_per_point is not None]
    told = ["Nobody could give that much money"]
    if able:
        easiest = min(able, key=lambda row: row.money_cost_pct_per_point or 0.0)
        told = [
            f"A point of {found.target}'s income in money weighs least on {easiest.giver} "
            f"({easiest.money_cost_pct_per_point:.4f} % of its own)"
        ]
    trading = [row for row in found.givers if row.trade_musd_per_point is not None]
    if not trading:
        told.append("no opened trade gives anything back")
    else:
        least = min(trading, key=lambda row: row.trade_musd_per_point or 0.0)
        told.append(
            f"by trade it takes least from {least.giver}, {money(least.trade_musd_per_point or 0)} "
            "million USD a year, and hardly more from many others"
        )
    return "; ".join(told) + "."
