"""What a dataset must be to be a world: one small function a rule, all failures in one error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tumen.errors import Problem
from tumen.files.nearest import did_you_mean
from tumen.world.align import label_problems, value_problems
from tumen.world.variables import BEHAVIOUR, DIMS, LABEL_OF, VARIABLES

if TYPE_CHECKING:
    import xarray as xr

SHARE_TOLERANCE = 1e-6
"""Shares sum to one to this, absolutely."""
TRADE_TOLERANCE = 1e-6
"""A given deficit agrees with trade to this part of the economy's trade."""
CANCEL_TOLERANCE = 1e-9
"""Deficits cancel to this part of world trade."""
PERCENT_MEDIAN = 1.0
"""A median positive tariff above this looks like per cent."""
NAMED = 5
"""Worst cells that an error names."""


def structure_problems(dataset: xr.Dataset) -> list[Problem]:
    """Check variables, dims and labels; nothing else is checked while these are wrong."""
    problems = _kind_problems(dataset) or _name_problems(dataset)
    if not problems:
        problems += _label_list_problems(dataset)
    if problems:
        return problems
    labels = labels_of(dataset)
    for name in dataset.data_vars:
        problems += label_problems(str(name), dataset[name], labels)
    return problems


def _kind_problems(dataset: object) -> list[Problem]:
    import xarray as xr

    if isinstance(dataset, xr.Dataset):
        return []
    kind = type(dataset).__name__
    return [Problem("dataset", f"is a {kind}, must be an xarray Dataset; load_world reads a file")]


def _name_problems(dataset: xr.Dataset, required: bool = True) -> list[Problem]:
    problems = []
    for name, variable in VARIABLES.items():
        if name not in dataset and variable.required and required:
            problems.append(Problem(name, f"is missing; give it with dims {variable.dims}"))
        elif name in dataset and set(dataset[name].dims) != set(variable.dims):
            problems.append(
                Problem(name, f"has dims {tuple(dataset[name].dims)}, needs {variable.dims}")
            )
        elif name in dataset and dataset[name].dtype.kind not in "fiu":
            kind = dataset[name].dtype
            problems.append(Problem(name, f"holds values of type {kind}, must hold numbers"))
    for seen in map(str, dataset.data_vars):
        if seen not in VARIABLES:
            hint = did_you_mean(seen, VARIABLES)
            problems.append(Problem(seen, f"is no variable of a world; {hint}"))
    return problems


def _label_list_problems(dataset: xr.Dataset) -> list[Problem]:
    problems = []
    for dim in ("economy", "sector"):
        if dim not in dataset.coords:
            problems.append(Problem(dim, f"the coordinate {dim!r} with the labels is missing"))
            continue
        seen = dataset[dim].values.tolist()
        wrong = [label for label in seen if not isinstance(label, str) or not label.strip()]
        if wrong:
            problems.append(Problem(dim, f"labels must be text, found {wrong[0]!r}"))
        twice = sorted({str(label) for label in seen if seen.count(label) > 1})
        if twice:
            problems.append(Problem(dim, f"labels stand more than once: {', '.join(twice[:5])}"))
    return problems


def behaviour_problems(dataset: xr.Dataset, names: list[str]) -> list[Problem]:
    """Check variables of a sound dataset that leave its accounts as they are."""
    problems = [
        Problem(name, f"is no elasticity and nothing about labour; one of {', '.join(BEHAVIOUR)}")
        for name in names
        if name not in BEHAVIOUR
    ]
    if problems:
        return problems
    labels = labels_of(dataset)
    problems = _name_problems(dataset[names], required=False)
    for name in names:
        problems += label_problems(name, dataset[name], labels)
    if problems:
        return problems
    for name in names:
        problems += _value_problems(name, dataset[name])
    return problems + _short_run_problems(dataset)


def labels_of(dataset: xr.Dataset) -> dict[str, list[str]]:
    """Return the labels that every dim of a world must carry."""
    sets = {name: [str(label) for label in dataset[name].values] for name in ("economy", "sector")}
    return {dim: sets[LABEL_OF[dim]] for dim in DIMS}


def content_problems(dataset: xr.Dataset) -> list[Problem]:
    """Check numbers one by one: finite, not negative, shares that sum, home sales, elasticities."""
    problems: list[Problem] = []
    for name in dataset.data_vars:
        problems += _value_problems(str(name), dataset[name])
    problems += _share_problems(dataset)
    problems += _home_problems(dataset)
    problems += _percent_problems(dataset)
    problems += _short_run_problems(dataset)
    return problems + _recorded_problems(dataset) + _remittance_problems(dataset)


def _value_problems(name: str, array: xr.DataArray) -> list[Problem]:
    if name.startswith("trade_elasticity"):
        return value_problems(name, array, 0.0, strictly=True)
    if name == "tariff":
        return value_problems(name, array, -1.0, strictly=True)
    return value_problems(name, array, None if name == "deficit" else 0.0)


def _share_problems(dataset: xr.Dataset) -> list[Problem]:
    uses = dataset["value_added_share"]
    if "input_share" in dataset:
        uses = uses + dataset["input_share"].sum("input")
    problems = _sum_problems("value_added_share + input_share", uses)
    return problems + _sum_problems("final_share", dataset["final_share"].sum("sector"))


