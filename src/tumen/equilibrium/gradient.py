"""Outcome + objective → the objective's derivatives by everything that a shock may change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium import welfare
from tumen.equilibrium.adjoint import Adjoint, by_links, solve_adjoint
from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.pose import slopes
from tumen.equilibrium.pullback import Aim, Point
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.world.align import label_problems, value_problems

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
LINK = ("origin", "destination", "sector")
PARTS: dict[str, tuple[str, ...]] = {
    "real_income": ("economy",),
    "trade": LINK,
    "price": ("economy", "sector"),
}
"""What an objective may look at, and the dims of its partial derivatives."""


def gradient(outcome: Outcome, objective: xr.DataArray | xr.Dataset) -> xr.Dataset:
    """Return the derivatives of one scalar of an outcome by everything that a shock may change.

    Parameters
    ----------
    outcome
        Where the derivatives are taken.
    objective
        A DataArray (economy): weights on the logs of ``real_income``; or a Dataset of the
        objective's own partial derivatives by ``real_income`` (economy), ``trade`` (origin,
        destination, sector) and ``price`` (economy, sector), any of them.

    Returns
    -------
    xarray.Dataset
        Derivatives by the levels of ``freeness`` and ``tariff`` (origin, destination, sector),
        ``deficit`` (economy), a dollar of the numeraire that an economy receives, and
        ``productivity`` (economy, sector). Changes of deficits must cancel within each block of
        economies that trade with each other, and these derivatives have mean zero there. Values
        in or across an autarky block are missing (NaN), for the reason in the attribute
        ``missing``.

    Raises
    ------
    InvalidInput
        For an objective that does not fit the outcome.
    NotConverged
        If the derivatives were not found, with the worst economy.

    Notes
    -----
    One adjoint solve of the equations in :mod:`tumen.equilibrium.model`. At freeness 0 it is the
    right derivative. The closure is part of the system: a transfer comes on top of what it gives,
    and an economy of the closure "financed" that neither saves all it must nor spends all it may
    draws less when it receives. Caps that bind, go on to bind; who is idle stays idle.

    Examples
    --------
    >>> import tumen
    >>> world = tumen.load_world()
    >>> outcome = tumen.solve(world, tumen.Shock.of(world, {("PRK", "CHN", "B05"): 0.0}))
    >>> target = (outcome.real_income.economy == "PRK").astype(float)
    >>> slope = tumen.gradient(outcome, target)
    >>> coal = slope.freeness.sel(origin="PRK", destination="CHN", sector="B05")
    >>> bool(coal > 0), bool(slope.deficit.sel(economy="PRK") == slope.deficit.max())
    (True, True)
    """
    parts = _checked(outcome, objective)
    solution = outcome.solution
    groups = [np.flatnonzero(solution.block == b) for b in range(solution.block.max() + 1)]
    question = outcome.question.split(groups)
    state = solution.state(question)._replace(wedge=solution.log_wedge)
    point = Point.of(question.system(), state)
    adjoint = solve_adjoint(point, _aim(outcome, point, parts), outcome.world.economies)
    return _labelled(outcome, adjoint)


def _checked(outcome: Outcome, objective: xr.DataArray | xr.Dataset) -> dict[str, Array]:
    """Partial derivatives by name, in the order of the labels of :data:`PARTS`."""
    import xarray as xr

    if not isinstance(outcome, Outcome):
        raise InvalidInput(Problem("outcome", f"is a {type(outcome).__name__}, must be an Outcome"))
    if outcome.question.products is not None:
        message = "is of a world by product; gradients are by sector: solve on the world by sector"
        raise InvalidInput(Problem("outcome", message))
    if isinstance(objective, xr.DataArray):
        given = {"weights": objective}
    elif isinstance(objective, xr.Dataset):
        given = {str(name): array for name, array in objective.data_vars.items()}
    else:
        kind = type(objective).__name__
        message = f"is a {kind}, must be a DataArray over economy or a Dataset of {list(PARTS)}"
        raise InvalidInput(Problem("objective", message))
    problems = list(_problems(outcome, given))
    if not given:
        problems.append(Problem("objective", f"is empty; give one or more of {list(PARTS)}"))
    if problems:
        raise InvalidInput(problems, "gradient")
    parts = {}
    for name, array in given.items():
        values = array.transpose(*_dims(name)).values
        parts[name] = np.asarray(values, dtype=float)
    return parts


def _dims(name: str) -> tuple[str, ...]:
    return PARTS["real_income" if name == "weights" else name]


def _problems(outcome: Outcome, given: dict[str, xr.DataArray]) -> Iterator[Problem]:
    for name, array in given.items():
        place = f"objective.{name}"
        if name != "weights" and name not in PARTS:
            yield Problem(place, f"an outcome has no such part; {did_you_mean(name, PARTS)}")
            continue
        dims = _dims(name)
        if set(array.dims) != set(dims):
            yield Problem(place, f"has dims {array.dims}, needs {dims}")
        elif array.dtype.kind not in "fiub":
            yield Problem(place, f"holds values of type {array.dtype}, not numbers")
        else:
            yield from label_problems(
                place, array, {dim: outcome.world.labels[dim] for dim in dims}
            )
            yield from value_problems(place, array)


def _aim(outcome: Outcome, point: Point, parts: dict[str, Array]) -> Aim:
    """The objective's partial derivatives by what the equations compute."""
    accounts, solution = outcome.question.accounts, outcome.solution
    by_log = parts.get("weights", np.zeros_like(solution.wage))
    if "real_income" in parts:
        by_log = by_log + parts["real_income"] * welfare.real_income(outcome.question, solution)
    share, technology = accounts.alpha, point.system.technology
    if technology is not None and point.prices.uses is not None:
        share = share.copy()
        share[:, technology.members] = point.prices.uses.final_share
    by_price = -by_log * share
    if "price" in parts:
        by_price += parts["price"].T * solution.price
    trade = parts["trade"].transpose(2, 1, 0) if "trade" in parts else None
    return Aim(by_log / point.spending.income, by_price, trade)


