"""Reading and writing a world as NetCDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tumen.errors import InvalidInput, Problem
from tumen.files.writing import replacing

if TYPE_CHECKING:
    import xarray as xr


def write_world(dataset: xr.Dataset, path: Path) -> None:
    """Write ``dataset`` compressed, beside the target first."""
    encoding = {str(name): {"zlib": True, "complevel": 4} for name in dataset.data_vars}
    with replacing(path) as beside:
        dataset.to_netcdf(beside, engine="h5netcdf", encoding=encoding)


def read_dataset(path: Path) -> xr.Dataset:
    """Read a NetCDF file whole.

    Raises
    ------
    InvalidInput
        If the file is missing, truncated or no NetCDF-4.
    """
    import xarray as xr

    if not path.is_file():
        raise InvalidInput(Problem(str(path), "no such file"))
    try:
        with xr.open_dataset(path, engine="h5netcdf") as stored:
            return stored.load()
    except Exception as error:  # h5py raises many kinds for damaged files
        raise InvalidInput(
            Problem(
                str(path),
                f"cannot be read as NetCDF-4, it may be truncated or of another kind ({error})",
            )
        ) from error
