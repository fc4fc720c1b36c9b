"""Write ``data/map/places.csv``: where the map puts each economy, and which shape is its own.

Run ``python -m tools.build_map`` after the outline has changed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Container

from tools.build_map.shapes import labels
from tools.check_sizes import ROOT

DATA = ROOT / "src" / "tumen" / "data"
OUTLINE = "natural-earth-110m"
OWN = "map-small-economies"
RECORDED_TOGETHER = {
    "CHE": "756", "FRA": "250", "IND": "356", "NOR": "578", "TWN": "158", "USA": "840",
}  # fmt: skip
"""ISO 3166 numbers of economies that trade records give another code."""
WITHOUT_SHAPE = {
    "HKG": (114.2, 22.3), "MAC": (113.5, 22.2), "MLT": (14.4, 35.9), "SGP": (103.8, 1.4),
    "STP": (6.6, 0.3),
}  # fmt: skip
"""Longitude and latitude of economies too small for the outline."""


def numbers(shapes: Container[str]) -> dict[str, str]:
    """ISO 3166 alpha-3 code → its number, three digits, of economies that have a shape."""
    with (DATA / "codes" / "baci_economies.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["iso3"], row["code"].zfill(3)) for row in csv.DictReader(file)]
    # An economy of several codes, as of a state that was two, has one that is its ISO number.
    found = {iso3: number for iso3, number in pairs if iso3 and number in shapes}
    return found | RECORDED_TOGETHER


def places() -> str:
    """Return the table as text."""
    outline = json.loads((DATA / "map" / "countries-110m.json").read_text("utf-8"))
    shapes = labels(outline)
    rows = [
        (iso3, number, *(f"{value:.1f}" for value in shapes[number]), OUTLINE)
        for iso3, number in numbers(shapes).items()
    ]
    rows += [(iso3, "", f"{x:.1f}", f"{y:.1f}", OWN) for iso3, (x, y) in WITHOUT_SHAPE.items()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("iso3", "shape", "longitude", "latitude", "source"))
    writer.writerows(sorted(rows))
    return text.getvalue()


if __name__ == "__main__":
    (DATA / "map" / "places.csv").write_text(places(), encoding="utf-8")
