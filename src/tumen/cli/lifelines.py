"""``tumen lifelines``: one target on the terminal, or all of them into a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

from tumen.cli.output import print_json, print_lines, progress
from tumen.errors import InvalidInput, Problem


def lifelines(
    target: str | None,
    world_name: str | None,
    deficits: str,
    substitute_price: float,
    out: Path | None,
    as_json: bool,
) -> str:
    """Print the dependence of ``target``; without one, write all targets to ``out``.

    Returns
    -------
    What to say on stderr.
    """
    from tumen.catalogue import load_world
    from tumen.catalogue.worlds import catalogue
    from tumen.equilibrium.closures import Closure
    from tumen.lifeline.dependence import dependence
    from tumen.lifeline.matrix import dependence_matrix
    from tumen.report.lifelines import lifelines_lines, lifelines_payload, write_matrix

    closures = {name: name for name in get_args(Closure) if name != "financed"}
    if deficits not in closures:
        raise InvalidInput(
            Problem("--deficits", f"is {deficits!r}, must be one of {', '.join(closures)}")
        )
    closure: Closure = deficits  # type: ignore[assignment]
    world = load_world(world_name)
    name = world_name or catalogue().default
    if target is None:
        if out is None:
            raise InvalidInput(Problem("--all", "needs --out FILE.parquet"))
        with progress() as told:
            rows = dependence_matrix(world, closure, substitute_price, os.cpu_count() or 1, told)
        write_matrix(rows, out)
        return f"wrote {len(rows)} rows to {out}\n"
    with progress() as told:
        found = dependence(world, target, closure, substitute_price, told)
    if as_json:
        print_json(lifelines_payload(found, name, deficits))
    else:
        print_lines(lifelines_lines(found, name, deficits))
    return ""
