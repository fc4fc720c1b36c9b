"""Long work: its progress, its answer, its failure and its end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tumen.errors import InvalidInput
from tumen.scenario.load import read_scenario
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import Progress
from tumen.serve import jobs as rooms
from tumen.serve.jobs import BusyError, Job, Jobs


def quick(scenario: Scenario, told: Progress) -> str:
    told("half", 1, 2)
    return scenario.id


def wrong(scenario: Scenario, told: Progress) -> None:
    raise InvalidInput(f"{scenario.id} is wrong")


def endless(scenario: Scenario, told: Progress) -> None:
    told("waiting", 0, 1)
    time.sleep(600)


def dies(scenario: Scenario, told: Progress) -> None:
    os._exit(3)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def until(jobs: Jobs, job: Job, ends: bool = True) -> Job:
    """The job once it has ended, or has said something."""
    for _ in range(600):
        found = jobs.find(job.id)
        assert found is not None
        if found.state != "running" or (not ends and found.total):
            return found
        time.sleep(0.1)
    raise AssertionError("the job never ended")


CASE = read_scenario("russia-2022")


def test_a_job_tells_and_answers(jobs: Jobs) -> None:
    done = until(jobs, jobs.start(quick, CASE))
    assert (done.state, done.answer, done.what, done.done) == ("done", "russia-2022", "half", 1)


def test_a_job_without_an_answer_says_why(jobs: Jobs) -> None:
    failed = [jobs.start(work, CASE) for work in (wrong, dies)]
    told = [until(jobs, job) for job in failed]
    assert [job.state for job in told] == ["failed", "failed"]
    assert told[0].problem == "russia-2022 is wrong"
    assert "without an answer" in told[1].problem


def test_a_job_is_cancelled_and_others_wait(jobs: Jobs) -> None:
    first, second = jobs.start(endless, CASE), jobs.start(endless, CASE)
    with pytest.raises(BusyError):
        jobs.start(quick, CASE)
    until(jobs, first, ends=False)
    cancelled = jobs.cancel(first.id)
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    cancelled.process.join(10)
    assert not cancelled.process.is_alive()
    assert until(jobs, jobs.start(quick, CASE)).state == "done"
    assert jobs.cancel("nobody's") is None
    jobs.cancel(second.id)


def test_a_job_that_takes_too_long_is_stopped(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "LONGEST", 0.0)
    assert "took more than" in until(jobs, jobs.start(endless, CASE)).problem
