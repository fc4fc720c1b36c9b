"""All that a run says of endurance: months, steps, records and forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tumen.scenario.baseline import scenario_world
from tumen.scenario.circumstances import QUARTER
from tumen.scenario.drivers import driver_cases
from tumen.scenario.ends import ENDS, scenario_at
from tumen.scenario.history import forecasts, history, opening_stock, stock_implied
from tumen.scenario.holding import holding, with_bands
from tumen.scenario.ladder import ladder
from tumen.scenario.result import HoldingRow
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import Progress, spread
from tumen.scenario.timeline_rows import Track, banded, track


@dataclass(frozen=True, slots=True)
class Endured:
    """What one set of figures says."""

    track: Track
    holding: tuple[HoldingRow, ...]


def endured(scenario: Scenario, told: Progress, bands: bool, workers: int) -> dict[str, Any]:
    """Return the fields of a result that are about endurance; none where a case says nothing.

    Parameters
    ----------
    bands
        Whether to run the harsh and the mild end, and what drives errors, as well.
    workers
        Processes to use.
    """
    if scenario.endurance is None:
        return {}
    cases, moved = {"central": scenario}, {}
    if bands:
        cases |= {end: scenario_at(scenario, end) for end in ENDS}
        moved = driver_cases(scenario)
    tasks = {name: (case, True) for name, case in cases.items()}
    tasks |= {name: (case, False) for name, case in moved.items()}
    found = spread(_endured, tasks, workers, lambda *at: told(f"months, {at[0]}", *at[1:]))
    runs = {name: found[name] for name in cases}
    tracks = {name: run.track for name, run in runs.items() if run.track.rows}
    drivers = {name: found[name].track for name in moved}
    return {
        "timeline": tuple(banded(tracks)),
        "holding": tuple(_banded_holding(runs)),
        "history": tuple(history(scenario, tracks, drivers)),
        "forecasts": tuple(forecasts(scenario, tracks)),
        "implied_stock": stock_implied(scenario, tracks),
    }


def _endured(task: tuple[Scenario, bool]) -> Endured:
    """Run the months of a case and each step of its ladder; or every third month alone."""
    case, whole = task
    run = track(case, 1 if whole else QUARTER)
    given = case.endurance
    if given is None or not whole:
        return Endured(run, ())
    left = [opening_stock(row) for row in run.rows if row["month"] == case.as_of]
    stock = left[0] if left else given.stock_musd.central
    rungs = ladder(case, scenario_world(case), "central")
    return Endured(run, tuple(holding(rungs, case.target, given, stock)))


def _banded_holding(runs: Mapping[str, Endured]) -> list[HoldingRow]:
    ends = [run.holding for name, run in runs.items() if name != "central"]
    return with_bands(runs["central"].holding, ends)
