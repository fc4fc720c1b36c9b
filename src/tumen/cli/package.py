"""``tumen package``: members and limits as they are typed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import get_args

from tumen.errors import InvalidInput, Problem
from tumen.lifeline.package import Coalition, Direction


def limits_of(members: Sequence[str]) -> dict[str, float]:
    """Read ``DEU=0.05``: the member, and the per cent of its real income that it would lose.

    Examples
    --------
    >>> limits_of(["DEU=0.05"])
    {'DEU': 0.0005}
    """
    problems, limits = [], {}
    for text in members:
        name, _, limit = text.partition("=")
        try:
            value = float(limit)
        except ValueError:
            value = math.nan
        if not name or not 0 < value <= 100:
            message = "write MEMBER=PERCENT, such as DEU=0.05, with a per cent above 0 up to 100"
            problems.append(Problem(f"--member {text}", message))
        elif name in limits:
            problems.append(Problem(f"--member {text}", f"{name} stands twice; name it once"))
        limits[name] = value / 100
    if problems:
        raise InvalidInput(problems)
    return limits


def coalition(
    target: str,
    members: Sequence[str],
    flows: Sequence[str],
    sectors: Sequence[str],
    transfers: bool,
    world_name: str | None,
) -> Coalition:
    """Return the coalition that was asked about."""
    from tumen.catalogue import load_world

    known = get_args(Direction)
    directions: dict[str, Direction] = {name: name for name in known}
    wrong = [flow for flow in flows if flow not in directions]
    if wrong:
        raise InvalidInput(
            [Problem(f"--flow {flow}", f"must be one of {', '.join(known)}") for flow in wrong]
        )
    return Coalition(
        load_world(world_name),
        target,
        limits_of(members),
        tuple(directions[flow] for flow in flows) or known,
        tuple(sectors) or None,
        transfers,
    )
