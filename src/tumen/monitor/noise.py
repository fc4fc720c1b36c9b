"""σ: how far the monitor's figure of a partner's trade may be off, as a scenario takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tumen.monitor.calibration import ALARM, Reference
from tumen.monitor.gravity import Gravity
from tumen.monitor.history import PAST, pasts
from tumen.monitor.panel import Panel, series

BASE = 3
"""Years before support is looked for, whose mean is the baseline trade."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard error of what the monitor expects of a partner's trade with the target.

    It is the σ of the game's formula for detection that flags as often as the monitor does.
    """

    partner: str
    low: float
    central: float
    high: float
    """Million USD a year."""
    benefactor: str
    baseline: float
    """Recorded trade with the benefactor, million USD a year."""
    basis: str
    """Which counterfactual it is the error of."""

    @property
    def share(self) -> float:
        """σ as a share of baseline trade with the benefactor, the unit of the game."""
        return self.central / self.baseline


def benefactor(panel: Panel) -> tuple[str, float]:
    """Return the largest partner before the year asked about, and its trade a year."""
    since = panel.asked.since
    table = series(panel.own, since - BASE, since - 1)
    totals = table.groupby(level="partner").sum().mean(axis=1)
    return str(totals.idxmax()), float(totals.max())


def noises(panel: Panel, partners: Iterable[str], gravity: Gravity | None) -> list[Noise]:
    """Measure σ of each partner, both directions together.

    Parameters
    ----------
    gravity
        The counterfactual, where others' trade is stored; None: the partner's own past.
    """
    name, baseline = benefactor(panel)
    own = pasts(panel)
    found = []
    for partner in partners:
        pairs = (
            [(e.expected, gravity.reference) for e in gravity.excess(partner) if e.judged]
            if gravity is not None
            else [(p.expected, p.reference) for p in own if p.partner == partner and p.judged]
        )
        if not pairs or not baseline > 0:
            continue
        errors = np.array([_errors(*pair) for pair in pairs])
        low, central, high = np.sqrt((errors**2).sum(axis=0))
        basis = "gravity" if gravity is not None else f"the mean of {PAST} years before"
        found.append(Noise(partner, float(low), float(central), float(high), name, baseline, basis))
    return found


def _errors(expected: float, reference: Reference) -> tuple[float, float, float]:
    return reference.noise(max(expected, float(reference.expected.min())), ALARM)


def statecraft_yaml(found: Iterable[Noise], panel: Panel) -> str:
    """Write σ as the ``statecraft`` section of a scenario takes it.

    A scenario that has the states already takes the line ``noise_musd`` of each.
    """
    lines = [
        "sources:",
        "  monitor:",
        f'    text: "tumen monitor, {panel.described}, target {panel.asked.target}, since '
        f'{panel.asked.since}"',
        "    url: null",
        '    licence: "own"',
        "statecraft:",
        "  states:",
    ]
    for each in found:
        note = (
            f"as detection measured on {each.basis}; {each.share:.3g} of baseline trade with "
            f"{each.benefactor}, {each.baseline:.0f}"
        )
        lines += [
            f'    - id: "{each.partner}"',
            f"      noise_musd: {{low: {each.low:.4g}, central: {each.central:.4g}, high: "
            f'{each.high:.4g}, unit: "million USD a year", source: "monitor", note: "{note}"}}',
        ]
    return "\n".join(lines) + "\n"
