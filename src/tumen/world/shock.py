"""Shock: everything that a counterfactual changes, relative to a world's baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, SupportsFloat

from tumen.errors import InvalidInput, Problem
from tumen.world.align import label_problems, value_problems

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.cap import Cap, Wedge
    from tumen.world.product_freeness import ProductFreeness
    from tumen.world.product_world import ProductWorld
    from tumen.world.world import World

Cell = tuple[str, str, str]

PERCENT_RATE = 5.0
"""A tariff above this is refused as per cent, unless the world's own rates go that high."""


@dataclass(frozen=True, slots=True, eq=False)
class Shock:
    """Describe what changes; every part is optional and labelled like the world.

    Parameters
    ----------
    freeness
        DataArray (origin, destination, sector), φ ≥ 0 relative to the baseline, home sales too;
        0 shuts a flow exactly, 1 leaves it as it was. An iceberg factor d is φ = d^(−θ).
    opening
        DataArray (origin, destination, sector), ω ≥ 0: freeness of a link without baseline trade,
        in units of the buyer's baseline spending.
    tariff
        DataArray (origin, destination, sector): the new ad valorem rate, 0.1 for 10 %. Its effect
        on prices is added by the engine; do not repeat it in ``freeness``.
    deficit
        DataArray (economy): the new imports minus exports, million USD a year, summing to 0.
    productivity
        DataArray (economy, sector): factor on output per unit of input.
    financing
        Dataset over (economy), for the closure "financed" only: ``income`` (foreign exchange
        other than from trade), ``draw_limit`` (most that savings and credit may add),
        ``desired_imports`` and, optional, ``least_draw`` (0 or below: what is saved before more is
        imported), million USD a year. The dim may hold a part of the economies.
    caps
        Limits on groups of flows, see :class:`Cap`.
    wedges
        Price ratios between buyer and seller that somebody earns, see :class:`Wedge`.
    product_freeness
        Freeness by product, for a :class:`ProductWorld` only; :meth:`of` makes it.

    Notes
    -----
    A missing dim means "the same for all", for freeness, tariff and productivity only.

    Examples
    --------
    >>> import tumen
    >>> world = tumen.load_world()
    >>> shock = tumen.Shock.of(world, {("PRK", "CHN", "B05"): 0.1, ("*", "PRK", "*"): 0.5})
    >>> float(shock.freeness.sel(origin="PRK", destination="CHN", sector="B05"))
    0.1
    """

    freeness: xr.DataArray | None = None
    opening: xr.DataArray | None = None
    tariff: xr.DataArray | None = None
    deficit: xr.DataArray | None = None
    productivity: xr.DataArray | None = None
    financing: xr.Dataset | None = None
    caps: Sequence[Cap] = ()
    wedges: Sequence[Wedge] = ()
    product_freeness: ProductFreeness | None = None

    @classmethod
    def of(cls, world: World | ProductWorld, cells: Mapping[Cell, float]) -> Shock:
        """Build a freeness shock from cells; "*" stands for all others, later rows win.

        Parameters
        ----------
        world
            Gives the labels.
        cells
            (origin, destination, sector) → φ ≥ 0; in a world by product a product, or a sector
            for all its products. "*" as origin or destination never means the economy itself:
            home sales change only where both are named.

        Raises
        ------
        InvalidInput
            For every unknown label (with the nearest) and every value that is no number ≥ 0.

        Examples
        --------
        >>> import tumen
        >>> world = tumen.load_world()
        >>> shock = tumen.Shock.of(world, {("*", "PRK", "*"): 0.5, ("CHN", "PRK", "C19"): 0})
        >>> freeness = shock.freeness.sel(destination="PRK", sector="C19")
        >>> [float(freeness.sel(origin=origin)) for origin in ("RUS", "CHN", "PRK")]
        [0.5, 0.0, 1.0]
        """
        from tumen.world.product_freeness import ProductFreeness
        from tumen.world.product_world import ProductWorld

        if isinstance(world, ProductWorld):
            return cls(product_freeness=ProductFreeness.of(world, cells))
        return cls(freeness=freeness_of(world, cells))

    def problems(self, world: World) -> list[Problem]:
        """Return everything that keeps this shock from being applied to ``world``.

        Parameters
        ----------
        world
            The baseline that the shock is meant for.
        """
        found: list[Problem] = []
        for name, array in self._arrays():
            if not _is_array(array):
                kind = type(array).__name__
                found.append(Problem(name, f"is a {kind}, must be an xarray DataArray with labels"))
                continue
            dims = _DIMS[name]
            extra = [dim for dim in array.dims if dim not in dims]
            missing = [dim for dim in dims if dim not in array.dims]
            if extra or (missing and name not in _BROADCAST):
                found.append(Problem(name, f"has dims {array.dims}, needs {dims}"))
                continue
            if array.dtype.kind not in "fiu":
                found.append(Problem(name, f"holds values of type {array.dtype}, not numbers"))
                continue
            found += label_problems(name, array, {dim: world.labels[dim] for dim in dims})
            lowest = {"deficit": None, "tariff": -1.0}.get(name, 0.0)
            found += value_problems(
                name, array, lowest, strictly=name in {"tariff", "productivity"}
            )
        if not found:
            found += _tariff_problems(self, world) + _deficit_problems(self, world)
        for number, cap in enumerate(self.caps, 1):
            found += cap.problems(world, f"cap {cap.name or number}")
        for number, wedge in enumerate(self.wedges, 1):
            found += wedge.problems(world, f"wedge {number}")
        if self.product_freeness is not None:
            message = "is for a ProductWorld; in a world by sector use freeness"
            found.append(Problem("product_freeness", message))
        return found + _overlap_problems(self) + _financing_problems(self, world)

    def _arrays(self) -> Iterator[tuple[str, xr.DataArray]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and field.name in _DIMS:
                yield field.name, value


_LINK = ("origin", "destination", "sector")
_DIMS: dict[str, tuple[str, ...]] = {
    "freeness": _LINK,
    "opening": _LINK,
    "tariff": _LINK,
    "deficit": ("economy",),
    "productivity": ("economy", "sector"),
}
_BROADCAST = {"freeness", "tariff", "productivity"}
FINANCING = ("income", "draw_limit", "desired_imports")
LEAST_DRAW = "least_draw"


def _is_array(value: object) -> bool:
    import xarray as xr

    return isinstance(value, xr.DataArray)


def _overlap_problems(shock: Shock) -> list[Problem]:
    """Refuse caps and wedges that cover more than the whole of a flow together."""
    total: dict[tuple[str, str, str], float] = {}
    items: list[Cap | Wedge] = [*shock.caps, *shock.wedges]
    for item in items:
        for flow in item.flows:
            if len(flow) == 4:
                cell = (flow[0], flow[1], flow[2])
                total[cell] = total.get(cell, 0.0) + flow[3]
    return [
        Problem(
            f"caps and wedges on {cell}",
            f"cover {share:.4g} of the flow together, at most 1 is allowed; merge them, or leave "
            "out the looser cap",
        )
        for cell, share in total.items()
        if share > 1 + 1e-9
    ]


def _tariff_problems(shock: Shock, world: World) -> list[Problem]:
    if shock.tariff is None:
        return []
    own = world.accounts.tariff
    highest = max(PERCENT_RATE, 0.0 if own is None else float(own.max()))
    seen = float(shock.tariff.max())
    if seen <= highest:
        return []
    return [
        Problem(
            "tariff",
            f"the highest rate is {seen:g}, above {highest:g}: it looks like per cent; "
            "give rates, 0.1 for 10 %",
        )
    ]


def _deficit_problems(shock: Shock, world: World) -> list[Problem]:
    if shock.deficit is None:
        return []
    total = float(shock.deficit.sum())
    if abs(total) <= 1e-9 * float(world.accounts.exports.sum()):
        return []
    return [Problem("deficit", f"the new deficits sum to {total:.6g}, must be 0: who pays?")]


def _financing_problems(shock: Shock, world: World) -> list[Problem]:
    financing = shock.financing
    if financing is None:
        return []
    if "economy" not in financing.coords:
        return [Problem("financing", "has no labels; give it the coordinate 'economy'")]
    problems = []
    given = (*FINANCING, LEAST_DRAW) if LEAST_DRAW in financing else FINANCING
    for name in given:
        if name not in financing:
            problems.append(Problem("financing", f"{name} is missing"))
        elif financing[name].dims != ("economy",):
            dims = financing[name].dims
            problems.append(Problem(f"financing, {name}", f"has dims {dims}, needs ('economy',)"))
        else:
            lowest = None if name in ("income", LEAST_DRAW) else 0.0
            problems += value_problems(f"financing, {name}", financing[name], lowest)
    if not problems and LEAST_DRAW in financing and (financing[LEAST_DRAW].values > 0).any():
        highest = float(financing[LEAST_DRAW].max())
        message = f"is {highest:g}, must be 0 or below: what is saved counts as a negative draw"
        problems.append(Problem("financing, least_draw", message))
    return problems + _payer_problems([str(label) for label in financing["economy"].values], world)


def _payer_problems(labels: list[str], world: World) -> list[Problem]:
    """Check whom a financing names; somebody else has to bear the other side."""
    from tumen.files.nearest import did_you_mean

    problems = [
        Problem(
            "financing",
            f"economy {label!r} is not in the world; {did_you_mean(label, world.economies)}",
        )
        for label in labels
        if label not in world.economies
    ]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    problems += [Problem("financing", f"economy {label} stands more than once") for label in twice]
    if set(labels) >= set(world.economies):
        problems.append(Problem("financing", "names every economy; one at least has to pay"))
    return problems


def freeness_of(world: World, cells: Mapping[Cell, float]) -> xr.DataArray:
    """Return the full freeness array (origin, destination, sector) that ``cells`` describe.

    Parameters
    ----------
    world
        Gives the labels.
    cells
        (origin, destination, sector) → φ ≥ 0, as for :meth:`Shock.of`.

    Raises
    ------
    InvalidInput
        For every unknown label and every value that is no number ≥ 0.
    """
    import numpy as np

    problems = [problem for cell in cells for problem in cell_problems(world, cell)]
    problems += [
        Problem(f"cell {cell}", f"freeness is {value!r}, must be a number ≥ 0")
        for cell, value in cells.items()
        if not is_freeness(value)
    ]
    if problems:
        raise InvalidInput(problems, "shock")
    count, sectors = len(world.economies), len(world.sectors)
    # Sector-major in memory, as the engine reads it.
    values = np.ones((sectors, count, count)).transpose(2, 1, 0)
    for (origin, destination, sector), value in cells.items():
        chosen = np.zeros_like(values, dtype=bool)
        chosen[
            _index(world.economies, origin),
            _index(world.economies, destination),
            _index(world.sectors, sector),
        ] = True
        if "*" in (origin, destination):
            chosen[np.arange(count), np.arange(count)] = False
        values[chosen] = value
    return world.labelled(values, _LINK)


def is_freeness(value: object) -> bool:
    """Tell whether a value is a finite number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        return False
    return 0 <= float(value) < float("inf")


def _index(labels: tuple[str, ...], label: str) -> slice:
    if label == "*":
        return slice(None)
    position = labels.index(label)
    return slice(position, position + 1)


def cell_problems(world: World, cell: Cell) -> list[Problem]:
    """Return one problem for every label of ``cell`` that ``world`` does not know."""
    from tumen.files.nearest import did_you_mean

    if not isinstance(cell, tuple) or len(cell) != len(_LINK):
        return [Problem(f"cell {cell!r}", f"must be a triple {_LINK}; '*' means all others")]
    problems = []
    for dim, label in zip(_LINK, cell, strict=True):
        if label != "*" and label not in world.labels[dim]:
            kind = "sector" if dim == "sector" else "economy"
            problems.append(
                Problem(
                    f"cell {cell}",
                    f"{kind} {label!r} is not in the world; "
                    + did_you_mean(label, world.labels[dim]),
                )
            )
    return problems
