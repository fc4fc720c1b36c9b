"""Trade records for the page of a run: the monitor's answer for the target of a case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.cli.monitor import BUNDLED, panel_of
from tumen.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from tumen.page.case import TradeRecords
    from tumen.scenario.schema import Scenario
    from tumen.scenario.spread import Progress

EXTRACT = "bundled"
"""Stands for the bundled extract where a store is named."""


@dataclass(frozen=True, slots=True)
class AskedRecords:
    """What was asked for."""

    store: str | None
    since: int | None
    """None: the year before the target's accounts, so that they are looked at too."""
    written: bool
    """Whether there will be a page."""


def trade_records(case: Scenario, asked: AskedRecords, told: Progress) -> TradeRecords | None:
    """Ask the monitor about the target of a case, in all products; None without a store."""
    from tumen.catalogue.bundled import sources
    from tumen.monitor.inquiry import inquire
    from tumen.monitor.panel import Asked
    from tumen.page.case import TradeRecords
    from tumen.scenario.result import CitedSource

    if asked.store is None:
        if asked.since is not None:
            raise InvalidInput(Problem("--since", "is of trade records: name them with --records"))
        return None
    if not asked.written:
        raise InvalidInput(Problem("--records", "makes a section of the page: add --out FOLDER"))
    bundled = asked.store == EXTRACT
    since = case.target_year - 1 if asked.since is None else asked.since
    with panel_of(None if bundled else Path(asked.store), Asked(case.target, "*", since)) as panel:
        found = inquire(panel, told=lambda what: told(f"trade records: {what}", 0, 1))
    source = sources()[BUNDLED]
    cited = CitedSource(source.id, source.text, source.url) if bundled else None
    return TradeRecords(found, cited)
