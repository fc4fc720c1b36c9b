"""The report in one file: sections in reading order, laid out by a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tumen.page.case import Case, TradeRecords
from tumen.page.downloads import Download, downloads
from tumen.page.drawing import Picture, draw
from tumen.page.drivers import drivers
from tumen.page.exhibit import Exhibit, Section
from tumen.page.flows import flows
from tumen.page.headline import facts, headline
from tumen.page.ladder import ladder
from tumen.page.law import law
from tumen.page.methods import file_hash, methods
from tumen.page.months import months
from tumen.page.partners import partners
from tumen.page.plots import unchecked
from tumen.page.politics import decision
from tumen.page.records import records
from tumen.page.shadow import shadow
from tumen.page.sources import cited, evidence
from tumen.page.templates import style, template
from tumen.page.workbook import write_workbook
from tumen.report.sentence import sentence
from tumen.scenario.result import Result
from tumen.scenario.schema import Scenario

SECTIONS: tuple[Callable[[Case], Section | None], ...] = (
    ladder, partners, flows, law, months, shadow, decision, records, drivers, evidence, methods,
)  # fmt: skip
"""In reading order; each reads the case alone, so that a server can draw one again."""
HASHED = ("result.json", "scenario.yaml")


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit with its picture and files, ready for the template."""

    exhibit: Exhibit
    svg: str
    files: list[Download]


Part = tuple[Section, list[Shown]]
"""A section with its exhibits, drawn."""


def sections(case: Case) -> Iterator[Section]:
    """Yield the sections for which the run holds something, in reading order."""
    for part in SECTIONS:
        section = part(case)
        if section is not None:
            yield section


def laid_out(found: Iterable[Section]) -> list[Part]:
    """Draw all exhibits, one after the other.

    Notes
    -----
    Neither threads nor a process of its own make it faster: the drawing program lets nothing run
    beside it, and takes as long to start as most charts together.
    """
    with unchecked():
        return [(part, [_shown(each, draw(each)) for each in part.exhibits]) for part in found]


def _shown(exhibit: Exhibit, drawn: Picture | None) -> Shown:
    """Put its files beside an exhibit."""
    return Shown(exhibit, drawn.svg if drawn else "", downloads(exhibit, drawn))


def page(case: Case, parts: Sequence[Part]) -> str:
    """Return the report as one HTML file that needs no other and no network."""
    return template("page.html.j2").render(
        title=case.result.title,
        as_of=case.result.as_of,
        sentence=sentence(case.scenario, case.result),
        headline=headline(case),
        facts=facts(case),
        parts=parts,
        sources=cited(case),
        style=style(),
        version=case.result.versions["tumen"],
    )


def write_page(
    scenario: Scenario, result: Result, folder: Path, found: TradeRecords | None = None
) -> list[str]:
    """Write ``report.html`` and ``tables.xlsx`` into a folder of results; return their names.

    Parameters
    ----------
    folder
        From :func:`tumen.report.export.results_folder`, with the results in it.
    found
        By the monitor; None leaves its section out.
    """
    hashes = {name: file_hash(folder / name) for name in HASHED if (folder / name).is_file()}
    case = Case(scenario, result, hashes, found)
    parts = laid_out(sections(case))
    (folder / "report.html").write_text(page(case, parts), encoding="utf-8")
    write_workbook(case, [part for part, _ in parts], folder / "tables.xlsx")
    return ["report.html", "tables.xlsx"]
