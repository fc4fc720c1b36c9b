"""``python -m benchmarks.table``: what ``make bench`` wrote, as the table of the documentation."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.run import WRITTEN
from tumen.files.writing import write_text

PAGE = Path("docs/benchmarks-table.md")
VERDICTS = {True: "met", False: "**missed**", None: "–"}


def table(found: dict[str, Any], day: datetime.date) -> str:
    """Return the rows as Markdown, with the machine that they are from."""
    lines = [
        f"Measured on {day:%d %B %Y}, Python {found['python']}, {found['machine']}, reference "
        f"product {1e6 * found['reference_product_seconds']:.1f} µs.",
        "",
        "| what | measured | budget |",
        "|---|---|---|",
    ]
    for row in found["rows"]:
        text = row["text"].removeprefix(f"{row['name']}: ").replace("|", "\\|")
        lines.append(f"| {row['name']} | {text} | {VERDICTS[row['met']]} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table."""
    found = json.loads(WRITTEN.read_text(encoding="utf-8"))
    day = datetime.date.fromtimestamp(WRITTEN.stat().st_mtime)
    write_text(PAGE, table(found, day))
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
