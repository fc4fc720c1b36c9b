"""Build the tables of codes: `python tools/build_world/build_codes.py`.

Needs the package country-converter at build time only; the tables are committed.
"""

from __future__ import annotations

import csv
import importlib.resources
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "src" / "tumen" / "data"
NAMES = {
    "CHN": "China",
    "CIV": "Côte d'Ivoire",
    "COD": "DR Congo",
    "GBR": "United Kingdom",
    "HKG": "Hong Kong",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "PRK": "North Korea",
    "RUS": "Russia",
    "SYR": "Syria",
    "TUR": "Türkiye",
    "TWN": "Taiwan",
    "USA": "United States",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
}
ALIASES = {
    "CIV": ["Ivory Coast"],
    "COD": ["Congo - Kinshasa"],
    "CZE": ["Czech Republic"],
    "GBR": ["Britain", "UK"],
    "KOR": ["Korea", "Republic of Korea"],
    "MMR": ["Burma"],
    "PRK": ["DPRK", "DPR Korea"],
    "TUR": ["Turkey"],
    "TWN": ["Chinese Taipei"],
    "USA": ["US", "America"],
    "VNM": ["Viet Nam"],
}
EXTRA_MISSING = {"MAC", "PRI", "PSE"}
INSERTED = {"PRK"}
NOT_IN_FORCE = {"ANT", "CHI", "SUN", "XKV", "XKX"}


def country_rows() -> list[dict[str, str]]:
    """Read the country table that country-converter ships, ISO 3166 codes only."""
    source = importlib.resources.files("country_converter") / "country_data.tsv"
    with source.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    kept = [row for row in rows if len(row["ISO3"]) == 3 and row["ISO3"] not in NOT_IN_FORCE]
    kept = [row for row in kept if row["ISOnumeric"]]
    return sorted(kept, key=lambda row: row["ISO3"])


def economy_row(row: dict[str, str]) -> list[str]:
    """Return code, plain name and aliases separated by bars."""
    code = row["ISO3"]
    name = NAMES.get(code, row["name_short"])
    others = [row["name_short"], row["name_official"], *ALIASES.get(code, [])]
    aliases = [other for other in dict.fromkeys(others) if other and other != name]
    return [code, name, "|".join(aliases)]


def write_table(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write a CSV file with Unix line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def in_world() -> set[str]:
    """Return the economies of the bundled world."""
    with (DATA / "worlds" / "trade_balances_2022.csv").open(encoding="utf-8", newline="") as stream:
        return {row["economy"] for row in csv.DictReader(stream)}


def main() -> None:
    """Write economies.csv and missing_economies.csv."""
    rows = country_rows()
    table = [economy_row(row) for row in rows]
    write_table(DATA / "codes" / "economies.csv", ["iso3", "name", "aliases"], table)
    here = in_world() | INSERTED
    states = {row["ISO3"] for row in rows if row["UNmember"]} | EXTRA_MISSING
    missing = [row[:2] for row in table if row[0] in states - here]
    write_table(DATA / "worlds" / "missing_economies.csv", ["iso3", "name"], missing)
    print(f"{len(table)} economies, {len(missing)} missing from the world")


if __name__ == "__main__":
    main()
