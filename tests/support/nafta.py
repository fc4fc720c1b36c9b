"""The NAFTA data of Caliendo and Parro (2015), MIT-licensed by the R package cp2015."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from tumen.world import Shock

FOLDER = Path(__file__).parents[1] / "data" / "cp2015_nafta"


@cache
def raw() -> xr.Dataset:
    """The file as it is."""
    with xr.open_dataset(FOLDER / "cp2015_nafta.nc", engine="h5netcdf") as stored:
        return stored.load()


def dataset(renormalise: bool = True) -> xr.Dataset:
    """A world dataset; the one negative input cell is set to 0 and its column renormalised."""
    data = raw()
    inputs = data.io_share_of_output
    if renormalise:
        inputs = inputs.clip(min=0)
        total = inputs.sum("input_sector")
        scale = ((1 - data.va_share_of_output) / total.where(total > 0, 1)).where(total > 0, 0)
        inputs = inputs * scale
    rename = {"exporter": "origin", "importer": "destination"}
    shares = {"region": "economy"}
    return xr.Dataset(
        {
            "trade": data.trade_value.rename(rename) / 1e6,
            "tariff": data.tariff_before.rename(rename),
            "value_added_share": data.va_share_of_output.rename(shares),
            "input_share": inputs.rename({**shares, "input_sector": "input"}),
            "final_share": data.final_share.rename(shares),
            "trade_elasticity": data.theta,
            "deficit": data.trade_deficit.rename(shares) / 1e6,
        }
    ).transpose("origin", "destination", "economy", "input", "sector")


def tariff_shock() -> Shock:
    """The tariffs of 2005 among Canada, Mexico and the USA."""
    tariff = raw().tariff_after.rename({"exporter": "origin", "importer": "destination"})
    return Shock(tariff=tariff)


def answers(kind: str, closure: str) -> pd.DataFrame:
    """The stored answers of the peer: kind is region, region_sector or trade."""
    suffix = "" if kind == "region" else ".gz"
    return pd.read_csv(FOLDER / f"expected_{kind}_{closure}_deficit.csv{suffix}")


def matrix(frame: pd.DataFrame, column: str) -> xr.DataArray:
    """A column of region-by-sector answers as an array (economy, sector)."""
    table = frame.pivot(index="region", columns="sector", values=column)
    table = table.reindex(index=list(raw().region.values), columns=list(raw().sector.values))
    return xr.DataArray(np.asarray(table), dims=("economy", "sector"))
