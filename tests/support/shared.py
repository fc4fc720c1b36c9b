"""Data that lie beside the project and never in it; tests skip with a reason without them."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


def folder(*parts: str) -> Path:
    """Return a folder of the shared data, or skip the test."""
    path = SHARED.joinpath(*parts)
    if not path.is_dir():
        pytest.skip(f"the data folder shared/{'/'.join(parts)} is not beside the project")
    return path
