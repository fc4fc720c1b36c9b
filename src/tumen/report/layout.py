"""How the terminal's tables are laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def make_table(title: str, columns: Sequence[str], left: int = 1, whole: bool = True) -> Table:
    """Make a table whose first columns are text and whose others are numbers, never broken."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for index, column in enumerate(columns):
        if index < left:
            table.add_column(column, justify="left", no_wrap=whole)
        else:
            table.add_column(column, justify="right", min_width=6)
    return table


def text_table(title: str, columns: Sequence[str], left: int) -> Table:
    """Make a table whose first column is a name, and whose other texts may be broken."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    drawn = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for index, column in enumerate(columns):
        text = index < left
        drawn.add_column(column, justify="left" if text else "right", no_wrap=not text or not index)
    return drawn


def captioned(table: Table, caption: str) -> Table:
    """Put a caption under a table."""
    table.caption = caption
    table.caption_justify = "left"
    return table
