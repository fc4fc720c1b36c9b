"""What the terminal shows: the sentence, the ladder, the closures apart, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.report.numbers import money, percent
from tumen.report.sentence import sentence
from tumen.scenario.result import Result, StepResult
from tumen.scenario.schema import Scenario

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

CLOSURE_WORDS = {
    "keep": "each economy's deficit stays at its dollars of the baseline",
    "income": "deficits move with own income",
    "zero": "no deficits, neither in the baseline nor after",
}


def report(scenario: Scenario, result: Result) -> list[RenderableType]:
    """Return everything that ``tumen run`` prints, in order."""
    from rich.markup import escape
    from rich.padding import Padding
    from rich.text import Text

    shown: list[RenderableType] = [
        Text(result.title, style="bold"),
        Padding(escape(sentence(scenario, result)), (1, 0)),
        ladder(result),
    ]
    if any(step.provisional for step in result.steps):
        shown.append(
            Text("p  provisional: these steps are typed in, not derived from law and evidence.")
        )
    shown += [Text(""), closures(result)]
    if result.sensitivity:
        shown += [Text(""), sensitivity(result)]
    shown += [Text(""), foundations(result)]
    return shown


def _table(title: str, columns: list[str], left: int = 1) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index < left else "right")
    return table


def ladder(result: Result) -> Table:
    """The steps: million USD a year that partners record, and per cent against the baseline."""
    table = _table(
        "The ladder: million USD a year; per cent against the baseline",
        [
            "step", "", "exports", "imports", "hidden", "real income", "(range)",
            "real output", "real earnings", "first-order",
        ],
        left=2,
    )  # fmt: skip
    for step in result.steps:
        table.add_row(
            step.label,
            "p" if step.provisional else "",
            money(step.exports_musd),
            money(step.imports_musd),
            money(step.hidden_musd),
            percent(step.real_income_pct, 2),
            _range(step),
            percent(step.real_output_pct, 2),
            percent(step.real_earnings_pct, 2),
            percent(step.first_order_pct, 2) + ("*" if step.first_order_flag else ""),
        )
    table.caption = (
        "exports, imports: what partners record. hidden: smuggled trade and unrecorded support.\n"
        "real income: exact, transfers included; its range is that of the trade elasticities.\n"
        "* outside the range of the first-order formula."
    )
    table.caption_justify = "left"
    return table


def _range(step: StepResult) -> str:
    if step.real_income_pct_low is None or step.real_income_pct_high is None:
        return ""
    if step.id == "baseline":
        return ""
    return f"{percent(step.real_income_pct_low, 1)} … {percent(step.real_income_pct_high, 1)}"


def closures(result: Result) -> Table:
    """Trade loss and financing loss, never in one band."""
    table = _table(
        "Trade loss and financing loss apart (real income against the baseline)",
        ["case", "real income", "real output", "real earnings", "all imports, musd"],
    )
    for case in result.closures:
        table.add_row(
            case.label,
            percent(case.real_income_pct, 2),
            percent(case.real_output_pct, 2),
            percent(case.real_earnings_pct, 2),
            money(case.imports_musd),
        )
    return table


def sensitivity(result: Result) -> Table:
    """Real income of the target at every step when one assumption changes."""
    steps = [step for step in result.steps if step.id != "baseline"]
    table = _table(
        "What it hangs on: real income when one assumption changes",
        ["assumption", "value", *(step.label for step in steps)],
        left=2,
    )
    table.add_row("as above", "", *(percent(step.real_income_pct, 2) for step in steps))
    for test in result.sensitivity:
        values = (percent(test.real_income_pct[step.id], 2) for step in steps)
        table.add_row(test.assumption, test.value, *values)
    return table


def foundations(result: Result) -> Table:
    """The baseline, the closure, the solver and the sources."""
    table = _table("What it rests on", ["", ""], left=2)
    table.show_header = False
    world = result.world
    worst = max(result.convergence, key=lambda step: step.worst_imbalance)
    rows = [
        ("baseline", str(world["title"])),
        (
            result.target,
            f"GDP {money(world['target_gdp_musd'])} musd ({world['gdp_basis']} basis); imports "
            f"{world['imports_share_of_gdp_pct']:.1f} % of it; deficit "
            f"{money(world['target_deficit_musd'])} musd, all goods and services",
        ),
        (
            "elasticities",
            f"{world['elasticity']}, {world['elasticity_range'][0]:g} to "
            f"{world['elasticity_range'][1]:g} by sector",
        ),
        ("closure", f"{world['closure']}: {CLOSURE_WORDS[world['closure']]}"),
        (
            "solver",
            f"worst imbalance {worst.worst_imbalance:.1e} (step {worst.step}, "
            f"{worst.iterations} iterations), accepted below {worst.tolerance:.0e}",
        ),
        ("sources", f"{len(result.sources)} cited: " + ", ".join(s.id for s in result.sources)),
    ]
    if result.elasticity_of_headline is not None:
        rows.insert(
            2,
            (
                "GDP basis",
                f"1 % more GDP changes the first step's loss by "
                f"{result.elasticity_of_headline:+.2f} %",
            ),
        )
    for name, value in rows:
        table.add_row(name, value)
    return table
