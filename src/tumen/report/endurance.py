"""How long the target holds: by step, month by month, and beside the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tumen.report.layout import captioned, make_table, text_table
from tumen.report.numbers import money, signed
from tumen.scenario.result import ForecastRow, HistoryRow, HoldingRow, Result

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

QUARTER_ENDS = ("03", "06", "09", "12")
"""Months that the terminal shows; the exported table has all."""
LONG = 600
"""A runway of more months is said to be long, not counted."""
HARDLY = "no end"
NAMES = {"growth": "output growth, %", "stock": "savings", "consumer_price": "cost of living, USD"}


def endurance_lines(result: Result) -> list[RenderableType]:
    """Return the tables about endurance, as far as the case says anything of it."""
    from rich.text import Text

    lines: list[RenderableType] = []
    if result.horizons:
        lines += [Text(""), both_ends(result)]
    if result.holding:
        lines += [Text(""), holding(result), Text(""), chances(result)]
    if result.timeline:
        lines += [Text(""), months(result), Text(""), economy(result), Text(""), causes(result)]
    if result.history:
        lines += [Text(""), history(result)]
    if result.forecasts or result.implied_stock:
        lines += [Text(""), *_forecasts(result)]
    return lines


def both_ends(result: Result) -> Table:
    """Every step in the short run and in the long run."""
    table = make_table(
        "Short run (12 months) and long run: per cent against the baseline",
        ["step", "income,\nshort", "income,\nlong", "output,\nshort", "output,\nlong",
         "work,\nshort", "labour,\nshort", "imports,\nshort", "imports,\nlong"],
    )  # fmt: skip
    labels = {step.id: step.label for step in result.steps}
    short, long = (
        {row.step: row for row in result.horizons if row.end == end}
        for end in ("short run", "long run")
    )
    for step, row in short.items():
        after = long[step]
        table.add_row(
            labels[step],
            signed(row.real_income_pct, 2),
            signed(after.real_income_pct, 2),
            signed(row.real_output_pct, 2),
            signed(after.real_output_pct, 2),
            signed(row.employment_pct, 1),
            row.labour,
            money(row.imports_musd),
            money(after.imports_musd),
        )
    inputs = next((row.inputs for row in result.horizons if row.end == "short run"), "")
    return captioned(
        table,
        f"Short run: a year's trade elasticities, inputs {inputs!r}, labour as shown. Long run\n"
        "(36 months and more): workers move, inputs are Cobb-Douglas. Deficits as in the ladder.",
    )


def holding(result: Result) -> Table:
    """Each step while savings pay for imports, and when they are gone."""
    table = make_table(
        f"While savings of {money(result.holding[0].stock_musd)} million last, and when they are "
        "gone: million USD a year",
        ["step", "imports", "deficit", "drawn", "real\nincome %", "real\noutput %",
         "gone:\nimports", "income %", "output %"],
    )  # fmt: skip
    for row in result.holding:
        table.add_row(
            row.label,
            money(row.imports_musd),
            money(row.deficit_musd),
            money(row.draw_musd),
            signed(row.real_income_pct, 1),
            signed(row.real_output_pct, 1),
            money(row.gone_imports_musd),
            signed(row.gone_real_income_pct, 1),
            signed(row.gone_real_output_pct, 1),
        )
    return captioned(
        table,
        "Savings are drawn first and keep imports at what law and hidden routes let through;\n"
        "income then holds what is drawn. gone: only what is earned and given pays.",
    )


def chances(result: Result) -> Table:
    """How long savings last at each step, and the chance of holding for five years."""
    priors = list(result.holding[0].priors)
    table = make_table(
        "How long it can be held, with each step's settings going on",
        ["step", "runway,\nmonths", "(range)", "holds 60\nmonths, %", "(range)", *priors],
    )
    for row in result.holding:
        table.add_row(
            row.label,
            runway(row.runway_months),
            _runway_range(row),
            f"{100 * row.survival:.0f}",
            _chance_range(row),
            *(f"{100 * row.priors[name]:.0f}" for name in priors),
        )
    ends = result.holding[0].runway_months_low is not None
    ranges = "Ranges: harsh and mild ends of all figures, and of the chance every prior."
    return captioned(
        table,
        f"{ranges if ends else 'Range: the priors alone; the full run adds all other figures.'}\n"
        "To hold: government and leader stay; priors: readings of a literature that\n"
        "disagrees. Runway: at this pace; 0: savings do not pay for all that is wanted.",
    )


def runway(months: float | None) -> str:
    """Months that savings last, in words where a number would pretend.

    Examples
    --------
    >>> runway(27.2), runway(None), runway(4000.0)
    ('27', 'no end', '> 600')
    """
    if months is None:
        return HARDLY
    return f"> {LONG}" if months > LONG else f"{months:.0f}"


def _runway_range(row: HoldingRow) -> str:
    if row.runway_months_low is None:
        return ""
    return f"{runway(row.runway_months_low)} … {runway(row.runway_months_high)}"


def _chance_range(row: HoldingRow) -> str:
    if row.survival_low is None or row.survival_high is None:
        return ""
    return f"{100 * row.survival_low:.0f} … {100 * row.survival_high:.0f}"


def months(result: Result) -> Table:
    """Trade and money in the last month of every quarter."""
    table = make_table(
        "Month by month: million USD a month, savings at its end",
        ["month", "exports", "imports", "hidden", "drawn", "savings", "(range)", "runway,\nmonths",
         "law covers,\nexports %"],
    )  # fmt: skip
    for row in _shown(result):
        table.add_row(
            row["month"],
            money(row["exports_musd"]),
            money(row["imports_musd"]),
            money(row["hidden_musd"]),
            money(row["draw_musd"]),
            money(row["stock_musd"]),
            _span(row, "stock_musd", money),
            runway(row["runway_months"]),
            _share(row, "exports_covered_share"),
        )
    return captioned(table, "The last month of each quarter; all are in the exported table.")


def economy(result: Result) -> Table:
    """Income, output, prices and the chance of holding in the same months."""
    goods = [name for name in result.timeline[0] if _is_price(name)]
    table = make_table(
        "Month by month: per cent against the baseline; prices over it, against consumer prices",
        ["month", "real\nincome", "real\noutput", "(range)",
         *(f"{name.removeprefix('price_')}" for name in goods), "holds %", "(range)"],
    )  # fmt: skip
    for row in _shown(result):
        table.add_row(
            row["month"],
            signed(row["real_income_pct"], 1),
            signed(row["real_output_pct"], 1),
            _span(row, "real_output_pct", lambda value: signed(value, 1)),
            *(f"{row[name]:.2f}" for name in goods),
            f"{100 * row['survival']:.1f}",
            _span(row, "survival", lambda value: f"{100 * value:.0f}"),
        )
    return captioned(
        table,
        "Income holds what is drawn from savings. Ranges: harsh and mild ends of all figures, and\n"
        "every prior of the hazard.",
    )


def _shown(result: Result) -> list[dict[str, Any]]:
    """The first month and the last of every quarter."""
    return [
        row
        for row in result.timeline
        if row["month"][5:] in QUARTER_ENDS or row is result.timeline[0]
    ]


def _share(row: dict[str, Any], name: str) -> str:
    return f"{100 * row[name]:.0f}" if name in row else ""


def _is_price(name: str) -> bool:
    return name.startswith("price_") and not name.endswith(("_low", "_high"))


def _span(row: dict[str, Any], name: str, written: Any) -> str:
    if f"{name}_low" not in row:
        return ""
    return f"{written(row[f'{name}_low'])} … {written(row[f'{name}_high'])}"


def causes(result: Result) -> Table:
    """What is new in which month."""
    table = text_table("What changes when", ["month", "cause"], left=2)
    for row in result.timeline:
        if row["causes"]:
            table.add_row(row["month"], "; ".join(row["causes"]))
    return table


def history(result: Result) -> Table:
    """Records beside the months."""
    table = make_table(
        "Beside the record",
        ["period", "what", "recorded", "computed", "(range)", "error", "in\nrange",
         "most moved by"],
        left=2,
    )  # fmt: skip
    for row in result.history:
        digits = 0 if row.unit == "million USD" else 2
        table.add_row(
            row.period,
            _what(row),
            f"{row.recorded:,.{digits}f}".replace("-", "−"),
            f"{row.computed:,.{digits}f}".replace("-", "−"),
            _history_range(row, digits),
            signed(row.error, 1) + ("" if row.measure == "growth" else " %"),
            {True: "yes", False: "no", None: ""}[row.within],
            row.driver + (" *" if row.read_off else ""),
        )
    return captioned(
        table,
        "Trade and deficit in million USD, prices as ratios, growth and its error in points.\n"
        "Recorded trade only: hidden trade is beside it. * some enforcement of that period was\n"
        "read off the year's own records, as the case's file says; nothing else was fitted.\n"
        "In range: the band meets the record's own. Harsh figures may offset one another, so that\n"
        "one group alone can lie outside the band. Most moved by: one group at its harsh end;\n"
        "money is savings, illicit income and support.",
    )


def _history_range(row: HistoryRow, digits: int) -> str:
    if row.computed_low is None or row.computed_high is None:
        return ""
    return f"{row.computed_low:,.{digits}f} … {row.computed_high:,.{digits}f}".replace("-", "−")


def _what(row: HistoryRow) -> str:
    name = NAMES.get(row.measure, row.measure.replace("_", " "))
    if row.good:
        name = f"{row.good}, {'USD' if row.measure == 'dollar_price' else 'relative price'}"
    return f"{name}, {row.partner}" if row.partner else name


def _forecasts(result: Result) -> list[RenderableType]:
    from rich.text import Text

    found: list[RenderableType] = []
    if result.forecasts:
        found.append(_forecast_table(result.forecasts))
    implied = result.implied_stock
    if implied is not None:
        words = (
            f"Savings that the recorded deficits of {implied.years} "
            f"({money(implied.deficits_musd)} million) needed: {money(implied.central)} "
            f"({money(implied.low)} to {money(implied.high)}) million USD, with own financing of "
            f"{money(implied.financing_central_musd)} "
            f"({money(implied.financing_low_musd)} to {money(implied.financing_high_musd)}). "
            f"The case states {money(implied.stated_central)} ({money(implied.stated_low)} to "
            f"{money(implied.stated_high)})."
        )
        found += [Text(""), Text(words)]
    return found


def _forecast_table(rows: tuple[ForecastRow, ...]) -> Table:
    table = make_table(
        "When savings were to be gone, and what the model would have said",
        ["forecast", "made", "said", "from", "model, same\nsavings", "model, own\nsavings",
         "(harsh)", "(mild)"],
    )  # fmt: skip
    for row in rows:
        table.add_row(
            row.id,
            row.made,
            row.said,
            money(row.stock_musd),
            row.model_with_its_stock or HARDLY,
            row.model_central or HARDLY,
            *(
                "" if month is None else month or HARDLY
                for month in (row.model_low, row.model_high)
            ),
        )
    return captioned(table, "At the pace of the month in which the forecast was made.")


def endurance_words(result: Result) -> str:
    """How long savings last at the last step, and what follows."""
    if not result.holding:
        return ""
    last = result.holding[-1]
    if last.runway_months is None:
        return "Savings are not drawn upon."
    span = ""
    if last.runway_months_low is not None:
        span = f" ({runway(last.runway_months_low)} to {runway(last.runway_months_high)})"
    return (
        f"That is without savings: at the pace of {result.as_of} these pay for "
        f"{runway(last.runway_months)} months{span}, with imports of {money(last.imports_musd)} "
        f"million a year and output at {signed(last.real_output_pct, 1)} %."
    )
