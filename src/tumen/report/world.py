"""``tumen world info``: what a world holds and what it lacks."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from tumen.report.numbers import money

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tumen.world import World

LARGEST = 12


def world_lines(name: str | None) -> list[RenderableType]:
    """Return a description of a world: size, largest economies, provenance, what is missing."""
    from tumen.catalogue.worlds import catalogue, load_world

    world = load_world(name)
    size = f"{len(world.economies)} economies, {len(world.sectors)} sectors"
    lines: list[RenderableType] = [str(world.dataset.attrs.get("title", size)), size, ""]
    lines += [f"bundled: {key}: {entry.note}" for key, entry in catalogue().worlds.items()]
    lines += ["", _accounts(world), "economies: " + " ".join(world.economies)]
    lines += ["sectors: " + " ".join(world.sectors), "", *_processing(world, name)]
    for key, value in world.dataset.attrs.items():
        text = str(value)
        lines.append(f"{key}: {text if len(text) < 300 else text[:297] + '…'}")
    return lines + _missing(world)


def _accounts(world: World) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    accounts = world.accounts
    table = Table(
        title="Value added and trade, million USD a year: the largest, and what was inserted",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("economy")
    for column in ("value added", "exports", "imports", "deficit", "remittances"):
        table.add_column(column, justify="right")
    order = list(np.argsort(-accounts.value_added)[:LARGEST])
    inserted = world.dataset.attrs.get("inserted")
    if inserted in world.economies:
        order.append(np.intp(world.economies.index(inserted)))
    for n in dict.fromkeys(order):
        figures = (
            accounts.value_added[n],
            accounts.exports[n],
            accounts.imports[n],
            accounts.deficit[n],
            world.remittances[:, n].sum(),
        )
        table.add_row(world.economies[n], *(money(float(figure)) for figure in figures))
    return table


def _processing(world: World, name: str | None) -> list[RenderableType]:
    """Say how much of a product an inserted economy makes from an input, and how much it buys."""
    from tumen.catalogue.inserts import load_insert
    from tumen.catalogue.worlds import catalogue

    entry = catalogue().worlds.get(name or catalogue().default)
    if entry is None or entry.insert is None:
        return []
    accounts = load_insert(entry.insert).accounts
    n, lines = world.economies.index(accounts.economy), []
    for each in accounts.processing:
        s = world.sectors.index(each.sector)
        made, bought = world.accounts.output[s, n], np.delete(world.accounts.trade[s, n], n).sum()
        unit, abroad = each.output_unit, each.output_imports
        lines += [
            f"{accounts.economy} {each.sector}: {_millions(each.output_volume)} {unit} made at "
            f"home from {_millions(each.input_volume.central)} {each.input_unit} of {each.input} "
            f"({money(made)} musd), {_millions(abroad.central)} ({_millions(abroad.low)} to "
            f"{_millions(abroad.high)}) bought abroad ({money(bought)} musd):",
            f"  imports are {100 * each.imported_part:.0f} % of {unit} and "
            f"{100 * bought / (made + bought):.0f} % of value",
        ]
    return [*lines, ""]


def _millions(volume: float) -> str:
    """A volume in millions.

    >>> _millions(520_000)
    '0.52 million'
    """
    return f"{volume / 1e6:.2f} million"


def _missing(world: World) -> list[RenderableType]:
    from tumen.catalogue.bundled import data

    if world.dataset.attrs.get("rest_of_world") is None:
        return []
    with data("worlds", "missing_economies.csv").open(encoding="utf-8", newline="") as file:
        names = [f"{row['iso3']} {row['name']}" for row in csv.DictReader(file)]
    absent = [name for name in names if name[:3] not in world.economies]
    return ["", f"no rest of the world; {len(absent)} economies are missing: " + ", ".join(absent)]
