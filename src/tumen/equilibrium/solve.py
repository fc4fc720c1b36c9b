"""World + Shock → Outcome."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from tumen.equilibrium.closures import CLOSURES, Closure
from tumen.equilibrium.outcome import Outcome
from tumen.equilibrium.pose import pose
from tumen.equilibrium.solution import solve_question
from tumen.errors import InvalidInput, Problem
from tumen.world.shock import Shock
from tumen.world.world import World

_WITHOUT_DEFICITS: WeakKeyDictionary[World, World] = WeakKeyDictionary()


def solve(
    world: World,
    shock: Shock | None = None,
    deficits: Closure = "keep",
    tolerance: float = 1e-10,
    start: Outcome | None = None,
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
        "financed": D' of the economies in ``shock.financing`` is what they can finance; that of
        others is ``shock.deficit`` or the baseline's, less what this takes, by value added.
    tolerance
        Largest residual: own-trade imbalance over own trade, and log market residuals.
    start
        An outcome on a world with the same labels, from whose prices the search starts; the
        answer is the same.

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
    question = pose(world, shock, deficits)
    near = None if start is None or start.world.labels != world.labels else start.solution
    solution = solve_question(question, world.economies, world.sectors, tolerance, near)
    return Outcome(world, shock, deficits, tolerance, question, solution)


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
    if not np.abs(world.accounts.deficit).max() > 1e-9 * world.accounts.exports.max():
        return world
    if world not in _WITHOUT_DEFICITS:
        _WITHOUT_DEFICITS[world] = World.equilibrate(world.dataset, deficits="zero")
    return _WITHOUT_DEFICITS[world]
