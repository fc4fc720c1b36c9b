"""World + Shock → Outcome: labels come off here and go back on in the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tumen.equilibrium.caps import Caps
from tumen.equilibrium.closures import CLOSURES, Closure, Financed, WithIncome
from tumen.equilibrium.links import in_circles, open_links
from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.question import Question
from tumen.equilibrium.solution import solve_question
from tumen.errors import InvalidInput, Problem
from tumen.world.shock import FINANCING, Shock
from tumen.world.world import World

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

_WITHOUT_DEFICITS: WeakKeyDictionary[World, World] = WeakKeyDictionary()


def solve(
    world: World,
    shock: Shock | None = None,
    deficits: Closure = "keep",
    tolerance: float = 1e-10,
) -> Outcome:
    """Solve the equilibrium after a shock.

    Parameters
    ----------
    world
        The baseline.
    shock
        What changes; None: nothing.
    deficits
        "keep": D' is the baseline's, in dollars of the numeraire, or ``shock.deficit``;
        "income": deficits move with own value added, surpluses by one common factor;
        "zero": none, in the baseline (solved first) and after the shock;
        "financed": D' of the economies in ``shock.financing`` is what they can finance.
    tolerance
        Largest residual: own-trade imbalance over own trade, and log market residuals.

    Returns
    -------
    Outcome

    Raises
    ------
    InvalidInput
        For a shock that does not fit the world.
    Infeasible
        If no equilibrium exists, with the economies named.
    NotConverged
        If none was found, with the worst economy and the likely cause.

    Notes
    -----
    Caliendo and Parro (2015) in changes; world value added is the numeraire. Blocks of
    economies that do not trade with each other have their own.

    Examples
    --------
    >>> import tumen
    >>> world = tumen.load_world()
    >>> shock = tumen.Shock.of(world, {("PRK", "CHN", "B05"): 0.0})
    >>> outcome = tumen.solve(world, shock)
    >>> float(outcome.trade.sel(origin="PRK", destination="CHN", sector="B05"))
    0.0
    >>> bool(outcome.real_income.sel(economy="PRK") < 1)
    True
    """
    if not isinstance(world, World):
        raise InvalidInput(Problem("world", f"is a {type(world).__name__}, must be a World"))
    shock = Shock() if shock is None else shock
    if not isinstance(shock, Shock):
        raise InvalidInput(Problem("shock", f"is a {type(shock).__name__}, must be a Shock"))
    problems = shock.problems(world) + _argument_problems(shock, deficits, tolerance)
    if problems:
        raise InvalidInput(problems, "solve")
    if deficits == "zero":
        world = _without_deficits(world)
    question, link_freeness = _question(world, shock, deficits)
    solution = solve_question(question, world.economies, world.sectors, tolerance)
    if solution.block.any():
        # Links between blocks carry nothing, whatever their freeness.
        link_freeness = link_freeness * (solution.block[:, None] == solution.block[None, :])
    return Outcome(world, shock, deficits, tolerance, question, solution, link_freeness)


def _argument_problems(shock: Shock, deficits: str, tolerance: float) -> list[Problem]:
    problems = []
    if deficits not in CLOSURES:
        problems.append(Problem("deficits", f"is {deficits!r}, must be one of {CLOSURES}"))
    if not isinstance(tolerance, float | int) or not 0 < tolerance < 1:
        problems.append(Problem("tolerance", f"is {tolerance!r}, must be between 0 and 1"))
    if deficits != "keep" and shock.deficit is not None:
        problems.append(
            Problem("shock.deficit", f"needs deficits='keep', the closure is {deficits!r}")
        )
    if (deficits == "financed") != (shock.financing is not None):
        problems.append(Problem("shock.financing", "goes with deficits='financed', and only so"))
    return problems


def _without_deficits(world: World) -> World:
    """The same world solved without deficits; kept as long as ``world`` lives."""
    if not np.abs(world.accounts.deficit).max() > 1e-9 * world.accounts.exports.max():
        return world
    if world not in _WITHOUT_DEFICITS:
        _WITHOUT_DEFICITS[world] = World.equilibrate(world.dataset, deficits="zero")
    return _WITHOUT_DEFICITS[world]


def _question(world: World, shock: Shock, deficits: Closure) -> tuple[Question, Array]:
    """Take the labels off; also return π·φ + ω without tariff effects (s, n, i)."""
    accounts = world.accounts
    shares = accounts.shares
    link_freeness = shares if shock.freeness is None else shares * _links(shock.freeness)
    opening = None if shock.opening is None else _checked_opening(world, _links(shock.opening))
    tariff = accounts.tariff
    strength = link_freeness
    if shock.tariff is not None:
        old = 0.0 if accounts.tariff is None else accounts.tariff
        tariff = np.broadcast_to(_links(shock.tariff), shares.shape)
        strength = strength * ((1 + tariff) / (1 + old)) ** -accounts.theta[:, None, None]
    if opening is not None:
        link_freeness, strength = link_freeness + opening, strength + opening
    log_productivity = np.zeros_like(accounts.beta)
    if shock.productivity is not None:
        log_productivity = log_productivity + np.log(_cells(shock.productivity))
    deficit, closure = _deficits(world, shock, deficits, strength)
    caps = Caps.of(world, shock.caps, shock.wedges)
    question = Question(
        accounts, shares, strength, tariff, log_productivity, deficit, closure, caps
    )
    return question, link_freeness


def _links(array: xr.DataArray) -> Array:
    """Values as (s, n, i), size 1 along a missing dim."""
    for dim in ("sector", "destination", "origin"):
        if dim not in array.dims:
            array = array.expand_dims(dim)
    return np.asarray(array.transpose("sector", "destination", "origin").values, dtype=float)


def _cells(array: xr.DataArray) -> Array:
    """Values as (s, i), size 1 along a missing dim."""
    for dim in ("sector", "economy"):
        if dim not in array.dims:
            array = array.expand_dims(dim)
    return np.asarray(array.transpose("sector", "economy").values, dtype=float)


def _checked_opening(world: World, opening: Array) -> Array:
    """Refuse links whose seller does not make, or whose buyer does not use, the product."""
    accounts = world.accounts
    unmade = (opening > 0) & (accounts.output <= 0)[:, None, :]
    unused = (opening > 0) & (accounts.spending <= 0)[:, :, None]
    problems = [
        Problem(
            f"opening, {world.economies[i]} to {world.economies[n]}, sector {world.sectors[s]}",
            "the seller does not make the product; give it an output first"
            if unmade[s, n, i]
            else "the buyer never uses the product",
        )
        for s, n, i in np.argwhere(unmade | unused)[:10]
    ]
    if problems:
        raise InvalidInput(problems, "solve")
    return opening


def _deficits(
    world: World, shock: Shock, deficits: Closure, strength: Array
) -> tuple[Array, WithIncome | Financed | None]:
    """D' that feasibility looks at, and the closure where it is not constant."""
    accounts = world.accounts
    baseline = accounts.deficit
    if deficits == "zero":
        return np.zeros_like(baseline), None
    if deficits == "income":
        return baseline, WithIncome(baseline)
    if shock.financing is not None:
        labels = [str(label) for label in shock.financing["economy"].values]
        members = np.array([world.economies.index(label) for label in labels], dtype=np.intp)
        amounts = (shock.financing[name].values.astype(float) for name in FINANCING)
        closure = Financed(baseline, accounts.value_added, members, *amounts)
        # Who can only buy or only sell earns nothing by exports and draws accordingly.
        sells = in_circles(open_links(strength, accounts.spending > 0))
        exports = np.where(sells, accounts.exports, 0.0)
        return closure(np.zeros_like(baseline), exports, accounts.imports), closure
    return (baseline if shock.deficit is None else shock.deficit.values.astype(float)), None
