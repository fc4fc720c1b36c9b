"""Check that ``import tumen`` loads nothing heavy.

Times differ between machines; which libraries are loaded does not. A library listed
here may be imported where it is used, never on the way to ``import tumen``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "altair",
    "duckdb",
    "h5netcdf",
    "h5py",
    "numba",
    "numpy",
    "pandas",
    "pydantic",
    "rich",
    "ruamel",
    "scipy",
    "typer",
    "xarray",
)


def loaded(statement: str) -> list[str]:
    """Return the heavy libraries that a statement loads in a fresh interpreter."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    return [name for name in HEAVY if name in modules]


if __name__ == "__main__":
    heavy = loaded("import tumen")
    print(f"import tumen loads {', '.join(heavy)}" if heavy else "imports: light")
    sys.exit(bool(heavy))
