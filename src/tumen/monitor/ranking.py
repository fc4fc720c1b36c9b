"""Suspected support, ranked: evidence combined, and how often the same rule cries wolf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tumen.errors import InvalidInput
from tumen.monitor.calibration import ALARM, combined, share_interval
from tumen.monitor.confusion import misreported
from tumen.monitor.finding import Finding
from tumen.monitor.history import AHEAD, PAST
from tumen.monitor.panel import Panel
from tumen.monitor.signals import Signals, all_signals

EVIDENCE = ("gravity", "history", "re-export", "mirror gap", "unit value")
"""Signals whose p-values are combined; the others describe. Where there is a gravity
counterfactual, the past counts no more: what moves all of a target's trade would speak against
everybody."""
SIZES = ("gravity", "history")
"""Where the size of suspected support is taken from, the better first."""
SUPPORT, DOUBTFUL, SILENT, USUAL = (
    "suspected support", "suspected misreporting", "no longer recorded", "nothing unusual",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A partner and direction of trade, and what speaks for hidden support; it proves nothing."""

    partner: str
    flow: str
    verdict: str
    p_value: float
    """Of all evidence together."""
    musd: float
    low: float
    high: float
    """Excess, million USD a year."""
    fired: tuple[str, ...]
    """Signals that alone would raise an alarm."""
    looked: tuple[str, ...]
    """Signals that could be looked for."""


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """How often the rule flags where nothing is suspected."""

    kind: str
    """Placebo periods or placebo targets."""
    flagged: int
    tried: int

    @property
    def rate(self) -> float:
        """Share flagged."""
        return self.flagged / self.tried if self.tried else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Of the rate."""
        return share_interval(self.flagged, self.tried) if self.tried else (0.0, 1.0)


def ranking(signals: Signals) -> list[Suspicion]:
    """Rank partners by all evidence together, most suspected first."""
    doubtful = misreported(signals.findings)
    since = signals.panel.asked.since
    silent = {
        (each.partner, each.flow)
        for each in signals.of("vanishing")
        if each.first >= since and each.effect > 1 - 1e-9
    }
    pairs = dict.fromkeys(
        (each.partner, each.flow)
        for each in signals.findings
        if each.signal in EVIDENCE or (each.partner, each.flow) in doubtful
    )
    found = [_suspicion(signals, *pair, doubtful, silent) for pair in pairs]
    order = {name: place for place, name in enumerate((SUPPORT, DOUBTFUL, SILENT, USUAL))}
    return sorted(found, key=lambda each: (order[each.verdict], each.p_value, each.partner))


def _suspicion(
    signals: Signals, partner: str, flow: str, doubtful: set[tuple[str, str]],
    silent: set[tuple[str, str]],
) -> Suspicion:  # fmt: skip
    own = [e for e in signals.findings if (e.partner, e.flow) == (partner, flow)]
    weaker = ("history",) if signals.of("gravity") else ()
    evidence = [
        each
        for each in own
        if each.signal in EVIDENCE and each.signal not in weaker and each.p_value is not None
    ]
    p_value = (
        combined([each.p_value for each in evidence if each.p_value is not None])
        if evidence
        else 1.0
    )
    size = next((e for name in SIZES for e in own if e.signal == name), None)
    musd, low, high = (size.effect, size.low, size.high) if size else (0.0, 0.0, 0.0)
    if (partner, flow) in doubtful:
        verdict = DOUBTFUL
    elif p_value < ALARM and musd > 0:
        verdict = SUPPORT
    else:
        verdict = SILENT if (partner, flow) in silent else USUAL
    fired = tuple(e.signal for e in evidence if e.p_value is not None and e.p_value < ALARM)
    return Suspicion(
        partner, flow, verdict, p_value, musd, low, high, fired, tuple(e.signal for e in evidence)
    )


def placebo_periods(signals: Signals) -> FalseAlarms:
    """Ask the same of the target in earlier years, when nothing is suspected."""
    panel = signals.panel
    since, length = panel.asked.since, min(AHEAD, panel.last - panel.asked.since + 1)
    starts = range(since - length, panel.first + PAST, -length)
    flagged = tried = 0
    for start in starts:
        earlier = _cheap(panel, start, start + length - 1)
        flagged += sum(each.verdict == SUPPORT for each in earlier)
        tried += len(earlier)
    return FalseAlarms("placebo periods", flagged, tried)


def _cheap(panel: Panel, since: int, until: int) -> list[Suspicion]:
    """Rank by the signals that need no estimate."""
    from tumen.monitor.history import history_findings
    from tumen.monitor.reexport import reexport_findings
    from tumen.monitor.unit_values import unit_value_findings

    try:
        earlier = panel.about(panel.asked.target, since, until)
    except InvalidInput:
        return []
    findings: list[Finding] = [*history_findings(earlier), *unit_value_findings(earlier)]
    if earlier.whole_world:
        findings += reexport_findings(earlier)
    return ranking(Signals(earlier, findings))


def placebo_targets(
    signals: Signals, count: int, seed: int = 0, told: Callable[[str], None] = lambda _: None
) -> FalseAlarms:
    """Ask the same of economies that nobody suspects, drawn at random.

    Parameters
    ----------
    count
        How many; each takes as long as the target.
    """
    panel = signals.panel
    if not panel.whole_world:
        return FalseAlarms("placebo targets", 0, 0)
    names: Sequence[str] = sorted(set(panel.links.origin) & set(panel.links.destination))
    others = [name for name in names if name != panel.asked.target]
    drawn = np.random.default_rng(seed).permutation(others)[:count]
    flagged = tried = 0
    for name in drawn:
        told(f"placebo target {name}")
        try:
            about = panel.about(str(name), panel.asked.since, panel.last)
            found = ranking(all_signals(about))
        except InvalidInput:
            continue
        flagged += sum(each.verdict == SUPPORT for each in found)
        tried += len(found)
    return FalseAlarms("placebo targets", flagged, tried)
