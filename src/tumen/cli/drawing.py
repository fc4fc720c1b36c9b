"""Draws on the command line: where batches are kept, and what is left when they are done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.cli.output import processes
from tumen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from tumen.ensemble.ensemble import Ensemble
    from tumen.scenario.result import Result
    from tumen.scenario.schema import Scenario
    from tumen.scenario.spread import Progress


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was asked for."""

    draws: int
    seed: int
    cluster: str | None
    months: bool
    out: Path | None

    @property
    def folder(self) -> Path | None:
        """Where batches are kept until the run is done: beside the results."""
        return None if self.out is None else self.out.with_name(f"{self.out.name}.draws")


def with_draws(
    scenario: Scenario, result: Result, asked: Drawing, told: Progress
) -> tuple[Result, Ensemble | None]:
    """Run the draws, and put their quantiles beside the numbers of the result."""
    from tumen.ensemble.ensemble import ensemble
    from tumen.ensemble.summary import banded

    if not asked.draws:
        if asked.cluster is not None:
            raise InvalidInput(Problem("--cluster", "runs draws: say how many with --draws"))
        return result, None
    found = ensemble(
        scenario,
        asked.draws,
        asked.seed,
        months=asked.months,
        workers=processes(),
        cluster=asked.cluster,
        folder=asked.folder,
        told=told,
    )
    return banded(result, found), found


def finished(asked: Drawing) -> None:
    """Remove the batches: their rows stand in the results."""
    from tumen.ensemble.store import remove_draws

    if asked.folder is not None and asked.draws:
        remove_draws(asked.folder)
