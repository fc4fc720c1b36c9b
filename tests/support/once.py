"""Results that take long, worked out once for all processes of a test run."""

from __future__ import annotations

import os
import pickle
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_Answer = TypeVar("_Answer")
PATIENCE = 600
"""Seconds to wait for another process; then this one works itself."""


def once(name: str, work: Callable[[], _Answer]) -> _Answer:
    """Return what ``work`` gives; of several processes one works and the others read."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        return work()
    folder = Path(tempfile.gettempdir(), f"tumen-tests-{run}")
    folder.mkdir(exist_ok=True)
    done, taken = folder / f"{name}.pickle", folder / f"{name}.taken"
    try:
        taken.touch(exist_ok=False)
    except FileExistsError:
        return _waited(done, taken, work)
    try:
        answer = work()
    except BaseException:
        taken.unlink()  # who waits works itself, and sees the error
        raise
    beside = done.with_suffix(".part")
    beside.write_bytes(pickle.dumps(answer))
    beside.rename(done)
    return answer


def _waited(done: Path, taken: Path, work: Callable[[], _Answer]) -> _Answer:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and (done.exists() or taken.exists()):
        if done.exists():
            answer: _Answer = pickle.loads(done.read_bytes())
            return answer
        time.sleep(0.2)
    return work()
