"""How it was computed, with what, what it cannot say, and how to cite it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tumen.catalogue.bundled import data
from tumen.catalogue.worlds import catalogue
from tumen.page.adoptions import law_setting
from tumen.page.case import Case
from tumen.page.exhibit import Exhibit, Row, Section, words
from tumen.report.formulas import FORMULAS
from tumen.report.numbers import money, signed
from tumen.report.tables import CLOSURE_WORDS

READINGS = ("real_income_pct", "real_output_pct", "real_earnings_pct", "first_order_pct")
LIMITS = (
    "The model is a static trade equilibrium of many economies and sectors: between two steps "
    "nothing is invested, nobody migrates, and no firm enters.",
    "Sectors are broad: what is banned within a sector counts by its share of the sector's trade.",
    "Hidden trade is an inference from law, enforcement and mark-ups, never a record.",
    "Enforcement and the size of support are ranges. The answer is the range, not its middle.",
)


def methods(case: Case) -> Section:
    """Return the methods, versions, hashes, limits and the citation."""
    return Section(
        "methods",
        "Methods, versions, limits",
        listed=(
            *_foundations(case),
            ("Limits", " ".join((*LIMITS, *case.result.notes))),
            ("How to cite", _citation(case)),
        ),
        exhibits=(_formulas(), _files(case)),
    )


def _foundations(case: Case) -> Iterator[tuple[str, str]]:
    result, world = case.result, case.result.world
    worst = max(result.convergence, key=lambda step: step.worst_imbalance)
    low, high = world["elasticity_range"]
    yield (
        "Model",
        "Trade equilibrium with input links after Caliendo and Parro (2015), solved exactly for "
        "each step; freeness of trade from law, enforcement, finance and smuggling.",
    )
    yield "Baseline", str(world["title"])
    yield (
        case.target,
        f"GDP {money(world['target_gdp_musd'])} million USD; imports "
        f"{world['imports_share_of_gdp_pct']:.1f} % of it; deficit "
        f"{money(world['target_deficit_musd'])} million USD, all goods and services",
    )
    if result.elasticity_of_headline is not None:
        change = signed(result.elasticity_of_headline, 2)
        yield "GDP basis", f"1 % more GDP changes the first step's loss by {change} %"
    yield "Trade elasticities", f"{world['elasticity']}, {low:.2f} to {high:.2f} by sector"
    yield "Closure", f"{world['closure']}: {CLOSURE_WORDS[world['closure']]}"
    yield (
        "Solver",
        f"worst imbalance {worst.worst_imbalance:.1e} (step {case.labels[worst.step]}, "
        f"{worst.iterations} iterations), accepted below {worst.tolerance:.0e}",
    )
    if result.draws:
        yield "Draws", f"{result.draws}, seed {result.seed}; {result.failed_draws} without solution"
    yield "Versions", ", ".join(f"{name} {number}" for name, number in result.versions.items())


def _citation(case: Case) -> str:
    version = case.result.versions["tumen"]
    return (
        "The Tumen developers: Tumen: sanctions, the benefactor who leaves and the one who steps "
        f"in, version {version}. Case {case.result.scenario}, as of {case.result.as_of}. Name the "
        "sources of the figures that you use, too: they are listed above."
    )


def _formulas() -> Exhibit:
    rows: tuple[Row, ...] = tuple(
        {"number": name, "formula": FORMULAS[name].text, "reference": FORMULAS[name].reference}
        for name in READINGS
    )
    return Exhibit(
        "methods-formulas",
        "Three readings of the loss, and the first-order sum",
        (words("number", "Number"), words("formula", "Formula"), words("reference", "Reference")),
        rows,
        note="tumen explain prints formula, inputs and sources of any number.",
    )


def _files(case: Case) -> Exhibit:
    rows = [{"file": name, "sha256": digest} for name, digest in case.hashes.items()]
    rows += [
        {"file": path.relative_to(data()).as_posix(), "sha256": file_hash(path)}
        for path in _inputs(case)
    ]
    return Exhibit(
        "methods-hashes",
        "The files that went in and came out",
        (words("file", "File"), words("sha256", "SHA-256")),
        tuple(rows),
        note="scenario.yaml, written beside this page, repeats the run alone.",
    )


def _inputs(case: Case) -> Iterator[Path]:
    """Bundled files that the run read, and the outline of the map."""
    name: str | None = case.scenario.world.name or catalogue().default
    while name in catalogue().worlds:
        entry = catalogue().worlds[name]
        path = data("worlds", f"{name}.nc")
        if path.is_file():
            yield path
        name = entry.base
    setting = law_setting(case.scenario)
    for regime in setting.regimes if setting else ():
        path = data("regimes", f"{regime}.yaml")
        if path.is_file():
            yield path
    yield data("map", "countries-110m.json")


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
