"""What ``tumen monitor`` prints and writes, and its tables for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.errors import InvalidInput, Problem
from tumen.files.writing import replacing
from tumen.monitor.calibration import ALARM
from tumen.monitor.finding import Finding
from tumen.monitor.inquiry import Inquiry
from tumen.monitor.noise import statecraft_yaml
from tumen.monitor.ranking import DOUBTFUL, SUPPORT, Suspicion
from tumen.monitor.signals import Signals
from tumen.report.layout import text_table

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN = 12
"""Rows of a table on the terminal; --json and --out have all."""
SMALL = 1.0
"""Million USD a year: smaller flows are counted, not shown."""
TITLES = {
    "dependence": "Dependence: shares of recorded trade before support is looked for",
    "breaks": "Breaks in the level of trade",
    "vanishing": "Records that stop",
    "history": "Trade above its own past",
    "gravity": "Trade above the gravity counterfactual, estimated without the suspects",
    "mirror gap": "Mirror gaps: shipped by one report, not arrived by the other",
    "tariff slope": "Mirror gaps and tariffs",
    "re-export": "Re-exports through hubs",
    "confusion": "Records that look like a look-alike's",
    "unit value": "Prices of what the target buys and sells",
}
WORDS = "Suspected, never proved: trade records show what was declared, and nobody's intent."


@dataclass(frozen=True, slots=True)
class Section:
    """A table for the page: what it shows in words, and its rows."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def number(value: float | None) -> str:
    """Write a number with three digits that mean something.

    Examples
    --------
    >>> number(1234.5), number(0.0456), number(-1.26), number(None)
    ('1,234', '0.046', '-1.26', '')
    """
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def chance(value: float | None) -> str:
    """Write a p-value.

    Examples
    --------
    >>> chance(0.0001), chance(0.034), chance(None)
    ('<0.001', '0.034', '')
    """
    return "" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def interesting(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one signal, most telling first, without what is too small to see."""
    kept = [each for each in findings if each.musd is None or abs(each.musd) >= SMALL]
    return sorted(
        kept,
        key=lambda e: (1.0 if e.p_value is None else e.p_value, -abs(e.musd or e.effect)),
    )


def signal_sections(signals: Signals) -> list[Section]:
    """Return a table for each signal that found something."""
    sections = []
    for name, title in TITLES.items():
        found = interesting(signals.of(name))
        if not found:
            continue
        rows = tuple(
            (each.partner, each.flow, f"{each.first}-{each.last}", number(each.effect),
             f"{number(each.low)} to {number(each.high)}", chance(each.p_value),
             "" if each.musd is None else number(each.musd), each.note)
            for each in found
        )  # fmt: skip
        first = found[0]
        alt = (
            f"{title}. {len(found)} rows; first {first.partner}, {first.flow}s, {first.first} to "
            f"{first.last}: {number(first.effect)} {first.unit}. Records: {first.data}."
        )
        columns = ("partner", "flow", "years", first.unit, "interval", "p", "musd a year", "note")
        sections.append(Section(title, alt, columns, rows))
    return sections


def worth_showing(ranked: Iterable[Suspicion]) -> list[Suspicion]:
    """Return the ranking without flows too small to see."""
    return [e for e in ranked if abs(e.musd) >= SMALL or e.verdict in (SUPPORT, DOUBTFUL)]


def ranking_words(ranked: Sequence[Suspicion]) -> str:
    """Say how many flows are suspected, and of what."""
    count = sum(each.verdict == SUPPORT for each in ranked)
    return (
        f"{count} of {len(ranked)} partner flows are suspected of support at p below {ALARM:g}, "
        f"{sum(each.verdict == DOUBTFUL for each in ranked)} of misreporting"
    )


def ranking_section(ranked: Sequence[Suspicion]) -> Section:
    """Return the ranking, without flows too small to see."""
    rows = tuple(
        (each.partner, each.flow, each.verdict, chance(each.p_value), number(each.musd),
         f"{number(each.low)} to {number(each.high)}", ", ".join(each.fired) or "none",
         ", ".join(each.looked))
        for each in worth_showing(ranked)
    )  # fmt: skip
    alt = f"Partners by suspicion: {ranking_words(ranked)}."
    columns = ("partner", "flow", "verdict", "p", "musd a year", "interval", "fired", "looked for")
    return Section("Suspected support", alt, columns, rows)


def inquiry_sections(inquiry: Inquiry) -> list[Section]:
    """Return all tables for the page, the ranking first."""
    alarms = tuple(
        (each.kind, str(each.tried), str(each.flagged), f"{100 * each.rate:.1f}",
         " to ".join(f"{100 * edge:.1f}" for edge in each.interval))
        for each in inquiry.false_alarms if each.tried
    )  # fmt: skip
    power = tuple(
        (each.partner, f"{each.sigmas:g}", number(each.musd), f"{100 * each.detected:.0f}",
         f"{100 * each.normal:.0f}")
        for each in inquiry.power
    )  # fmt: skip
    noise = tuple(
        (each.partner, number(each.central), f"{number(each.low)} to {number(each.high)}",
         f"{each.share:.3f}", f"{each.benefactor}, {number(each.baseline)}", each.basis)
        for each in inquiry.noises
    )  # fmt: skip
    more = [
        Section(
            "False alarms where nothing is suspected", "How often the ranking cries wolf.",
            ("kind", "tried", "flagged", "per cent", "interval"), alarms,
        ),
        Section(
            "Power: how often added support would be flagged", "Detection by size of support.",
            ("partner", "σ", "musd a year", "flagged, per cent", "by the game's formula"), power,
        ),
        Section(
            "σ, the standard error of the monitor", "Standard error by partner.",
            ("partner", "musd a year", "interval", "share", "of trade with", "error of"), noise,
        ),
    ]  # fmt: skip
    tables = [ranking_section(inquiry.ranked), *more, *signal_sections(inquiry.signals)]
    return [section for section in tables if section.rows]


def section_lines(sections: Iterable[Section]) -> list[RenderableType]:
    """Return tables as the terminal shows them."""
    lines: list[RenderableType] = []
    for section in sections:
        notes = section.columns[-1] == "note"
        width = len(section.columns) - notes
        heads = [name.replace(" of ", "\nof ") for name in section.columns[:width]]
        table = text_table(section.title, heads, left=3)
        for row in section.rows[:SHOWN]:
            table.add_row(*row[:width])
        lines.append(table)
        if len(section.rows) > SHOWN:
            lines.append(f"and {len(section.rows) - SHOWN} more rows (--json has them)")
        if notes:
            lines.append(f"{section.rows[0][0]}: {section.rows[0][-1]}.")
        lines.append("")
    return lines


def unseen_lines(signals: Signals) -> list[str]:
    """Say what the records cannot show."""
    return ["What cannot be seen in these records:", *(f"  - {each}" for each in signals.unseen)]


def signals_lines(signals: Signals, cited: Sequence[str] = ()) -> list[RenderableType]:
    """Return everything that ``tumen monitor signals`` prints.

    Parameters
    ----------
    cited
        Sources of the records, as one would cite them.
    """
    head = f"{signals.panel.asked.target}: {signals.panel.described}. {WORDS}"
    return [head, *cited, "", *section_lines(signal_sections(signals)), *unseen_lines(signals)]


def report_lines(inquiry: Inquiry, cited: Sequence[str] = ()) -> list[RenderableType]:
    """Return everything that ``tumen monitor report`` prints."""
    panel = inquiry.signals.panel
    since = panel.asked.since
    lines: list[RenderableType] = [
        f"{panel.asked.target} since {since}: {panel.described}. {WORDS}",
        *cited,
        "",
    ]
    lines += section_lines(inquiry_sections(inquiry))
    lines += unseen_lines(inquiry.signals)
    if inquiry.noises:
        lines += ["", "σ for a scenario:", statecraft_yaml(inquiry.noises, panel).rstrip()]
    return lines


def signals_payload(signals: Signals) -> dict[str, Any]:
    """Return the object of ``tumen monitor signals --json``."""
    panel = signals.panel
    return {
        "target": panel.asked.target,
        "products": panel.asked.products,
        "since": panel.asked.since,
        "records": panel.described,
        "findings": [asdict(each) for each in signals.findings],
        "unseen": signals.unseen,
    }


def report_payload(inquiry: Inquiry) -> dict[str, Any]:
    """Return the object of ``tumen monitor report --json``."""
    return {
        **signals_payload(inquiry.signals),
        "ranking": [asdict(each) for each in inquiry.ranked],
        "false_alarms": [
            {**asdict(e), "rate": e.rate, "interval": list(e.interval)}
            for e in inquiry.false_alarms
            if e.tried
        ],
        "power": [asdict(each) for each in inquiry.power],
        "noise": [{**asdict(each), "share": each.share} for each in inquiry.noises],
    }


def write_rows(rows: Sequence[Any], kind: type[Any], path: Path) -> None:
    """Write records of one kind as Parquet or CSV, by the ending of the file."""
    import duckdb
    import pandas as pd

    if path.suffix not in (".parquet", ".csv"):
        raise InvalidInput(Problem(str(path), "must end in .parquet or .csv"))
    columns = [each.name for each in fields(kind)]
    frame = pd.DataFrame([asdict(each) for each in rows], columns=columns)
    for name in frame.columns:
        if frame[name].map(lambda cell: isinstance(cell, tuple)).any():
            frame[name] = frame[name].map(", ".join)
    with replacing(path) as beside, duckdb.connect() as connection:
        connection.register("found", frame)
        connection.execute(f"COPY found TO '{beside}' (FORMAT {path.suffix[1:]})")
