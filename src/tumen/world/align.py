"""Labels never guess: an array has the world's labels in the world's order, or it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import Problem

if TYPE_CHECKING:
    import xarray as xr


def label_problems(
    name: str, array: xr.DataArray, labels: Mapping[str, Sequence[str]]
) -> list[Problem]:
    """Return what keeps ``array`` from having exactly the given ``labels`` on the dims it has."""
    problems = []
    for dim in array.dims:
        wanted = labels.get(str(dim))
        if wanted is None:
            allowed = ", ".join(labels)
            problems.append(Problem(name, f"dim {dim!r} is unknown; its dims may be {allowed}"))
        elif dim not in array.coords:
            problems.append(
                Problem(name, f"dim {dim!r} has no labels; give it the coordinate {dim!r}")
            )
        else:
            seen = [str(label) for label in array.get_index(dim).tolist()]
            if seen != list(wanted):
                problems.append(Problem(name, _difference(str(dim), seen, list(wanted))))
    return problems


def _difference(dim: str, seen: list[str], wanted: list[str]) -> str:
    """Say how two lists of labels differ, and what to do."""
    extra = [label for label in seen if label not in set(wanted)]
    missing = [label for label in wanted if label not in set(seen)]
    if not extra and not missing and len(seen) == len(wanted):
        return (
            f"the labels of {dim!r} are the world's in another order (first: {seen[0]!r} here, "
            f"{wanted[0]!r} in the world); reorder with .reindex({dim}=world.dataset.{dim})"
        )
    parts = [f"dim {dim!r} has {len(seen)} labels, the world has {len(wanted)}"]
    if extra:
        parts.append(f"not in the world: {', '.join(extra[:5])}")
    if missing:
        parts.append(f"missing here: {', '.join(missing[:5])}")
    if len(set(seen)) < len(seen):
        twice = sorted({label for label in seen if seen.count(label) > 1})
        parts.append(f"more than once: {', '.join(twice[:5])}")
    return "; ".join(parts) + "; give every label of the world once, in the world's order"


def value_problems(
    name: str, array: xr.DataArray, lowest: float | None = None, strictly: bool = False
) -> list[Problem]:
    """Return one problem for values that are not finite, and one for values below ``lowest``."""
    values: NDArray[np.float64] = np.asarray(array.values, dtype=float)
    problems: list[Problem] = []
    bottom = -np.inf if lowest is None else lowest
    if values.size and values.max() < np.inf and values.min() > bottom:
        return problems  # nothing to name, and NaN passes no comparison
    if not np.isfinite(values).all():
        wrong = np.asarray(~np.isfinite(values))
        problems.append(_first(name, array, wrong, "must be a finite number"))
    if lowest is not None:
        low = np.asarray(values <= lowest if strictly else values < lowest)
        bound = f"must be above {lowest:g}" if strictly else f"must not be below {lowest:g}"
        if low.any():
            problems.append(_first(name, array, low, bound))
    return problems


def _first(name: str, array: xr.DataArray, bad: NDArray[np.bool_], rule: str) -> Problem:
    """Name the first offending cell, its value, and how many there are."""
    where = tuple(int(place) for place in np.unravel_index(int(np.argmax(bad)), bad.shape))
    cell = ", ".join(
        f"{dim} {array[dim].values[index]}" if dim in array.coords else f"{dim} {index}"
        for dim, index in zip(array.dims, where, strict=True)
    )
    value = float(array.values[where])
    count = int(bad.sum())
    more = f" ({count} cells in all)" if count > 1 else ""
    return Problem(f"{name}, {cell}" if cell else name, f"is {value:g}, {rule}{more}")