def _labelled(outcome: Outcome, adjoint: Adjoint) -> xr.Dataset:
    import xarray as xr

    world, block = outcome.world, adjoint.point.system.block
    freeness, tariff = by_links(adjoint, slopes(world, outcome.shock), outcome.question.tariff)
    alone = np.bincount(block)[block] == 1
    apart = (block[:, None] != block[None, :]) | alone[:, None] | alone[None, :]
    if apart.any():
        freeness[:, apart] = tariff[:, apart] = np.nan
    given = adjoint.sums.given
    deficit = given - (np.bincount(block, given) / np.bincount(block))[block]
    productivity = -adjoint.sums.log_cost / np.exp(outcome.question.log_productivity)
    money = str(world.dataset["trade"].attrs.get("units", "million USD a year"))
    missing = {"missing": _reason(block, alone, world.economies)}

    def per(unit: str) -> dict[str, str]:
        return {"units": f"objective per {unit}"} | missing

    variables = {
        "freeness": (LINK, freeness.transpose(2, 1, 0), per("unit of freeness")),
        "tariff": (LINK, tariff.transpose(2, 1, 0), per("unit of the rate, 1 is 100 %")),
        "deficit": (("economy",), np.where(alone, np.nan, deficit), per(money)),
        "productivity": (
            ("economy", "sector"),
            np.where(alone, np.nan, productivity).T,
            per("unit of productivity"),
        ),
    }
    coords = {dim: world.labels[dim] for dim in (*LINK, "economy")}
    solved = {"iterations": adjoint.iterations, "residual": adjoint.residual}
    return xr.Dataset(variables, coords, missing | solved | {"closure": outcome.deficits})


def _reason(block: NDArray[np.intp], alone: NDArray[np.bool_], economies: tuple[str, ...]) -> str:
    """Why values are missing; empty where none is."""
    if not block.any():
        return ""
    parts = []
    if alone.any():
        names = ", ".join(economies[n] for n in np.flatnonzero(alone))
        parts.append(f"in autarky: {names}")
    groups = [np.flatnonzero(block == b) for b in np.unique(block[~alone])]
    if len(groups) > 1:
        named = [", ".join(economies[n] for n in group[:5]) for group in groups]
        more = ["" if group.size <= 5 else f" and {group.size - 5} more" for group in groups]
        listed = "; ".join(f"{name}{rest}" for name, rest in zip(named, more, strict=True))
        parts.append(f"trading only among themselves: {listed}")
    return (
        "; ".join(parts) + ". No relative price, and so no derivative, exists in or across "
        "an autarky block, or between economies that do not trade with each other"
    )
