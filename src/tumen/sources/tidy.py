"""A user's own world from tidy tables: a folder with one table for each variable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean, nearest
from tumen.sources.tables import SHOWN, Table, find_table, read_table

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]

TABLES: dict[str, tuple[tuple[str, ...], bool]] = {
    "trade": (("origin", "destination", "sector"), True),
    "value_added_share": (("economy", "sector"), True),
    "input_share": (("economy", "input", "sector"), False),
    "final_share": (("economy", "sector"), True),
    "trade_elasticity": (("sector",), True),
    "tariff": (("origin", "destination", "sector"), False),
    "deficit": (("economy",), False),
    "remittance": (("origin", "destination"), False),
}
"""Variable → its label columns, and whether its table must be there."""
MAY_LACK_ROWS = ("trade", "tariff", "input_share", "remittance")
"""Tables whose absent rows may be said to mean 0."""


def read_folder(folder: Path, missing: Literal["refuse", "zero"] = "refuse") -> xr.Dataset:
    r"""Read a folder of tidy tables: trade, value_added_share, final_share, trade_elasticity, ….

    Parameters
    ----------
    folder
        Holds ``trade.csv`` (or .parquet) with columns origin, destination, sector, value in
        million USD a year, and one such table for each variable of a world (:data:`TABLES`).
    missing
        What an absent row of the tables in :data:`MAY_LACK_ROWS` means.

    Returns
    -------
    Dataset with the variables of a world, economies and sectors in the order of ``trade``.

    Raises
    ------
    InvalidInput
        With table, row and column of everything that is wrong.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> tables = {
    ...     "trade": "i,j,k,v\nA,A,all,9\nA,B,all,1\nB,A,all,1\nB,B,all,9\n",
    ...     "value_added_share": "economy,sector,value\nA,all,1\nB,all,1\n",
    ...     "final_share": "economy,sector,value\nA,all,1\nB,all,1\n",
    ...     "trade_elasticity": "sector,value\nall,5\n",
    ... }
    >>> with TemporaryDirectory() as folder:
    ...     for name, text in tables.items():
    ...         _ = Path(folder, name + ".csv").write_text(text)
    ...     data = read_folder(Path(folder))
    >>> float(data.trade.sel(origin="A", destination="B", sector="all"))
    1.0
    """
    if not folder.is_dir():
        raise InvalidInput(Problem(str(folder), "is no folder; name the folder with trade.csv"))
    if missing not in ("refuse", "zero"):
        raise InvalidInput(Problem("missing", f"is {missing!r}, must be 'refuse' or 'zero'"))
    tables = _read_tables(folder)
    trade = tables["trade"]
    labels = {
        "economy": _in_order(trade.labels["origin"], trade.labels["destination"]),
        "sector": _in_order(trade.labels["sector"]),
    }
    problems: list[Problem] = []
    doubtful: set[str] = set()
    arrays: dict[str, Array] = {}
    for name, table in tables.items():
        sparse = missing == "zero" and name in MAY_LACK_ROWS
        arrays[name] = _array(table, name, _expected(table, labels, doubtful), sparse, problems)
        if name == "trade" and problems:
            doubtful = _doubtful(trade, labels)
    if problems:
        raise InvalidInput(problems, str(folder))
    return _dataset(arrays, labels)


def _doubtful(trade: Table, labels: dict[str, list[str]]) -> set[str]:
    """Return the labels that lack most of their rows in the trade table."""
    found: set[str] = set()
    economies, sectors = labels["economy"], labels["sector"]
    whole = {"origin": len(economies) * len(sectors), "sector": len(economies) ** 2}
    for column, allowed in (("origin", economies), ("destination", economies), ("sector", sectors)):
        seen, count = np.unique(trade.labels[column].astype(str), return_counts=True)
        rows = dict(zip(seen.tolist(), count.tolist(), strict=True))
        full = whole.get(column, whole["origin"])
        found |= {label for label in allowed if rows.get(label, 0) < 0.5 * full}
    return found


def _expected(
    table: Table, labels: dict[str, list[str]], doubtful: set[str]
) -> dict[str, list[str]]:
    """Labels that a table should have; what is doubtful in the trade table is not asked of it."""
    own = {str(label) for column in table.labels.values() for label in column}
    return {
        kind: [label for label in allowed if label not in doubtful or label in own]
        for kind, allowed in labels.items()
    }


def _unknown_tables(folder: Path) -> list[Problem]:
    """Refuse tables of no variable: a misspelt name would be left out in silence."""
    return [
        Problem(path.name, f"is no table of a world; {did_you_mean(path.stem, TABLES)}")
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".parquet") and path.stem not in TABLES
    ]


def _read_tables(folder: Path) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    problems = _unknown_tables(folder)
    for name, (columns, required) in TABLES.items():
        path = find_table(folder, name)
        if path is None:
            if required:
                needs = ", ".join((*columns, "value"))
                problems.append(
                    Problem(str(folder), f"holds no {name}.csv or .parquet (columns {needs})")
                )
            continue
        try:
            tables[name] = read_table(path, columns)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems, str(folder))
    return tables


def _in_order(*columns: NDArray[np.object_]) -> list[str]:
    """Labels in order of first appearance, column by column."""
    return list(dict.fromkeys(str(label) for column in columns for label in column))


def _array(
    table: Table,
    name: str,
    labels: dict[str, list[str]],
    sparse: bool,
    problems: list[Problem],
) -> Array:
    """Spread a table over its grid; what is wrong is added to ``problems``."""
    columns = TABLES[name][0]
    sets = [labels["sector" if column in ("sector", "input") else "economy"] for column in columns]
    positions = []
    known = np.ones(table.values.size, dtype=bool)
    for column, allowed in zip(columns, sets, strict=True):
        index = {label: place for place, label in enumerate(allowed)}
        found = np.array([index.get(str(label), -1) for label in table.labels[column]], dtype=int)
        for row in np.flatnonzero(found < 0)[:SHOWN]:
            label = str(table.labels[column][row])
            problems.append(
                Problem(
                    table.place(int(row), column),
                    f"{label!r} is not in the trade table; {did_you_mean(label, allowed)}",
                )
            )
        known &= found >= 0
        positions.append(found)
    shape = tuple(len(allowed) for allowed in sets)
    if not known.all():
        return np.zeros(shape)
    flat = np.ravel_multi_index(tuple(positions), shape)
    problems += _duplicates(table, columns, flat)
    values = np.zeros(int(np.prod(shape)))
    values[flat] = table.values
    if not sparse:
        absent = np.ones(values.size, dtype=bool)
        absent[flat] = False
        problems += _absent(table, name, sets, absent.reshape(shape))
    return values.reshape(shape)


def _duplicates(table: Table, columns: Sequence[str], flat: NDArray[np.intp]) -> list[Problem]:
    order = np.argsort(flat, kind="stable")
    again = order[1:][flat[order][1:] == flat[order][:-1]]
    first = {int(cell): int(row) for row, cell in reversed(list(enumerate(flat)))}
    problems = []
    for row in sorted(int(row) for row in again)[:SHOWN]:
        cell = ", ".join(str(table.labels[column][row]) for column in columns)
        earlier = table.rows[first[int(flat[row])]]
        problems.append(
            Problem(table.place(row, columns[0]), f"{cell} stands in row {earlier} already")
        )
    return problems


def _absent(
    table: Table,
    name: str,
    sets: Sequence[list[str]],
    absent: NDArray[np.bool_],
) -> list[Problem]:
    """Name missing rows; a label that lacks most of its rows is probably misspelt."""
    if not absent.any():
        return []
    columns = TABLES[name][0]
    problems = []
    told: set[str] = set()
    for axis, (column, allowed) in enumerate(zip(columns, sets, strict=True)):
        others = tuple(other for other in range(absent.ndim) if other != axis)
        lacking = absent.mean(axis=others) if others else absent.astype(float)
        for position in np.flatnonzero(lacking > 0.5):
            if allowed[position] not in told:
                share = float(lacking[position])
                problems.append(_suspect(table, column, allowed, int(position), share))
            told.add(allowed[position])
            absent = np.where(_slab(absent.shape, axis, int(position)), False, absent)
    cells = np.argwhere(absent)
    for cell in cells[:SHOWN]:
        labels = ", ".join(allowed[i] for allowed, i in zip(sets, cell, strict=True))
        problems.append(Problem(table.path.name, f"the row for {labels} is missing"))
    if len(cells) > SHOWN:
        rest = len(cells) - SHOWN
        problems.append(Problem(table.path.name, f"and {rest} more rows are missing"))
    if name in MAY_LACK_ROWS:
        remedy = "if absent rows mean 0, say so: missing='zero', or --missing zero"
        problems.append(Problem(table.path.name, remedy))
    return problems


def _suspect(
    table: Table, column: str, allowed: Sequence[str], position: int, lacking: float
) -> Problem:
    """Say that a label lacks most of its rows, where it first stands, and what was meant."""
    label = allowed[position]
    near = nearest(label, [other for other in allowed if other != label], 1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    seen = np.flatnonzero(table.labels[column] == label)
    place = (
        table.place(int(seen[0]), column) if seen.size else f"{table.path.name}, column {column}"
    )
    return Problem(place, f"{label!r} lacks most of its rows ({lacking:.0%}){hint}")


def _slab(shape: tuple[int, ...], axis: int, position: int) -> NDArray[np.bool_]:
    mask = np.zeros(shape, dtype=bool)
    mask[tuple(position if a == axis else slice(None) for a in range(len(shape)))] = True
    return mask


def _dataset(arrays: dict[str, Array], labels: dict[str, list[str]]) -> xr.Dataset:
    import xarray as xr

    coords = dict.fromkeys(("origin", "destination", "economy"), labels["economy"])
    coords |= dict.fromkeys(("sector", "input"), labels["sector"])
    if "input_share" not in arrays:
        del coords["input"]
    variables = {name: (TABLES[name][0], values) for name, values in arrays.items()}
    return xr.Dataset(variables, coords)