def _sum_problems(name: str, sums: xr.DataArray) -> list[Problem]:
    gap = np.abs(sums.values - 1)
    bad = np.argwhere(gap > SHARE_TOLERANCE)
    order = np.argsort([-gap[tuple(cell)] for cell in bad])
    problems = []
    for index in order[:NAMED]:
        cell = tuple(int(i) for i in bad[index])
        where = ", ".join(
            f"{dim} {sums[dim].values[i]}" for dim, i in zip(sums.dims, cell, strict=True)
        )
        more = f" ({len(bad)} cells in all)" if len(bad) > 1 else ""
        problems.append(
            Problem(f"{name}, {where}", f"sums to {sums.values[cell]:.8g}, must be 1{more}")
        )
    return problems


def _home_problems(dataset: xr.Dataset) -> list[Problem]:
    trade = dataset["trade"].transpose("origin", "destination", "sector").values
    economies = dataset["economy"].values
    home = trade[np.arange(len(economies)), np.arange(len(economies))].sum(axis=1)
    return [
        Problem(
            f"trade, economy {economies[index]}",
            "has no domestic sales (origin = destination); without them its prices mean nothing; "
            "add them, for example as output minus exports",
        )
        for index in np.flatnonzero(home <= 0)
    ]


def _percent_problems(dataset: xr.Dataset) -> list[Problem]:
    if "tariff" not in dataset:
        return []
    rates = dataset["tariff"].transpose("destination", "origin", "sector").values
    found = []
    for importer, own in zip(dataset["economy"].values, rates, strict=True):
        positive = own[np.isfinite(own) & (own > 0)]
        if positive.size and np.median(positive) > PERCENT_MEDIAN:
            found.append(
                Problem(
                    f"tariff, destination {importer}",
                    f"the median positive rate is {np.median(positive):g}: it looks like per "
                    "cent; give rates, 0.1 for 10 %",
                )
            )
    if found:
        return found[:NAMED]
    return []


def _short_run_problems(dataset: xr.Dataset) -> list[Problem]:
    """Check flags and floors of the short run: what is 0 or 1, what is a share, what goes along."""
    problems = []
    flags, elasticity = "critical_input" in dataset, "critical_elasticity" in dataset
    if flags != elasticity:
        missing = "critical_elasticity" if flags else "critical_input"
        message = "is missing; critical_input and critical_elasticity go together"
        problems.append(Problem(missing, message))
    for name in ("critical_input", "labour_fixed"):
        if name in dataset:
            wrong = ~np.isin(dataset[name].values, (0.0, 1.0))
            problems += _first_wrong(name, dataset[name], wrong, "must be 0 or 1")
    if "wage_floor" in dataset:
        wrong = dataset["wage_floor"].values >= 1
        problems += _first_wrong("wage_floor", dataset["wage_floor"], wrong, "must be below 1")
    return problems


def _first_wrong(name: str, array: xr.DataArray, wrong: np.ndarray, rule: str) -> list[Problem]:
    if not wrong.any():
        return []
    first, dim = int(np.argmax(wrong)), array.dims[0]
    where = f"{name}, {dim} {array[dim].values[first]}"
    return [Problem(where, f"is {array.values[first]:g}, {rule}")]


def _recorded_problems(dataset: xr.Dataset) -> list[Problem]:
    if "recorded" not in dataset or not (dataset["recorded"].values > 1).any():
        return []
    highest = float(dataset["recorded"].max())
    return [Problem("recorded", f"the highest value is {highest:g}, must be a share, at most 1")]


def _remittance_problems(dataset: xr.Dataset) -> list[Problem]:
    if "remittance" not in dataset:
        return []
    own = np.diag(dataset["remittance"].transpose("origin", "destination").values)
    return [
        Problem(
            f"remittance, economy {dataset['economy'].values[index]}",
            f"is {own[index]:g} to itself, must be 0: pay at home is value added",
        )
        for index in np.flatnonzero(own != 0)
    ]


def deficit_problems(dataset: xr.Dataset) -> list[Problem]:
    """Check that given deficits cancel and agree with trade."""
    if "deficit" not in dataset:
        return []
    implied, traded = trade_balance(dataset)
    given = dataset["deficit"].values
    problems = []
    if abs(given.sum()) > CANCEL_TOLERANCE * max(traded.sum(), 1e-300):
        problems.append(Problem("deficit", f"deficits sum to {given.sum():.6g}, must be 0"))
    gap = np.abs(given - implied)
    bad = np.flatnonzero(gap > TRADE_TOLERANCE * traded)
    more = f" ({bad.size} economies in all)" if bad.size > NAMED else ""
    problems += [
        Problem(
            f"deficit, economy {dataset['economy'].values[index]}",
            f"is {given[index]:.8g}, but imports minus exports are {implied[index]:.8g}{more}; "
            "leave it out, or solve with World.equilibrate",
        )
        for index in bad[:NAMED]
    ]
    return problems


def trade_balance(dataset: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Imports minus exports, and the larger of both, of every economy (million USD)."""
    trade = dataset["trade"].transpose("origin", "destination", "sector").values.sum(axis=2)
    foreign = trade - np.diag(np.diag(trade))
    imports, exports = foreign.sum(axis=0), foreign.sum(axis=1)
    return imports - exports, np.maximum(imports, exports)
