"""The decision: who votes, who backfills, where that tips, and the map of two motives."""

from __future__ import annotations

from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, Spec, figures, musd, points, share, words
from tumen.page.palette import BLACK, GREEN, GREY, INK, OPEN, SKY, VERMILION, WHITE, WIDTH
from tumen.page.plots import colours, finished, listed, short, values
from tumen.report.decision import BINDING_WORDS, MOTIVE_WORDS, decision_words
from tumen.report.numbers import money, percent
from tumen.scenario.decision_result import Decision

PLAYS = (("none", SKY), ("quiet", OPEN), ("brazen", VERMILION), ("open", GREEN), ("veto", GREY))
"""Kinds of support after a yes, and a veto."""


def decision(case: Case) -> Section | None:
    """Return the decision; None where a run holds none."""
    found = case.result.decision
    if found is None:
        return None
    exhibits = [_losses(case, found), _situations(case, found), _seats(case, found)]
    if found.switches:
        exhibits.append(_switches(case, found))
    if found.phase_map:
        exhibits.append(_phase_map(case, found))
    said = [decision_words(case.scenario, found)]
    if not found.switches:
        said.append(
            f"Tipping points and the map of two motives take a minute more: tumen decide "
            f"{case.result.scenario} computes them."
        )
    return Section("decision", "The vote and the quiet support", tuple(said), tuple(exhibits))


def _losses(case: Case, found: Decision) -> Exhibit:
    plain = {row.text: row.loss_pct for row in found.stake.losses if row.support == 0}
    rows: list[Row] = [{"text": text, "loss_pct": -loss} for text, loss in sorted(plain.items())]
    played: list[Row] = [
        {"label": row.label, "text": row.text, "net_cut": row.net_cut, "loss_pct": -row.loss_pct}
        for row in found.situations
    ]
    whole = found.stake.whole_loss_pct
    title = (
        f"Banning all trade with {case.name(found.stake.benefactor)} would cost {case.target} "
        f"{whole:.1f} % of real income"
    )
    told = "; ".join(
        f"{row.label}: a text of {100 * row.text:.0f} %, income {percent(-row.loss_pct)}"
        for row in found.situations
    )
    return Exhibit(
        "decision-losses",
        title,
        (share("text", "Trade banned, %", 1), points("loss_pct", "Real income, %")),
        tuple(rows),
        alt=f"Line of real income over the share of trade that is banned. {title}. {told}.",
        spec=_losses_spec(rows, played),
        note="Line: real income by the share of trade with the benefactor that is banned, without "
        "support. Points: how each situation is played, at the cut that support leaves.",
    )


def _losses_spec(rows: list[Row], played: list[Row]) -> Spec:
    import altair as alt

    line = alt.Chart(values(rows, ("text", "loss_pct"))).mark_line(color=VERMILION, strokeWidth=2.2)
    at = alt.Chart(values(played, ("label", "net_cut", "loss_pct")))
    x = alt.X(
        "text:Q",
        title="Share of trade with the benefactor that is cut",
        axis=alt.Axis(format="%", tickCount=6),
        scale=alt.Scale(domain=[0, 1.02], nice=False),
    )
    y = alt.Y("loss_pct:Q", title="Real income, per cent", axis=alt.Axis(tickCount=6))
    return finished(
        alt.layer(
            line.encode(x=x, y=y),
            at.mark_point(filled=True, size=90, color=OPEN, opacity=1).encode(
                x=alt.X("net_cut:Q"), y=alt.Y("loss_pct:Q")
            ),
            at.mark_text(align="left", dx=8, dy=-10).encode(
                x=alt.X("net_cut:Q"), y=alt.Y("loss_pct:Q"), text=alt.Text("label:N")
            ),
        ).properties(width=WIDTH, height=230)
    )


def _situations(case: Case, found: Decision) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "label": row.label,
            "binding": BINDING_WORDS[row.binding].format(tightest=case.name(row.tightest)),
            "vote": row.vote,
            "text": row.text,
            "net_cut": row.net_cut,
            "loss_pct": -row.loss_pct,
            "collapse": row.collapse,
            "accepted_up_to": row.accepted_up_to,
        }
        for row in found.situations
    )
    return Exhibit(
        "decision-situations",
        "; ".join(f"{row.label}: {_outcome(row.vote)}" for row in found.situations),
        (
            words("label", "Situation"),
            words("binding", "What keeps the text from being larger"),
            words("vote", "Vote"),
            share("text", "Text, %"),
            share("net_cut", "Net cut, %"),
            points("loss_pct", "Real income, %", 1),
            share("collapse", "Falls, %", 1),
            share("accepted_up_to", "Accepted up to, %"),
        ),
        rows,
        note=f"Shares of trade with {case.name(found.stake.benefactor)}. Falls: within "
        f"{found.stake.horizon_years:g} years; {100 * found.stake.collapse_without_cut:.1f} % "
        "without any cut. Central motives.",
    )


def _outcome(vote: str) -> str:
    return "a text passes" if vote == "yes" else "no text passes"


