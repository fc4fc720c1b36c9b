"""Work that does not depend on one another, spread over processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

Progress = Callable[[str, int, int], None]
"""(what, done, of how many)."""
_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables that keep each process to one thread of linear algebra."""


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def spread(
    work: Callable[[_Task], _Answer],
    tasks: Mapping[str, _Task],
    workers: int = 1,
    told: Progress = silent,
) -> dict[str, _Answer]:
    """Return the answer to every task, in the order of the tasks.

    Parameters
    ----------
    work
        A function of a module: other processes import it.
    workers
        Processes; 1: this one alone.
    told
        Hears of every task as it is waited for.

    Examples
    --------
    >>> spread(abs, {"a": -2, "b": 3})
    {'a': 2, 'b': 3}
    """
    if workers <= 1 or len(tasks) <= 1:
        found = {}
        for done, (name, task) in enumerate(tasks.items()):
            told(name, done, len(tasks))
            found[name] = work(task)
        return found
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A fresh interpreter for each worker: a copy of this one may hold locks of its threads.
    with _single_threads(), ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        waiting = {name: pool.submit(work, task) for name, task in tasks.items()}
        found = {}
        for done, (name, future) in enumerate(waiting.items()):
            told(name, done, len(tasks))
            found[name] = future.result()
        return found


@contextmanager
def _single_threads() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
