"""Adding an economy to a world from its own accounts and its partners' trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.world.align import label_problems, value_problems
from tumen.world.balance import fit_uses
from tumen.world.variables import VARIABLES
from tumen.world.world import World

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Entrant:
    """The accounts of an economy that a world does not have.

    Parameters
    ----------
    economy
        Its label.
    exports, imports
        DataArray (economy, sector), million USD a year, with the labels of the world in its
        order: what it sells to and buys from each partner.
    value_added
        DataArray (sector), million USD a year, labelled likewise; its sum is GDP, met exactly.
    template
        The economy whose cost and final demand shares serve as a prior.
    output
        DataArray (sector), million USD a year: gross output where it is known by volume; 0 where
        it is value added over the template's share.
    sole_users
        Input → the one sector that uses it; nobody else does, final buyers included.
    remittances
        DataArray (economy), million USD a year: pay of its workers in each partner. It is no
        domestic product; it finances imports, as part of the deficit that trade implies.
    recorded_exports, recorded_imports
        DataArray (economy, sector): the share of a flow that the partner's statistics show.
    """

    economy: str
    exports: xr.DataArray
    imports: xr.DataArray
    value_added: xr.DataArray
    template: str
    output: xr.DataArray
    sole_users: Mapping[str, str]
    remittances: xr.DataArray
    recorded_exports: xr.DataArray
    recorded_imports: xr.DataArray


def inserted(world: World, entrant: Entrant) -> World:
    """Return ``world`` with ``entrant`` as its last economy.

    Partners sell to it out of their home sales and keep their output; their uses, and the
    entrant's, are fitted by RAS with value added fixed, so that all accounts stay balanced.

    Raises
    ------
    InvalidInput
        If the economy is there already, the template is unknown, a label is not the world's, a
        value is no number ≥ 0, exports exceed output, or a partner cannot spare what it sells.
    NotConverged
        If no shares fit the accounts.

    Notes
    -----
    Bacharach (1970) for RAS; output of a sector is its value added over the template's share, or
    what its volume is worth. Then the template's costs only say how other inputs share the rest.

    Examples
    --------
    >>> import tumen
    >>> from tumen.catalogue.inserts import entrant, load_insert
    >>> base = tumen.load_world("world-2022")
    >>> grown = inserted(base, entrant(load_insert("prk-2016"), base, "central", None))
    >>> grown.economies[-1], round(float(grown.accounts.value_added[-1]))
    ('PRK', 22600)
    """
    problems = _label_problems(world, entrant) or _array_problems(world, entrant)
    if problems:
        raise InvalidInput(problems, "insert")
    dataset = _extended(world, entrant)
    partners = [
        label
        for n, label in enumerate(world.economies)
        if entrant.exports.values[n].any() or entrant.imports.values[n].any()
    ]
    fitted = fit_uses(dataset, [*partners, entrant.economy])
    fitted.attrs["inserted"] = entrant.economy
    return World(fitted)


def _label_problems(world: World, entrant: Entrant) -> list[Problem]:
    problems = []
    if entrant.economy in world.economies:
        problems.append(Problem(f"economy {entrant.economy}", "is in the world already"))
    if entrant.template not in world.economies:
        hint = did_you_mean(entrant.template, world.economies)
        problems.append(Problem(f"template {entrant.template}", f"is not in the world; {hint}"))
    for label in (*entrant.sole_users, *entrant.sole_users.values()):
        if label not in world.sectors:
            hint = did_you_mean(label, world.sectors)
            problems.append(Problem(f"sole_users {label}", f"is no sector of the world; {hint}"))
    return problems


def _array_problems(world: World, entrant: Entrant) -> list[Problem]:
    """Check labels and values of the newcomer's accounts."""
    problems = []
    own = {"value_added": ("sector",), "output": ("sector",), "remittances": ("economy",)}
    links = ("exports", "imports", "recorded_exports", "recorded_imports")
    for name, dims in (own | dict.fromkeys(links, ("economy", "sector"))).items():
        array: xr.DataArray = getattr(entrant, name)
        if array.dims != dims:
            problems.append(Problem(name, f"has dims {array.dims}, needs {dims}"))
            continue
        wrong = label_problems(name, array, {dim: world.labels[dim] for dim in dims})
        problems += wrong or value_problems(name, array, 0.0)
    return problems


