"""``tumen world import``: tidy tables → a world file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    from tumen.world import World


def import_world(folder: Path, out: Path, missing: Any, balance: str, deficits: Any) -> World:
    """Read ``folder``, make a world of it and write it to ``out``.

    Raises
    ------
    InvalidInput
        With table, row and column, or the economy and sector, of everything that is wrong.
    """
    from tumen.sources.tidy import read_folder
    from tumen.world import World

    if out.suffix != ".nc":
        raise InvalidInput(Problem(str(out), "must end in .nc"))
    ways = ("refuse", "equilibrate", "rebalance")
    if balance not in ways:
        raise InvalidInput(Problem("--balance", f"is {balance!r}; {did_you_mean(balance, ways)}"))
    dataset = read_folder(folder, missing)
    if balance == "equilibrate":
        world = World.equilibrate(dataset, deficits)
    elif balance == "rebalance":
        world = World.rebalanced(dataset)
    else:
        world = World(dataset)
    world.save(out)
    return world
