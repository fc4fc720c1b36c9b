"""Who trades with the target before and after, and who replaces whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, Spec, musd, share, words
from tumen.page.outline import OUTLINE, places
from tumen.page.palette import BORDER, HIDDEN, INK, LAND, OPEN, SOFT, VERMILION, WIDTH
from tumen.page.plots import colours, finished, given, listed, values
from tumen.report.numbers import money
from tumen.report.stepping_in import replacement_words
from tumen.scenario.result import PartnerTrade

if TYPE_CHECKING:
    import altair as alt

SHOWN = 10
"""Partners in the chart of changes; the table has all."""
TOLD = 5
"""Partners that the map's words tell of."""
LABELLED_FROM = 0.015
"""Share of trade, before or after, from which a partner is named on the map."""
LARGEST_DISC = 4500
"""Square pixels."""
NAME_DEGREES = (24.0, 9.0)
"""Degrees of longitude and latitude that a name takes on the map."""
CENTRES = ((150.0, 80.0, 180.0), (11.0, -180.0, 80.0))
"""Longitude of a map's middle, for targets between two longitudes: edges lie in the oceans."""
SMALL = 12
"""Pixels of radius below which a disc's name stands left of it."""


def partners(case: Case) -> Section | None:
    """Return the map before and after, and what each partner lost, kept and gained.

    None for a target that trades with nobody; no map where no partner has a place on it.
    """
    rows = trade_rows(case)
    if not rows:
        return None
    placed = any(row["economy"] in places() for row in rows)
    return Section(
        "partners",
        f"Who trades with {case.target}",
        words=tuple(said for said in (_replaced(case),) if said),
        exhibits=(*([_map(case, rows)] if placed else []), _changes(case, rows)),
    )


def _replaced(case: Case) -> str:
    given = case.scenario
    newcomer = given.newcomer_name or case.name(given.newcomer)
    withdrew = given.benefactor_name or case.name(given.benefactor)
    return replacement_words(case.result, newcomer, withdrew)


def trade_rows(case: Case) -> list[Row]:
    """Return a row for each partner, the largest before first; both ways, million USD a year."""
    steps: dict[str, dict[str, PartnerTrade]] = {}
    for trade in case.result.partner_trade:
        steps.setdefault(trade.step, {})[trade.economy] = trade
    before, after = (steps.get(step.id, {}) for step in (case.baseline, case.last))
    whole = sum(trade.all_musd for trade in before.values())
    left = sum(trade.all_musd for trade in after.values())
    rows: list[Row] = [
        {
            "economy": code,
            "name": case.name(code),
            "before": was.all_musd,
            "open": after[code].open_musd,
            "hidden": after[code].hidden_musd,
            "after": after[code].all_musd,
            "lost": max(0.0, was.all_musd - after[code].all_musd),
            "share_before": was.all_musd / whole if whole else 0.0,
            "share_after": after[code].all_musd / left if left else 0.0,
        }
        for code, was in before.items()
    ]
    return sorted(rows, key=lambda row: -max(row["before"], row["after"]))


COLUMNS = (
    words("name", "Partner"),
    musd("before", "Before"),
    share("share_before", "Share before, %", 1),
    musd("open", "After, open"),
    musd("hidden", "After, hidden"),
    share("share_after", "Share after, %", 1),
)


def _map(case: Case, rows: list[Row]) -> Exhibit:
    first, now = rows[0], max(rows, key=lambda row: row["after"])
    total = [sum(row[name] for row in rows) for name in ("before", "after", "hidden")]
    title = (
        f"{first['name']} held {100 * first['share_before']:.0f} % of {case.target}’s trade; of "
        f"the {_part(total[1], total[0])} that is left, {now['name']} holds "
        f"{100 * now['share_after']:.0f} %"
    )
    named = "; ".join(
        f"{row['name']} {money(row['before'])} before, {money(row['open'])} open and "
        f"{money(row['hidden'])} hidden after"
        for row in rows[:TOLD]
    )
    return Exhibit(
        "partners-map",
        title,
        COLUMNS,
        tuple(rows),
        alt=f"World map of trade with {case.target}, million USD a year: {named}. All partners: "
        f"{money(total[0])} before, {money(total[1])} after, of it {money(total[2])} hidden.",
        spec=_map_spec(case, rows),
        note="Million USD a year, exports and imports together, all goods and services. Area of "
        "the ring: trade in the baseline. Blue: open trade after the last step; orange: hidden "
        "trade, laid around it. Borders as Natural Earth draws them.",
    )


def _part(after: float, before: float) -> str:
    return f"{100 * after / before:.0f} %" if before else "nothing"


