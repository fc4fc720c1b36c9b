"""One question answered whole: signals, ranking, false alarms, power and σ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tumen.monitor.calibration import ALARM
from tumen.monitor.confusion import misreported
from tumen.monitor.gravity import Gravity, gravity_of
from tumen.monitor.noise import Noise, noises
from tumen.monitor.panel import Panel
from tumen.monitor.ranking import (
    FalseAlarms,
    Suspicion,
    placebo_periods,
    placebo_targets,
    ranking,
)
from tumen.monitor.signals import Signals, all_signals

SIGMAS = (0.0, 1.0, 2.0, 3.0)
"""Sizes of injected support whose detection is told, in standard errors."""
PARTNERS = 4
"""Partners whose σ is told, where none are named."""


@dataclass(frozen=True, slots=True)
class Power:
    """How often hidden support of a size would be flagged."""

    partner: str
    musd: float
    """Added to trade where nothing is suspected, million USD a year."""
    sigmas: float
    detected: float
    """Share of the compared flows that are flagged then; of size 0: false alarms."""
    normal: float
    """What the game's formula q = 1 − Φ(z − b/σ) says."""


@dataclass(frozen=True)
class Inquiry:
    """Everything that ``tumen monitor report`` tells."""

    signals: Signals
    ranked: list[Suspicion]
    false_alarms: list[FalseAlarms]
    power: list[Power]
    noises: list[Noise]


def inquire(
    panel: Panel, partners: Sequence[str] = (), placebos: int = 0,
    told: Callable[[str], None] = lambda _: None,
) -> Inquiry:  # fmt: skip
    """Look for support, rank what is found and measure how far it can be trusted.

    Parameters
    ----------
    partners
        Whose support is looked for; none: everybody's.
    placebos
        Number of other economies of which the same is asked.
    """
    signals = all_signals(panel, partners, told)
    told("placebo periods")
    alarms = [placebo_periods(signals)]
    if placebos and panel.whole_world:
        alarms.append(placebo_targets(signals, placebos, told=told))
    ranked = ranking(signals)
    gravity = gravity_of(panel) if panel.whole_world else None
    doubtful = {partner for partner, _ in misreported(signals.findings)}
    names = list(partners) or [name for name in _largest(panel) if name not in doubtful]
    told("standard errors")
    sigmas = noises(panel, names[:PARTNERS], gravity)
    return Inquiry(signals, ranked, alarms, _power(panel, names[:PARTNERS], gravity), sigmas)


def _largest(panel: Panel) -> list[str]:
    """Partners with most trade since the year asked about and five years before."""
    recent = panel.own[panel.own.year >= panel.asked.since - 5]
    totals = recent.groupby("partner")["musd"].sum().sort_values(ascending=False)
    return [str(name) for name in totals.index[: 2 * PARTNERS]]


def _power(panel: Panel, names: Sequence[str], gravity: Gravity | None) -> list[Power]:
    """Detection of support in what the target buys, one size after the other."""
    from scipy.special import ndtr, ndtri

    from tumen.monitor.history import pasts

    found = []
    for name in names:
        if gravity is not None:
            pairs = [
                (each.expected, gravity.reference)
                for each in gravity.excess(name)
                if each.judged and each.origin == name
            ]
        else:
            pairs = [
                (max(past.expected, float(past.reference.expected.min())), past.reference)
                for past in pasts(panel)
                if past.judged and (past.partner, past.flow) == (name, "import")
            ]
        for expected, reference in pairs:
            sigma = reference.noise(expected, ALARM)[1]
            for sigmas in SIGMAS:
                added = sigmas * sigma
                found.append(
                    Power(
                        name, added, sigmas, reference.detects(added, expected, ALARM),
                        float(ndtr(sigmas - ndtri(1 - ALARM))),
                    )
                )  # fmt: skip
    return found
