"""What ``tumen lifelines`` prints: on whom a target depends, in trade and in income."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.catalogue.bundled import economy_names
from tumen.files.writing import replacing
from tumen.lifeline.dependence import Dependence
from tumen.report.layout import text_table
from tumen.report.numbers import money, signed

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN = 12
"""Partners printed; the JSON has all."""


def lifelines_payload(found: Dependence, world: str, deficits: str) -> dict[str, Any]:
    """Return the object of ``tumen lifelines TARGET --json``."""
    partners = [{**asdict(row), "substitutes": list(row.substitutes)} for row in found.partners]
    return {"world": world, "deficits": deficits, **asdict(found), "partners": partners}


def lifelines_lines(found: Dependence, world: str, deficits: str) -> list[RenderableType]:
    """Return everything that ``tumen lifelines TARGET`` prints, in order."""
    from rich.text import Text

    paid = any(row.remittances_musd for row in found.partners)
    table = text_table(
        f"{found.target}: what each partner's leaving would cost, one at a time",
        ["partner", "exports\nmusd", "imports\nmusd", *(["workers'\npay, musd"] if paid else []),
         "trade\nper cent", "income lost\nper cent", "of all losses\nper cent",
         "losses less\ntrade, points"],
        left=1,
    )  # fmt: skip
    for row in found.partners[:SHOWN]:
        lost, share = row.income_loss_pct, row.loss_share
        table.add_row(
            row.partner,
            money(row.exports_musd),
            money(row.imports_musd),
            *([money(row.remittances_musd)] if paid else []),
            f"{100 * row.trade_share:.1f}",
            "no solution" if lost is None else f"{lost:.2f}",
            "" if share is None else f"{100 * share:.1f}",
            "" if share is None else signed(100 * (share - row.trade_share)),
        )
    rest = len(found.partners) - SHOWN
    lines: list[RenderableType] = [Text(_sentence(found), style="bold"), Text(""), table]
    if rest > 0:
        lines.append(Text(f"and {rest} more partners (--json has them)"))
    lines += [Text(""), *(Text(words) for words in _notes(found, world, deficits))]
    return lines


def _sentence(found: Dependence) -> str:
    target = _called(found.target)
    if not found.partners:
        return f"{target} trades with nobody."
    first, *others = found.partners
    words = f"{_called(first.partner)} has {100 * first.trade_share:.1f} % of {target}'s trade; "
    if first.income_loss_pct is None:
        return f"{words}without it there is no solution: {first.problem}"
    words += f"without it {target} would lose {first.income_loss_pct:.1f} % of its real income."
    second = others[0].income_loss_pct if others else None
    if second is None or second <= 0:
        return words
    times, trade = first.income_loss_pct / second, first.trade_share / others[0].trade_share
    return (
        f"{words} That is {_times(times)} what {_called(others[0].partner)}'s leaving would "
        f"cost, with {_times(trade)} its trade."
    )


def _times(ratio: float) -> str:
    """A factor, with a decimal where it is small.

    >>> _times(1.42), _times(61.7)
    ('1.4 times', '62 times')
    """
    return f"{ratio:.1f} times" if ratio < 9.95 else f"{ratio:.0f} times"


def _called(code: str) -> str:
    return economy_names().get(code, code)


def _notes(found: Dependence, world: str, deficits: str) -> list[str]:
    notes = [
        f"Trade is {100 * found.openness:.0f} % of income. Concentration of partners (Herfindahl, "
        f"1 is a single partner): exports {found.exports_concentration:.2f}, imports "
        f"{found.imports_concentration:.2f}.",
        f"World {world}, deficits {deficits}, long-run elasticities. Each partner leaves alone, in "
        "both directions and all sectors, and everybody else may take over.",
    ]
    if deficits == "keep" and any(row.remittances_musd for row in found.partners):
        notes.append("The pay of the target's workers there, which is no trade, ends as well.")
    for row in found.partners:
        if row.substitutes:
            notes.append(
                f"Only {row.partner} supplies {', '.join(row.substitutes)}: a substitute at "
                f"{found.substitute_price:g} times the price stays (--substitute-price)."
            )
        if row.problem:
            notes.append(f"{row.partner}: {row.problem}")
    return notes


def write_matrix(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the rows of all targets and partners as Parquet."""
    import duckdb

    columns = {name: _TYPES.get(name, "DOUBLE") for name in rows[0]}
    with replacing(path) as beside, duckdb.connect() as connection:
        names = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE lifelines ({names})")
        marks = ", ".join("?" for _ in columns)
        connection.executemany(
            f"INSERT INTO lifelines VALUES ({marks})", [list(row.values()) for row in rows]
        )
        connection.table("lifelines").write_parquet(str(beside))


_TYPES = {"target": "VARCHAR", "partner": "VARCHAR", "substitutes": "VARCHAR", "problem": "VARCHAR"}
