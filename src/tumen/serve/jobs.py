"""Long work beside the page: each job a process that can be cancelled; its answer is kept."""

from __future__ import annotations

import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from tumen.errors import TumenError
from tumen.scenario.schema import Scenario
from tumen.scenario.spread import Progress, single_threads

State = Literal["running", "done", "failed", "cancelled"]
AT_ONCE = 2
"""Jobs that run at the same time; more are refused."""
KEPT = 20
"""Jobs that are remembered; the oldest that has ended goes first."""
LONGEST = 1800.0
"""Seconds after which a job is stopped."""

Work = Callable[[Scenario, Progress], Any]
"""A function of a module: another process imports it by name."""


class BusyError(Exception):
    """As many jobs run as may at once."""


@dataclass(slots=True)
class Job:
    """One piece of work."""

    id: str
    process: BaseProcess
    told: Connection
    state: State = "running"
    what: str = "starting"
    done: int = 0
    total: int = 0
    answer: Any = None
    problem: str = ""
    began: float = field(default_factory=time.monotonic)

    def hear(self) -> None:
        """Take in what the process has said since; one that ends without an answer has failed."""
        while self.state == "running" and self.told.poll():
            try:
                kind, content = self.told.recv()
            except (EOFError, OSError):
                self.state, self.problem = "failed", "the process ended without an answer"
                return
            if kind == "progress":
                self.what, self.done, self.total = content
            elif kind == "answer":
                self.state, self.answer = "done", content
            else:
                self.state, self.problem = "failed", content
        if self.state == "running" and time.monotonic() - self.began > LONGEST:
            self._stop("failed", f"took more than {LONGEST:.0f} seconds")

    def cancel(self) -> None:
        """Stop it, if it runs."""
        if self.state == "running":
            self._stop("cancelled", "cancelled")

    def _stop(self, state: State, why: str) -> None:
        self.process.kill()
        self.state, self.problem = state, why


class Jobs:
    """All jobs of a server. Ids cannot be guessed: who has one has started the job."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def start(self, work: Work, scenario: Scenario) -> Job:
        """Begin a job.

        Raises
        ------
        BusyError
            If as many run as may at once.
        """
        with self._lock:
            for job in self._jobs.values():
                job.hear()
            if sum(job.state == "running" for job in self._jobs.values()) >= AT_ONCE:
                raise BusyError
            ended = [key for key, job in self._jobs.items() if job.state != "running"]
            for key in ended[: max(0, len(self._jobs) - KEPT + 1)]:
                del self._jobs[key]
            context = multiprocessing.get_context("spawn")
            told, tells = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(work, scenario, tells), daemon=True)
            with single_threads():
                process.start()
            tells.close()
            job = Job(secrets.token_urlsafe(16), process, told)
            self._jobs[job.id] = job
            return job

    def find(self, job_id: str) -> Job | None:
        """Return a job as it stands now; None: there is none of this id."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None:
                job.hear()
            return job

    def cancel(self, job_id: str) -> Job | None:
        """Stop a job and return it."""
        job = self.find(job_id)
        if job is not None:
            with self._lock:
                job.cancel()
        return job

    def close(self) -> None:
        """Stop all that runs."""
        with self._lock:
            for job in self._jobs.values():
                job.cancel()


def _work(work: Work, scenario: Scenario, tells: Connection) -> None:
    """In the job's own process: work, say how far it is, and hand over the answer."""

    def told(what: str, done: int, total: int) -> None:
        tells.send(("progress", (what, done, total)))

    try:
        tells.send(("answer", work(scenario, told)))
    except TumenError as error:
        notes = getattr(error, "__notes__", [])
        tells.send(("problem", " ".join(f"{error} {' '.join(notes)}".split())))
    finally:
        tells.close()
