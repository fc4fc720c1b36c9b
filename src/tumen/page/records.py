"""What trade records show: suspicions in order, how far to trust them, and what nobody can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tumen.monitor.finding import Finding
from tumen.monitor.inquiry import Inquiry
from tumen.monitor.noise import statecraft_yaml
from tumen.monitor.panel import Panel, series
from tumen.page.case import Case
from tumen.page.exhibit import Column, Exhibit, Row, Section, Spec, figures, share, words
from tumen.page.palette import GREEN, GREY, OPEN, PURPLE, VERMILION, WIDTH
from tumen.page.plots import colours, finished, given, values
from tumen.report.monitor import (
    TITLES,
    WORDS,
    interesting,
    number,
    ranking_words,
    worth_showing,
)

LINES = (VERMILION, OPEN, GREEN, PURPLE)
"""Of the flows that are drawn, the largest first."""
BEFORE = 5
"""Years before support is looked for in which a flow's size counts as well."""
INTERVAL = "low and high hold 95 per cent"
PARTNER, FLOW = words("partner", "Partner"), words("flow", "Flow")
P_VALUE = figures("p_value", "p", 2)


def records(case: Case) -> Section | None:
    """Return what the monitor found; None if nobody asked it."""
    if case.records is None:
        return None
    found = case.records.inquiry
    panel = found.signals.panel
    source = case.records.source
    exhibits = [
        _years(case, panel, found.signals.of("breaks")),
        _ranking(case, found),
        _alarms(found),
        _power(case, found),
        _noise(case, found),
        _signals(case, found),
    ]
    return Section(
        "records",
        "What trade records show",
        words=(
            f"Trade of {case.target} ({panel.described}), asked for support since "
            f"{panel.asked.since}. {WORDS}",
            *([f"Records: {source.text}."] if source else []),
        ),
        exhibits=tuple(each for each in exhibits if each is not None and each.rows),
        listed=_unseen(found.signals.unseen),
    )


