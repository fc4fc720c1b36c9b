"""World + Shock → Outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import overload
from weakref import WeakKeyDictionary

import numpy as np

from tumen.equilibrium.closures import CLOSURES, Closure
from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.pose import pose, pose_products
from tumen.equilibrium.product_outcome import ProductOutcome, without_deficits
from tumen.equilibrium.question import Question
from tumen.equilibrium.solution import Solution, solve_question
from tumen.errors import InvalidInput, Problem
from tumen.world.product_world import ProductWorld
from tumen.world.shock import Shock
from tumen.world.world import World

_WITHOUT_DEFICITS: WeakKeyDictionary[World, World] = WeakKeyDictionary()
_PRODUCTS_WITHOUT_DEFICITS: WeakKeyDictionary[ProductWorld, ProductWorld] = WeakKeyDictionary()
NOT_BY_PRODUCT = ("opening", "tariff", "caps", "wedges")
"""Parts of a shock that a world by product does not take."""


@overload
def solve(
    world: ProductWorld,
    shock: Shock | None = None,
    deficits: Closure = "keep",
    tolerance: float = 1e-10,
    start: Outcome | None = None,
) -> ProductOutcome: ...


@overload
def solve(
    world: World,
    shock: Shock | None = None,
    deficits: Closure = "keep",
    tolerance: float = 1e-10,
    start: Outcome | None = None,
) -> Outcome: ...


def solve(
    world: World | ProductWorld,
    shock: Shock | None = None,
    deficits: Closure = "keep",
    tolerance: float = 1e-10,
    start: Outcome | None = None,
) -> Outcome:
    """Solve the equilibrium after a shock.

    Parameters
    ----------
    world
        The baseline, by sector or by product.
    shock
        What changes; None: nothing. A world by product takes freeness, deficits and
        productivity.
    deficits
        "keep": D' is the baseline's, in dollars of the numeraire, or ``shock.deficit``;
        "income": deficits move with own value added, surpluses by one common factor;
        "zero": none, in the baseline (solved first) and after the shock;
        "financed": D' of the economies in ``shock.financing`` is what they can finance; that of
        others is ``shock.deficit`` or the baseline's, less what this takes, by value added.
    tolerance
        Largest residual: own-trade imbalance over own trade, and log market residuals.
    start
        An outcome on a world with the same labels, from whose prices the search starts; the
        answer is the same.

    Returns
    -------
    Outcome, or ProductOutcome for a world by product

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
    if not isinstance(world, World | ProductWorld):
        kind = type(world).__name__
        raise InvalidInput(Problem("world", f"is a {kind}, must be a World or a ProductWorld"))
    shock = Shock() if shock is None else shock
    if not isinstance(shock, Shock):
        raise InvalidInput(Problem("shock", f"is a {type(shock).__name__}, must be a Shock"))
    problems = _shock_problems(world, shock) + _argument_problems(shock, deficits, tolerance)
    if problems:
        raise InvalidInput(problems, "solve")
    if isinstance(world, ProductWorld):
        return _solve_products(world, shock, deficits, tolerance, start)
    if deficits == "zero":
        world = _without_deficits(world)
    question = pose(world, shock, deficits)
    solution = _solved(question, world, tolerance, start)
    return Outcome(world, shock, deficits, tolerance, question, solution)


def _solve_products(
    world: ProductWorld, shock: Shock, deficits: Closure, tolerance: float, start: Outcome | None
) -> ProductOutcome:
    if deficits == "zero" and _has_deficits(world.world):
        if world not in _PRODUCTS_WITHOUT_DEFICITS:
            _PRODUCTS_WITHOUT_DEFICITS[world] = without_deficits(world)
        world = _PRODUCTS_WITHOUT_DEFICITS[world]
    question = pose_products(world, shock, deficits)
    solution = _solved(question, world.world, tolerance, start)
    return ProductOutcome(world.world, shock, deficits, tolerance, question, solution, world)


def _solved(question: Question, world: World, tolerance: float, start: Outcome | None) -> Solution:
    near = None if start is None or start.world.labels != world.labels else start.solution
    return solve_question(question, world.economies, world.sectors, tolerance, near)


def _shock_problems(world: World | ProductWorld, shock: Shock) -> list[Problem]:
    """Return what keeps ``shock`` from being applied."""
    if isinstance(world, World):
        return shock.problems(world)
    problems = [
        Problem(f"shock.{name}", "a world by product does not take it; solve its world by sector")
        for name in NOT_BY_PRODUCT
        if getattr(shock, name) is not None and len(getattr(shock, name))
    ]
    by_product = shock.product_freeness
    if by_product is not None:
        problems += by_product.problems(world)
    return problems + replace(shock, product_freeness=None).problems(world.world)


def _argument_problems(shock: Shock, deficits: str, tolerance: float) -> list[Problem]:
    problems = []
    if deficits not in CLOSURES:
        problems.append(Problem("deficits", f"is {deficits!r}, must be one of {CLOSURES}"))
    if not isinstance(tolerance, float | int) or not 0 < tolerance < 1:
        problems.append(Problem("tolerance", f"is {tolerance!r}, must be between 0 and 1"))
    if deficits not in ("keep", "financed") and shock.deficit is not None:
        message = f"needs deficits='keep' or 'financed', the closure is {deficits!r}"
        problems.append(Problem("shock.deficit", message))
    if (deficits == "financed") != (shock.financing is not None):
        problems.append(Problem("shock.financing", "goes with deficits='financed', and only so"))
    return problems


def _without_deficits(world: World) -> World:
    """The same world solved without deficits; kept as long as ``world`` lives."""
    if not _has_deficits(world):
        return world
    if world not in _WITHOUT_DEFICITS:
        _WITHOUT_DEFICITS[world] = World.equilibrate(world.dataset, deficits="zero")
    return _WITHOUT_DEFICITS[world]


def _has_deficits(world: World) -> bool:
    return bool(np.abs(world.accounts.deficit).max() > 1e-9 * world.accounts.exports.max())
