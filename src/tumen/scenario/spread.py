"""Jobs that do not depend on one another, spread over processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Progress = Callable[[str, int, int], None]
"""(what, done, of how many)."""
Job = Callable[[], Any]
"""A function of a module with its arguments, as ``functools.partial`` makes it."""
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables that keep each process to one thread of linear algebra."""


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def spread(jobs: Mapping[str, Job], workers: int = 1, told: Progress = silent) -> dict[str, Any]:
    """Return the answer to every job, in their order.

    Parameters
    ----------
    jobs
        Name → job; other processes import its function by name.
    workers
        Processes; 1: this one alone.
    told
        Hears of every job as it is waited for.

    Examples
    --------
    >>> from functools import partial
    >>> spread({"a": partial(abs, -2), "b": partial(max, 3, 1)})
    {'a': 2, 'b': 3}
    """
    found: dict[str, Any] = {}
    if workers <= 1 or len(jobs) <= 1:
        for done, (name, job) in enumerate(jobs.items()):
            told(name, done, len(jobs))
            found[name] = job()
        return found
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A fresh interpreter for each worker: a copy of this one may hold locks of its threads.
    with single_threads(), ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        waiting = {name: pool.submit(job) for name, job in jobs.items()}
        for done, (name, future) in enumerate(waiting.items()):
            told(name, done, len(jobs))
            found[name] = future.result()
        return found


@contextmanager
def single_threads() -> Iterator[None]:
    """Keep processes that are started here to one thread of linear algebra each."""
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
