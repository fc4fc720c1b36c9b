"""All that a run says of endurance: months, steps, records and forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tumen.scenario.baseline import scenario_world
from tumen.scenario.circumstances import QUARTER
from tumen.scenario.drivers import driver_cases
from tumen.scenario.ends import ENDS, scenario_at
from tumen.scenario.history import UNMOVED, forecasts, history, stock_implied
from tumen.scenario.holding import holding, with_bands
from tumen.scenario.ladder import ladder
from tumen.scenario.result import HoldingRow
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import Job
from tumen.scenario.timeline_rows import Track, banded, track

RUN, DRIVER = "months", "records"
"""First words of the names of jobs."""


@dataclass(frozen=True, slots=True)
class Endured:
    """What one set of figures says."""

    track: Track
    holding: tuple[HoldingRow, ...]


def endurance_jobs(scenario: Scenario, bands: bool) -> dict[str, Job]:
    """Return the runs that endurance needs; none where a case says nothing of it.

    Parameters
    ----------
    bands
        Whether to run the harsh and the mild end, and what drives errors, as well.
    """
    if scenario.endurance is None:
        return {}
    jobs: dict[str, Job] = {f"{RUN} central": partial(whole, scenario)}
    if bands:
        jobs |= {f"{RUN} {end}": partial(whole, scenario_at(scenario, end)) for end in ENDS}
        moved = driver_cases(scenario)
        compared = {UNMOVED: scenario, **moved} if moved else {}
        jobs |= {f"{DRIVER} {name}": partial(track, c, QUARTER) for name, c in compared.items()}
    return jobs


def whole(case: Scenario) -> Endured:
    """Run the months of a case, and each step of its ladder with the savings that they leave."""
    run, given = track(case), case.endurance
    if given is None:
        return Endured(run, ())
    stock = given.stock_musd.central if run.stock_musd is None else run.stock_musd
    rungs = ladder(case, scenario_world(case), "central", quick=True)
    return Endured(run, tuple(holding(rungs, case.target, given, stock)))


def endured(scenario: Scenario, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a result that are about endurance, from the answers to its jobs."""
    if scenario.endurance is None:
        return {}
    runs: dict[str, Endured] = _named(answers, RUN)
    tracks = {name: run.track for name, run in runs.items() if run.track.rows}
    return {
        "timeline": tuple(banded(tracks)),
        "holding": tuple(_banded_holding(runs)),
        "history": tuple(history(scenario, tracks, _named(answers, DRIVER))),
        "forecasts": tuple(forecasts(scenario, tracks)),
        "implied_stock": stock_implied(scenario, tracks),
    }


def _named(answers: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Answers to the jobs of one kind, by the rest of their name."""
    return {
        name.removeprefix(f"{kind} "): answer
        for name, answer in answers.items()
        if name.startswith(f"{kind} ")
    }


def _banded_holding(runs: Mapping[str, Endured]) -> list[HoldingRow]:
    ends = [run.holding for name, run in runs.items() if name != "central"]
    return with_bands(runs["central"].holding, ends)
