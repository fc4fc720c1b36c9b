"""``tumen world import``: tidy tables, or a table of the OECD ICIO → a world file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.cli.checking import within
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world import World


def import_world(
    folder: Path,
    out: Path,
    missing: Any,
    balance: str,
    deficits: Any,
    elasticity: float | None = None,
) -> World:
    """Read ``folder``, or an ICIO table of that name, and write the world it makes to ``out``.

    Raises
    ------
    InvalidInput
        With table, row and column, or the economy and sector, of everything that is wrong.
    """
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
        world = _made(_read(folder, missing, elasticity), balance, deficits)
    except InvalidInput as error:
        problems = [within(problem, folder) for problem in error.problems]
        if balance == "refuse" and any("no equilibrium" in each.message for each in problems):
            problems.append(Problem("--balance", "equilibrate or rebalance makes a world of them"))
        raise InvalidInput(problems) from None
    world.save(out)
    return world


def _read(path: Path, missing: Any, elasticity: float | None) -> xr.Dataset:
    """A folder of tidy tables; a file is a table of the OECD, with our trade elasticities."""
    from tumen.catalogue.worlds import central_elasticities
    from tumen.sources.input_output import read_icio
    from tumen.sources.tidy import read_folder

    if path.is_file():
        known = central_elasticities() if elasticity is None else elasticity
        return read_icio(path, known, "zero" if missing == "zero" else "refuse")
    if elasticity is not None:
        raise InvalidInput(Problem("--elasticity", "is for ICIO tables; a folder holds its own"))
    return read_folder(path, missing)


def _made(dataset: xr.Dataset, balance: str, deficits: Any) -> World:
    from tumen.world import World

    if balance == "equilibrate":
        return World.equilibrate(dataset, deficits)
    if balance == "rebalance":
        return World.rebalanced(dataset)
    return World(dataset)
