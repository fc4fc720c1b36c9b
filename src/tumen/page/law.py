"""What the law covers: the share of the target's trade under a ban, act by act."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from tumen.page.adoptions import Adoption
from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, Spec, share, words
from tumen.page.palette import GREY, INK, OPEN, VERMILION, WIDTH
from tumen.page.plots import colours, finished, values

if TYPE_CHECKING:
    import altair as alt

WINDOW_DAYS, AFTER_DAYS = 760, 200
"""What the chart shows before the last act, and after it."""
NAMED_FROM = 0.02
"""An act that changes coverage by this much is named."""
APART = 0.07
"""Height of a name, as a part of the plot's."""
LETTER = 6.4
"""Pixels that a character of a name takes."""
FEWEST = 9
"""Characters below which a name is left to the table."""
SIDES = (("exports banned", VERMILION), ("imports banned", OPEN))


def law(case: Case) -> Section | None:
    """Return coverage over the acts; None where no step has a law."""
    rows = case.adoptions
    if not rows:
        return None
    return Section("law", "What the law covers", exhibits=(_covered(case, rows),))


def _covered(case: Case, rows: list[Adoption]) -> Exhibit:
    last = rows[-1]
    title = (
        f"On paper the law bans {100 * last.exports_share:.0f} % of {case.target}’s exports and "
        f"{100 * last.imports_share:.0f} % of its imports"
    )
    told = "; ".join(
        f"{row.adopted} {row.acts} {100 * row.exports_share:.0f} % of exports"
        for row in rows
        if row in _named(rows)
    )
    table: tuple[Row, ...] = tuple(
        {name: getattr(row, name) for name in Adoption.__dataclass_fields__} for row in rows
    )
    return Exhibit(
        "law-coverage",
        title,
        (
            words("adopted", "Adopted"),
            words("acts", "Act"),
            share("exports_share", "Exports banned, %", 1),
            share("claimed", "Claimed, %"),
            share("exports_capped_share", "Exports capped, %", 1),
            share("imports_share", "Imports banned, %", 1),
            share("imports_capped_share", "Imports capped, %", 1),
        ),
        table,
        alt=f"Steps of coverage over time. {title}. {told}.",
        spec=_covered_spec(rows),
        note="Share of the base year’s trade in goods under a ban on the day of each act, "
        "contracts that still run off included; capped trade is not in it. Diamonds: what was "
        "claimed at the adoption. The table has all acts.",
    )


def _named(rows: list[Adoption]) -> list[Adoption]:
    """Acts that change coverage enough to be named."""
    before = [None, *rows]
    return [
        row
        for row, last in zip(rows, before, strict=False)
        if abs(row.exports_share - (last.exports_share if last else 0)) > NAMED_FROM
        or abs(row.imports_share - (last.imports_share if last else 0)) > NAMED_FROM
    ]


def window(rows: list[Adoption]) -> tuple[str, str]:
    """Return the first and the last day that the chart shows."""
    last = datetime.date.fromisoformat(rows[-1].adopted)
    first = datetime.date.fromisoformat(rows[0].adopted) - datetime.timedelta(days=60)
    start = max(last - datetime.timedelta(days=WINDOW_DAYS), first)
    return start.isoformat(), (last + datetime.timedelta(days=AFTER_DAYS)).isoformat()


def _steps(rows: list[Adoption]) -> list[Row]:
    """Both shares as steps, within the window."""
    start, end = window(rows)
    found: list[Row] = []
    for kind, name in (("exports banned", "exports_share"), ("imports banned", "imports_share")):
        before = [row for row in rows if row.adopted <= start]
        level = getattr(before[-1], name) if before else 0.0
        found.append({"day": start, "share": level, "kind": kind})
        within = [row for row in rows if row.adopted > start]
        found += [{"day": row.adopted, "share": getattr(row, name), "kind": kind} for row in within]
        found.append({"day": end, "share": getattr(rows[-1], name), "kind": kind})
    return found


def _marks(rows: list[Adoption], top: float) -> list[Row]:
    """A mark for each act that is named; names are moved apart, and cut where there is no room."""
    start, end = (datetime.date.fromisoformat(day) for day in window(rows))
    found: list[Row] = []
    lowest = 0.04 * top
    for row in _named(rows):
        passed = (datetime.date.fromisoformat(row.adopted) - start) / (end - start)
        room = int((WIDTH * passed - 8) / LETTER)
        if passed <= 0:
            continue
        at = max(row.exports_share, row.imports_share, lowest)
        name = row.acts if len(row.acts) <= room else row.acts[: room - 1] + "…"
        if room >= FEWEST:
            lowest = max(at, row.claimed or 0.0) + APART * top
        found.append(
            {
                "day": row.adopted,
                "at": at,
                "text": name if room >= FEWEST else "",
                "claimed": row.claimed,
            }
        )
    return found


def _covered_spec(rows: list[Adoption]) -> Spec:
    import altair as alt

    highest = [max(row.exports_share, row.imports_share, row.claimed or 0.0) for row in rows]
    top = min(1.0, max(0.1, 1.25 * max(highest)))
    day = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(format="%b %Y", tickCount=8, grid=False, labelFlush=False),
    )
    height = alt.Y(
        "share:Q",
        title="Share of the base year’s goods",
        scale=alt.Scale(domain=[0, top]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    legend = alt.Legend(symbolType="stroke", symbolStrokeWidth=3)
    kind = alt.Color("kind:N", scale=colours(SIDES), title=None, legend=legend)
    lines = (
        alt.Chart(values(_steps(rows), ("day", "share", "kind")))
        .mark_line(interpolate="step-after", strokeWidth=2.5)
        .encode(x=day, y=height, color=kind)
    )
    marks = alt.Chart(values(_marks(rows, top), ("day", "at", "text", "claimed")))
    layers: list[alt.Chart] = [
        marks.mark_rule(color=GREY, strokeDash=[2, 3]).encode(x=day),
        lines,
        marks.mark_text(align="right", dx=-7, dy=-3).encode(
            x=day, y=alt.Y("at:Q"), text=alt.Text("text:N")
        ),
        marks.transform_filter("isValid(datum.claimed)")
        .mark_point(shape="diamond", size=70, color=INK, filled=True, opacity=1)
        .encode(x=day, y=alt.Y("claimed:Q")),
    ]
    return finished(alt.layer(*layers).properties(width=WIDTH, height=270))
