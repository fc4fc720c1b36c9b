"""Make the bundled extract of trade records: one target, by heading, and its look-alikes.

``python tools/build_monitor_extract.py STORE TARGET OUT`` takes a store of BACI. Headings in
place of six digits, partners with little trade added up, and of a look-alike only what stands
beside the target's own rows: no more of BACI than the example needs.
"""

from __future__ import annotations

import sys

from tumen.codes.area_labels import taken_for
from tumen.monitor.store import Store

LEAST = 1.0
"""Million USD in all years: partners with less in a heading are added up."""
BESIDE = 10.0
"""Million USD in all years, from which the look-alike's rows are taken along."""
REST = "X899"
"""Under which label."""
ROWS = """
WITH headed AS (
    SELECT year, origin, destination, left(product, 4) AS heading, sum(musd) AS musd,
        CASE WHEN count(tonnes) = count(*) THEN sum(tonnes) END AS tonnes
    FROM trade WHERE flow = 'reconciled' GROUP BY ALL
), kept AS (
    SELECT origin, destination, heading, sum(musd) AS total FROM headed
    WHERE $1 IN (origin, destination) GROUP BY ALL HAVING sum(musd) >= $2
), own AS (
    SELECT year,
        CASE WHEN origin <> $1 AND k.heading IS NULL THEN $3 ELSE origin END AS exporter,
        CASE WHEN destination <> $1 AND k.heading IS NULL THEN $3 ELSE destination END AS importer,
        heading, sum(musd) AS musd,
        CASE WHEN count(tonnes) = count(*) THEN sum(tonnes) END AS tonnes
    FROM headed LEFT JOIN kept k USING (origin, destination, heading)
    WHERE $1 IN (origin, destination) GROUP BY ALL
), other AS (
    SELECT h.year, h.origin AS exporter, h.destination AS importer, h.heading, h.musd, h.tonnes
    FROM headed h JOIN kept k ON h.heading = k.heading
        AND h.origin = CASE WHEN k.origin = $1 THEN $4 ELSE k.origin END
        AND h.destination = CASE WHEN k.destination = $1 THEN $4 ELSE k.destination END
    WHERE $4 IN (h.origin, h.destination) AND k.total >= $5
)
SELECT year, exporter, importer, heading, printf('%.3f', musd),
    coalesce(printf('%.1f', tonnes), '')
FROM (FROM own UNION ALL FROM other) WHERE musd >= 0.0005 ORDER BY ALL
"""


def main(store: str, target: str, out: str) -> None:
    """Write the extract."""
    (other,) = taken_for(target)
    with Store(store).opened() as connection, open(out, "w", encoding="utf-8") as file:
        file.write("year,exporter,importer,product,value_musd,tonnes\n")
        for row in connection.execute(ROWS, [target, LEAST, REST, other, BESIDE]).fetchall():
            file.write(",".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
