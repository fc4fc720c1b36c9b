"""Sections and exhibits: plain records that the page, the workbook and a server lay out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tumen.report.numbers import money, signed

Row = Mapping[str, Any]
Spec = dict[str, Any]
"""A chart as Vega-Lite JSON."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an exhibit's table."""

    name: str
    """Key of the rows, and head of the column in files."""
    label: str
    """What the page calls it, with its unit."""
    written: Callable[[Any], str] = str
    """From a value to what is printed."""
    number: bool = False
    """Set to the right."""
    cites: bool = False
    """Holds ids of sources, which the page links to its list."""

    def text(self, row: Row) -> str:
        """Write the cell of a row; nothing for a value that is not known."""
        value = row.get(self.name)
        return "" if value is None else self.written(value)


def words(name: str, label: str) -> Column:
    """Return a column of text."""
    return Column(name, label)


def source(name: str, label: str) -> Column:
    """Return a column of ids of sources."""
    return Column(name, label, cites=True)


def musd(name: str, label: str) -> Column:
    """Return a column of million USD."""
    return Column(name, label, money, number=True)


def points(name: str, label: str, digits: int = 2) -> Column:
    """Return a column of signed per cent or percentage points.

    Examples
    --------
    >>> points("loss", "loss, %").text({"loss": -2.571}), points("loss", "").text({"loss": None})
    ('−2.57', '')
    """
    return Column(name, label, lambda value: signed(value, digits), number=True)


def share(name: str, label: str, digits: int = 0) -> Column:
    """Return a column of shares, written in per cent.

    Examples
    --------
    >>> share("part", "part, %").text({"part": 0.87})
    '87'
    """
    return Column(name, label, lambda value: f"{100 * value:.{digits}f}", number=True)


def figures(name: str, label: str, digits: int = 3) -> Column:
    """Return a column of numbers with so many significant figures."""

    def written(value: Any) -> str:
        plain = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}g}"
        return plain.replace("-", "−")

    return Column(name, label, written, number=True)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A finding: its chart, the table under the chart, and what both say in words."""

    id: str
    title: str
    """What it shows, as a finding."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    alt: str = ""
    """The finding for those who do not see the chart; empty without one."""
    spec: Spec | None = None
    """The chart as Vega-Lite; None: drawn otherwise, or none."""
    svg: str = ""
    """The chart where a template draws it."""
    note: str = ""
    """How to read it: units, signs, what is left out."""
    folded: bool = True
    """Whether the table is folded away under the chart."""
    pasted: str = ""
    """The same as text that goes into a file as it stands."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    """Paragraphs."""
    exhibits: tuple[Exhibit, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    """Pairs of a term and what is said of it."""
