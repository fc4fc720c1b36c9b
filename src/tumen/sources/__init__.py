"""Files and services → xarray.Dataset, never a World."""
