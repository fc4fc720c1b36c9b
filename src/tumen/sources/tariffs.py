"""Tariffs of one economy by product, from a plain table."""

from __future__ import annotations

from pathlib import Path

from tumen.errors import InvalidInput, Problem
from tumen.sources.long_files import Column, opened

COLUMNS = {
    "product": Column(
        ("product", "hs6", "hs", "k"), "VARCHAR", "a product of six digits", pattern="[0-9]{6}"
    ),
    "rate": Column(
        ("rate", "tariff"),
        "DOUBLE",
        "per cent, from 0 to 3000",
        "isfinite({0}) AND {0} BETWEEN 0 AND 3000",
    ),
}


def read_tariffs(path: str | Path) -> dict[str, float]:
    """Read product → tariff in per cent.

    Raises
    ------
    InvalidInput
        With file, row and column of what is wrong, and for products that stand twice.
    """
    file = Path(path)
    if not file.is_file():
        raise InvalidInput(Problem(str(file), "no such file"))
    with opened(file, COLUMNS) as long:
        problems = long.load(None)
        twice = long.rows(
            "SELECT max(line), min(line), product FROM flows GROUP BY product HAVING count(*) > 1"
        )
        problems += [
            Problem(long.place(last), f"product {name} stands already in row {first}")
            for last, first, name in sorted(twice)
        ]
        if problems:
            raise InvalidInput(problems, file.name)
        return dict(long.rows("SELECT product, rate FROM flows"))
