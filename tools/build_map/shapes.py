"""Reading TopoJSON: the middle of each country's largest piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Ring = list[Point]


def labels(topology: dict[str, Any]) -> dict[str, Point]:
    """Return id of a country → longitude and latitude of the middle of its largest piece."""
    arcs = [_unpacked(arc, topology["transform"]) for arc in topology["arcs"]]
    found = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        if "id" in shape:
            ring = max(_rings(shape, arcs), key=lambda each: abs(_area(each)))
            found[shape["id"]] = _middle(ring)
    return found


def _unpacked(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """Add up the steps of an arc, and scale them to degrees."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def _rings(shape: dict[str, Any], arcs: list[Ring]) -> Iterator[Ring]:
    """Yield the outer ring of each piece of a country."""
    pieces = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for outer, *_ in pieces:
        ring: Ring = []
        for index in outer:
            # A negative index means the arc ~index, the other way round.
            part = arcs[index] if index >= 0 else arcs[~index][::-1]
            ring += part[1:] if ring else part
        yield _unbroken(ring)


def _unbroken(ring: Ring) -> Ring:
    """Let a ring run on past 180 degrees where it crosses that meridian."""
    found, turns = ring[:1], 0.0
    for (before, _), (x, y) in pairwise(ring):
        turns += 360.0 if x - before < -180 else -360.0 if x - before > 180 else 0.0
        found.append((x + turns, y))
    return found


def _area(ring: Ring) -> float:
    """Area in square degrees, with a sign for the direction."""
    return sum(_cross(a, b) for a, b in pairwise(ring)) / 2


def _middle(ring: Ring) -> Point:
    """Centre of gravity of a ring."""
    six = 6 * _area(ring)
    pairs = list(pairwise(ring))
    x = sum((a[0] + b[0]) * _cross(a, b) for a, b in pairs) / six
    y = sum((a[1] + b[1]) * _cross(a, b) for a, b in pairs) / six
    return (x + 180) % 360 - 180, y


def _cross(a: Point, b: Point) -> float:
    return a[0] * b[1] - b[0] * a[1]
