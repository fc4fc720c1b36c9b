"""The table of the documentation, and the seconds of programs that are not run."""

from __future__ import annotations

import datetime

from benchmarks.peers import peers, slowest
from benchmarks.table import table


def test_a_row_says_what_was_measured_and_whether_it_is_enough() -> None:
    rows = [
        {"name": "run", "text": "run: 9.0 s (budget 5)", "met": False},
        {"name": "help", "text": "help: a|b", "met": True},
        {"name": "scaling", "text": "exponent 1", "met": None},
    ]
    found = {"python": "3.13.1", "machine": "x86_64", "reference_product_seconds": 4.9e-6}
    written = table({**found, "rows": rows}, datetime.date(2026, 11, 24)).splitlines()
    assert written[0].startswith("Measured on 24 November 2026, Python 3.13.1, x86_64")
    assert "4.9 µs" in written[0]
    assert written[4:] == [
        "| run | 9.0 s (budget 5) | **missed** |",
        "| help | a\\|b | met |",
        "| scaling | exponent 1 | – |",
    ]


def test_peers_are_read_with_the_slowest_first() -> None:
    assert slowest("KITE", "NAFTA solve").seconds == 2.3
    assert slowest("ge_gravity", "trade agreement").tolerance is None
    assert all(each.seconds > 0 for each in peers())
