"""From flows to the dataset: shares, deficits and the identities that must hold."""

from __future__ import annotations

import numpy as np
import xarray as xr

from tools.build_world.network import Network

TINY = 1e-12


def build_dataset(
    network: Network, final: np.ndarray, elasticities: dict[str, np.ndarray]
) -> xr.Dataset:
    """Define output, value added, shares and deficits from the flows themselves."""
    trade = network.intermediate.sum(axis=2) + final
    inputs = network.intermediate.sum(axis=1)
    output = trade.sum(axis=2)
    input_share = np.divide(inputs, output[None], out=np.zeros_like(inputs), where=output[None] > 0)
    spending = final.sum(axis=1)
    deficit = trade.sum(axis=(0, 1)) - output.sum(axis=0)
    by_economy = ("economy", "sector")
    dataset = xr.Dataset(
        {
            "trade": (("origin", "destination", "sector"), trade.transpose(1, 2, 0)),
            "value_added_share": (by_economy, (1.0 - input_share.sum(axis=0)).T),
            "input_share": (("economy", "input", "sector"), input_share.transpose(2, 0, 1)),
            "final_share": (by_economy, (spending / spending.sum(axis=0)).T),
            "deficit": (("economy",), deficit),
            **{name: (("sector",), values) for name, values in elasticities.items()},
        },
        coords=_labels(network),
    )
    return _describe(dataset)


def _labels(network: Network) -> dict[str, tuple[str, np.ndarray]]:
    economies = np.array(network.economies, dtype=object)
    sectors = np.array(network.sectors, dtype=object)
    return {
        "origin": ("origin", economies),
        "destination": ("destination", economies),
        "sector": ("sector", sectors),
        "economy": ("economy", economies),
        "input": ("input", sectors),
    }


def _describe(dataset: xr.Dataset) -> xr.Dataset:
    texts = {
        "trade": ("million USD a year", "sales of origin to destination, home sales included"),
        "value_added_share": ("1", "value added per unit of gross output"),
        "input_share": ("1", "spending on the input per unit of gross output"),
        "final_share": ("1", "share of the product in final spending"),
        "deficit": ("million USD a year", "imports less exports"),
        "trade_elasticity": ("1", "trade elasticity, central"),
        "trade_elasticity_low": ("1", "trade elasticity, low"),
        "trade_elasticity_high": ("1", "trade elasticity, high"),
    }
    for name, (units, text) in texts.items():
        dataset[name].attrs = {"units": units, "long_name": text}
    return dataset


def worst_residuals(dataset: xr.Dataset) -> dict[str, float]:
    """Return the largest relative residual of each accounting identity.

    Notes: X_ns = sum_i M_ins = sum_k gamma_nsk Y_nk + alpha_ns (VA_n + D_n),
    Y_is = sum_n M_ins, VA_n = sum_s beta_ns Y_ns, D_n = imports_n - exports_n,
    sum_n D_n = 0.
    """
    trade = dataset["trade"].values
    gamma, beta = dataset["input_share"].values, dataset["value_added_share"].values
    output = trade.sum(axis=1)
    bought = trade.sum(axis=0)
    added = (beta * output).sum(axis=1)
    deficit = dataset["deficit"].values
    uses = np.einsum("nks,ns->nk", gamma, output)
    uses += dataset["final_share"].values * (added + deficit)[:, None]
    net = bought.sum(axis=1) - output.sum(axis=1)
    scale = bought.sum(axis=1)
    return {
        "spending": float(np.max(np.abs(bought - uses) / np.maximum(bought, TINY))),
        "shares": float(np.max(np.abs(beta + gamma.sum(axis=1) - 1.0))),
        "final_shares": float(np.max(np.abs(dataset["final_share"].values.sum(axis=1) - 1.0))),
        "deficit": float(np.max(np.abs(net - deficit) / scale)),
        "world": float(abs(deficit.sum()) / added.sum()),
    }
