"""What the terminal shows: the sentence, the ladder, the closures apart, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.report.backtest import backtest_tables
from tumen.report.decision import decision_tables, decision_words
from tumen.report.drawn import drawn_lines
from tumen.report.endurance import endurance_lines
from tumen.report.hubs import hubs
from tumen.report.layout import make_table
from tumen.report.numbers import money, signed
from tumen.report.sentence import sentence
from tumen.report.stepping_in import stepping_in_lines
from tumen.scenario.result import Result, Sensitivity, StepResult
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
    from rich.padding import Padding
    from rich.text import Text

    shown: list[RenderableType] = [
        Text(result.title, style="bold"),
        Padding(Text(sentence(scenario, result)), (1, 0)),
        ladder(result),
    ]
    if any(step.remittances_musd or step.transfers_musd for step in result.steps):
        shown += [Text(""), financing(result)]
    shown += [Text(""), closures(result)]
    if result.contributions:
        shown += [Text(""), decomposition(result)]
    if any(step.evasion_musd or step.diversion_musd for step in result.steps):
        shown += [Text(""), redirection(result)]
    shown += endurance_lines(result)
    if result.hubs:
        shown += [Text(""), hubs(result)]
    shown += stepping_in_lines(result)
    if result.decision is not None:
        words = decision_words(scenario, result.decision)
        shown += [Padding(Text(words), (1, 0)), *decision_tables(result.decision)]
    if result.backtest:
        for table in backtest_tables(result):
            shown += [Text(""), table]
    if result.draws:
        shown += [Text(""), *drawn_lines(result)]
    if result.sensitivity:
        shown += [Text(""), sensitivity(result)]
    shown += [Text(""), foundations(result)]
    return shown


def ladder(result: Result) -> Table:
    """The steps: million USD a year that partners record, and per cent against the baseline."""
    table = make_table(
        "The ladder: million USD a year; per cent against the baseline",
        [
            "step", "", "exports", "imports", "hidden", "real\nincome %", "range %",
            "real\noutput %", "real\nearnings %", "first-\norder %",
        ],
        left=2,
        whole=False,
    )  # fmt: skip
    for step in result.steps:
        table.add_row(
            step.label,
            "p" if step.provisional else "",
            money(step.exports_musd),
            money(step.imports_musd),
            money(step.hidden_musd),
            signed(step.real_income_pct, 2),
            _range(step),
            signed(step.real_output_pct, 2),
            signed(step.real_earnings_pct, 2),
            signed(step.first_order_pct, 2) + ("*" if step.first_order_flag else " "),
        )
    table.caption = "\n".join(_remarks(result))
    table.caption_justify = "left"
    return table


def _remarks(result: Result) -> list[str]:
    """What the ladder's columns and signs mean, as far as they are in it."""
    remarks = [
        "exports, imports: what partners record. hidden: smuggled trade and unrecorded support.",
        "real income: exact, transfers included; its range is that of the "
        + ("draws, 5 to 95 %." if result.draws else "trade elasticities."),
    ]
    if any(step.first_order_flag for step in result.steps):
        remarks.append("* outside the range of the first-order formula.")
    if any(step.provisional for step in result.steps):
        remarks.append("p provisional: typed in, not derived from law and evidence.")
    base = result.steps[0]
    if base.exports_unrecorded_musd or base.imports_unrecorded_musd:
        remarks.append(
            "Open trade outside customs records comes on top, in the\n"
            f"baseline exports {money(base.exports_unrecorded_musd)}, imports "
            f"{money(base.imports_unrecorded_musd)}; with it imports less exports are the deficit."
        )
    return remarks


def _range(step: StepResult) -> str:
    if step.real_income_pct_low is None or step.real_income_pct_high is None:
        return ""
    if step.id == "baseline":
        return ""
    low, high = step.real_income_pct_low, step.real_income_pct_high
    digits = 1 if max(abs(low), abs(high)) >= 1 else 2
    return f"{signed(low, digits)} … {signed(high, digits)}"


def financing(result: Result) -> Table:
    """What pays for imports beyond exports: pay of workers abroad, support and illicit income."""
    table = make_table(
        "What pays for imports beyond exports: million USD a year",
        ["step", "remittances", "support and\nillicit income", "rest of the\nbaseline",
         "deficit"],
    )  # fmt: skip
    for step in result.steps:
        rest = step.deficit_musd - step.remittances_musd - step.transfers_musd
        parts = (step.remittances_musd, step.transfers_musd, rest, step.deficit_musd)
        table.add_row(step.label, *(money(part) for part in parts))
    table.caption = (
        "remittances: pay of workers abroad, no trade and recorded nowhere.\n"
        "support and illicit income: beyond the baseline, whose rest holds what came before."
    )
    table.caption_justify = "left"
    return table


