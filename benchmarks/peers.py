"""Seconds that programs in R took, on the machine where the reference product was timed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("peers.csv")


@dataclass(frozen=True, slots=True)
class Peer:
    """One measurement of another program; it is scaled, never run."""

    program: str
    task: str
    economies: int
    sectors: int
    seconds: float
    tolerance: float | None
    """None: the program's own default."""


@cache
def peers() -> tuple[Peer, ...]:
    """Read the measurements."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Peer(
                row["program"],
                row["task"],
                int(row["economies"]),
                int(row["sectors"]),
                float(row["seconds"]),
                float(row["tolerance"]) if row["tolerance"] else None,
            )
            for row in csv.DictReader(file)
        )


def slowest(program: str, task: str) -> Peer:
    """Return the measurement of a program's task, that at its tightest tolerance."""
    found = [each for each in peers() if (each.program, each.task) == (program, task)]
    return max(found, key=lambda each: each.seconds)
