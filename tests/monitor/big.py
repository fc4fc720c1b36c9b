"""A year of the shape of BACI, and what loading and asking takes; run as a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from tumen.codes.trade_areas import trade_areas
from tumen.monitor.build import build
from tumen.monitor.store import Store

YEAR = 2016


def write_year(path: Path, rows: int) -> None:
    """Write ``rows`` flows of five thousand products between BACI's economies."""
    import duckdb

    codes = sorted(code for code, area in trade_areas().items() if area.exists(YEAR))
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("CREATE TABLE codes AS SELECT unnest(?) AS code", [codes])
        connection.execute(
            "CREATE TABLE links AS SELECT i.code AS i, j.code AS j, hash(i.code, j.code) AS h FROM "
            "codes i, codes j WHERE i.code <> j.code"
        )
        connection.execute(
            "CREATE TABLE goods AS SELECT (1 + c) * 10000 + h * 100 + 10 AS k FROM range(20) t(c), "
            "range(1, 3) u(h) UNION ALL SELECT 840000 + h * 100 + s FROM range(1, 85) u(h), "
            "range(10, 69) v(s)"
        )
        share = rows / (len(codes) * (len(codes) - 1) * 4996)
        connection.execute(
            f"COPY (SELECT {YEAR} AS t, i, j, k, round(1 + (hash(h, k) % 100000) / 7, 3) AS v, "
            "round(1 + (hash(k, h) % 1000) / 3, 3) AS q FROM links, goods WHERE hash(h, k, 1) % "
            f"1000000 < {1_000_000 * share}) TO '{path}' (HEADER)"
        )


def main(folder: Path, rows: int) -> None:
    """Print seconds and the most memory this process took."""
    path = folder / f"BACI_HS92_Y{YEAR}_V202501.csv"
    if not path.exists():
        write_year(path, rows)
        return
    start = time.perf_counter()
    done = build([path], folder / "store")
    loaded = time.perf_counter()
    with Store(folder / "store").opened() as connection:
        found = connection.execute(
            "SELECT origin, sum(musd) FROM trade WHERE destination = 'PRK' AND product LIKE '84%' "
            "GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall()
    answered = time.perf_counter()
    again = build([path], folder / "store")
    measured = {
        "rows": done.new,
        "again": [again.new, again.known],
        "answer": len(found),
        "load_s": loaded - start,
        "answer_s": answered - loaded,
        "again_s": time.perf_counter() - answered,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(measured))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
