"""``make bench``: every row of the budget, as ratios measured in one run, and a JSON of them."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from benchmarks.embargo import embargo_rows
from benchmarks.gradient import gradient_rows
from benchmarks.installed_peers import installed_peer_rows
from benchmarks.live import live_rows
from benchmarks.nafta import nafta_rows
from benchmarks.one_sector import one_sector_rows
from benchmarks.processes import process_rows
from benchmarks.products import product_rows
from benchmarks.scaling import scaling_rows
from benchmarks.timing import REFERENCE_PRODUCT, reference_product
from tumen.files.writing import write_text

WRITTEN = Path("bench.json")


def main() -> None:
    """Run every benchmark, print one line for each as it comes, and write them."""
    here = reference_product()
    scale = here / REFERENCE_PRODUCT
    print(
        f"reference product {1e6 * here:.1f} µs here, {1e6 * REFERENCE_PRODUCT:.1f} µs where the "
        f"peers were timed: their seconds are scaled by {scale:.2f}, not run"
    )
    rows = []
    for row in chain(
        nafta_rows(scale),
        embargo_rows(),
        one_sector_rows(scale),
        installed_peer_rows(),
        gradient_rows(),
        scaling_rows(),
        process_rows(),
        live_rows(),
        product_rows(),
    ):
        print(row, flush=True)
        rows.append(asdict(row))
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    found = {"reference_product_seconds": here, "scale": scale, **machine, "rows": rows}
    write_text(WRITTEN, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    missed = sum(row["met"] is False for row in rows)
    print(f"{len(rows)} rows, {missed} of them over their budget; written to {WRITTEN}")


if __name__ == "__main__":
    main()
