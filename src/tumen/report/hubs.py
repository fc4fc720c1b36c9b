"""What goes round by third economies, and whose customs see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.report.layout import make_table
from tumen.report.numbers import money
from tumen.scenario.result import HubRow, Result

if TYPE_CHECKING:
    from rich.table import Table


def hubs(result: Result) -> Table:
    """The last step's goods that go round by hubs, and the direct record that they left."""
    last = result.hubs[-1].step
    rows = [row for row in result.hubs if row.step == last]
    label = next(step.label for step in result.steps if step.id == last)
    table = make_table(
        f"What goes round by hubs: million USD a year, {label}",
        ["flow", "hub", "goes round", "hub records\nimports", "hub records\nexports", "fitted in"],
        left=2,
        whole=False,
    )
    for row in rows:
        table.add_row(
            f"{row.flow}s",
            row.hub,
            money(row.diverted_musd),
            money(row.hub_imports_musd),
            money(row.hub_exports_musd),
            _sectors(len(row.fitted.split())),
        )
    table.caption = "\n".join(
        (
            "What goes round is in the hub's imports and in its exports.",
            *dict.fromkeys(_direct(row) for row in rows),
            "fitted in: sectors where a leg is not in trade both ways",
            "and comes from a gravity fitted on those that are.",
        )
    )
    table.caption_justify = "left"
    return table


def _sectors(count: int) -> str:
    """How many sectors; nothing for none.

    >>> _sectors(1), _sectors(0)
    ('1 sector', '')
    """
    return f"{count} sector{'s' if count > 1 else ''}" if count else ""


def _direct(row: HubRow) -> str:
    return (
        f"The direct record of the same {row.flow}s falls from {money(row.direct_before_musd)} to "
        f"{money(row.direct_musd)}."
    )
