"""Writing to the terminal: results on stdout, progress on stderr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tumen.scenario.ladder import Progress

NARROWEST = 130
"""Width used when the output is no terminal, so that tables in files are whole."""


def print_lines(lines: Sequence[RenderableType]) -> None:
    """Print text and tables on stdout; plain lines are written as they are."""
    from rich.console import Console

    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else NARROWEST
    console = Console(width=wide, highlight=False)
    for line in lines:
        if isinstance(line, str):
            sys.stdout.write(line + "\n")
        else:
            console.print(line)


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON object; a number that is not finite is an error, never printed."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a line of progress on stderr while a run goes on, on terminals only."""
    from rich.console import Console

    from tumen.scenario.ladder import silent

    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    with console.status("starting") as status:

        def told(what: str, done: int, total: int) -> None:
            status.update(f"{what} ({done + 1} of {total})")

        yield told