def closures(result: Result) -> Table:
    """Trade loss and financing loss, never in one band."""
    table = make_table(
        "Trade loss and financing loss apart: per cent against the baseline",
        ["case", "real income %", "real output %", "real earnings %", "all imports, musd"],
    )
    for case in result.closures:
        table.add_row(
            case.label,
            signed(case.real_income_pct, 2),
            signed(case.real_output_pct, 2),
            signed(case.real_earnings_pct, 2),
            money(case.imports_musd),
        )
    return table


def sensitivity(result: Result) -> Table:
    """Real income of the target at every step when one assumption changes."""
    steps = [step for step in result.steps if step.id != "baseline"]
    table = make_table(
        "What it hangs on: real income, per cent, when one assumption changes",
        ["assumption", "value", *(step.label for step in steps)],
        left=2,
    )
    table.add_row("as above", "", *(signed(step.real_income_pct, 2) for step in steps))
    for test in result.sensitivity:
        values = (_tested(test, step.id) for step in steps)
        table.add_row(test.assumption, test.value, *values)
    problems = [
        f"{test.assumption} {test.value}: {test.problem}"
        for test in result.sensitivity
        if test.problem
    ]
    if problems:
        table.caption = "\n".join(["none: no solution under this assumption.", *problems])
        table.caption_justify = "left"
    return table


def _tested(test: Sensitivity, step: str) -> str:
    return signed(test.real_income_pct[step], 2) if step in test.real_income_pct else "none"


def decomposition(result: Result) -> Table:
    """What each part of a step adds, on top of the parts before it."""
    labels = {step.id: step.label for step in result.steps}
    table = make_table(
        "Step by step: what each part adds to the ones before (sums exactly)",
        ["step", "part", "real income, points", "exports, musd", "imports, musd"],
        left=2,
        whole=False,
    )
    last = ""
    for part in result.contributions:
        label = labels[part.step]
        table.add_row(
            "" if label == last else label,
            part.part,
            signed(part.real_income_points, 3),
            money(part.exports_musd),
            money(part.imports_musd),
        )
        last = label
    return table


def redirection(result: Result) -> Table:
    """Diversion that comes by itself, and evasion, apart."""
    table = make_table(
        "Where trade goes: million USD a year, exports and imports together",
        ["step", "diversion", "evasion", "of it hidden", "rents from abroad"],
    )
    for step in result.steps[1:]:
        table.add_row(
            step.label,
            money(step.diversion_musd),
            money(step.evasion_musd),
            money(step.hidden_exports_musd + step.hidden_imports_musd),
            money(step.rents_abroad_musd),
        )
    table.caption = (
        "diversion: gains on links that no setting touches.\n"
        "evasion: smuggled trade, and banned trade not stopped."
    )
    table.caption_justify = "left"
    return table


def foundations(result: Result) -> Table:
    """The baseline, the closure, the solver and the sources."""
    table = make_table("What it rests on", ["", ""], left=2, whole=False)
    table.show_header = False
    world = result.world
    worst = max(result.convergence, key=lambda step: step.worst_imbalance)
    low, high = world["elasticity_range"]
    table.add_row("baseline", str(world["title"]))
    table.add_row(result.target, _target(result))
    if result.elasticity_of_headline is not None:
        change = signed(result.elasticity_of_headline, 2)
        text = f"1 % more GDP changes the first step's loss by {change} %"
        table.add_row("GDP basis", text)
    table.add_row("elasticities", f"{world['elasticity']}, {low:g} to {high:g} by sector")
    table.add_row("closure", f"{world['closure']}: {CLOSURE_WORDS[world['closure']]}")
    table.add_row(
        "solver",
        f"worst imbalance {worst.worst_imbalance:.1e} (step {worst.step}, "
        f"{worst.iterations} iterations), accepted below {worst.tolerance:.0e}",
    )
    if world["economies_beside"] < world["economies"]:
        table.add_row(
            "merged",
            f"months, bands and the decision run on {world['economies_beside']} of "
            f"{world['economies']} economies, those merged that the case treats alike; in the "
            f"ladder this moves at most {world['merging_difference_pct']:.1e} %",
        )
    cited = ", ".join(source.id for source in result.sources)
    table.add_row("sources", f"{len(result.sources)} cited: {cited}")
    return table


def _target(result: Result) -> str:
    """The target's accounts in one line."""
    world = result.world
    basis = ""
    if world["insert"]:
        template = world["input_template"]
        costs = f", costs like {template}" if template else ""
        basis = f" ({world['gdp_basis']} basis{costs})"
    deficit = world["target_deficit_musd"]
    balance = f"{'deficit' if deficit >= 0 else 'surplus'} {money(abs(deficit))} musd"
    if world["target_remittances_musd"]:
        balance += f" (pay of workers abroad {money(world['target_remittances_musd'])})"
    return (
        f"GDP {money(world['target_gdp_musd'])} musd{basis}; imports "
        f"{world['imports_share_of_gdp_pct']:.1f} % of it; {balance}, all goods and services"
    )
