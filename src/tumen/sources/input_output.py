"""Input-output tables of the world, from OECD's CSV files or pymrio → the dataset of a world."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.sources.broken import check_text

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
Elasticity = float | Mapping[str, float]
"""One trade elasticity for all sectors, or one for each."""
Negative = Literal["refuse", "zero"]
"""What to do with negative cells, such as inventories that shrank."""
SHOWN = 5


def read_icio(
    path: str | Path, elasticity: Elasticity, negative: Negative = "refuse"
) -> xr.Dataset:
    r"""Read a year of the OECD Inter-Country Input-Output tables.

    Parameters
    ----------
    path
        OECD's CSV: a row and a column for every ECONOMY_SECTOR, columns ECONOMY_CATEGORY of final
        demand, rows of taxes and value added, OUT.
    elasticity
        Trade elasticity θ, for all sectors or by sector.
    negative
        "zero" sets negative cells to 0 and says so in ``attrs``.

    Returns
    -------
    Dataset of a world, million USD; ``World(dataset)`` or ``World.equilibrate(dataset)`` takes it.
    Value added is output less inputs, so taxes on products are in it.

    Raises
    ------
    InvalidInput
        For a file that is no such table, with row and column of what is wrong.
    """
    file = Path(path)
    rows, columns, cells = _cells(file)
    nodes = [label for label in rows if "_" in label and label in set(columns)]
    if not nodes:
        message = "has no ECONOMY_SECTOR that is both a row and a column, such as AUS_B05"
        raise InvalidInput(Problem(file.name, message))
    economies = list(dict.fromkeys(label.partition("_")[0] for label in nodes))
    sectors = list(dict.fromkeys(label.partition("_")[2] for label in nodes))
    final = [
        name for name in columns if name not in set(nodes) and name.partition("_")[0] in economies
    ]
    order = [f"{economy}_{sector}" for economy in economies for sector in sectors]
    missing = [label for label in order if label not in set(nodes)]
    if missing or not final:
        what = missing[0] if missing else f"{economies[0]}_HFCE, final demand"
        raise InvalidInput(Problem(file.name, f"has no row and column {what}"))
    row_of = {label: place for place, label in enumerate(rows)}
    column_of = {label: place for place, label in enumerate(columns)}
    lines = [row_of[label] for label in order]
    flows = cells[np.ix_(lines, [column_of[label] for label in order])]
    owners = np.array([economies.index(name.partition("_")[0]) for name in final])
    sold = cells[np.ix_(lines, [column_of[name] for name in final])]
    demand = np.stack([sold[:, owners == n].sum(axis=1) for n in range(len(economies))], axis=1)
    return world_dataset(flows, demand, economies, sectors, elasticity, negative, file.name)


def read_pymrio(mrio: Any, elasticity: Elasticity, negative: Negative = "refuse") -> xr.Dataset:
    """Take a table that ``pymrio`` has parsed: Eora26, GLORIA, EXIOBASE, WIOD and others.

    Parameters
    ----------
    mrio
        A ``pymrio.IOSystem`` with flows Z and final demand Y, in million USD.
    elasticity, negative
        As for :func:`read_icio`.

    Returns
    -------
    Dataset of a world.

    Raises
    ------
    InvalidInput
        If it has no flows, or rows and columns differ.
    """
    flows, demand = getattr(mrio, "Z", None), getattr(mrio, "Y", None)
    if flows is None or demand is None:
        message = "has no flows Z or no final demand Y; call calc_all() first"
        raise InvalidInput(Problem("mrio", message))
    if list(flows.index) != list(flows.columns):
        raise InvalidInput(Problem("mrio.Z", "has rows and columns in different order"))
    economies = list(dict.fromkeys(map(str, flows.index.get_level_values(0))))
    sectors = list(dict.fromkeys(map(str, flows.index.get_level_values(1))))
    owners = np.array([economies.index(str(name)) for name in demand.columns.get_level_values(0)])
    sold = demand.to_numpy(dtype=float)
    by_economy = np.stack([sold[:, owners == n].sum(axis=1) for n in range(len(economies))], axis=1)
    return world_dataset(
        flows.to_numpy(dtype=float), by_economy, economies, sectors, elasticity, negative, "mrio"
    )


def world_dataset(
    flows: Array,
    demand: Array,
    economies: Sequence[str],
    sectors: Sequence[str],
    elasticity: Elasticity,
    negative: Negative,
    name: str,
) -> xr.Dataset:
    """Make the dataset of a world of flows between nodes, economy by economy.

    Parameters
    ----------
    flows
        Array (node, node): sales of a row's node to a column's node.
    demand
        Array (node, economy): sales to final demand.
    """
    import xarray as xr

    count, kinds = len(economies), len(sectors)
    flows, demand, repaired = _repaired(flows, demand, economies, sectors, negative, name)
    output = flows.sum(axis=1) + demand.sum(axis=1)
    z = flows.reshape(count, kinds, count, kinds)  # origin, product, destination, using sector
    f = demand.reshape(count, kinds, count)  # origin, product, destination
    made = np.where(output > 0, output, 1.0).reshape(count, kinds)
    shares = z.sum(axis=0).transpose(1, 0, 2) / made[:, None, :]
    final = f.sum(axis=0).T
    sales = (z.sum(axis=3) + f).swapaxes(1, 2)
    problems = [
        Problem(name, f"{economies[n]}_{sectors[k]} uses {shares[n, :, k].sum():.3g} times its "
                "output as inputs, must be less than 1")
        for n, k in np.argwhere(shares.sum(axis=1) >= 1)[:SHOWN]
    ]  # fmt: skip
    if problems:
        raise InvalidInput(problems, name)
    labels = {dim: list(economies) for dim in ("origin", "destination", "economy")}
    labels |= {dim: list(sectors) for dim in ("sector", "input")}
    return xr.Dataset(
        {
            "trade": (("origin", "destination", "sector"), sales),
            "value_added_share": (("economy", "sector"), 1 - shares.sum(axis=1)),
            "input_share": (("economy", "input", "sector"), shares),
            "final_share": (("economy", "sector"), final / final.sum(axis=1, keepdims=True)),
            "trade_elasticity": (("sector",), _elasticities(elasticity, sectors)),
        },
        labels,
        {"source": name, "repaired": repaired},
    )


def _repaired(
    flows: Array, demand: Array, economies: Sequence[str], sectors: Sequence[str],
    negative: Negative, name: str,
) -> tuple[Array, Array, str]:  # fmt: skip
    bad = (flows < 0) | ~np.isfinite(flows), (demand < 0) | ~np.isfinite(demand)
    count = int(bad[0].sum() + bad[1].sum())
    if not count:
        return flows, demand, ""
    if negative == "zero" and np.isfinite(flows).all() and np.isfinite(demand).all():
        lost = float(-flows[bad[0]].sum() - demand[bad[1]].sum())
        words = f"{count} negative cells set to 0, {lost:.6g} million USD in all"
        return np.maximum(flows, 0), np.maximum(demand, 0), words
    nodes = [f"{economy}_{sector}" for economy in economies for sector in sectors]
    cells = [(nodes[i], nodes[j], flows[i, j]) for i, j in np.argwhere(bad[0])[:SHOWN]]
    cells += [
        (nodes[i], f"final demand of {economies[j]}", demand[i, j])
        for i, j in np.argwhere(bad[1])[: SHOWN - len(cells)]
    ]
    problems = [
        Problem(f"{name}:row {row}, column {column}", f"is {value:.6g}, must not be negative")
        for row, column, value in cells
    ]
    remedy = f"{count} cells in all; if they may be taken as 0, say so: negative='zero'"
    raise InvalidInput([*problems, Problem(name, remedy)], name)


def _elasticities(elasticity: Elasticity, sectors: Sequence[str]) -> Array:
    if not isinstance(elasticity, Mapping):
        return np.full(len(sectors), float(elasticity))
    problems = [
        Problem("elasticity", f"lacks sector {name!r}; {did_you_mean(name, elasticity)}")
        for name in sectors
        if name not in elasticity
    ]
    if problems:
        raise InvalidInput(problems[:SHOWN])
    return np.array([elasticity[name] for name in sectors], dtype=float)


def _cells(path: Path) -> tuple[list[str], list[str], Array]:
    """Row labels, column labels and numbers of a table whose first column names its rows."""
    if not path.is_file():
        raise InvalidInput(Problem(str(path), "no such file"))
    check_text(path)
    labels, rows = [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)[1:]
        for line in reader:
            place = f"{path.name}:row {reader.line_num}"
            if len(line) != len(columns) + 1:
                message = f"has {len(line)} cells, the first line has {len(columns) + 1}"
                raise InvalidInput(Problem(place, message))
            try:
                rows.append([float(cell) if cell else 0.0 for cell in line[1:]])
            except ValueError as error:
                message = f"{error}; every cell after the first must be a number"
                raise InvalidInput(Problem(f"{place} ({line[0]})", message)) from error
            labels.append(line[0])
    return labels, columns, np.array(rows, dtype=float).reshape(len(labels), len(columns))
