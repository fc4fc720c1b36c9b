"""What every section is made from: the case and its result, with the names that readers know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tumen.catalogue.bundled import economy_names
from tumen.page.adoptions import Adoption, adoptions
from tumen.scenario.evidence import Figure, figures_behind
from tumen.scenario.result import CitedSource, Result, StepResult
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from tumen.monitor.inquiry import Inquiry


@dataclass(frozen=True)
class TradeRecords:
    """What the monitor found in records of the target's trade."""

    inquiry: Inquiry
    source: CitedSource | None = None
    """Of bundled records; a user knows where his own are from."""


@dataclass(frozen=True)
class Case:
    """A scenario and what its run gave."""

    scenario: Scenario
    result: Result
    hashes: Mapping[str, str] = field(default_factory=dict)
    """File of the results → its SHA-256, where they were written."""
    records: TradeRecords | None = None
    """None: nobody asked what they show."""

    def name(self, economy: str) -> str:
        """Return what readers call an economy."""
        return economy_names().get(economy, economy)

    @property
    def target(self) -> str:
        """The target's name."""
        return self.name(self.result.target)

    @property
    def baseline(self) -> StepResult:
        """The first step."""
        return self.result.steps[0]

    @property
    def last(self) -> StepResult:
        """The last step."""
        return self.result.steps[-1]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every number of the case with its chain."""
        return figures_behind(self.scenario)

    @cached_property
    def adoptions(self) -> list[Adoption]:
        """The law at every adoption; empty without a law."""
        return adoptions(self.scenario)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Step id → its label."""
        return {step.id: step.label for step in self.result.steps}
