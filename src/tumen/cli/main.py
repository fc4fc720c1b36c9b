"""The commands. Libraries load where they are used, so that ``tumen --help`` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tumen.cli.monitor import monitor_app
from tumen.errors import TumenError

app = typer.Typer(
    name="tumen",
    help="What happens to an economy under sanctions: the law, what leaks, and who steps in.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
world_app = typer.Typer(help="Look at worlds and import your own.", no_args_is_help=True)
app.add_typer(world_app, name="world")
app.add_typer(monitor_app, name="monitor")

ScenarioName = Annotated[str, typer.Argument(help="A bundled name, or a file that ends in .yaml.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Override a setting, such as world.gdp_basis=low."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def app_entry() -> None:
    """Run the command line; a known error is one message on stderr and an exit status.

    2: the input cannot be used. 1: no solution exists or none was found.
    """
    from tumen.errors import InvalidInput

    try:
        app(standalone_mode=True)
    except InvalidInput as error:
        _fail(error, 2)
    except TumenError as error:
        _fail(error, 1)
    finally:
        _let_go_of_stdout()


def _fail(error: TumenError, status: int) -> None:
    notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", []))
    sys.stderr.write(f"error: {error}{notes}\n")
    sys.exit(status)


def _let_go_of_stdout() -> None:
    """Write what is left; when the reader has gone, as after ``| head``, leave without a word."""
    try:
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@app.command()
def run(
    scenario: ScenarioName,
    set_: Settings = None,
    json_: AsJson = False,
    until: Annotated[
        str | None, typer.Option(help="Last month of the timeline, YYYY-MM.", metavar="YYYY-MM")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out bands and other assumptions.")
    ] = False,
    draws: Annotated[
        int, typer.Option(help="Run this often with all figures drawn from their ranges.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of the draws.", min=0)] = 0,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler that runs the draws.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the page, tables, JSON and the scenario here.")
    ] = None,
    records: Annotated[
        str | None,
        typer.Option(help="Trade records for the page: a store of tumen monitor, or bundled."),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(help="First year in which they may show support.", show_default=False),
    ] = None,
) -> None:
    """Run a case and print the answer, the ladder and what it rests on."""
    from tumen.cli.drawing import Drawing, finished, with_draws
    from tumen.cli.output import print_json, print_lines, processes, progress
    from tumen.cli.records import AskedRecords, trade_records
    from tumen.cli.starting import until_setting
    from tumen.page.page import write_page
    from tumen.report.export import results_folder, write_results
    from tumen.report.payload import payload
    from tumen.report.tables import report
    from tumen.scenario.decision import BRIEF, ON_A_PAGE
    from tumen.scenario.load import load_scenario
    from tumen.scenario.run import run as run_ladder

    case = load_scenario(scenario, [*(set_ or []), *until_setting(until)])
    with results_folder(out) as folder:
        with progress() as told:
            found = trade_records(case, AskedRecords(records, since, out is not None), told)
            depth = BRIEF if out is None else ON_A_PAGE
            result = run_ladder(case, told, not quick, 1 if quick else processes(), depth)
            asked = Drawing(draws, seed, cluster, not quick, out)
            result, drawn = with_draws(case, result, asked, told)
        written = []
        if folder is not None:
            written = write_results(case, result, folder, drawn)
            written += write_page(case, result, folder, found)
    finished(asked)
    if written:
        sys.stderr.write(f"wrote {len(written)} files to {out}\n")
    if json_:
        print_json(payload(case, result))
    else:
        print_lines(report(case, result))


@app.command()
def scenarios() -> None:
    """List the bundled cases."""
    from tumen.cli.output import print_lines
    from tumen.scenario.load import read_scenario, scenario_names

    print_lines([f"{name:16s}{read_scenario(name).title}" for name in scenario_names()])


@app.command()
def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Scenarios, regimes and claims (.yaml), worlds (.nc) or folders of tables."
        ),
    ],
) -> None:
    """Check files and folders without running anything; all problems of each at once."""
    from tumen.cli.checking import check_path, within
    from tumen.errors import InvalidInput, Problem

    problems: list[Problem] = []
    for path in files:
        try:
            sys.stdout.write(f"{path}: {check_path(path)}\n")
        except InvalidInput as error:
            problems += [within(item, path) for item in error.problems]
    if problems:
        raise InvalidInput(problems)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A scenario, or a folder written by --out.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    json_: AsJson = False,
) -> None:
    """Put two runs side by side."""
    from tumen.cli.output import print_json, print_lines, progress
    from tumen.report.comparison import comparison, differences, stored_payload
    from tumen.report.payload import payload
    from tumen.scenario.load import load_scenario
    from tumen.scenario.run import run as run_ladder

    found = []
    for name in (first, second):
        if Path(name).is_dir():
            found.append(stored_payload(Path(name)))
        else:
            case = load_scenario(name)
            with progress() as told:
                found.append(payload(case, run_ladder(case, told, sensitivity=False)))
    if json_:
        print_json({"a": first, "b": second, "differences": differences(*found)})
    else:
        print_lines([comparison(found[0], found[1], (first, second))])


@app.command()
def explain(
    scenario: ScenarioName,
    number: Annotated[str, typer.Argument(help="STEP.NUMBER, for example law.real_income_pct.")],
    set_: Settings = None,
) -> None:
    """Show the inputs, the sources and the formula behind one printed number."""
    from tumen.cli.output import print_lines, progress
    from tumen.report.explanation import explain as explain_number
    from tumen.scenario.load import load_scenario
    from tumen.scenario.run import run as run_ladder

    case = load_scenario(scenario, set_ or [])
    with progress() as told:
        result = run_ladder(case, told, sensitivity=False)
    print_lines(explain_number(case, result, number))


@app.command()
def decide(
    scenario: ScenarioName,
    set_: Settings = None,
    draws: Annotated[
        int | None, typer.Option(help="How often all motives are drawn.", min=0)
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draws.", min=0)] = 0,
    out: Annotated[Path | None, typer.Option(help="Write tables and JSON here.")] = None,
    json_: AsJson = False,
) -> None:
    """Show who votes and who supports in hiding, where that tips, and what must be believed."""
    from tumen.cli.output import print_json, print_lines, processes, progress
    from tumen.report.decision import decision_lines, decision_payload
    from tumen.report.export import results_folder, write_decision
    from tumen.scenario.decision import DRAWS, Depth, required
    from tumen.scenario.load import load_scenario

    case = load_scenario(scenario, set_ or [])
    depth = Depth(draws=DRAWS if draws is None else draws, seed=seed)
    with results_folder(out) as folder:
        with progress() as told:
            found = required(case, depth, processes(), told)
        if folder is not None:
            write_decision(case, found, folder)
    if json_:
        print_json(decision_payload(case, found))
    else:
        print_lines(decision_lines(case, found))


@app.command()
def evidence(
    scenario: ScenarioName,
    set_: Settings = None,
    json_: AsJson = False,
) -> None:
    """Show who claims each number of a case, through whom, and which claims disagree."""
    from tumen.cli.output import print_json, print_lines
    from tumen.report.evidence import evidence_lines, evidence_payload
    from tumen.scenario.evidence import evidence as behind
    from tumen.scenario.load import load_scenario

    found = behind(load_scenario(scenario, set_ or []))
    if json_:
        print_json(evidence_payload(found))
    else:
        print_lines(evidence_lines(found))


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="What to start: scenario or regime.")],
    name: Annotated[str, typer.Argument(help="Its name; the file NAME.yaml is written here.")],
) -> None:
    """Write a commented start file."""
    from tumen.cli.starting import start_file

    sys.stdout.write(f"wrote {start_file(kind, name)}\n")


@app.command()
def regimes() -> None:
    """List the bundled regimes of sanctions."""
    from tumen.cli.output import print_lines
    from tumen.report.coverage import regime_lines

    print_lines(regime_lines())


@app.command()
def coverage(
    regime: Annotated[str, typer.Argument(help="A bundled regime, or a file that ends in .yaml.")],
    date: Annotated[str, typer.Option(help="The day, YYYY-MM-DD.")],
    json_: AsJson = False,
) -> None:
    """Show what share of the target's trade the law bans or caps on a day."""
    from tumen.cli.output import print_json, print_lines
    from tumen.cli.starting import day
    from tumen.report.coverage import coverage_lines, coverage_payload

    if json_:
        print_json(coverage_payload(regime, day(date)))
    else:
        print_lines(coverage_lines(regime, day(date)))


