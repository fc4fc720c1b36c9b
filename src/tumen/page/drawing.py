"""From a specification to a picture: SVG and PNG, drawn here, without a browser or a network."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import Any

from tumen.page.exhibit import Exhibit, Spec
from tumen.page.outline import OUTLINE, outline
from tumen.page.palette import PAPER

LONG = re.compile(r"\d+\.\d\d+")
PATH = re.compile(r'(?<= d=")[^"]+')
SCALE = 1.0
"""Pixels of the PNG for one of the SVG."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as readers get it."""

    svg: str
    png: bytes


def draw(exhibit: Exhibit) -> Picture | None:
    """Draw an exhibit's chart; None where it has none.

    Notes
    -----
    The SVG has no background, so that the page's shows; the PNG has a white one.
    """
    if exhibit.spec is None and not exhibit.svg:
        return None
    import vl_convert

    svg = exhibit.svg or _tidy(vl_convert.vegalite_to_svg(_whole(exhibit.spec or {})))
    return Picture(svg, packed(bytes(vl_convert.svg_to_png(_on_paper(svg), scale=SCALE))))


def packed(png: bytes) -> bytes:
    """Return the same PNG with its pixels packed tighter: a fifth of the size, for charts."""
    head, place, pixels = png[:8], 8, b""
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += 12 + length
        if kind == b"IDAT":
            pixels += content
        elif kind == b"IEND":
            again = zlib.compress(zlib.decompress(pixels), 6)
            return head + _chunk(b"IDAT", again) + _chunk(b"IEND", b"")
        else:
            head += _chunk(kind, content)
    raise ValueError("a PNG without an end")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


def _whole(spec: Spec) -> dict[str, Any]:
    """Put the outline of the world into a specification that refers to it."""
    if f'"name": "{OUTLINE}"' not in json.dumps(spec):
        return spec
    return {**spec, "datasets": {**spec.get("datasets", {}), OUTLINE: outline()}}


def _tidy(svg: str) -> str:
    """Shorten coordinates to a tenth of a pixel."""
    return PATH.sub(lambda path: LONG.sub(_tenth, path.group()), svg)


def _tenth(number: re.Match[str]) -> str:
    return f"{float(number.group()):.1f}"


def _on_paper(svg: str) -> str:
    head, body = svg.split(">", 1)
    return f'{head}><rect width="100%" height="100%" fill="{PAPER}"/>{body}'
