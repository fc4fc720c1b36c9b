"""What of a case is uncertain, and the case as one draw has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumen.catalogue.worlds import catalogue
from tumen.errors import InvalidInput, Problem
from tumen.evidence.figures import quantities_in
from tumen.evidence.ledger import Ledger
from tumen.evidence.quantity import LEVELS, Quantity
from tumen.evidence.widening import supported
from tumen.files.located import Path as Place
from tumen.scenario.baseline import has_elasticity_range, scenario_world
from tumen.scenario.citations import scenario_ledger
from tumen.scenario.exact import with_exact
from tumen.scenario.schema import Scenario

Array = NDArray[np.float64]

DRAWN = ("steps", "support", "volumes", "endurance", "short_run")
"""Sections whose figures are drawn; records and statecraft are not part of a run's answer."""
ELASTICITY, GDP = "trade elasticities", "GDP basis"
GDP_STEPS = (0.25, 0.75)
"""The low and the high reading of GDP have a quarter of the chance each; judgement."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is uncertain: figures that move together, or an assumption about the world.

    A figure that a later step, or a later month, states anew is as uncertain in the same way: one
    draw moves both to the same part of their ranges.
    """

    name: str
    places: tuple[Place, ...] = ()
    """Of the figures; none for an assumption about the world."""
    ranges: tuple[tuple[float, float, float], ...] = ()
    """Low, central and high of each, as wide as the claim behind it supports."""


def inputs(scenario: Scenario) -> list[Input]:
    """Return all that is uncertain in a case.

    Raises
    ------
    InvalidInput
        If nothing is.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> names = [each.name for each in inputs(load_scenario("dprk-2017"))]
    >>> "smuggling.coal.mark_up" in names, ELASTICITY in names, GDP in names
    (True, True, True)
    """
    claims = scenario_ledger(scenario)
    found: dict[str, list[tuple[Place, tuple[float, float, float]]]] = {}
    for section in DRAWN:
        for place, quantity in quantities_in(getattr(scenario, section), (section,)):
            ends = spread_of(quantity, claims)
            if ends[0] < ends[2]:
                found.setdefault(_name(scenario, place), []).append((place, ends))
    drawn = [
        Input(name, *(tuple(each) for each in zip(*figures, strict=True)))
        for name, figures in found.items()
    ]
    drawn += _of_world(scenario)
    if not drawn:
        message = "no figure has a range, so there is nothing to draw; leave --draws out"
        raise InvalidInput(Problem(f"scenario {scenario.id}", message))
    return drawn


def spread_of(quantity: Quantity, claims: Ledger) -> tuple[float, float, float]:
    """Return low, central and high of a figure, or of the claim behind it where that is wider."""
    low, central, high = (quantity.at(level) for level in LEVELS)
    claim = claims.get(quantity.claim) if quantity.claim is not None else None
    wide = supported(claim) if claim is not None else None
    if wide is None or wide.unit != quantity.unit:
        return low, central, high
    return min(low, wide.low), central, max(high, wide.high)


def with_draw(scenario: Scenario, drawn: Sequence[Input], unit: Sequence[float]) -> Scenario:
    """Return the case with every input at a point of its range.

    Parameters
    ----------
    unit
        Numbers from 0 to 1, one for each input: half of them lie below the central value, half
        above, evenly on either side.
    """
    figures: dict[Place, float] = {}
    world: dict[str, Any] = {}
    for each, part in zip(drawn, unit, strict=True):
        if each.name == ELASTICITY:
            world["elasticity"] = float(part)
        elif each.name == GDP:
            level = LEVELS[int(np.searchsorted(GDP_STEPS, part, side="right"))]
            world["world"] = scenario.world.model_copy(update={"gdp_basis": level})
        for place, ends in zip(each.places, each.ranges, strict=True):
            figures[place] = float(np.interp(part, (0.0, 0.5, 1.0), ends))
    return with_exact(scenario, figures).model_copy(update=world)


def value_at(each: Input, part: float) -> float:
    """Return the first figure of an input at a point of its range; that point for the world's."""
    if not each.ranges:
        return float(part)
    return float(np.interp(part, (0.0, 0.5, 1.0), each.ranges[0]))


def _of_world(scenario: Scenario) -> Iterator[Input]:
    plain = scenario.model_copy(update={"elasticity": "central"})
    if has_elasticity_range(scenario_world(plain)):
        yield Input(ELASTICITY)
    entry = catalogue().worlds.get(scenario.world.name or catalogue().default)
    if entry is not None and entry.insert is not None:
        yield Input(GDP)


def _name(scenario: Scenario, place: Place) -> str:
    """Name a figure by ids; without its step and its month, so that it moves as one."""
    names: list[str] = []
    here: Any = scenario
    for at, key in enumerate(place):
        here = getattr(here, key) if isinstance(key, str) else here[key]
        if at < 2 and place[0] == "steps":
            continue
        if isinstance(key, str) and key != "path":
            names.append(key)
        elif isinstance(key, int) and hasattr(here, "id"):
            names.append(str(here.id))
    return ".".join(names)
