"""Month by month: trade, income and output, savings and the chance to hold, with their bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tumen.page.case import Case
from tumen.page.exhibit import Column, Exhibit, Row, Section, Spec, musd, points, share, words
from tumen.page.palette import GREEN, GREY, HIDDEN, INK, OPEN, PURPLE, VERMILION, WIDTH
from tumen.page.plots import NOTHING, colours, finished, given
from tumen.report.numbers import money, percent

if TYPE_CHECKING:
    import altair as alt

Line = tuple[str, str, str]
"""Field, what the chart calls it, colour."""

TRADE: tuple[Line, ...] = (
    ("imports_musd", "imports", OPEN),
    ("exports_musd", "exports", VERMILION),
    ("hidden_musd", "hidden trade", HIDDEN),
)
ECONOMY: tuple[Line, ...] = (
    ("real_income_pct", "real income", PURPLE),
    ("real_output_pct", "real output", GREEN),
)
SAVINGS: tuple[Line, ...] = (("stock_musd", "savings", OPEN),)
HOLDING: tuple[Line, ...] = (("survival", "chance to hold", GREEN),)


def months(case: Case) -> Section | None:
    """Return the timeline; None for a case that has none."""
    rows = case.result.timeline
    if not rows:
        return None
    marks = _marks(case)
    exhibits = [_trade(case, rows, marks), _economy(case, rows, marks)]
    if rows[0].get("stock_musd") is not None:
        exhibits.append(_savings(case, rows, marks))
    exhibits.append(_causes(rows))
    return Section("months", "Month by month", exhibits=tuple(exhibits))


def _marks(case: Case) -> list[Row]:
    """Acts within the timeline, each with a short name."""
    first, last = (case.result.timeline[end]["month"] for end in (0, -1))
    return [
        {"month": row.adopted[:7], "act": row.acts}
        for row in case.adoptions
        if first <= row.adopted[:7] <= last
    ]


def _trade(case: Case, rows: Sequence[Row], marks: list[Row]) -> Exhibit:
    first, last = rows[0], rows[-1]
    title = (
        f"Recorded exports go from {money(first['exports_musd'])} to "
        f"{money(last['exports_musd'])} million USD a month, imports from "
        f"{money(first['imports_musd'])} to {money(last['imports_musd'])}"
    )
    panel = _panel(rows, TRADE, "Million USD a month", 220)
    return _exhibit("months-trade", title, rows, TRADE, musd, [panel], marks, _note(rows, marks))


def _economy(case: Case, rows: Sequence[Row], marks: list[Row]) -> Exhibit:
    low = min(rows, key=lambda row: row["real_output_pct"])
    title = (
        f"Output is lowest in {low['month']}, at {percent(low['real_output_pct'])}; real income "
        f"ends at {percent(rows[-1]['real_income_pct'])}"
    )
    panel = _panel(rows, ECONOMY, "Per cent against the baseline", 220)
    note = "Income holds what is drawn from savings; output does not. " + _note(rows, marks)
    return _exhibit("months-economy", title, rows, ECONOMY, points, [panel], marks, note)


def _savings(case: Case, rows: Sequence[Row], marks: list[Row]) -> Exhibit:
    last = rows[-1]
    title = (
        f"Savings fall to {money(last['stock_musd'])} million USD by {last['month']}; the chance "
        f"that {case.target}’s government still holds is {100 * last['survival']:.0f} %"
    )
    panels = [
        _panel(rows, SAVINGS, "Savings, million USD", 130),
        _panel(rows, HOLDING, "Chance to hold", 110, percents=True),
    ]
    columns = [*_columns(rows, SAVINGS, musd), *_columns(rows, HOLDING, share)]
    note = "Hard-currency savings at the start of the month. To hold: government and leader stay. "
    return Exhibit(
        "months-savings",
        title,
        (words("month", "Month"), *columns),
        tuple(rows),
        alt=f"Lines over months. {title}.",
        spec=_stacked(panels, rows, marks),
        note=note + _note(rows, marks),
    )


def _exhibit(
    key: str,
    title: str,
    rows: Sequence[Row],
    lines: Sequence[Line],
    column: Any,
    panels: list[Any],
    marks: list[Row],
    note: str,
) -> Exhibit:
    return Exhibit(
        key,
        title,
        (words("month", "Month"), *_columns(rows, lines, column)),
        tuple(rows),
        alt=f"Lines over months. {title}.",
        spec=_stacked(panels, rows, marks),
        note=note,
    )


def _columns(rows: Sequence[Row], lines: Sequence[Line], column: Any) -> list[Column]:
    """Each line with the ends of its band, where it has one."""
    return [
        column(f"{field}{end}", f"{name}{said}".capitalize())
        for field, name, _ in lines
        for end, said in (("", ""), ("_low", ", low"), ("_high", ", high"))
        if rows[0].get(f"{field}{end}") is not None
    ]


def _note(rows: Sequence[Row], marks: list[Row]) -> str:
    banded = any(name.endswith("_low") for name in rows[0])
    said = (
        "Bands: harsh and mild ends of all figures, or 5 to 95 per cent of the draws. "
        if banded
        else "This run computed no bands. "
    )
    if marks:
        listed = "; ".join(f"{mark['month']} {mark['act']}" for mark in marks)
        said += f"Dashed lines: {listed}."
    return said


def _panel(
    rows: Sequence[Row], lines: Sequence[Line], title: str, height: int, percents: bool = False
) -> Any:
    import altair as alt

    found = [
        {
            "month": row["month"],
            "line": name,
            "value": row[field],
            "low": row.get(f"{field}_low"),
            "high": row.get(f"{field}_high"),
        }
        for row in rows
        for field, name, _ in lines
    ]
    axis = alt.Axis(tickCount=5, format="%") if percents else alt.Axis(tickCount=5)
    scale = colours([(name, colour) for _, name, colour in lines])
    colour = alt.Color("line:N", scale=scale, title=None, legend=None)
    base = alt.Chart(given(found)).encode(x=_month(rows), color=colour)
    y = alt.Y("value:Q", title=title, axis=axis)
    layers = [base.mark_line(strokeWidth=2.2).encode(y=y), _ends(found, scale)]
    if found[0]["low"] is not None:
        layers.insert(0, base.mark_area(opacity=0.16).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")))
    return alt.layer(*layers).properties(width=WIDTH - 60, height=height)


def _month(rows: Sequence[Row]) -> Any:
    import altair as alt

    domain = [f"{rows[0]['month']}-01", f"{rows[-1]['month']}-28"]
    return alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(domain=domain),
        axis=alt.Axis(format="%b %Y", tickCount=8, grid=False, labelOverlap=True, labelFlush=False),
    )


def _ends(found: list[dict[str, Any]], scale: Any) -> alt.Chart:
    """The name of each line at its end."""
    import altair as alt

    names = list(dict.fromkeys(row["line"] for row in found))
    last = [next(row for row in reversed(found) if row["line"] == name) for name in names]
    heights = [
        row[name] for row in found for name in ("value", "low", "high") if row[name] is not None
    ]
    span = max(heights) - min(heights)
    spaced: list[dict[str, Any]] = []
    for row in sorted(last, key=lambda row: row["value"]):
        at = row["value"]
        if spaced:
            at = max(at, spaced[-1]["at"] + span * 0.08)
        spaced.append({**row, "at": at})
    base: alt.Chart = alt.Chart(given(spaced)).mark_text(align="left", dx=8)
    return base.encode(
        x=alt.X("month:T"),
        y=alt.Y("at:Q"),
        text=alt.Text("line:N"),
        color=alt.Color("line:N", scale=scale, legend=None),
    )


def _stacked(panels: list[Any], rows: Sequence[Row], marks: list[Row]) -> Spec:
    """Panels one under another, each with the acts as dashed lines."""
    import altair as alt

    ruled = []
    for panel in panels:
        rules = (
            alt.Chart(given(marks))
            .mark_rule(color=GREY, strokeDash=[3, 3])
            .encode(x=alt.X("month:T"))
        )
        zero = alt.Chart(given(NOTHING)).mark_rule(color=INK, strokeWidth=0.8)
        layers = [rules, *panel.layer] if marks else list(panel.layer)
        layers.append(zero.encode(y=alt.YDatum(0)))
        ruled.append(alt.layer(*layers).properties(width=panel.width, height=panel.height))
    whole = ruled[0] if len(ruled) == 1 else alt.vconcat(*ruled).resolve_scale(color="independent")
    return finished(whole)


def _causes(rows: Sequence[Row]) -> Exhibit:
    told = tuple(
        {"month": row["month"], "causes": "; ".join(row["causes"])} for row in rows if row["causes"]
    )
    return Exhibit(
        "months-causes",
        "What changes when",
        (words("month", "Month"), words("causes", "Cause")),
        told,
        note="Measures by the id of their regime; tumen coverage lists them in words.",
    )
