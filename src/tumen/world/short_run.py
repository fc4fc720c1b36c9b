"""Worlds of the short run: workers who stay in their sectors, inputs that are hard to replace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.world.variables import VARIABLES

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.world import World

Array = NDArray[np.float64]
Mobility = Literal["mobile", "fixed", "idle"]
MOBILITIES: tuple[Mobility, ...] = ("mobile", "fixed", "idle")


def with_labour(
    world: World,
    mobility: Mobility,
    economies: Iterable[str] | None = None,
    wage_floor: float = 0.9,
) -> World:
    """Return ``world`` with workers who can, or cannot, change sectors.

    Parameters
    ----------
    mobility
        "mobile": workers go where they earn most (the published model, the long run); "fixed":
        sectors keep their workers, at wages of their own; "idle": as fixed, but no wage falls
        below ``wage_floor``, and who is not worth it stays idle and earns nothing.
    economies
        Where; None: everywhere.
    wage_floor
        Part of the economy's mean wage at work, above 0 and below 1, for "idle".

    Raises
    ------
    InvalidInput
        For an unknown option, floor or economy.

    Notes
    -----
    The equations are in :mod:`tumen.equilibrium.labour`. The floor is relative to the economy's
    own mean wage: relative to consumer prices there is no equilibrium under an embargo.

    Examples
    --------
    >>> import tumen
    >>> world = with_labour(tumen.load_world(), "idle", ["PRK"])
    >>> shut = tumen.Shock.of(world, {("PRK", "*", "B05"): 0.0})
    >>> float(tumen.solve(world, shut).employment.sel(economy="PRK")) < 1
    True
    """
    if mobility not in MOBILITIES:
        raise InvalidInput(Problem("labour", f"is {mobility!r}, must be one of {MOBILITIES}"))
    if not 0 < wage_floor < 1:
        message = f"is {wage_floor!r}, must be above 0 and below 1: a part of the mean wage"
        raise InvalidInput(Problem("wage_floor", message))
    places = _places(world, economies)
    fixed, floor = np.array(world.accounts.stuck, dtype=float), np.array(world.accounts.wage_floor)
    fixed[places] = float(mobility != "mobile")
    floor[places] = wage_floor if mobility == "idle" else 0.0
    return world.with_behaviour(
        labour_fixed=_labelled(world, fixed), wage_floor=_labelled(world, floor)
    )


def with_elasticities(
    world: World,
    inputs: float,
    final: float,
    critical: Sequence[str] = (),
    critical_inputs: float = 1.0,
    economies: Iterable[str] | None = None,
) -> World:
    """Return ``world`` with elasticities of substitution of inputs and of final demand.

    Parameters
    ----------
    inputs
        η between the inputs of a sector, labour among them; 1 is Cobb–Douglas.
    final
        η of final demand.
    critical
        Sectors whose products are replaced by the other inputs at ``critical_inputs``.
    critical_inputs
        That elasticity; unused without ``critical``.
    economies
        Where; None: everywhere.

    Raises
    ------
    InvalidInput
        For a negative elasticity, an unknown sector or economy, or critical inputs that differ
        from those that the world has already.

    Notes
    -----
    The equations are in :mod:`tumen.equilibrium.technology`.

    Examples
    --------
    >>> import tumen
    >>> rigid = with_elasticities(tumen.load_world(), inputs=0.5, final=0.9, economies=["PRK"])
    >>> float(rigid.dataset.input_elasticity.sel(economy="PRK", sector="C19"))
    0.5
    """
    places = _places(world, economies)
    flags = _flags(world, critical)
    shape = (len(world.economies), len(world.sectors))
    eta, demand = (
        _current(world, "input_elasticity", shape),
        _current(world, "final_elasticity", shape[:1]),
    )
    eta[places], demand[places] = inputs, final
    changed = {"input_elasticity": eta, "final_elasticity": demand}
    if flags.any():
        scarce = _current(world, "critical_elasticity", shape[:1])
        scarce[places] = critical_inputs
        changed |= {"critical_input": flags, "critical_elasticity": scarce}
    return world.with_behaviour(
        **{name: _labelled(world, values, name) for name, values in changed.items()}
    )


def _current(world: World, name: str, shape: tuple[int, ...]) -> Array:
    """A variable of the world, 1 where it has none; a copy."""
    data = world.dataset
    return np.array(data[name].values) if name in data else np.ones(shape)


def _labelled(world: World, values: Array, name: str = "wage_floor") -> xr.DataArray:
    """Values with the labels of a variable's dims."""
    return world.labelled(values, VARIABLES[name].dims)


def _places(world: World, economies: Iterable[str] | None) -> list[int]:
    names = world.economies if economies is None else tuple(economies)
    _refuse_unknown("economy", names, world.economies)
    return [world.economies.index(name) for name in names]


def _flags(world: World, critical: Sequence[str]) -> Array:
    """1 for critical inputs (input); one list for the whole world."""
    _refuse_unknown("critical input", critical, world.sectors)
    flags = np.array([float(sector in critical) for sector in world.sectors])
    data = world.dataset
    if "critical_input" in data and (data["critical_input"].values != flags).any():
        listed = [s for s, flag in zip(world.sectors, data["critical_input"].values) if flag]
        message = f"the world's are {', '.join(listed)} already; one list serves all economies"
        raise InvalidInput(Problem("critical inputs", message))
    return flags


def _refuse_unknown(kind: str, names: Iterable[str], known: Sequence[str]) -> None:
    problems = [
        Problem(f"{kind} {name}", f"is not in the world; {did_you_mean(name, known)}")
        for name in names
        if name not in known
    ]
    if problems:
        raise InvalidInput(problems, "short run")
