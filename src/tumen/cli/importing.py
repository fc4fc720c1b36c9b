"""``tumen world import``: tidy tables → a world file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.cli.checking import within
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world import World


def import_world(folder: Path, out: Path, missing: Any, balance: str, deficits: Any) -> World:
    """Read ``folder``, make a world of it and write it to ``out``.

    Raises
    ------
    InvalidInput
        With table, row and column, or the economy and sector, of everything that is wrong.
    """
    from tumen.sources.tidy import read_folder

    if out.suffix != ".nc":
        raise InvalidInput(Problem(str(out), "must end in .nc"))
    ways = ("refuse", "equilibrate", "rebalance")
    if balance not in ways:
        raise InvalidInput(Problem("--balance", f"is {balance!r}; {did_you_mean(balance, ways)}"))
    if deficits not in ("keep", "zero"):
        raise InvalidInput(
            Problem("--deficits", f"is {deficits!r}; {did_you_mean(deficits, ('keep', 'zero'))}")
        )
    if deficits != "keep" and balance != "equilibrate":
        raise InvalidInput(Problem("--deficits", "goes with --balance equilibrate"))
    try:
        world = _made(read_folder(folder, missing), balance, deficits)
    except InvalidInput as error:
        problems = [within(problem, folder) for problem in error.problems]
        if balance == "refuse" and any("no equilibrium" in each.message for each in problems):
            problems.append(Problem("--balance", "equilibrate or rebalance makes a world of them"))
        raise InvalidInput(problems) from None
    world.save(out)
    return world


def _made(dataset: xr.Dataset, balance: str, deficits: Any) -> World:
    from tumen.world import World

    if balance == "equilibrate":
        return World.equilibrate(dataset, deficits)
    if balance == "rebalance":
        return World.rebalanced(dataset)
    return World(dataset)