def _map_spec(case: Case, rows: list[Row]) -> Spec:
    import altair as alt

    located = [
        {**row, "lon": places()[code].longitude, "lat": places()[code].latitude}
        for row in rows
        if (code := str(row["economy"])) in places()
    ]
    fields = ("name", "before", "open", "after", "lon", "lat")
    shapes = [where.shape for code in [case.result.target] if (where := places().get(code))]
    land = alt.Chart(
        alt.NamedData(OUTLINE, alt.TopoDataFormat(feature="countries", type="topojson"))
    ).mark_geoshape(stroke=BORDER, strokeWidth=0.4)
    own = {"test": f"datum.id == '{shapes[0] if shapes else ''}'", "value": VERMILION}
    world = land.encode(color=alt.ColorValue(LAND, condition=own))
    largest = max(max(row["before"], row["after"]) for row in rows)
    scale = alt.Scale(type="linear", domain=[0, largest], range=[0, LARGEST_DISC])
    base = alt.Chart(values(located, fields)).encode(
        longitude=alt.Longitude("lon:Q"), latitude=alt.Latitude("lat:Q")
    )

    def discs(field: str, **mark: Any) -> alt.Chart:
        size = alt.Size(f"{field}:Q", scale=scale, legend=None)
        drawn: alt.Chart = base.mark_circle(opacity=1, **mark).encode(size=size)
        return drawn

    ring = base.mark_point(stroke=INK, strokeWidth=1.2, filled=False, opacity=1).encode(
        size=alt.Size("before:Q", scale=scale, legend=None)
    )
    layers = [world, discs("after", color=HIDDEN), discs("open", color=OPEN), ring]
    layers += [_label(row, largest) for row in _labelled(located)]
    layers += [_target_label(case)] if case.result.target in places() else []
    return finished(
        alt.layer(*layers)
        .project("equalEarth", rotate=[-_centre(case), 0, 0])
        .properties(width=WIDTH + 140, height=370)
    )


def _centre(case: Case) -> float:
    """Longitude in the middle of the map, so that its edges cut no continent."""
    where = places().get(case.result.target)
    return next(
        (middle for middle, west, east in CENTRES if where and west <= where.longitude <= east),
        CENTRES[-1][0],
    )


def _labelled(located: Sequence[Row]) -> list[Row]:
    """Partners that are named: the largest, none so near another that names would meet."""
    found: list[Row] = []
    for row in located:
        if max(row["share_before"], row["share_after"]) < LABELLED_FROM:
            continue
        wide, high = NAME_DEGREES
        if all(
            abs(row["lon"] - o["lon"]) > wide or abs(row["lat"] - o["lat"]) > high for o in found
        ):
            found.append(row)
    return found


def _label(row: Row, largest: float) -> alt.Chart:
    """The name of a partner: above a large disc, left of a small one."""
    radius = math.sqrt(LARGEST_DISC * max(row["before"], row["after"]) / largest / math.pi)
    beside = {"align": "right", "dx": -radius - 4} if radius < SMALL else {"dy": -radius - 8}
    return _named(str(row["name"]), row["lon"], row["lat"], **beside)


def _target_label(case: Case) -> alt.Chart:
    where = places()[case.result.target]
    mark = {"align": "left", "dx": 10, "fontWeight": "bold", "dy": 10}
    return _named(case.target, where.longitude, where.latitude, **mark)


def _named(name: str, longitude: float, latitude: float, **mark: Any) -> alt.Chart:
    import altair as alt

    at = [{"name": name, "lon": longitude, "lat": latitude}]
    base: alt.Chart = alt.Chart(given(at)).mark_text(**mark)
    return base.encode(
        longitude=alt.Longitude("lon:Q"), latitude=alt.Latitude("lat:Q"), text=alt.Text("name:N")
    )


def _changes(case: Case, rows: list[Row]) -> Exhibit:
    moved = sorted(rows, key=lambda row: -abs(row["before"] - row["after"]) - row["hidden"])
    shown = moved[:SHOWN]
    loser = max(rows, key=lambda row: row["before"] - row["after"])
    gainer = max(rows, key=lambda row: row["after"] - row["before"])
    gain = gainer["after"] - gainer["before"]
    took = (
        f"{gainer['name']} gains most, {money(gain)} million"
        if gain > 0.05
        else "nobody trades more than before"
    )
    title = (
        f"{loser['name']} gives up {money(loser['before'] - loser['after'])} million USD a year; "
        f"{took}"
    )
    return Exhibit(
        "partners-changes",
        title,
        COLUMNS,
        tuple(shown),
        alt=f"Bars by partner before and after. {title}.",
        spec=_changes_spec(shown),
        note="Million USD a year, both ways. Tick: the baseline. The scale is a square root, "
        "so that small partners can be seen.",
    )


def _changes_spec(rows: list[Row]) -> Spec:
    import altair as alt

    order = [str(row["name"]) for row in rows]
    bars = [
        {"name": row["name"], "kind": kind, "from": start, "to": end}
        for row in rows
        for kind, start, end in (
            ("open", 0.0, row["open"]),
            ("hidden", row["open"], row["after"]),
        )
    ]
    y = listed("name", order)
    kinds = (("open", OPEN), ("hidden", HIDDEN), ("before", INK))
    x = alt.X(
        "to:Q",
        title="Million USD a year, both ways",
        scale=alt.Scale(type="sqrt"),
        axis=alt.Axis(tickCount=4),
    )
    after = alt.Chart(given(bars)).mark_bar(size=14, opacity=1)
    ticks = alt.Chart(
        values(({**row, "kind": "before"} for row in rows), ("name", "before", "kind"))
    )
    totals = [
        {
            "name": row["name"],
            "at": max(row["before"], row["after"]),
            "text": f"{money(row['before'])} → {money(row['after'])}",
        }
        for row in rows
    ]
    numbers = alt.Chart(given(totals))
    return finished(
        alt.layer(
            after.encode(
                y=y, x=x, x2=alt.X2("from:Q"),
                color=alt.Color("kind:N", scale=colours(kinds), title=None),
            ),
            ticks.mark_tick(thickness=2.5, size=20, opacity=1).encode(
                y=y, x=alt.X("before:Q"), color=alt.Color("kind:N")
            ),
            numbers.mark_text(align="left", dx=8, color=SOFT).encode(
                y=y, x=alt.X("at:Q"), text=alt.Text("text:N")
            ),
        ).properties(width=WIDTH, height=alt.Step(26))
    )  # fmt: skip
