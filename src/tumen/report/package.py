"""A coalition's best package and its frontier, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tumen.lifeline.package import Package
from tumen.lifeline.painful import PainfulFlows
from tumen.report.layout import captioned, make_table, text_table
from tumen.report.numbers import money

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

BANS_SHOWN = 20
SAME = 0.01
"""Starts whose ends differ by less, relatively, agree."""


def package_lines(
    package: Package, frontier: Sequence[Package], first: PainfulFlows
) -> list[RenderableType]:
    """Return the answer in words, the bans, the members, the frontier and the first cuts."""
    from rich.padding import Padding
    from rich.text import Text

    lines: list[RenderableType] = [
        Padding(Text(package_words(package)), (0, 0, 1, 0)),
        bans(package),
        Text(""),
        members(package),
    ]
    if frontier:
        lines += [Text(""), curve(frontier)]
    return [*lines, Text(""), painful(first)]


def painful(found: PainfulFlows) -> Table:
    """The flows that hurt the target most for each dollar that the senders lose."""
    table = text_table(
        "Where to begin: what one per cent less of a flow does, USD thousand a year",
        ["from", "to", "sector", "trade,\nmusd", "target's\nloss", "senders'\nloss", "ratio"],
        left=3,
    )
    for row in (*found.free, *found.costly):
        table.add_row(
            row.origin,
            row.destination,
            row.sector,
            money(row.trade_musd),
            money(1e3 * row.target_loss_musd),
            money(1e3 * row.senders_loss_musd),
            "gain" if row.ratio is None else f"{row.ratio:.1f}",
        )
    return captioned(
        table,
        "First-order, at the baseline. gain: the senders lose nothing, for prices move their way.",
    )


def package_words(package: Package) -> str:
    """Return what the best package does, and whether another may do as well."""
    paid = package.senders_loss_musd
    told = (
        f"The best package found costs {package.target} {money(package.target_loss_musd)} million "
        f"USD a year of real income ({package.target_loss_pct:.2f} %) and its senders {money(paid)}"
    )
    told += (
        f": {package.target_loss_musd / paid:.2f} for each dollar of theirs."
        if paid > SAME * package.target_loss_musd
        else "."
    )
    ends = package.starts.values()
    if max(ends) - min(ends) > SAME * max(ends):
        told += " Other starts end lower: there may be better ones still."
    return told


def bans(package: Package) -> Table:
    """The bans, the largest first."""
    table = text_table(
        f"What is banned: the {min(BANS_SHOWN, len(package.bans))} largest of {len(package.bans)}",
        ["member", "seen from the target", "sector", "share", "trade,\nmusd"],
        left=3,
    )
    for row in package.bans[:BANS_SHOWN]:
        table.add_row(
            row.member, row.direction, row.sector, f"{row.share:.2f}", money(row.trade_musd)
        )
    return table


def members(package: Package) -> Table:
    """What it costs the members."""
    table = make_table(
        "What it costs the members: million USD a year of real income",
        ["member", "loss", "loss, %", "limit", "received\nfrom others"],
    )
    for row in package.members:
        table.add_row(
            row.member,
            money(row.loss_musd),
            f"{row.loss_pct:.3f}",
            money(row.limit_musd),
            money(row.transfer_musd),
        )
    return captioned(table, "Below 0: they gain, or pay.")


def curve(frontier: Sequence[Package]) -> Table:
    """Target's loss against the senders', with wider and narrower limits."""
    table = make_table(
        "The frontier: limits multiplied",
        ["target's loss", "per cent", "senders' loss", "bans"],
    )
    for each in frontier:
        table.add_row(
            money(each.target_loss_musd),
            f"{each.target_loss_pct:.3f}",
            money(each.senders_loss_musd),
            str(len(each.bans)),
        )
    return table


def package_payload(
    package: Package, frontier: Sequence[Package], first: PainfulFlows
) -> dict[str, Any]:
    """Return plain data; names as in :mod:`tumen.lifeline.package`."""
    return {
        "sentence": package_words(package),
        **asdict(package),
        "frontier": [asdict(each) for each in frontier],
        "first_cuts": asdict(first),
    }
