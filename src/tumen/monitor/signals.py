"""All signals for a target and product group, and what these records cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tumen.codes.chapters import chapter_titles
from tumen.codes.products import product_spans
from tumen.monitor.breaks import break_findings
from tumen.monitor.confusion import confusion_findings
from tumen.monitor.dependence import dependence_findings
from tumen.monitor.finding import Finding
from tumen.monitor.gravity import gravity_findings
from tumen.monitor.history import history_findings
from tumen.monitor.mirror import mirror_findings, slope_finding
from tumen.monitor.panel import Panel
from tumen.monitor.reexport import reexport_findings
from tumen.monitor.unit_values import unit_value_findings
from tumen.monitor.vanishing import vanishing_findings

Signal = Callable[[Panel], Iterable[Finding]]
SIGNALS: dict[str, Signal] = {
    "dependence": dependence_findings,
    "breaks": break_findings,
    "vanishing": vanishing_findings,
    "history": history_findings,
    "gravity": gravity_findings,
    "mirror gap": mirror_findings,
    "re-export": reexport_findings,
    "confusion": confusion_findings,
    "unit value": unit_value_findings,
}
"""Signal → what looks for it."""
WORLDWIDE = ("gravity", "re-export")
"""Signals that need the trade of others with each other."""
THIN = 0.5
"""A last year with fewer records than this share of the year before is taken as unfinished."""


@dataclass(frozen=True)
class Signals:
    """What was found in a panel, and what could not be looked for."""

    panel: Panel
    findings: list[Finding]
    unseen: list[str] = field(default_factory=list)

    def of(self, signal: str) -> list[Finding]:
        """Return the findings of one signal."""
        return [each for each in self.findings if each.signal == signal]


def all_signals(
    panel: Panel, partners: Sequence[str] = (), told: Callable[[str], None] = lambda _: None,
    tariffs: Mapping[str, float] | None = None,
) -> Signals:  # fmt: skip
    """Look for every signal that the records allow.

    Parameters
    ----------
    partners
        Only these; none: all.
    told
        Is told what is being looked for.
    tariffs
        The target's, per cent by product: whether gaps rise with them.
    """
    findings: list[Finding] = []
    for name, look in SIGNALS.items():
        if name in WORLDWIDE and not panel.whole_world:
            continue
        told(name)
        findings += gravity_findings(panel, partners) if name == "gravity" else look(panel)
    wanted = [each for each in findings if not partners or each.partner in partners]
    if tariffs is not None:
        wanted.append(slope_finding(panel, tariffs))
    return Signals(panel, wanted, list(unseen(panel, findings)))


def unseen(panel: Panel, findings: Sequence[Finding]) -> Iterable[str]:
    """Say what these records cannot show."""
    target = panel.asked.target
    if not panel.whole_world:
        yield (
            "gravity and re-exports: the store has no trade of others with each other in these "
            "products; add a whole year of BACI for every year"
        )
    if not panel.reporters:
        yield "mirror gaps: the source gives one figure for both reports; add UN Comtrade"
    if target not in panel.reporters:
        yield f"{target}'s own records: there are none, every figure is its partners'"
    yield from _chapters(panel)
    for each in findings:
        if (
            each.signal == "vanishing"
            and each.effect > 1 - 1e-9
            and each.first >= panel.asked.since
        ):
            yield (
                f"{each.flow}s {'to' if each.flow == 'export' else 'from'} {each.partner} from "
                f"{each.first} on: records stop, worth {-(each.musd or 0):.0f} million USD a year"
            )
    counts = panel.own.groupby("year").size()
    if panel.last - 1 in counts.index and counts.get(panel.last, 0) < THIN * counts[panel.last - 1]:
        yield (
            f"{panel.last}: {counts.get(panel.last, 0)} records against "
            f"{counts[panel.last - 1]} the year before, probably unfinished"
        )
    yield (
        "what customs never record: transfers between ships at sea, cash, labour abroad, services, "
        "electronic theft, goods declared as something else"
    )


def _chapters(panel: Panel) -> Iterable[str]:
    """Name the chapters asked about that have no record at all."""
    asked = product_spans(panel.asked.products)
    inside = [c for c in chapter_titles() if any(a <= int(c) * 10_000 < b for a, b in asked)]
    absent = [c for c in inside if c not in panel.chapters]
    if absent:
        yield (
            f"{len(absent)} of {len(inside)} chapters of the tariff have no record in the store; "
            f"those that have: {', '.join(panel.chapters)}"
        )
