"""Jobs give the same answers in one process and in several."""

from __future__ import annotations

from functools import partial

import pytest

from tumen.errors import InvalidInput
from tumen.scenario.load import load_scenario
from tumen.scenario.spread import Job, spread

JOBS: dict[str, Job] = {
    "a": partial(abs, -2),
    "b": partial(max, 3, 1),
    "c": partial(sorted, [2, 1]),
}


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_come_in_the_order_of_the_jobs(workers: int) -> None:
    told: list[str] = []
    found = spread(JOBS, workers, lambda name, done, total: told.append(f"{name} {done} {total}"))
    assert list(found.items()) == [("a", 2), ("b", 3), ("c", [1, 2])]
    assert told == ["a 0 3", "b 1 3", "c 2 3"]


def test_an_error_of_a_worker_reaches_who_asked() -> None:
    jobs: dict[str, Job] = {"good": partial(abs, 1), "bad": partial(load_scenario, "dprk-2018")}
    with pytest.raises(InvalidInput, match="did you mean"):
        spread(jobs, 2)