def _unseen(said: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What the records cannot show, each with its reason."""
    parts = (each.partition(": ") for each in said)
    return tuple(
        (f"Cannot be seen: {what}", f"{why[:1].upper()}{why[1:]}.") for what, _, why in parts
    )


def _years(case: Case, panel: Panel, breaks: Sequence[Finding]) -> Exhibit | None:
    """Recorded trade year by year of the largest flows, with the breaks of their levels."""
    table = series(panel.own, panel.first, panel.last)
    recent = table.loc[:, panel.asked.since - BEFORE :].max(axis=1).sort_values(ascending=False)
    flows = [(str(partner), str(flow)) for partner, flow in recent.index[: len(LINES)]]
    changes = {(e.partner, e.flow, e.first): e for e in breaks if (e.partner, e.flow) in flows}
    rows: list[Row] = [
        {"partner": case.name(pair[0]), "flow": pair[1], "year": int(year), "musd": float(musd)}
        | _changed(changes.get((*pair, int(year))))
        for pair in flows
        for year, musd in table.loc[pair].items()
    ]
    title = _largest_break(case, list(changes.values()), panel)
    return Exhibit(
        "records-years",
        title,
        (
            PARTNER, FLOW, words("year", "Year"), figures("musd", "Recorded, million USD"),
            figures("change", "Level changes by"), figures("low", "low"), figures("high", "high"),
        ),
        tuple(rows),
        alt=f"Lines over the years {panel.first} to {panel.last}. {title}. "
        f"{len(changes)} breaks are marked.",
        spec=_years_spec(rows, panel.asked.since),
        note="Flows are the target’s, the largest since shortly before support is looked for. "
        "Dots: the first year of a new level, by exact segmentation; no record counts as 0. "
        "Dashed line: support is looked for from here on. " + f"Of a change, {INTERVAL}.",
    )  # fmt: skip


def _changed(found: Finding | None) -> dict[str, Any]:
    if found is None:
        return {"change": None, "low": None, "high": None}
    return {"change": found.effect, "low": found.low, "high": found.high}


def _largest_break(case: Case, found: Sequence[Finding], panel: Panel) -> str:
    if not found:
        return f"No level of the largest flows breaks from {panel.first} to {panel.last}"
    largest = max(found, key=lambda each: abs(each.effect))
    way = "exports to" if largest.flow == "export" else "imports from"
    verb = "fall" if largest.effect < 0 else "rise"
    return (
        f"Recorded {way} {case.name(largest.partner)} {verb} by {number(abs(largest.effect))} "
        f"million USD a year in {largest.first}"
    )


def _years_spec(rows: Sequence[Row], since: int) -> Spec:
    import altair as alt

    shown = [
        {
            "line": f"{row['flow']}s, {row['partner']}",
            "year": f"{row['year']}-01-01",
            "musd": row["musd"],
            "change": row["change"],
        }
        for row in rows
    ]
    names = list(dict.fromkeys(row["line"] for row in shown))
    base = alt.Chart(values(shown, ("line", "year", "musd", "change"))).encode(
        x=alt.X("year:T", title=None, axis=alt.Axis(format="%Y", tickCount=8, grid=False)),
        y=alt.Y("musd:Q", title="Recorded, million USD a year", axis=alt.Axis(tickCount=5)),
        color=alt.Color(
            "line:N", title=None, scale=colours(list(zip(names, LINES, strict=False))),
            legend=alt.Legend(columns=2, symbolType="stroke", symbolStrokeWidth=3),
        ),
    )  # fmt: skip
    begin = alt.Chart(given([{"year": f"{since}-01-01"}])).mark_rule(color=GREY, strokeDash=[3, 3])
    return finished(
        alt.layer(
            begin.encode(x=alt.X("year:T")),
            base.mark_line(strokeWidth=2.2),
            base.transform_filter("isValid(datum.change)").mark_point(
                size=70, filled=True, opacity=1
            ),
        ).properties(width=WIDTH, height=270)
    )


def _ranking(case: Case, found: Inquiry) -> Exhibit:
    rows = [
        {
            **asdict(each),
            "partner": case.name(each.partner),
            "fired": ", ".join(each.fired) or "none",
            "looked": ", ".join(each.looked),
        }
        for each in worth_showing(found.ranked)
    ]
    columns = (
        PARTNER, FLOW, words("verdict", "Verdict"), P_VALUE, *_size("Excess, million USD a year"),
        words("fired", "Signals that fired"), words("looked", "Looked for"),
    )  # fmt: skip
    note = (
        "p: of all evidence together, where nothing is suspected. Excess: above what was expected; "
        f"{INTERVAL}. Flows of less than a million are left out."
    )
    return Exhibit("records-ranking", ranking_words(found.ranked), columns, tuple(rows), note=note)


def _size(label: str, key: str = "musd") -> tuple[Column, ...]:
    return figures(key, label), figures("low", "low"), figures("high", "high")


def _alarms(found: Inquiry) -> Exhibit:
    rows = [
        {**asdict(each), "rate": each.rate, "low": each.interval[0], "high": each.interval[1]}
        for each in found.false_alarms
        if each.tried
    ]
    told = ", ".join(f"{100 * row['rate']:.1f} % of {row['tried']} {row['kind']}" for row in rows)
    return Exhibit(
        "records-alarms",
        f"Where nothing is suspected the same rule cries wolf in {told}",
        (
            words("kind", "Where nothing is suspected"), figures("tried", "Tried"),
            figures("flagged", "Flagged"), share("rate", "Flagged, %", 1),
            share("low", "low, %", 1), share("high", "high, %", 1),
        ),
        tuple(rows),
        note="Periods: the same target in earlier years. Other economies as targets: "
        "tumen monitor report --placebos.",
    )  # fmt: skip


def _power(case: Case, found: Inquiry) -> Exhibit:
    rows = [{**asdict(each), "partner": case.name(each.partner)} for each in found.power]
    return Exhibit(
        "records-power",
        "How often support of a size would be flagged",
        (
            PARTNER, figures("sigmas", "Size, σ"), figures("musd", "million USD a year"),
            share("detected", "Flagged, %"), share("normal", "By the game’s formula, %"),
        ),
        tuple(rows),
        note="Added to what the target buys from it. Size 0: false alarms.",
    )  # fmt: skip


def _noise(case: Case, found: Inquiry) -> Exhibit:
    rows = [
        {
            **asdict(each),
            "partner": case.name(each.partner),
            "share": each.share,
            "benefactor": case.name(each.benefactor),
        }
        for each in found.noises
    ]
    return Exhibit(
        "records-noise",
        "σ, the standard error of the monitor, as a scenario takes it",
        (
            PARTNER, *_size("σ, million USD a year", "central"), figures("share", "Share"),
            words("benefactor", "of trade with"), figures("baseline", "million USD a year"),
            words("basis", "Error of"),
        ),
        tuple(rows),
        note="The text goes into the scenario’s section statecraft.",
        pasted=statecraft_yaml(found.noises, found.signals.panel) if rows else "",
    )  # fmt: skip


def _signals(case: Case, found: Inquiry) -> Exhibit:
    rows = [
        {**asdict(each), "partner": case.name(each.partner)}
        for name in TITLES
        for each in interesting(found.signals.of(name))
    ]
    return Exhibit(
        "records-signals",
        f"All {len(rows)} findings, signal by signal",
        (
            words("signal", "Signal"), PARTNER, FLOW, words("first", "From"), words("last", "to"),
            *_size("Effect", "effect"), words("unit", "Unit"), P_VALUE, words("note", "Note"),
        ),
        tuple(rows),
        note="; ".join(
            f"{name}: {TITLES[name].split(': ')[-1].lower()}"
            for name in dict.fromkeys(row["signal"] for row in rows)
        ),
    )  # fmt: skip
