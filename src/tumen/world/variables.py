"""The table of a world's variables: one place for dims, units, defaults and descriptions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the world dataset."""

    dims: tuple[str, ...]
    unit: str
    required: bool
    description: str


LINK = ("origin", "destination", "sector")

VARIABLES: dict[str, Variable] = {
    "trade": Variable(
        LINK,
        "million USD a year",
        True,
        "sales of origin to destination before tariffs, home sales included",
    ),
    "value_added_share": Variable(
        ("economy", "sector"), "share of gross output", True, "value added in gross output"
    ),
    "input_share": Variable(
        ("economy", "input", "sector"),
        "share of gross output",
        False,
        "spending on an input per unit of gross output, tariffs included; absent: no inputs",
    ),
    "final_share": Variable(
        ("economy", "sector"), "share of final demand", True, "final demand by product"
    ),
    "trade_elasticity": Variable(("sector",), "1", True, "trade elasticity, positive"),
    "trade_elasticity_low": Variable(("sector",), "1", False, "low end of its range"),
    "trade_elasticity_high": Variable(("sector",), "1", False, "high end of its range"),
    "input_elasticity": Variable(
        ("economy", "sector"), "1", False, "substitution between a sector's inputs; absent: 1"
    ),
    "critical_input": Variable(
        ("input",), "0 or 1", False, "1 for inputs that are hard to replace; absent: none"
    ),
    "critical_elasticity": Variable(
        ("economy",),
        "1",
        False,
        "substitution between critical inputs and all others; absent: input_elasticity",
    ),
    "final_elasticity": Variable(
        ("economy",), "1", False, "substitution between products of final demand; absent: 1"
    ),
    "labour_fixed": Variable(
        ("economy",), "0 or 1", False, "1 where workers cannot change sectors; absent: 0"
    ),
    "wage_floor": Variable(
        ("economy",),
        "share of the mean wage",
        False,
        "where labour is fixed, the least that a sector pays, the rest is idle; absent: 0, none",
    ),
    "tariff": Variable(LINK, "ad valorem rate", False, "levied by the destination; absent: 0"),
    "deficit": Variable(
        ("economy",),
        "million USD a year",
        False,
        "imports minus exports; absent: implied by trade",
    ),
    "remittance": Variable(
        ("origin", "destination"),
        "million USD a year",
        False,
        "pay of workers abroad that origin sends to destination, part of the receiver's deficit; "
        "absent: none",
    ),
    "recorded": Variable(
        LINK,
        "share of the flow",
        False,
        "the part that the partner's statistics show; absent: all of it",
    ),
}

BEHAVIOUR = (
    "trade_elasticity",
    "trade_elasticity_low",
    "trade_elasticity_high",
    "input_elasticity",
    "critical_input",
    "critical_elasticity",
    "final_elasticity",
    "labour_fixed",
    "wage_floor",
)
"""Variables that say how the economy answers and leave its accounts as they are."""

DIMS = ("origin", "destination", "sector", "economy", "input")
"""Dims of a world. Origins and destinations are economies, inputs are sectors."""

LABEL_OF = {
    "origin": "economy",
    "destination": "economy",
    "economy": "economy",
    "input": "sector",
    "sector": "sector",
}
"""The set of labels that each dim carries."""
