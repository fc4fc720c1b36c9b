"""Whole processes, as a user starts them: help, a run, and many draws."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import tumen
from benchmarks.timing import Row, seconds_of

CALL = (sys.executable, "-c", "from tumen.cli.main import app_entry; app_entry()")
HELP, RUN, THOUSAND = 0.4, 5.0, 30.0
DRAWS = 40
"""So many are played; a thousand are reckoned from the difference to a run without."""


def process_rows() -> Iterator[Row]:
    """Time ``--help``, ``run`` and draws; wall time here, on as many cores as there are."""
    helped = statistics.median(seconds_of(partial(_run, "--help")) for _ in range(5))
    yield Row(
        "help",
        f"tumen --help: {helped:.2f} s (budget {HELP:g})",
        {"seconds": helped},
        helped <= HELP,
    )
    for name, more in (("run", ()), ("run --quick", ("--quick",))):
        seconds = seconds_of(partial(_run, "run", "dprk-2017", *more))
        text = f"tumen {name} dprk-2017: {seconds:.1f} s (budget {RUN:g})"
        yield Row(name, text, {"seconds": seconds}, seconds <= RUN)
    asked = ("run", "dprk-2017", "--quick", "--draws", str(DRAWS))
    drawn = max(0.0, seconds_of(partial(_run, *asked)) - seconds)
    whole = 1000 * drawn / DRAWS
    text = (
        f"draws of dprk-2017, ladder alone: {drawn:.1f} s for {DRAWS}, so {whole:.0f} s for 1,000 "
        f"(reckoned, not run; budget {THOUSAND:g})"
    )
    yield Row("draws", text, {"seconds": whole}, whole <= THOUSAND)


def _run(*arguments: str) -> None:
    source = str(Path(tumen.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    subprocess.run([*CALL, *arguments], env=environment, check=True, capture_output=True)
