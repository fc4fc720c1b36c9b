"""Who takes over what was withdrawn, and what it would take to make up the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.lifeline.support import Compensation
from tumen.report.layout import make_table
from tumen.report.numbers import money
from tumen.scenario.result import Result

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

SHOWN = 8
"""Sectors printed; the exported table has all."""
LITTLE = 0.05
"""Below this part of what was withdrawn, a newcomer is said to replace almost nothing."""


def stepping_in_lines(result: Result) -> list[RenderableType]:
    """Return the tables of takeovers, volumes, support needed and streams, as far as there are."""
    from rich.text import Text

    found = result.stepping_in
    lines: list[RenderableType] = []
    if found.takeovers and any(step.id == "withdrawal" for step in result.steps):
        lines += [Text(""), takeovers(result)]
    if found.volumes:
        lines += [Text(""), volumes(result)]
    if result.compensation:
        lines += [Text(""), compensation(result)]
    if found.streams:
        lines += [Text(""), streams(result)]
    return lines


def takeovers(result: Result) -> Table:
    """Withdrawn trade by sector, and who took it over by what way."""
    table = make_table(
        "Who takes over what was withdrawn: million USD a year",
        ["flow", "sector", "withdrawn", "evasion", "diversion", "support", "nobody"],
        left=2,
    )
    rows = sorted(result.stepping_in.takeovers, key=lambda row: -row.withdrawn_musd)
    parts = ("withdrawn_musd", "evasion_musd", "diversion_musd", "support_musd", "lost_musd")
    for row in rows[:SHOWN]:
        table.add_row(f"{row.flow}s", row.sector, *(money(getattr(row, part)) for part in parts))
    if len(rows) > SHOWN:
        rest = (sum(getattr(row, part) for row in rows[SHOWN:]) for part in parts)
        table.add_row("", f"{len(rows) - SHOWN} others", *(money(value) for value in rest))
    whole = (sum(getattr(row, part) for row in rows) for part in parts)
    table.add_row("", "all", *(money(value) for value in whole))
    table.caption = (
        "evasion: banned trade that goes on. diversion: gains of others\n"
        "without any change of their policy. support: what was opened or\n"
        "eased for it. nobody: below 0 if others gained more than that.\n"
        "Unlike above, diversion counts links that some rule touches too."
    )
    table.caption_justify = "left"
    return table


def volumes(result: Result) -> Table:
    """The same in barrels and tonnes, at baseline unit values."""
    table = make_table(
        "In barrels and tonnes",
        ["product", "unit", "baseline", "now", "lost with who\nwithdrew", "newcomers,\nrecorded",
         "newcomers,\nhidden"],
        left=2,
    )  # fmt: skip
    for row in result.stepping_in.volumes:
        values = (
            row.baseline,
            row.now,
            row.lost_with_benefactor,
            row.newcomer_recorded,
            row.newcomer_hidden,
        )
        table.add_row(
            f"{row.product} ({row.flow}s)", row.unit, *(f"{value:.2f}" for value in values)
        )
    table.caption = (
        "At the baseline's value of a unit, price changes taken out; support at its own\n"
        "price, where that is stated."
    )
    table.caption_justify = "left"
    return table


def compensation(result: Result) -> Table:
    """The least support by the newcomer that gives back a share of the loss."""
    table = make_table(
        "What the newcomer would have to give, before it steps in",
        ["to give back", "in", "musd a year", "costs it, musd", "of its income"],
        left=2,
    )
    for row in result.compensation:
        amount = _amount(row)
        cost = "" if row.giver_cost_musd is None else money(row.giver_cost_musd)
        share = "" if row.giver_cost_pct is None else f"{row.giver_cost_pct:.3f} %"
        table.add_row(f"{100 * row.share:.0f} %", _kind(row.kind), amount, cost, share)
    table.caption = (
        "The cost is real income, with what dearer imports and cheaper exports add.\n"
        "Goods are given for nothing, on top of what law and enforcement leave."
    )
    table.caption_justify = "left"
    return table


def _kind(kind: str) -> str:
    names = {"money": "money", "freeness": "freer links"}
    return names.get(kind, f"goods of sector {kind}")


def _amount(row: Compensation) -> str:
    if row.musd is None:
        best = f"{100 * row.best_share:.0f} % at most"
        return "cannot" if row.best_share < 0.005 else f"cannot: {best}"
    return f"× {1 + row.musd:.3g}" if row.kind == "freeness" else money(row.musd)


def streams(result: Result) -> Table:
    """Streams of trade and pay as sources give them beside what is computed."""
    table = make_table(
        "Unrecorded trade and pay beside sources: million USD",
        ["stream", "sources", "(range)", "computed"],
    )
    for row in result.stepping_in.streams:
        given = row.revenue
        table.add_row(
            row.name,
            money(given.central),
            f"{money(given.low)} … {money(given.high)}",
            money(row.computed_musd),
        )
    return table


def replacement_words(result: Result, newcomer: str, withdrew: str) -> str:
    """Return one sentence on how much newcomers replace, and what would matter; empty without."""
    found = result.stepping_in.replacement
    if found is None or found.withdrawn_musd <= 0 or result.steps[-1].id != "support":
        return ""
    recorded, hidden = found.recorded_ratio, found.hidden_ratio
    lost = (
        f"the {money(found.withdrawn_musd)} million USD a year of open trade lost with {withdrew}"
    )
    if recorded + hidden < LITTLE:
        words = (
            f"Trade with {newcomer} replaces almost nothing of {lost}: "
            f"{_share(recorded)} recorded, "
            f"{_share(hidden)} hidden."
        )
    else:
        words = (
            f"Trade with {newcomer} replaces {_share(recorded)} of {lost} recorded, and "
            f"{_share(hidden)} hidden."
        )
    half = next((c for c in result.compensation if c.kind == "money" and c.share == 0.5), None)
    if half is None:
        return words
    if half.musd is None:
        return f"{words} No amount of money would give back half of the loss."
    return (
        f"{words} Giving back half of the loss before this step would have taken "
        f"{money(half.musd)} million a year in money."
    )


def _share(ratio: float) -> str:
    """A ratio in per cent, with the decimal that small ones need.

    >>> _share(0.0021), _share(-0.05), _share(0.38), _share(0.0)
    ('0.2 %', '−5 %', '38 %', '0 %')
    """
    percent = 100 * ratio
    text = f"{percent:.1f}" if 0 < abs(percent) < 2 else f"{percent:.0f}"
    return f"{text} %".replace("-", "−")
