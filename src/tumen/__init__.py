"""Tumen: what happens to an economy under sanctions.

>>> import tumen
>>> world = tumen.load_world()
>>> outcome = tumen.solve(world)
>>> round(float(outcome.real_income.sel(economy="PRK")), 8)
1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.catalogue import load_world
    from tumen.equilibrium import Outcome, gradient, solve
    from tumen.errors import Infeasible, InvalidInput, NotConverged, TumenError
    from tumen.statecraft.game import VoteBackfillGame
    from tumen.world import Cap, ProductWorld, Shock, World

__version__ = "0.1.0"

__all__ = [
    "Cap",
    "Infeasible",
    "InvalidInput",
    "NotConverged",
    "Outcome",
    "ProductWorld",
    "Shock",
    "TumenError",
    "VoteBackfillGame",
    "World",
    "gradient",
    "load_world",
    "solve",
]

_HOMES = {
    "Cap": "tumen.world",
    "Infeasible": "tumen.errors",
    "InvalidInput": "tumen.errors",
    "NotConverged": "tumen.errors",
    "Outcome": "tumen.equilibrium",
    "ProductWorld": "tumen.world",
    "Shock": "tumen.world",
    "TumenError": "tumen.errors",
    "VoteBackfillGame": "tumen.statecraft.game",
    "World": "tumen.world",
    "gradient": "tumen.equilibrium",
    "load_world": "tumen.catalogue",
    "solve": "tumen.equilibrium",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the libraries below take a second to import."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'tumen' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
