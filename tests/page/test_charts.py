"""Charts: their specifications, the schema that they keep, and colours for either screen."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import altair as alt
import pytest
from syrupy.assertion import SnapshotAssertion

from tests.page.pages import case, download, exhibit, exhibits, parts, read
from tumen.page import palette
from tumen.page.case import Case
from tumen.page.drawing import draw, packed
from tumen.page.drivers import drivers
from tumen.page.exhibit import Exhibit, Spec
from tumen.page.plots import short
from tumen.page.politics import decision
from tumen.page.templates import style
from tumen.scenario.decision_result import MapPoint, SwitchRow
from tumen.scenario.result import Driver

COLOUR = re.compile(r"#[0-9a-f]{6}")


def with_all() -> Case:
    """The case with a decision that was followed along its motives, and draws."""
    given = case().result
    assert given.decision is not None
    seat = given.decision.seats[-1]
    switch = SwitchRow(seat.situation, seat.state, "penalty", "billion USD", 0.05, 0.0, 0.5, 0.2,
                       "support", "quiet", "none")  # fmt: skip
    plays = [
        MapPoint(seat.situation, seat.state, "survival_value", a, "penalty", u, vote, 0.5, 10.0, s)
        for a, u, vote, s in ((1, 0.1, "yes", "quiet"), (2, 0.1, "veto", "none"))
    ]
    followed = replace(given.decision, switches=(switch,), phase_map=tuple(plays))
    found = (
        Driver("support.real_income_pct", "elasticity", 0.61),
        Driver("support.real_income_pct", "enforcement of CHN", 0.2),
        Driver("law.real_income_pct", "elasticity", 0.9),
    )
    return replace(case(), result=replace(given, decision=followed, drivers=found, draws=100))


def charts() -> list[Exhibit]:
    every = with_all()
    more = decision(every)
    assert more is not None
    found = {each.id: each for each in (*exhibits(parts()), *more.exhibits)}
    found |= {each.id: each for each in drivers(every).exhibits}
    return [each for each in found.values() if each.spec is not None]


def shape(part: Any) -> Any:
    """A specification with its data told by fields and number of rows alone."""
    if isinstance(part, dict):
        if isinstance(part.get("values"), list | tuple):
            rows = part["values"]
            return {"fields": sorted(rows[0]) if rows else [], "rows": len(rows)}
        return {name: shape(value) for name, value in part.items() if name != "config"}
    if isinstance(part, list):
        return [shape(each) for each in part]
    return float(f"{part:.3g}") if isinstance(part, float) else part


def test_specifications(snapshot: SnapshotAssertion) -> None:
    assert {each.id: shape(each.spec) for each in charts()} == snapshot


def leaves(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from leaves(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from leaves(value)
    elif isinstance(part, str):
        yield part


def spec(each: Exhibit) -> Spec:
    assert each.spec is not None
    return each.spec


def test_every_specification_keeps_the_schema_of_vega_lite() -> None:
    for each in charts():
        alt.Chart.from_dict(spec(each), validate=True)


def test_a_specification_against_the_schema_is_noticed() -> None:
    wrong = {**spec(exhibit("evidence-kinds")), "mark": "no such mark"}
    with pytest.raises(Exception, match="no such mark"):
        alt.Chart.from_dict(wrong, validate=True)


def test_charts_use_the_palette_alone_and_the_dark_page_knows_its_colours() -> None:
    own = {value for name, value in vars(palette).items() if COLOUR.fullmatch(str(value))}
    used = {
        colour for each in charts() for text in leaves(each.spec) for colour in COLOUR.findall(text)
    }
    assert used <= own
    dark = style().split("prefers-color-scheme: dark", 1)[1]
    turned = set(COLOUR.findall("".join(re.findall(r'="(#\w+)"', dark))))
    assert turned <= own
    assert {palette.INK, palette.SOFT, palette.GRID, palette.LAND, palette.BLUE} <= turned


def test_pictures_are_text_and_pixels() -> None:
    png = download(read(), "ladder-waterfall.png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    svg = download(read(), "ladder-waterfall.svg").decode()
    assert svg.startswith("<svg")
    assert "Law on paper" in svg
    assert "http" not in svg.replace("http://www.w3.org/", "")


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


def test_packing_keeps_every_pixel() -> None:
    pixels = b"\x00" + bytes(range(12)) * 50
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13))
    loose = zlib.compress(pixels, 0)
    halves = chunk(b"IDAT", loose[:100]) + chunk(b"IDAT", loose[100:])
    tight = packed(head + halves + chunk(b"IEND", b""))
    assert tight.startswith(head)
    assert len(tight) < len(loose)
    length = int.from_bytes(tight[len(head) : len(head) + 4], "big")
    inside = tight[len(head) + 8 : len(head) + 8 + length]
    assert zlib.decompress(inside) == pixels
    with pytest.raises(ValueError, match="without an end"):
        packed(head)


def test_an_exhibit_without_a_chart_has_no_picture() -> None:
    assert draw(exhibit("ladder-closures")) is None


def test_bars_of_the_waterfall_join_and_end_at_the_answer() -> None:
    layer = spec(exhibit("ladder-waterfall"))["layer"][0]
    bars = layer["data"]["values"]
    for before, after in pairwise(bars[:-1]):
        assert before["end"] == after["start"]
    assert bars[-2]["end"] == bars[-1]["end"] == case().last.real_income_pct
    assert bars[0]["start"] == bars[-1]["start"] == 0.0


def test_long_names_stay_apart() -> None:
    rows = spec(exhibit("shadow-takeovers"))["data"]["values"]
    assert len({row["name"] for row in rows}) == len(rows) / 4
    assert short("a" * 40, 10) == "a" * 9 + "…"
