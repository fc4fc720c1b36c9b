"""``tumen monitor``: fill a store of trade records, look for signals, rank suspicions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tumen.monitor.panel import Asked, Panel

monitor_app = typer.Typer(
    help="Look for quiet support in trade records; bring your own.", no_args_is_help=True
)

BUNDLED = "cepii-baci-raw-materials"
"""Source of the bundled extract."""
Target = Annotated[str, typer.Argument(help="The economy that may be supported, such as PRK.")]
Since = Annotated[int, typer.Option(help="First year in which support is looked for.")]
Until = Annotated[int | None, typer.Option(help="Last year; without it the last one stored.")]
StoreFolder = Annotated[
    Path | None, typer.Option(help="A folder of records; without it the bundled extract.")
]
Products = Annotated[str, typer.Option(help='HS text: "27", "2701+2702", "50-63", "*".')]
Partners = Annotated[list[str] | None, typer.Option(help="Only this partner; repeat.")]
SourceName = Annotated[
    str | None, typer.Option(help="Of the records; without it the one with most.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Out = Annotated[Path | None, typer.Option(help="Write the rows here: .parquet or .csv.")]


@monitor_app.command("build")
def build_store(
    files: Annotated[
        list[Path], typer.Argument(help="Downloads: .csv, .parquet, .zip, or folders of them.")
    ],
    store: Annotated[Path, typer.Option(help="The folder to fill.")],
    source: Annotated[
        str | None, typer.Option(help="baci, comtrade, itpd or tidy; else by the columns.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="How a national customs table is laid out (.yaml).")
    ] = None,
    revision: Annotated[
        str | None, typer.Option(help="Edition of product codes, such as HS2017, if unsaid.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Append records to a store; wrong files leave it as it was."""
    from dataclasses import asdict

    from tumen.cli.output import print_json, progress
    from tumen.codes.products import REVISIONS
    from tumen.errors import InvalidInput, Problem
    from tumen.files.nearest import did_you_mean
    from tumen.monitor.build import build

    known = {name: name for name in REVISIONS}
    if revision is not None and revision not in known:
        message = f"is {revision!r}; {did_you_mean(revision, known)}"
        raise InvalidInput(Problem("--revision", message))
    with progress() as told:
        done = build(files, store, source, mapping, known[revision] if revision else None, told)
    if json_:
        print_json({"store": str(store), **asdict(done)})
        return
    sys.stdout.write(
        f"{store}: {done.new} new, {done.revised} revised, {done.known} as before, "
        f"{done.gone} kept that these files lack\n"
    )
    sys.stdout.write("".join(f"  {note}\n" for note in done.notes))


@monitor_app.command()
def fetch(
    reporter: Annotated[str, typer.Argument(help="Whose records, such as CHN.")],
    partner: Annotated[str, typer.Argument(help="With whom, such as PRK.")],
    periods: Annotated[list[str], typer.Argument(help="Years, or months as 201607.")],
    store: Annotated[Path, typer.Option(help="The folder to fill.")],
    flow: Annotated[str, typer.Option(help="export, import, reexport or reimport.")] = "import",
    product: Annotated[
        list[str] | None, typer.Option(help="HS codes, or AG6 for all of six digits; repeat.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="TUMEN_COMTRADE_KEY", help="Of UN Comtrade; without it a preview."),
    ] = None,
) -> None:
    """Ask UN Comtrade and append the answers to a store; they are kept beside it."""
    from tumen.cli.output import progress
    from tumen.errors import InvalidInput, Problem
    from tumen.monitor.build import build
    from tumen.sources.comtrade import FLOWS, ComtradeClient

    if flow not in FLOWS:
        raise InvalidInput(Problem("--flow", f"is {flow!r}, must be one of {', '.join(FLOWS)}"))
    client = ComtradeClient(store.with_name(f"{store.name}-answers"), key)
    with progress() as told:
        paths = []
        for done, period in enumerate(periods):
            told(f"asking for {period}", done, len(periods))
            paths.append(
                client.records(reporter, partner, period, flow, product or ["AG6"])  # type: ignore[arg-type]
            )
        appended = build(paths, store, "comtrade")
    sys.stdout.write(f"{store}: {appended.new} new, {appended.revised} revised\n")


@monitor_app.command()
def signals(
    target: Target,
    since: Since,
    store: StoreFolder = None,
    products: Products = "*",
    until: Until = None,
    partner: Partners = None,
    source: SourceName = None,
    tariffs: Annotated[
        Path | None, typer.Option(help="The target's duties, product and rate in per cent (.csv).")
    ] = None,
    json_: AsJson = False,
    out: Out = None,
) -> None:
    """Show every signal with its size, interval and the records it rests on."""
    from tumen.cli.output import print_json, print_lines, progress
    from tumen.monitor.finding import Finding
    from tumen.monitor.panel import Asked
    from tumen.monitor.signals import all_signals
    from tumen.report.monitor import signals_lines, signals_payload, write_rows
    from tumen.sources.tariffs import read_tariffs

    with panel_of(store, Asked(target, products, since, until, source)) as panel:
        with progress() as told:
            rates = None if tariffs is None else read_tariffs(tariffs)
            found = all_signals(panel, partner or [], lambda what: told(what, 0, 1), rates)
        if out is not None:
            write_rows(found.findings, Finding, out)
            sys.stderr.write(f"wrote {len(found.findings)} rows to {out}\n")
        if json_:
            print_json(signals_payload(found))
        else:
            print_lines(signals_lines(found, cited(store)))


@monitor_app.command()
def report(
    target: Target,
    since: Since,
    store: StoreFolder = None,
    products: Products = "*",
    until: Until = None,
    partner: Partners = None,
    source: SourceName = None,
    placebos: Annotated[
        int, typer.Option(help="Ask the same of so many other economies.", min=0)
    ] = 0,
    json_: AsJson = False,
    out: Out = None,
) -> None:
    """Rank suspected support, with false alarms, power, and σ for a scenario."""
    from tumen.cli.output import print_json, print_lines, progress
    from tumen.monitor.inquiry import inquire
    from tumen.monitor.panel import Asked
    from tumen.monitor.ranking import Suspicion
    from tumen.report.monitor import report_lines, report_payload, write_rows

    with panel_of(store, Asked(target, products, since, until, source)) as panel:
        with progress() as told:
            found = inquire(panel, partner or [], placebos, lambda what: told(what, 0, 1))
        if out is not None:
            write_rows(found.ranked, Suspicion, out)
            sys.stderr.write(f"wrote {len(found.ranked)} rows to {out}\n")
        if json_:
            print_json(report_payload(found))
        else:
            print_lines(report_lines(found, cited(store)))


def cited(store: Path | None) -> list[str]:
    """Return the source of the bundled extract; a user knows his own."""
    from tumen.catalogue.bundled import sources

    return [] if store else [f"Records: {sources()[BUNDLED].text}."]


@contextmanager
def panel_of(store: Path | None, asked: Asked) -> Iterator[Panel]:
    """Open a store, or the bundled extract, for a question."""
    from tempfile import TemporaryDirectory

    from tumen.catalogue.bundled import data
    from tumen.monitor.build import build
    from tumen.monitor.panel import Panel
    from tumen.monitor.store import Store

    with TemporaryDirectory() as folder:
        if store is None:
            store = Path(folder, "bundled")
            build(sorted(data("monitor").glob("*.csv")), store)
        with Store(store).opened() as connection:
            yield Panel(connection, asked)
