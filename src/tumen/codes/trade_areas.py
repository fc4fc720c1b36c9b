"""Numeric codes of BACI's economies, which change with the years, as labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tumen.codes.chapters import table


@dataclass(frozen=True, slots=True)
class TradeArea:
    """An economy of BACI under one of its codes."""

    code: int
    label: str
    """ISO 3166 alpha-3 where it is a state; of several states together the largest."""
    first: int
    last: int
    name: str
    note: str
    """What the label does not say; empty for most."""

    def exists(self, year: int) -> bool:
        """Tell whether the code is in use in a year."""
        return self.first <= year <= self.last

    def years(self) -> str:
        """Say when the code is in use."""
        if self.first and self.last < 9999:
            return f"from {self.first} to {self.last}"
        return f"since {self.first}" if self.first else f"until {self.last}"


@cache
def trade_areas() -> dict[int, TradeArea]:
    """Code → economy, as in BACI's own list.

    Examples
    --------
    >>> areas = trade_areas()
    >>> areas[410].label, areas[408].label, areas[728].years(), areas[736].years()
    ('KOR', 'PRK', 'since 2012', 'until 2011')
    """
    return {
        int(row["code"]): TradeArea(
            int(row["code"]),
            row["iso3"],
            int(row["from"] or 0),
            int(row["until"] or 9999),
            row["name"],
            row["note"],
        )
        for row in table("baci_economies.csv")
    }


def successors(area: TradeArea, known: Iterable[TradeArea]) -> list[TradeArea]:
    """Return the codes that follow a code of the past, or come before one of today.

    Examples
    --------
    >>> areas = trade_areas()
    >>> [other.code for other in successors(areas[736], areas.values())]
    [728, 729]
    """
    if area.last < 9999:
        return [other for other in known if other.first == area.last + 1]
    return [other for other in known if area.first and other.last == area.first - 1]