def _seats(case: Case, found: Decision) -> Exhibit:
    labels = {row.situation: row.label for row in found.situations}
    rows: tuple[Row, ...] = tuple(
        {
            "situation": labels[row.situation],
            "state": case.name(row.state),
            "vote": row.vote,
            "support": row.support,
            "backfill_musd": row.backfill_musd,
            "detection": row.detection,
            "margin": row.margin,
        }
        for row in found.seats
    )
    largest = max(rows, key=lambda row: row["backfill_musd"])
    amount = largest["backfill_musd"]
    return Exhibit(
        "decision-seats",
        f"The largest support: {largest['state']}, {money(amount)} million USD a year "
        f"({largest['situation']})",
        (
            words("situation", "Situation"),
            words("state", "State"),
            words("vote", "Vote"),
            words("support", "Support"),
            musd("backfill_musd", "Million USD a year"),
            share("detection", "Caught, %"),
            points("margin", "Gain by a yes, billion USD"),
        ),
        rows,
    )


def _switches(case: Case, found: Decision) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "motive": MOTIVE_WORDS[row.motive],
            "unit": row.unit,
            "central": row.central,
            "low": row.low,
            "high": row.high,
            "at": row.at,
            "what": f"{row.what}: {row.before} → {row.after}",
            "relative": row.at / row.central if row.central else None,
            "relative_low": row.low / row.central if row.central else None,
            "relative_high": row.high / row.central if row.central else None,
        }
        for row in found.switches
    )
    state = case.name(found.switches[0].state)
    near = sum(row.low <= row.at <= row.high for row in found.switches)
    title = f"{near} of {len(rows)} tipping points of {state} lie within the range of its motive"
    return Exhibit(
        "decision-tipping",
        title,
        (
            words("motive", "Motive"),
            words("unit", "Unit"),
            words("what", "What switches"),
            figures("at", "Switches at"),
            figures("central", "Central"),
            figures("low", "Low"),
            figures("high", "High"),
        ),
        rows,
        alt=f"Points on a scale relative to the central value. {title}.",
        spec=_switches_spec(list(rows)),
        note="Relative to the central value of each motive. Bar: its stated range, cut where it "
        "reaches 0; diamond: where vote or support switches.",
    )


def _switches_spec(rows: list[Row]) -> Spec:
    import altair as alt

    shown = [
        {**row, "name": short(f"{row['motive']}; {row['what']}", 52)}
        for row in rows
        if row["relative"]
    ]
    names = [str(row["name"]) for row in shown]
    fields = ("name", "relative", "relative_low", "relative_high")
    ends = [row[name] for row in shown for name in fields[1:] if row[name]]
    least = min(ends) / 1.2
    shown = [{**row, "relative_low": row["relative_low"] or least} for row in shown]
    base = alt.Chart(values(shown, fields)).encode(y=listed("name", names))
    x = alt.X(
        "relative_low:Q",
        title="Times the central value",
        scale=alt.Scale(type="log", domain=[least, max(ends) * 1.2], nice=False),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    return finished(
        alt.layer(
            base.mark_bar(size=8, color=SKY).encode(x=x, x2=alt.X2("relative_high:Q")),
            base.mark_point(shape="diamond", size=90, filled=True, color=INK, opacity=1).encode(
                x=alt.X("relative:Q")
            ),
        ).properties(width=WIDTH - 140, height=alt.Step(28))
    )


def _phase_map(case: Case, found: Decision) -> Exhibit:
    first = found.phase_map[0]
    across, up = MOTIVE_WORDS[first.across], MOTIVE_WORDS[first.up]
    rows: tuple[Row, ...] = tuple(
        {
            "across": row.across_value,
            "up": row.up_value,
            "play": "veto" if row.vote == "veto" else row.support,
            "text": row.text,
            "backfill_musd": row.backfill_musd,
        }
        for row in found.phase_map
    )
    quiet = sum(row["play"] == "quiet" for row in rows) / len(rows)
    title = f"{case.name(first.state)} supports quietly on {100 * quiet:.0f} % of this map"
    return Exhibit(
        "decision-map",
        title,
        (
            figures("across", across.capitalize()),
            figures("up", up.capitalize()),
            words("play", "Play"),
            share("text", "Text, %"),
            musd("backfill_musd", "Support, million USD a year"),
        ),
        rows,
        alt=f"Map of two motives, {across} and {up}. {title}.",
        spec=_phase_spec(list(rows), across, up),
        note="After a yes: none, quiet or brazen support; veto: no text passes.",
    )


def _phase_spec(rows: list[Row], across: str, up: str) -> Spec:
    import altair as alt

    used = {str(row["play"]) for row in rows}
    kinds = [(name, colour) for name, colour in PLAYS if name in used]
    axis = alt.Axis(format=".3~g", labelAngle=0)
    cells = alt.Chart(values(rows, ("across", "up", "play"))).encode(
        x=alt.X("across:O", title=across, axis=axis),
        y=alt.Y("up:O", title=up, sort="descending", axis=axis),
    )
    light = {"test": "datum.play == 'none'", "value": BLACK}
    on_cell = alt.ColorValue(WHITE, condition=light)
    return finished(
        alt.layer(
            cells.mark_rect(strokeWidth=0).encode(
                color=alt.Color("play:N", scale=colours(kinds), title=None)
            ),
            cells.mark_text(fontWeight="bold", fontSize=11).encode(
                text=alt.Text("play:N"), color=on_cell
            ),
        ).properties(width=WIDTH - 60, height=260)
    )
