"""Many draws of a case: played in batches, here or on a cluster, and summed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumen.ensemble.drivers import chance, first_order
from tumen.ensemble.inputs import Input, inputs
from tumen.ensemble.play import MONTH_NUMBERS, STEP_NUMBERS, Batch, Played, Row, play
from tumen.ensemble.store import Store
from tumen.errors import InvalidInput, Problem
from tumen.scenario.result import Driver
from tumen.scenario.schema import Scenario
from tumen.scenario.shortcut import shortcut
from tumen.scenario.spread import Progress, silent, single_threads

Array = NDArray[np.float64]

BATCH = 10
"""Draws of a batch."""
QUANTILES = (0.05, 0.5, 0.95)
DRIVERS_SHOWN = 8
SHOWN_FAILURES = 10


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A number over the draws: 5th, 50th and 95th per cent."""

    place: str
    """Step or month."""
    number: str
    low: float | None
    """None: without end, as a runway may be."""
    median: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A draw without a solution."""

    draw: int
    problem: str


@dataclass(frozen=True, slots=True)
class Ensemble:
    """All draws, summed up; the rows as they were played stand beside."""

    draws: int
    seed: int
    failed: int
    failures: tuple[Failure, ...]
    """The first of them."""
    steps: tuple[Quantiles, ...]
    months: tuple[Quantiles, ...]
    drivers: tuple[Driver, ...]
    inputs: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    month_rows: tuple[Row, ...] = ()


def ensemble(
    scenario: Scenario,
    draws: int,
    seed: int = 0,
    months: bool = True,
    workers: int = 1,
    cluster: str | None = None,
    folder: Path | None = None,
    told: Progress = silent,
) -> Ensemble:
    """Draw all uncertain figures of a case together and run it for every draw.

    Parameters
    ----------
    draws, seed
        A Latin hypercube: the same seed and number give the same draws wherever they are played.
    months
        Whether to go through the months as well, every third of which is solved.
    workers
        Processes here.
    cluster
        Address of a dask.distributed scheduler that plays them instead.
    folder
        Where batches are kept; a run that was stopped goes on there.

    Raises
    ------
    InvalidInput
        If nothing can be drawn, the folder holds another run, or no cluster answers.

    Examples
    --------
    >>> from tumen.scenario.load import load_scenario
    >>> found = ensemble(load_scenario("russia-2022"), draws=2, months=False)
    >>> found.failed, [row.place for row in found.steps][0]
    (0, 'law')
    """
    drawn = tuple(inputs(scenario))
    months = months and scenario.timeline is not None
    batches = list(_batches(shortcut(scenario).scenario, drawn, draws, seed, months))
    with _executor(workers, cluster) as executor:
        store = Store(folder, scenario, {"draws": draws, "seed": seed, "months": months})
        of = len(batches)
        batches = [each for each in batches if not store.has(each.first)]
        for done, played in enumerate(_played(executor, batches), of - len(batches)):
            store.add(played)
            told(f"{draws} draws", done, of)
    return _summed_up(draws, seed, drawn, store)


def _batches(
    scenario: Scenario, drawn: tuple[Input, ...], draws: int, seed: int, months: bool
) -> Iterator[Batch]:
    from scipy.stats import qmc

    if draws < 1:
        raise InvalidInput(Problem("--draws", f"is {draws}, must be at least 1"))
    unit = qmc.LatinHypercube(len(drawn), rng=seed).random(draws).tolist()
    for first in range(0, draws, BATCH):
        part = tuple(tuple(row) for row in unit[first : first + BATCH])
        yield Batch(scenario, drawn, first, part, months)


@contextmanager
def _executor(workers: int, cluster: str | None) -> Iterator[Executor | None]:
    """Give what plays batches: a cluster, processes of this machine, or nobody but this process."""
    if cluster is not None:
        with _client(cluster) as client:
            yield client
        return
    if workers <= 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with single_threads(), ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _client(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        message = "needs dask.distributed: install tumen[cluster]"
        raise InvalidInput(Problem("--cluster", message)) from None
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        message = f"no scheduler answers at {address!r} ({error}); give host:port of a running one"
        raise InvalidInput(Problem("--cluster", message)) from None
    with client:
        yield client.get_executor()


def _played(executor: Executor | None, batches: Sequence[Batch]) -> Iterator[Played]:
    if executor is None:
        yield from map(play, batches)
        return
    waiting: list[Future[Played]] = [executor.submit(play, batch) for batch in batches]
    for done in as_completed(waiting):
        yield done.result()


def _summed_up(draws: int, seed: int, drawn: Sequence[Input], store: Store) -> Ensemble:
    rows, months = store.draws(), store.months()
    failed = [Failure(row["draw"], row["problem"]) for row in rows if row["problem"]]
    good = [row for row in rows if not row["problem"]]
    places = dict.fromkeys(
        name.partition(".")[0]
        for row in good[:1]
        for name in row
        if name.partition(".")[2] in STEP_NUMBERS
    )
    steps = [
        quantiles(place, name, [row[f"{place}.{name}"] for row in good])
        for place in places
        if place != "baseline"
        for name in STEP_NUMBERS
    ]
    by_month: dict[str, list[Row]] = {}
    for row in months:
        by_month.setdefault(row["month"], []).append(row)
    return Ensemble(
        draws=draws,
        seed=seed,
        failed=len(failed),
        failures=tuple(failed[:SHOWN_FAILURES]),
        steps=tuple(steps),
        months=tuple(
            quantiles(month, name, [row[name] for row in each])
            for month, each in by_month.items()
            for name in MONTH_NUMBERS
        ),
        drivers=tuple(_drivers(good, drawn, list(places))),
        inputs=tuple(each.name for each in drawn),
        rows=tuple(rows),
        month_rows=tuple(months),
    )


def quantiles(place: str, number: str, values: Sequence[float | None]) -> Quantiles:
    """Return the quantiles of a number; what has no end is longer than all that has one.

    Examples
    --------
    >>> quantiles("2018-01", "runway_months", [10.0, 20.0, None]).median
    20.0
    """
    known = np.array([np.inf if value is None else value for value in values], float)
    if not known.size:
        return Quantiles(place, number, None, None, None)
    if np.isfinite(known).all():
        ends = np.quantile(known, QUANTILES).tolist()
    else:
        ends = np.quantile(known, QUANTILES, method="inverted_cdf").tolist()
    return Quantiles(place, number, *(end if np.isfinite(end) else None for end in ends))


def _drivers(
    good: Sequence[Row], drawn: Sequence[Input], places: Sequence[str]
) -> Iterator[Driver]:
    """Yield what explains the first and the last step beyond chance, the most telling first."""
    steps = [place for place in places if place != "baseline"]
    if not good or not steps:
        return
    points = np.array([[row[f"input.{each.name}"] for each in drawn] for row in good], float)
    for place in dict.fromkeys((steps[0], steps[-1])):
        for number in ("real_income_pct", "exports_musd"):
            answer = np.array([row[f"{place}.{number}"] for row in good], float)
            indices = first_order(points, answer)
            for at in np.argsort(-indices)[:DRIVERS_SHOWN]:
                if indices[at] > chance(len(good)):
                    yield Driver(f"{place}.{number}", drawn[at].name, float(indices[at]))
