"""What drives the answer: Sobol indices of the draws, else one assumption changed at a time."""

from __future__ import annotations

from collections.abc import Iterator

from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, Spec, figures, points, words
from tumen.page.palette import INK, OPEN, SKY, WIDTH
from tumen.page.plots import NOTHING, finished, given, listed, short, values
from tumen.report.numbers import percent, signed

NO_DRIVERS = (
    "This run changed no assumption: run it without --quick, or with --draws, to see what drives "
    "the answer."
)
SHOWN = 12


def drivers(case: Case) -> Section:
    """Return what the answer hangs on, as far as the run looked."""
    exhibits = []
    if case.result.drivers:
        exhibits.append(_sobol(case))
    if case.result.sensitivity:
        exhibits.append(_changed(case))
    said = () if exhibits else (NO_DRIVERS,)
    return Section("drivers", "What drives the answer", said, tuple(exhibits))


def _sobol(case: Case) -> Exhibit:
    labels = {step.id: step.label for step in case.result.steps}
    rows: tuple[Row, ...] = tuple(
        {
            "answer": f"{labels.get(row.answer.split('.')[0], '')}: {row.answer.split('.')[-1]}",
            "id": row.answer,
            "input": row.input,
            "index": row.index,
        }
        for row in case.result.drivers
    )
    mine = [row for row in rows if row["id"] == f"{case.last.id}.real_income_pct"] or list(rows)
    largest = max(mine, key=lambda row: row["index"])
    title = (
        f"{largest['input']} alone explains {100 * largest['index']:.0f} % of the "
        "spread of the answer"
    )
    shown = sorted(mine, key=lambda row: -row["index"])[:SHOWN]
    return Exhibit(
        "drivers-sobol",
        title,
        (words("answer", "Answer"), words("input", "Figure"), figures("index", "Share", 2)),
        rows,
        alt=f"Bars of first-order Sobol indices. {title}.",
        spec=_sobol_spec(shown),
        note=f"First-order Sobol indices over {case.result.draws} draws, of {largest['answer']}; "
        "the table has the other answers. What may be chance is left out.",
    )


def _sobol_spec(rows: list[Row]) -> Spec:
    import altair as alt

    title = "Share of the variance explained alone"
    rows = [{**row, "input": short(str(row["input"]), 44)} for row in rows]
    return finished(
        alt.Chart(values(rows, ("input", "index")))
        .mark_bar(size=14, color=OPEN)
        .encode(
            y=listed("input", [str(row["input"]) for row in rows]),
            x=alt.X("index:Q", title=title, axis=alt.Axis(format="%", tickCount=6)),
        )
        .properties(width=WIDTH - 60, height=alt.Step(26))
    )


def _changed(case: Case) -> Exhibit:
    step, base = case.last.id, case.last.real_income_pct
    rows: list[Row] = [
        {"assumption": test.assumption, "value": test.value, "problem": test.problem}
        | {each.id: test.real_income_pct.get(each.id) for each in case.result.steps[1:]}
        for test in case.result.sensitivity
    ]
    found = [row for row in rows if row[step] is not None]
    if not found:
        return _changed_table(case, rows, "No other assumption has a solution at the last step")
    far = max(found, key=lambda row: abs(row[step] - base))
    title = (
        f"{far['assumption'].capitalize()} ({far['value']}) moves the answer most: from "
        f"{percent(base, 2)} to {percent(far[step], 2)}"
    )
    return _changed_table(case, rows, title, _changed_spec(found, step, base))


def _changed_table(case: Case, rows: list[Row], title: str, spec: Spec | None = None) -> Exhibit:
    steps = case.result.steps[1:]
    problems = any(row["problem"] for row in rows)
    return Exhibit(
        "drivers-assumptions",
        title,
        (
            words("assumption", "Assumption"),
            words("value", "Value"),
            *(points(each.id, f"{each.label}, %") for each in steps),
            *((words("problem", "Why there is none"),) if problems else ()),
        ),
        tuple(rows),
        alt=f"Bars by assumption, around the answer of the last step. {title}." if spec else "",
        spec=spec,
        note="Real income of the target, per cent, each assumption changed alone and against its "
        "own baseline. Chart: the last step; the line is the answer as printed.",
    )


def _sides(rows: list[Row], step: str, base: float) -> Iterator[Row]:
    """Yield each assumption's farthest end on either side, with all values of that side."""
    for name in dict.fromkeys(row["assumption"] for row in rows):
        for below in (True, False):
            side = [r for r in rows if r["assumption"] == name and (r[step] < base) == below]
            side.sort(key=lambda row: abs(row[step] - base))
            if side:
                said = [f"{str(r['value']).split(',')[0]} {signed(r[step], 1)}" for r in side]
                text = "; ".join(said[::-1] if below else said)
                at = side[-1][step]
                yield {"name": name, "base": base, "at": at, "text": text, "below": below}


def _changed_spec(rows: list[Row], step: str, base: float) -> Spec:
    import altair as alt

    order = sorted(
        {str(row["assumption"]) for row in rows},
        key=lambda name: -max(abs(row[step] - base) for row in rows if row["assumption"] == name),
    )
    shown = list(_sides(rows, step, base))
    data = alt.Chart(values(shown, ("name", "base", "at", "text", "below"))).encode(
        y=listed("name", order)
    )
    x = alt.X(
        "at:Q", title="Real income at the last step, per cent",
        scale=alt.Scale(zero=False, padding=100), axis=alt.Axis(tickCount=6),
    )  # fmt: skip
    below = data.transform_filter("datum.below").mark_text(align="right", dx=-6)
    above = data.transform_filter("!datum.below").mark_text(align="left", dx=6)
    line = alt.Chart(given(NOTHING)).mark_rule(color=INK)
    return finished(
        alt.layer(
            data.mark_bar(size=12, color=SKY).encode(x=x, x2=alt.X2("base:Q")),
            line.encode(x=alt.XDatum(base)),
            below.encode(x=alt.X("at:Q"), text=alt.Text("text:N")),
            above.encode(x=alt.X("at:Q"), text=alt.Text("text:N")),
        ).properties(width=WIDTH, height=alt.Step(28))
    )
