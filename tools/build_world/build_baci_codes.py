"""Build the table of BACI's country codes: `python tools/build_world/build_baci_codes.py FILE`.

FILE is the country_codes_V*.csv that comes with BACI. Codes are dated: the last year stands in
CEPII's names, the first year of those that follow is where the data begin to use them.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from tools.build_world.build_codes import DATA, write_table

FIRST_YEAR = {
    "56": 1999, "442": 1999,
    "710": 2000, "72": 2000, "426": 2000, "516": 2000, "748": 2000,
    "729": 2012, "728": 2012,
    "688": 2006, "499": 2006,
    "531": 2011, "534": 2011, "535": 2011,
    "203": 1993, "703": 1993, "276": 1991,
}  # fmt: skip
"""Codes that took over from a dated one."""
OWN_LABEL = {
    "490": ("TWN", "Other Asia not elsewhere specified: in practice Taiwan, which UN statistics do "
                   "not name"),
    "711": ("ZAF", "South African customs union, with Botswana, Lesotho, Namibia and Eswatini"),
    "58": ("BEL", "Belgium and Luxembourg together"),
    "736": ("SDN", "Sudan before the south left"),
    "280": ("DEU", "Federal Republic before unification"),
    "842": ("USA", "with Puerto Rico and the US Virgin Islands"),
    "251": ("FRA", "with Monaco and overseas departments"),
    "579": ("NOR", "with Svalbard and Jan Mayen"),
    "757": ("CHE", "with Liechtenstein"),
    "697": ("R20", "members of EFTA not told apart"),
    "849": ("PUS", "Pacific islands of the United States together"),
}  # fmt: skip
"""Labels that are not the ISO code of one state as it is today, and why."""
SOURCE, JUDGEMENT = "cepii-baci-codes", "baci-codes-judged"


def known_names() -> dict[str, str]:
    """ISO code → plain name."""
    with (DATA / "codes" / "economies.csv").open(encoding="utf-8", newline="") as stream:
        return {row["iso3"]: row["name"] for row in csv.DictReader(stream)}


def rows(path: Path) -> list[list[str]]:
    """Return the rows of the table, by code."""
    names = known_names()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        given = sorted(csv.DictReader(stream), key=lambda row: int(row["country_code"]))
    table = []
    for row in given:
        code = row["country_code"]
        label, note = OWN_LABEL.get(code, (row["country_iso3"], ""))
        last = re.search(r"\(\.\.\.(\d{4})\)", row["country_name"])
        until = last[1] if last else ""
        plain = re.sub(r" ?\(\.\.\.\d{4}\)", "", row["country_name"])
        name = plain if until or code in OWN_LABEL else names.get(label, plain)
        source = JUDGEMENT if note else SOURCE
        table.append([code, label, str(FIRST_YEAR.get(code, "")), until, name, note, source])
    return table


if __name__ == "__main__":
    header = ["code", "iso3", "from", "until", "name", "note", "source"]
    found = rows(Path(sys.argv[1]))
    write_table(DATA / "codes" / "baci_economies.csv", header, found)
    print(f"{len(found)} codes")
