"""The ladder as a waterfall: what each step adds to the target's real income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, Spec, musd, points, words
from tumen.page.palette import GAIN, GREY, INK, LOSS, SOFT, WIDTH
from tumen.page.plots import NOTHING, colours, finished, given, listed, values
from tumen.report.numbers import percent, signed

if TYPE_CHECKING:
    import altair as alt

LEFT = "What is left"
KINDS = (("loss", LOSS), ("gain", GAIN), ("left", GREY))
FIELDS = ("label", "start", "end", "low", "high", "kind", "text", "tip")


def ladder(case: Case) -> Section:
    """Return the ladder: the waterfall, its parts, and trade loss and financing loss apart."""
    exhibits = [_waterfall(case), _closures(case)]
    if case.result.contributions:
        exhibits.insert(1, _parts(case))
    return Section("ladder", "Step by step", exhibits=tuple(exhibits))


def _rows(case: Case) -> list[Row]:
    rows: list[Row] = []
    before = 0.0
    for step in case.result.steps:
        level = step.real_income_pct
        rows.append(
            {
                "step": step.id,
                "label": step.label,
                "points": level - before,
                "real_income_pct": level,
                "low": step.real_income_pct_low,
                "high": step.real_income_pct_high,
                "real_output_pct": step.real_output_pct,
                "real_earnings_pct": step.real_earnings_pct,
                "first_order_pct": step.first_order_pct,
                "exports_musd": step.exports_musd,
                "imports_musd": step.imports_musd,
                "hidden_musd": step.hidden_musd,
            }
        )
        before = level
    return rows


def _waterfall(case: Case) -> Exhibit:
    found = steps_table(case)
    return replace(found, spec=_waterfall_spec(list(found.rows)))


def steps_table(case: Case) -> Exhibit:
    """Return the steps with what each adds, without a chart."""
    rows, last = _rows(case), case.last
    moves = rows[1:]
    worst = min(moves, key=lambda row: row["points"])
    back = sum(max(0.0, row["points"]) for row in moves)
    low, high = last.real_income_pct_low, last.real_income_pct_high
    band = "" if low is None or high is None else f" ({percent(low, 1)} to {percent(high, 1)})"
    told = "; ".join(f"{row['label']} {signed(row['points'], 2)} points" for row in moves)
    columns = [
        words("label", "Step"),
        points("points", "Adds, points"),
        points("real_income_pct", "Real income, %"),
        points("low", "Low, %"),
        points("high", "High, %"),
        points("real_output_pct", "Real output, %"),
        points("real_earnings_pct", "Real earnings, %"),
        points("first_order_pct", "First-order, %"),
        musd("exports_musd", "Exports, million USD a year"),
        musd("imports_musd", "Imports, million USD a year"),
        musd("hidden_musd", "Hidden trade, million USD a year"),
    ]
    if low is None:
        columns = [each for each in columns if each.name not in ("low", "high")]
    return Exhibit(
        "ladder-waterfall",
        f"{worst['label']} costs most, {signed(worst['points'], 2)} points of real income; "
        f"{back:.2f} points are given back",
        tuple(columns),
        tuple(rows),
        alt=f"Waterfall of real income in points: {told}. What is left: "
        f"{percent(last.real_income_pct, 2)}{band}.",
        note="Each step is the one before with its own settings, computed anew from the baseline. "
        "Real income is exact, transfers included. Exports and imports are what partners record; "
        "hidden is smuggled trade and unrecorded support. " + _band_words(case),
        folded=False,
    )


def _band_words(case: Case) -> str:
    if case.last.real_income_pct_low is None:
        return "This run computed no ranges (run it without --quick)."
    if case.result.draws:
        return f"Low and high: 5 and 95 per cent of {case.result.draws} draws of all figures."
    return "Low and high: the ends of the range of trade elasticities, nothing else."


def bars(rows: Sequence[Row]) -> list[Row]:
    """Place the bars; the last one stands for the level that is left."""
    placed: list[Row] = []
    for before, row in pairwise(rows):
        start, end = before["real_income_pct"], row["real_income_pct"]
        kind = "gain" if end > start else "loss"
        placed.append(
            {
                "label": row["label"],
                "start": start,
                "end": end,
                "kind": kind,
                "text": signed(row["points"], 2),
                "tip": min(start, end),
            }
        )
    last = rows[-1]
    left: dict[str, Any] = {"label": LEFT, "start": 0.0, "end": last["real_income_pct"]}
    left |= {"kind": "left", "text": signed(last["real_income_pct"], 2)}
    left |= {"low": last["low"], "high": last["high"]}
    tips = [value for value in (left["end"], last["low"]) if value is not None]
    return [*placed, {**left, "tip": min(0.0, *tips)}]


def _waterfall_spec(rows: list[Row]) -> Spec:
    import altair as alt

    placed = bars(rows)
    order = [bar["label"] for bar in placed]
    base = alt.Chart(values(placed, FIELDS)).encode(y=listed("label", order))
    drawn: alt.Chart = base.mark_bar(size=20).encode(
        x=alt.X("start:Q", title="Real income against the baseline, per cent",
                scale=alt.Scale(nice=False, padding=52),
                axis=alt.Axis(tickCount=8)),
        x2=alt.X2("end:Q"),
        color=alt.Color("kind:N", scale=colours(KINDS), legend=None),
    )  # fmt: skip
    zero = alt.Chart(given(NOTHING)).mark_rule(color=INK).encode(x=alt.XDatum(0))
    tips = base.mark_text(align="right", dx=-6, fontWeight="bold").encode(
        x=alt.X("tip:Q"), text=alt.Text("text:N")
    )
    layers = [drawn, _joints(placed, order), zero, tips]
    if placed[-1]["low"] is not None:
        whisker = base.transform_filter("isValid(datum.low)").mark_rule(color=INK, strokeWidth=1.5)
        layers.insert(3, whisker.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")))
    return finished(alt.layer(*layers).properties(width=WIDTH, height=alt.Step(32)))


def _joints(placed: list[Row], order: list[str]) -> alt.Chart:
    """Thin lines from where a step ends to where the next begins."""
    import altair as alt

    joints = [
        {"from": bar["label"], "to": after["label"], "at": bar["end"]}
        for bar, after in pairwise(placed)
    ]
    base: alt.Chart = alt.Chart(given(joints)).mark_rule(color=SOFT, strokeDash=[2, 2])
    return base.encode(y=listed("from", order), y2=alt.Y2("to:N"), x=alt.X("at:Q"))


def _parts(case: Case) -> Exhibit:
    parts = case.result.contributions
    rows: tuple[Row, ...] = tuple(
        {
            "step": case.labels[part.step],
            "part": part.part,
            "real_income_points": part.real_income_points,
            "exports_musd": part.exports_musd,
            "imports_musd": part.imports_musd,
        }
        for part in parts
    )
    worst = min(rows, key=lambda row: row["real_income_points"])
    return Exhibit(
        "ladder-parts",
        f"Taken apart, {worst['part']} costs most: {signed(worst['real_income_points'], 2)} points",
        (
            words("step", "Step"),
            words("part", "Part"),
            points("real_income_points", "Real income, points", 3),
            musd("exports_musd", "Exports, million USD"),
            musd("imports_musd", "Imports, million USD"),
        ),
        rows,
        note="One part at a time, in this order, on top of those before: the parts of a step sum "
        "to it, and another order would share them out differently.",
    )


def _closures(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "label": each.label,
            "real_income_pct": each.real_income_pct,
            "real_output_pct": each.real_output_pct,
            "real_earnings_pct": each.real_earnings_pct,
            "imports_musd": each.imports_musd,
        }
        for each in case.result.closures
    )
    return Exhibit(
        "ladder-closures",
        "Losing trade and losing the means to pay for it are told apart",
        (
            words("label", "Case"),
            points("real_income_pct", "Real income, %"),
            points("real_output_pct", "Real output, %"),
            points("real_earnings_pct", "Real earnings, %"),
            musd("imports_musd", "All imports, million USD"),
        ),
        rows,
        note="Against the baseline. The closure is never switched within a step.",
    )
