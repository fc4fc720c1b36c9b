"""A Sankey picture laid out here and drawn as SVG by our own template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tumen.page import palette
from tumen.page.templates import template
from tumen.report.numbers import money

WIDTH, HEIGHT = 720, 230
"""Of the picture, and of its largest pile of flows."""
NODE, SIDE, HEAD = 14, 210, 34
"""Breadth of a node, room for names at each side, room for a title."""
LINE = 16
"""Pixels that a name needs."""
COLOURS = {"open": palette.OPEN, "hidden": palette.HIDDEN, "money": palette.GREEN}


@dataclass(frozen=True, slots=True)
class Flow:
    """So much with or by somebody."""

    name: str
    kind: str
    """open, hidden or money."""
    musd: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A drawn flow."""

    path: str
    colour: str
    top: float
    height: float
    name: str
    y: float
    """Where the name stands."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: from the left, through the middle, to the right."""

    title: str
    y: float
    height: float
    pile: float
    """Height of the node in the middle."""
    left: tuple[Ribbon, ...]
    right: tuple[Ribbon, ...]


def sankey(pictures: Sequence[tuple[str, Sequence[Flow], Sequence[Flow]]]) -> str:
    """Return SVG with one panel for each (title, flows in, flows out), all on one scale."""
    largest = max(sum(flow.musd for flow in into) for _, into, _ in pictures)
    scale = HEIGHT / largest if largest > 0 else 0.0
    panels, y = [], 0.0
    for title, into, out in pictures:
        panel = _panel(title, into, out, scale, y)
        panels.append(panel)
        y += panel.height + HEAD
    size = {"width": WIDTH, "height": y, "node": NODE, "side": SIDE, "centre": (WIDTH - NODE) / 2}
    return template("sankey.svg.j2").render(panels=panels, palette=palette, **size)


def _panel(title: str, into: Sequence[Flow], out: Sequence[Flow], scale: float, y: float) -> Panel:
    top = y + HEAD
    pile = scale * sum(flow.musd for flow in into)
    rooms = [sum(max(LINE, scale * flow.musd + 2) for flow in flows) for flows in (into, out)]
    height = max(*rooms, pile + LINE)
    centre = (WIDTH - NODE) / 2
    start = top + (height - pile) / 2
    left = _ribbons(into, scale, top + (height - rooms[0]) / 2, start, SIDE + NODE, centre)
    right = _ribbons(
        out, scale, top + (height - rooms[1]) / 2, start, WIDTH - SIDE - NODE, centre + NODE
    )
    return Panel(title, y, height, pile, tuple(left), tuple(right))


def _ribbons(
    flows: Sequence[Flow], scale: float, y: float, joined: float, x: float, centre: float
) -> list[Ribbon]:
    """Lay flows one under another at ``x``, and close together at the centre."""
    found = []
    for flow in flows:
        thick = scale * flow.musd
        room = max(LINE, thick + 2)
        top = y + (room - thick) / 2
        name = f"{flow.name} {money(flow.musd)}"
        path = _path(x, top, centre, joined, thick)
        found.append(Ribbon(path, COLOURS[flow.kind], top, max(thick, 0.5), name, y + room / 2))
        y, joined = y + room, joined + thick
    return found


def _path(x: float, y: float, to_x: float, to_y: float, thick: float) -> str:
    """A band of even thickness between two points."""
    half = (x + to_x) / 2
    return (
        f"M{x:.1f},{y:.2f}C{half:.1f},{y:.2f} {half:.1f},{to_y:.2f} {to_x:.1f},{to_y:.2f}"
        f"V{to_y + thick:.2f}C{half:.1f},{to_y + thick:.2f} {half:.1f},{y + thick:.2f} "
        f"{x:.1f},{y + thick:.2f}Z"
    )