@app.command()
def lifelines(
    target: Annotated[str | None, typer.Argument(help="An economy of the world.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All targets by all partners.")] = False,
    world: Annotated[str | None, typer.Option(help="A bundled world or a .nc file.")] = None,
    deficits: Annotated[str, typer.Option(help="keep, income or zero.")] = "keep",
    substitute_price: Annotated[
        float, typer.Option(help="Price ratio where a partner is the only source of a product.")
    ] = 10.0,
    out: Annotated[Path | None, typer.Option(help="With --all: the .parquet file.")] = None,
    json_: AsJson = False,
) -> None:
    """Show on whom an economy depends: trade shares, and income lost if each partner leaves."""
    from tumen.cli.lifelines import lifelines as show
    from tumen.errors import InvalidInput, Problem

    if all_ == (target is not None):
        raise InvalidInput(Problem("lifelines", "name one TARGET, or give --all and no target"))
    if target is not None and out is not None:
        raise InvalidInput(Problem("--out", "goes with --all; one target is printed, or --json"))
    sys.stderr.write(show(target, world, deficits, substitute_price, out, json_))


@app.command()
def supporters(
    scenario: ScenarioName,
    musd: Annotated[
        float, typer.Option(help="What each gives, or opens in trade, million USD a year.")
    ] = 100.0,
    set_: Settings = None,
    json_: AsJson = False,
) -> None:
    """Show who could step in: the same support by every economy, what it does and costs."""
    from tumen.cli.output import print_json, print_lines, progress
    from tumen.report.supporters import supporters_lines, supporters_payload
    from tumen.scenario.load import load_scenario
    from tumen.scenario.supporters import supporters as compare_supporters

    case = load_scenario(scenario, set_ or [])
    with progress() as told:
        found = compare_supporters(case, musd, told)
    if json_:
        print_json(supporters_payload(found))
    else:
        print_lines(supporters_lines(found))


