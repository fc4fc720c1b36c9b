"""Merging economies and sectors: flows add up, shares are recomputed from money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from tumen.world.world import World

Array = NDArray[np.float64]


def aggregate(world: World, economies: Mapping[str, str], sectors: Mapping[str, str]) -> xr.Dataset:
    """Return the dataset of ``world`` with merged labels.

    Trade, tariff revenue, value added, inputs, final demand and remittances add up; elasticities
    are averaged with the weight of foreign trade (plain where there is none). Merging economies
    makes their mutual trade home sales of the new one, and pay between them no remittance.

    Parameters
    ----------
    world
        The world to merge.
    economies, sectors
        Old label → new label; a label that is left out stays.

    Raises
    ------
    InvalidInput
        For every unknown label, with the nearest.
    """
    import xarray as xr

    from tumen.world.variables import VARIABLES

    accounts, data = world.accounts, world.dataset
    new_economies, member_e = _membership(world.economies, economies, "economy")
    new_sectors, member_s = _membership(world.sectors, sectors, "sector")

    def links(values: Array) -> Array:
        merged: Array = np.einsum(
            "sni,sS,nN,iI->INS", values, member_s, member_e, member_e, optimize=True
        )
        return merged

    trade = links(accounts.trade)
    output = trade.sum(axis=1)
    value_added = np.einsum("si,sS,iI->IS", accounts.beta * accounts.output, member_s, member_e)
    inputs = np.einsum(
        "iks,si,kK,sS,iI->IKS",
        accounts.gamma,
        accounts.output,
        member_s,
        member_s,
        member_e,
        optimize=True,
    )
    final = np.einsum("sn,sS,nN->NS", accounts.alpha * accounts.income, member_s, member_e)
    arrays: dict[str, Array] = {
        "trade": trade,
        "value_added_share": _share(value_added, output, 1.0),
        "input_share": _share(inputs, output[:, None, :], 0.0),
        "final_share": final / final.sum(axis=1, keepdims=True),
    }
    if accounts.tariff is not None:
        arrays["tariff"] = _share(links(accounts.trade * accounts.tariff), trade, 0.0)
    if "recorded" in data:
        recorded = data["recorded"].transpose("sector", "destination", "origin").values
        arrays["recorded"] = _share(links(accounts.trade * recorded), trade, 1.0)
    if "remittance" in data:
        sent = member_e.T @ world.remittances @ member_e
        arrays["remittance"] = sent - np.diag(np.diag(sent))
    weights = _foreign(accounts.trade)
    for name in data.data_vars:
        if str(name).startswith("trade_elasticity"):
            arrays[str(name)] = _mean(data[name].values, weights, member_s)
    arrays |= _short_run(world, member_e, member_s)
    coords = dict.fromkeys(("origin", "destination", "economy"), new_economies)
    coords |= dict.fromkeys(("sector", "input"), new_sectors)
    variables = {name: (VARIABLES[name].dims, values) for name, values in arrays.items()}
    return xr.Dataset(variables, coords, dict(data.attrs))


def _short_run(world: World, member_e: Array, member_s: Array) -> dict[str, Array]:
    """Elasticities of inputs and final demand: means with the weight of output and income.

    A merged input is critical, and labour of a merged economy fixed, where most of what was merged
    into it is, by world output and by income.
    """
    accounts, data = world.accounts, world.dataset
    found = {}
    if "input_elasticity" in data:
        values = data["input_elasticity"].transpose("economy", "sector").values
        weight = np.maximum(accounts.output.T, 1e-12)
        found["input_elasticity"] = (member_e.T @ (values * weight) @ member_s) / (
            member_e.T @ weight @ member_s
        )
    if "critical_input" in data:
        flags = _mean(data["critical_input"].values, accounts.output.sum(axis=1), member_s)
        found["critical_input"] = (flags > 0.5).astype(float)
    for name in ("critical_elasticity", "final_elasticity", "labour_fixed", "wage_floor"):
        if name in data:
            found[name] = _mean(data[name].values, accounts.income, member_e)
    if "labour_fixed" in found:
        found["labour_fixed"] = (found["labour_fixed"] > 0.5).astype(float)
    return found


def _membership(
    labels: Sequence[str], mapping: Mapping[str, str], kind: str
) -> tuple[list[str], Array]:
    """New labels in order of first appearance, and a 0/1 matrix (old, new)."""
    unknown = [label for label in mapping if label not in labels]
    if unknown:
        raise InvalidInput(
            [
                Problem(f"{kind} {label}", f"is not in the world; {did_you_mean(label, labels)}")
                for label in unknown
            ],
            "aggregate",
        )
    targets = [mapping.get(label, label) for label in labels]
    new = list(dict.fromkeys(targets))
    member = np.zeros((len(labels), len(new)))
    member[np.arange(len(labels)), [new.index(target) for target in targets]] = 1.0
    return new, member


def _share(part: Array, whole: Array, empty: float) -> Array:
    whole = np.broadcast_to(whole, part.shape)
    ratio: Array = np.divide(part, whole, out=np.full(part.shape, empty), where=whole > 0)
    return ratio


def _foreign(trade: Array) -> Array:
    """Foreign trade of every sector (s)."""
    home: Array = np.einsum("snn->s", trade)
    total: Array = trade.sum(axis=(1, 2)) - home
    return total


def _mean(values: Array, weights: Array, member: Array) -> Array:
    safe = np.where((weights @ member)[None, :] > 0, weights[:, None], 1.0) * member
    mean: Array = (values @ safe) / safe.sum(axis=0)
    return mean