def _extended(world: World, entrant: Entrant) -> xr.Dataset:
    """The world's dataset with one more economy; its uses are still the template's."""
    import xarray as xr

    data = world.dataset
    count, sectors = len(world.economies), len(world.sectors)
    template = world.economies.index(entrant.template)
    beta = _grown(data["value_added_share"].values, 0, template)
    made = _output(world, entrant, beta[-1])
    trade = np.zeros((count + 1, count + 1, sectors))
    trade[:-1, :-1] = data["trade"].values
    trade[-1, :-1] = entrant.exports.values
    trade[:-1, -1] = entrant.imports.values
    trade[-1, -1] = made - entrant.exports.values.sum(axis=0)
    trade[np.arange(count), np.arange(count)] -= entrant.imports.values
    _refuse_negative_home(world, trade)
    beta[-1] = np.divide(entrant.value_added.values, made, out=np.ones(sectors), where=made > 0)
    arrays = {
        "trade": trade,
        "value_added_share": beta,
        "final_share": _grown(data["final_share"].values, 0, template),
        "recorded": np.ones_like(trade),
    }
    if "input_share" in data:
        arrays["input_share"] = _inputs(data, template, made > 0)
        _bind_inputs(world, entrant, arrays, made)
    if "recorded" in data:
        arrays["recorded"][:-1, :-1] = data["recorded"].values
    arrays["recorded"][-1, :-1] = entrant.recorded_exports.values
    arrays["recorded"][:-1, -1] = entrant.recorded_imports.values
    sent = np.zeros((count + 1, count + 1))
    sent[:-1, :-1], sent[:-1, -1] = world.remittances, entrant.remittances.values
    if sent.any():
        arrays["remittance"] = sent
    if "tariff" in data:
        arrays["tariff"] = np.zeros_like(trade)
        arrays["tariff"][:-1, :-1] = data["tariff"].values
    _add_short_run(data, arrays)
    labels = [*world.economies, entrant.economy]
    variables = {name: (VARIABLES[name].dims, values) for name, values in arrays.items()}
    for name in data.data_vars:
        if str(name).startswith("trade_elasticity"):
            variables[str(name)] = (("sector",), data[name].values)
    coords = dict.fromkeys(("origin", "destination", "economy"), labels)
    coords |= {dim: list(world.sectors) for dim in ("sector", "input")}
    return xr.Dataset(variables, coords, dict(data.attrs))


def _add_short_run(data: xr.Dataset, arrays: dict[str, Array]) -> None:
    """Keep what the world says of the short run; the newcomer's elasticities are 1."""
    ones = ("input_elasticity", "critical_elasticity", "final_elasticity")
    for name in (*ones, "labour_fixed", "wage_floor"):
        if name in data:
            values = data[name].transpose("economy", ...).values
            own = np.full_like(values[:1], float(name in ones))
            arrays[name] = np.concatenate([values, own])
    if "critical_input" in data:
        arrays["critical_input"] = data["critical_input"].values


def _grown(values: Array, axis: int, template: int) -> Array:
    return np.concatenate([values, np.take(values, [template], axis=axis)], axis=axis).copy()


def _inputs(data: xr.Dataset, template: int, made: NDArray[np.bool_]) -> Array:
    """Input shares with the template's for the newcomer; a sector without output has none."""
    grown = _grown(data["input_share"].values, 0, template)
    grown[-1][:, ~made] = 0.0
    return grown


def _bind_inputs(world: World, entrant: Entrant, arrays: dict[str, Array], made: Array) -> None:
    """Give inputs with a sole user to that user; the fit then meets what is spent on them."""
    problems = []
    for product, user in entrant.sole_users.items():
        k, s = world.sectors.index(product), world.sectors.index(user)
        spent = float(arrays["trade"][:, -1, k].sum())
        room = float(made[s] - entrant.value_added.values[s])
        if spent > room:
            message = (
                f"spends {spent:.4g} on {product}, which it alone uses, but its output of "
                f"{made[s]:.4g} less value added leaves {room:.4g}; raise its output or lower "
                f"the imports of {product}"
            )
            problems.append(Problem(f"economy {entrant.economy}, sector {user}", message))
        elif made[s] > 0:
            arrays["final_share"][-1, k] = arrays["input_share"][-1, k] = 0.0
            arrays["input_share"][-1, k, s] = spent / made[s]
    if problems:
        raise InvalidInput(problems, "insert")


def _output(world: World, entrant: Entrant, beta: Array) -> Array:
    """Gross output (s), as it is known or from value added and the template's share."""
    value_added, known = entrant.value_added.values, entrant.output.values
    made: Array = np.divide(value_added, beta, out=np.zeros_like(beta), where=beta > 0)
    made = np.where(known > 0, known, made)
    short_of_value = np.flatnonzero(made < value_added)
    if short_of_value.size:
        raise InvalidInput(
            [
                Problem(
                    f"economy {entrant.economy}, sector {world.sectors[s]}",
                    f"output of {made[s]:.4g} is less than its value added of {value_added[s]:.4g}",
                )
                for s in short_of_value
            ],
            "insert",
        )
    sold = entrant.exports.values.sum(axis=0)
    short = np.flatnonzero(sold > made)
    if short.size:
        raise InvalidInput(
            [
                Problem(
                    f"economy {entrant.economy}, sector {world.sectors[s]}",
                    f"exports of {sold[s]:.4g} exceed its output of {made[s]:.4g} (value added "
                    f"{value_added[s]:.4g} at the template's share {beta[s]:.2f}); raise its value "
                    "added, or choose a larger GDP basis or another template",
                )
                for s in short
            ],
            "insert",
        )
    return made


def _refuse_negative_home(world: World, trade: Array) -> None:
    home = trade[np.arange(len(world.economies)), np.arange(len(world.economies))]
    problems = [
        Problem(
            f"economy {world.economies[n]}, sector {world.sectors[s]}",
            "sells more to the newcomer than it sells at home (short by "
            f"{-home[n, s]:.4g} million USD); lower the newcomer's imports of it",
        )
        for n, s in np.argwhere(home < 0)
    ]
    if problems:
        raise InvalidInput(problems, "insert")
