"""The outline of the world, and where each economy lies on it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tumen.catalogue.bundled import data

OUTLINE = "outline"
"""Name under which charts refer to the outline; it is put in when they are drawn."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where an economy lies."""

    shape: str
    """Id of its shape in the outline; empty: too small for one."""
    longitude: float
    latitude: float


@cache
def places() -> dict[str, Location]:
    """ISO 3166 alpha-3 code → where it lies."""
    with data("map", "places.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["iso3"]: Location(row["shape"], float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file)
        }


@cache
def outline() -> dict[str, Any]:
    """The countries of the world as TopoJSON, without Antarctica, which trades with nobody."""
    topology: dict[str, Any] = json.loads(data("map", "countries-110m.json").read_text("utf-8"))
    countries = topology["objects"]["countries"]
    kept = [shape for shape in countries["geometries"] if shape.get("id") != "010"]
    objects = {"countries": {**countries, "geometries": kept}}
    return {**topology, "objects": objects}
