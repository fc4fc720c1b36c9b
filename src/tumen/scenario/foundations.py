"""What a result rests on: the baseline, the sources and the programs."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tumen.catalogue.inserts import load_insert
from tumen.catalogue.worlds import catalogue
from tumen.regime.consistency import ON_FLOWS
from tumen.scenario.citations import scenario_sources
from tumen.scenario.load import quantities
from tumen.scenario.result import CitedSource
from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.target_law import scenario_law

if TYPE_CHECKING:
    from tumen.world import World


def cited(scenario: Scenario) -> list[CitedSource]:
    """The sources of the scenario's figures, in the order in which they are first cited."""
    known = scenario_sources(scenario)
    ids = dict.fromkeys(quantity.source for _, quantity in quantities(scenario))
    for step in scenario.steps:
        if step.law is not None:
            ids |= dict.fromkeys(sorted(law_sources(scenario, step.law)))
    ids |= dict.fromkeys(baseline_sources(scenario))
    return [CitedSource(key, known[key].text, known[key].url) for key in ids]


def baseline_sources(scenario: Scenario) -> list[str]:
    """Ids of the sources of the bundled world and of what is inserted into it."""
    found: list[str] = []
    name: str | None = scenario.world.name or catalogue().default
    while name in catalogue().worlds:
        entry = catalogue().worlds[name]
        if entry.insert is not None:
            insert = load_insert(entry.insert)
            found += [quantity.source for quantity in insert.accounts.quantities]
            found += insert.value_added_sources.values()
            found += [row.source for row in insert.trade]
        found += entry.sources
        name = entry.base
    return list(dict.fromkeys(found))


def law_sources(scenario: Scenario, law: LawSetting) -> set[str]:
    """Ids of the sources of the measures on trade that a law has in force."""
    return {
        source
        for measure in scenario_law(scenario, law).measures
        if measure.instrument in ON_FLOWS and measure.in_force(law.date)
        for source in measure.sources
    }


def world_facts(scenario: Scenario, world: World) -> dict[str, Any]:
    """Facts of the baseline that reports print."""
    n = world.economies.index(scenario.target)
    accounts = world.accounts
    theta = world.dataset["trade_elasticity"].values
    return {
        "title": world.dataset.attrs.get("title", ""),
        "insert": world.dataset.attrs.get("insert", ""),
        "gdp_basis": scenario.world.gdp_basis,
        "input_template": scenario.world.input_template,
        "target_gdp_musd": float(accounts.value_added[n]),
        "target_deficit_musd": float(accounts.deficit[n]),
        "target_remittances_musd": float(world.remittances[:, n].sum()),
        "imports_share_of_gdp_pct": float(100 * accounts.imports[n] / accounts.value_added[n]),
        "elasticity": scenario.elasticity,
        "elasticity_range": [float(theta.min()), float(theta.max())],
        "closure": scenario.deficits,
        "economies": len(world.economies),
        "sectors": len(world.sectors),
    }


def versions() -> dict[str, str]:
    """Versions of Tumen, Python and the numerical libraries."""
    from tumen import __version__

    return {"tumen": __version__, "python": platform.python_version(), **_packages()}


@cache
def _packages() -> dict[str, str]:
    return {name: version(name) for name in ("numpy", "scipy", "xarray")}