@app.command()
def package(
    target: Annotated[str, typer.Argument(help="Whom it is to hurt: an economy of the world.")],
    member: Annotated[
        list[str],
        typer.Option(help="MEMBER=PERCENT of its real income that it would lose; repeat."),
    ],
    flow: Annotated[
        list[str] | None, typer.Option(help="Only export, or only import, of the target.")
    ] = None,
    sector: Annotated[list[str] | None, typer.Option(help="Only this sector; repeat.")] = None,
    transfers: Annotated[
        bool, typer.Option("--transfers", help="Members compensate each other.")
    ] = False,
    frontier: Annotated[
        bool, typer.Option("--frontier", help="With limits from a quarter to four times.")
    ] = False,
    world: Annotated[str | None, typer.Option(help="A bundled world or a .nc file.")] = None,
    json_: AsJson = False,
) -> None:
    """Find the bans that hurt a target most for what a coalition would lose."""
    from tumen.cli.output import print_json, print_lines
    from tumen.cli.package import coalition
    from tumen.report.package import package_lines, package_payload

    asked = coalition(target, member, flow or [], sector or [], transfers, world)
    best = asked.best()
    curve = asked.frontier() if frontier else []
    first = asked.first_cuts()
    if json_:
        print_json(package_payload(best, curve, first))
    else:
        print_lines(package_lines(best, curve, first))


@app.command()
def serve(
    scenario: Annotated[str, typer.Argument(help="The bundled case to open with.")],
    port: Annotated[int, typer.Option(help="Where it listens.", min=1, max=65535)] = 8017,
    host: Annotated[str, typer.Option(help="The address it listens on.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A name by which others call this machine; repeat."),
    ] = None,
) -> None:
    """Show a case live in the browser: the answer follows its controls."""
    from tumen.cli.serving import serve as listen

    listen(scenario, port, host, allow_host or [])


@world_app.command("info")
def world_info(
    name: Annotated[str | None, typer.Argument(help="A bundled world or a .nc file.")] = None,
) -> None:
    """Say what a world holds, how it was made and which economies it lacks."""
    from tumen.cli.output import print_lines
    from tumen.report.world import world_lines

    print_lines(world_lines(name))


@world_app.command("import")
def world_import(
    folder: Annotated[
        Path, typer.Argument(help="Holds trade.csv and other tables; or a CSV of the OECD ICIO.")
    ],
    out: Annotated[Path, typer.Option(help="The .nc file to write.")],
    missing: Annotated[
        str, typer.Option(help="Absent rows, negative cells of an ICIO: refuse, or zero.")
    ] = "refuse",
    balance: Annotated[
        str, typer.Option(help="Data that are no equilibrium: refuse, equilibrate or rebalance.")
    ] = "refuse",
    deficits: Annotated[str, typer.Option(help="With equilibrate: keep or zero.")] = "keep",
    elasticity: Annotated[
        float | None, typer.Option(help="Of trade, for all sectors of an ICIO; else as bundled.")
    ] = None,
) -> None:
    """Turn tidy tables, or a table of the OECD ICIO, into a world."""
    from tumen.cli.importing import import_world

    world = import_world(folder, out, missing, balance, deficits, elasticity)
    sys.stdout.write(f"wrote {out}: {world}\n")
