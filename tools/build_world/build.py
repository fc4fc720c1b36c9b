"""Build the bundled world: `python tools/build_world/build.py [--wheel FILE] [--out FILE]`."""

from __future__ import annotations

import sys
from pathlib import Path
from runpy import run_module

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    run_module("tools.build_world.make_world", run_name="__main__")
