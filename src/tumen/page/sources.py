"""Evidence: who claims each number, how the case fares beside the record, and all sources."""

from __future__ import annotations

from collections import Counter

from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, figures, musd, points, source, words
from tumen.page.palette import OPEN, WIDTH
from tumen.page.plots import finished, listed, ranges, values
from tumen.report.numbers import signed
from tumen.scenario.evidence import Figure, all_sources
from tumen.scenario.result import CitedSource

ALONE = "source alone"


def evidence(case: Case) -> Section:
    """Return the numbers of the case with their chains, and the record beside the answer."""
    found = case.figures
    exhibits = [_kinds(found), _figures(found)]
    if case.result.backtest:
        exhibits.append(_backtest(case))
    if case.result.history:
        exhibits.append(_history(case))
    return Section("evidence", "What it rests on", exhibits=tuple(exhibits))


def cited(case: Case) -> list[CitedSource]:
    """Return every source that the page names, by id."""
    known = all_sources(case.scenario)
    found = {each.id: each for each in case.result.sources}
    for figure in case.figures:
        key = figure.quantity.source
        if key not in found:
            found[key] = CitedSource(key, known[key].text, known[key].url)
    if case.records and case.records.source:
        found[case.records.source.id] = case.records.source
    return [found[key] for key in sorted(found)]


def _kinds(found: tuple[Figure, ...]) -> Exhibit:
    counted = Counter(figure.kind or ALONE for figure in found).most_common()
    rows: tuple[Row, ...] = tuple({"kind": kind, "numbers": count} for kind, count in counted)
    own = sum(figure.kind == "judgement" for figure in found)
    title = f"{len(found)} numbers go in; {own} of them are judgement, and say so"
    told = ", ".join(f"{row['kind']} {row['numbers']}" for row in rows)
    chart = None
    if rows:
        import altair as alt

        chart = finished(
            alt.Chart(values(rows, ("kind", "numbers")))
            .mark_bar(size=14, color=OPEN)
            .encode(
                y=listed("kind", [str(row["kind"]) for row in rows]),
                x=alt.X("numbers:Q", title="Numbers of the case", axis=alt.Axis(tickCount=6)),
            )
            .properties(width=WIDTH, height=alt.Step(26))
        )
    return Exhibit(
        "evidence-kinds",
        title,
        (words("kind", "Kind"), figures("numbers", "Numbers")),
        rows,
        alt=f"Bars by kind of evidence. {title}: {told}." if chart else "",
        spec=chart,
        note="Official statistic, estimate, attributed report, rumour, judgement: firmest first. "
        "A source alone: a figure taken from a source without a claim in the ledger.",
    )


def _figures(found: tuple[Figure, ...]) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "path": figure.path,
            "span": figure.quantity.span,
            "kind": figure.kind or ALONE,
            "chain": figure.chain,
            "standing": figure.standing,
            "source": figure.quantity.source,
        }
        for figure in found
    )
    return Exhibit(
        "evidence-figures",
        "Every number, who says it, and through whom it came here",
        (
            words("path", "Number"),
            words("span", "Central (low to high)"),
            words("kind", "Kind"),
            words("chain", "Chain"),
            words("standing", "Range"),
            source("source", "Source"),
        ),
        rows,
        note="Range: how the figure's range stands to what its claim supports by kind and chain. "
        "tumen evidence prints the claims in full, and where they disagree.",
    )


def _backtest(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "name": f"{row.year} {row.flow}s, {case.name(row.partner) if row.partner else 'all'}",
            "low": row.predicted_musd_low,
            "central": row.predicted_musd,
            "high": row.predicted_musd_high,
            "computed": row.recorded_musd,
            "error_pct": row.error_pct,
            "hidden_musd": row.hidden_musd,
        }
        for row in case.result.backtest
    )
    worst = max(rows, key=lambda row: abs(row["error_pct"]))
    typical = sorted(abs(row["error_pct"]) for row in rows)[len(rows) // 2]
    title = (
        f"The law on its own is off by {typical:.0f} % of the record in the median, and by "
        f"{signed(worst['error_pct'], 0)} % at worst ({worst['name']})"
    )
    return Exhibit(
        "evidence-backtest",
        title,
        (
            words("name", "Year, flow, partner"),
            musd("computed", "Recorded"),
            musd("central", "Predicted"),
            musd("low", "Low"),
            musd("high", "High"),
            points("error_pct", "Error, %", 0),
            musd("hidden_musd", "Hidden"),
        ),
        rows,
        alt=f"Ranges predicted and points recorded. {title}.",
        spec=ranges(list(rows), "Million USD", WIDTH - 40),
        note="The law month by month on the baseline's trade: no prices, growth or diversion. Bar: "
        "predicted over the ranges of enforcement; diamond: the record.",
    )


def _history(case: Case) -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {
            "period": row.period,
            "what": " ".join(
                part
                for part in (
                    row.measure,
                    row.good,
                    f"({case.name(row.partner)})" if row.partner else "",
                )
                if part
            ),
            "recorded": row.recorded,
            "computed": row.computed,
            "computed_low": row.computed_low,
            "computed_high": row.computed_high,
            "unit": row.unit,
            "error": row.error,
            "within": None if row.within is None else "yes" if row.within else "no",
            "source": row.source,
        }
        for row in case.result.history
    )
    judged = [row for row in rows if row["within"] is not None]
    title = "The timeline beside the record"
    if judged:
        met = sum(row["within"] == "yes" for row in judged)
        title = f"{met} of {len(judged)} records lie within the band of the timeline"
    return Exhibit(
        "evidence-history",
        title,
        (
            words("period", "Period"),
            words("what", "What"),
            figures("recorded", "Recorded"),
            figures("computed", "Computed"),
            figures("computed_low", "Low"),
            figures("computed_high", "High"),
            words("unit", "Unit"),
            points("error", "Error, % (growth: points)", 1),
            words("within", "In range"),
            source("source", "Source"),
        ),
        rows,
    )
