"""What files call economies, numbers or text, with the years in which they may: one label each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tumen.codes.chapters import table
from tumen.codes.trade_areas import trade_areas

SLACK = 1
"""Years by which a text code may run ahead of the number it goes with: states begin in mid-year."""


@dataclass(frozen=True, slots=True)
class AreaLabel:
    """A code or name in a file, and the economy it means."""

    text: str
    label: str
    """ISO 3166 alpha-3, X with a number for what is not specified; empty for sums of economies."""
    first: int
    last: int
    name: str

    def years(self) -> str:
        """Say when the code is in use."""
        if self.first and self.last < 9999:
            return f"from {self.first} to {self.last}"
        return f"since {self.first}" if self.first else f"until {self.last}"


@cache
def numeric_labels() -> dict[str, AreaLabel]:
    """UN area code as text → its label: BACI's economies and what Comtrade has besides.

    Examples
    --------
    >>> known = numeric_labels()
    >>> known["490"].label, known["408"].label, known["728"].years(), known["0"].label
    ('TWN', 'PRK', 'since 2012', '')
    >>> known["412"].label, known["736"].years()
    ('XKX', 'until 2011')
    """
    known = {
        str(area.code): AreaLabel(str(area.code), area.label, area.first, area.last, area.name)
        for area in trade_areas().values()
    }
    for row in table("comtrade_areas.csv"):
        years = int(row["from"] or 0), int(row["until"] or 9999)
        known.setdefault(row["code"], AreaLabel(row["code"], row["iso3"], *years, row["name"]))
    return known


@cache
def text_labels() -> dict[str, AreaLabel]:
    """Three-letter code or name, as files have them → its label.

    Examples
    --------
    >>> known = text_labels()
    >>> known["S19"].label, known["Korea, North"].label, known["SSD"].first
    ('TWN', 'PRK', 2011)
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    names = {row["iso3"]: row["name"] for row in table("economies.csv")}
    for area in numeric_labels().values():
        if area.label:
            spans.setdefault(area.label, []).append((area.first, area.last))
            names.setdefault(area.label, area.name)
    known = {label: _text(label, label, names[label], spans) for label in names}
    for row in table("economies.csv"):
        for name in filter(None, [row["name"], *row["aliases"].split("|")]):
            known.setdefault(name, _text(name, row["iso3"], row["name"], spans))
    for row in table("economy_aliases.csv"):
        name = names.get(row["iso3"], row["text"])
        known.setdefault(row["text"], _text(row["text"], row["iso3"], name, spans))
    return known


def _text(text: str, label: str, name: str, spans: dict[str, list[tuple[int, int]]]) -> AreaLabel:
    own = spans.get(label, [(0, 9999)])
    first, last = min(low for low, _ in own), max(high for _, high in own)
    first, last = first and first - SLACK, last if last == 9999 else last + SLACK
    return AreaLabel(text, label, first, last, name)


def taken_for(economy: str) -> list[str]:
    """Return the economies that customs forms mix up with this one.

    Examples
    --------
    >>> taken_for("PRK"), taken_for("FRA")
    (['KOR'], [])
    """
    rows = table("lookalikes.csv")
    return [row["taken_for"] for row in rows if row["economy"] == economy]
