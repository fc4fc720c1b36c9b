"""Every step of a case, computed anew from the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tumen.errors import Infeasible, InvalidInput, NotConverged
from tumen.evidence.quantity import Level
from tumen.scenario import measure
from tumen.scenario.horizon import solved_or_mobile
from tumen.scenario.hub_records import hub_rows
from tumen.scenario.result import Convergence, HubRow, PartnerEffect, SectorRow, StepResult
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement, Settings, accumulated, arrange
from tumen.scenario.spread import Progress, silent

if TYPE_CHECKING:
    from tumen.equilibrium import Outcome
    from tumen.equilibrium.closures import Closure
    from tumen.world import World

LADDER_TOLERANCE = 1e-10
"""Largest residual that a step's solution may have."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step, solved."""

    id: str
    label: str
    settings: Settings
    arrangement: Arrangement
    outcome: Outcome

    def result(self, target: str) -> StepResult:
        """Return what the step does to ``target``."""
        return measure.step_result(
            self.id, self.label, self.settings, self.outcome, self.arrangement, target
        )

    def sectors(self, target: str) -> list[SectorRow]:
        """Return the target's trade and prices sector by sector."""
        return measure.sector_rows(self.id, self.outcome, self.arrangement, target)

    def hubs(self, target: str) -> list[HubRow]:
        """Return what goes round by third economies."""
        return hub_rows(self.id, self.outcome, self.arrangement, target)

    def partners(self, target: str) -> list[PartnerEffect]:
        """Return what the step does to others; nothing for the baseline."""
        if self.id == "baseline":
            return []
        return measure.partner_effects(self.id, self.outcome, target)

    def convergence(self) -> Convergence:
        """Return how well the step was solved."""
        outcome = self.outcome
        return Convergence(self.id, outcome.iterations, outcome.worst_imbalance, outcome.tolerance)


def ladder(
    scenario: Scenario,
    world: World,
    level: Level,
    progress: Progress = silent,
    quick: bool = False,
) -> Iterator[Rung]:
    """Solve the baseline and every step on ``world``, at one end of the settings' ranges.

    Parameters
    ----------
    quick
        Start every step from the one before: the same answers, for variants of a case whose
        steps were looked at from both sides of their caps already.
    """
    plans = list(accumulated(scenario))
    near = None
    for done, (step, label, settings) in enumerate(plans):
        progress(label, done, len(plans))
        try:
            arrangement = arrange(scenario, world, settings, level)
            outcome = solved(scenario, world, arrangement, near)
        except (InvalidInput, Infeasible, NotConverged) as error:
            error.add_note(f"in step {step} of scenario {scenario.id}")
            raise
        yield Rung(step, label, settings, arrangement, outcome)
        near = outcome if quick else None


def solved(
    scenario: Scenario,
    world: World,
    arrangement: Arrangement,
    near: Outcome | None = None,
    tolerance: float = LADDER_TOLERANCE,
) -> Outcome:
    """Solve a step under the closure of the scenario."""
    # A world without deficits was solved first; transfers are then all that D' consists of.
    closure: Closure = "income" if scenario.deficits == "income" else "keep"
    return solved_or_mobile(world, arrangement.shock, closure, tolerance, near)
