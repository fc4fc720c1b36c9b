"""All that a run says of endurance: months, steps, records and forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tumen.scenario.drivers import driver_paths
from tumen.scenario.ends import ENDS, scenario_at
from tumen.scenario.history import forecasts, history, stock_implied
from tumen.scenario.holding import holding, with_bands
from tumen.scenario.timeline_rows import Path, banded, timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from tumen.scenario.ladder import Rung
    from tumen.scenario.schema import Scenario

    Climb = Callable[[Scenario], Iterator[Rung]]
    Told = Callable[[str, int, int], None]


def endured(scenario: Scenario, climb: Climb, told: Told, bands: bool) -> dict[str, Any]:
    """Return the fields of a result that are about endurance; none where a case says nothing.

    Parameters
    ----------
    climb
        Solves the ladder of a scenario.
    bands
        Whether to run the harsh and the mild end, and what drives errors, as well.
    """
    if scenario.endurance is None:
        return {}
    paths = timeline(scenario, told, bands)
    cases = {"central": scenario}
    if bands:
        cases |= {end: scenario_at(scenario, end) for end in ENDS}
    rows = {name: _held(case, climb, paths.get(name)) for name, case in cases.items()}
    moved = driver_paths(scenario, told) if bands else {}
    return {
        "timeline": tuple(banded(paths)),
        "holding": tuple(with_bands(rows.pop("central"), list(rows.values()))),
        "history": tuple(history(scenario, paths, moved)),
        "forecasts": tuple(forecasts(scenario, paths)),
        "implied_stock": stock_implied(scenario, paths),
    }


def _held(case: Scenario, climb: Climb, path: Path | None) -> list[Any]:
    """Each step with the savings that are left in the ladder's month."""
    given = case.endurance
    if given is None:
        return []
    left = [state.stock.musd for state in path.states if state.month == case.as_of] if path else []
    stock = left[0] if left else given.stock_musd.central
    return holding(climb(case), case.target, given, stock)
