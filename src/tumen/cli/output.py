"""Writing to the terminal: results on stdout, progress on stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tumen.scenario.spread import Progress

MOST_PROCESSES = 4
"""Each holds a world of its own in memory."""
NARROWEST = 100
"""Columns that tables take at least, so that no number is broken, and all that files get."""


def print_lines(lines: Sequence[RenderableType]) -> None:
    """Print text and tables on stdout; plain lines are written as they are."""
    from rich.console import Console
    from rich.table import Table

    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else NARROWEST
    for line in lines:
        if isinstance(line, str):
            sys.stdout.write(line + "\n")
            continue
        width = max(wide, NARROWEST) if isinstance(line, Table) else wide
        console = Console(width=width, highlight=False)
        with console.capture() as drawn:
            console.print(line)
        sys.stdout.write("".join(f"{row.rstrip()}\n" for row in drawn.get().splitlines()))


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON object; a number that is not finite is an error, never printed."""
    from tumen.report.payload import json_text

    sys.stdout.write(json_text(data))


def processes() -> int:
    """How many processes a run may use: one for each core, four at most."""
    import os

    return min(MOST_PROCESSES, os.cpu_count() or 1)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a line of progress on stderr while a run goes on, on terminals only."""
    from rich.console import Console

    from tumen.scenario.spread import silent

    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    with console.status("starting") as status:

        def told(what: str, done: int, total: int) -> None:
            status.update(f"{what} ({done + 1} of {total})")

        yield told
