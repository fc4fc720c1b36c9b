"""Which chapters and headings the Harmonized System has, and which services Tumen names."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of ``tumen/data/codes``."""
    path = files("tumen").joinpath("data", "codes", name)
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def chapter_titles() -> dict[str, str]:
    """Chapter, two digits → its title in short.

    Examples
    --------
    >>> chapter_titles()["03"]
    'Fish, crustaceans and molluscs'
    """
    return {row["chapter"]: row["title"] for row in table("hs_chapters.csv")}


@cache
def last_headings() -> dict[str, int]:
    """Chapter → number of its last heading in any edition."""
    return {row["chapter"]: int(row["last_heading"]) for row in table("hs_chapters.csv")}


@cache
def services() -> dict[str, str]:
    """Service id → the sector it is booked in; empty for work abroad, which is no product.

    Examples
    --------
    >>> services()["S:tourism"], services()["S:labour"]
    ('I', '')
    """
    return {row["service"]: row["sector"] for row in table("services.csv")}
