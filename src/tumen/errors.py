"""The exceptions of Tumen.

TumenError
├── InvalidInput     a file, an argument or a data set cannot be used (exit status 2)
├── Infeasible       no equilibrium exists for this question (exit status 1)
└── NotConverged     the solver stopped before it had a solution (exit status 1)
    └── GradientNotConverged     or before it had the derivatives of one
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands, and what to do about it."""

    place: str
    """``file:line``, ``file:row 7, column value`` or ``economy PRK, sector B05``; may be empty."""
    message: str
    """The value seen, the values allowed and the remedy, in one sentence or two."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class TumenError(Exception):
    """Base of every exception that Tumen raises on purpose."""


class _Collected(TumenError):
    """An error made of one or more problems, all found before it is raised."""

    def __init__(self, problems: Problem | str | Iterable[Problem], subject: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem("", problems)
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.subject = subject
        super().__init__(self._text())

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the problems and notes on the way between processes."""
        return type(self), (self.problems, self.subject), dict(self.__dict__)

    def _text(self) -> str:
        if len(self.problems) == 1 and not self.subject:
            return str(self.problems[0])
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        head = f"{self.subject}: {count}" if self.subject else count
        return "\n".join([head, *(f"  - {problem}" for problem in self.problems)])


class InvalidInput(_Collected, ValueError):
    """Input that cannot be used, with every problem that was found and its place."""


class Infeasible(_Collected):
    """A question without an equilibrium, named before any solving starts."""


class NotConverged(TumenError):
    """A solve that stopped without a solution; its numbers are never returned."""

    measure: ClassVar[str] = "its own trade"
    """What the imbalance is relative to."""

    def __init__(self, economy: str, imbalance: float, iterations: int, cause: str) -> None:
        self.economy = economy
        self.imbalance = imbalance
        self.iterations = iterations
        self.cause = cause
        super().__init__(
            f"no solution after {iterations} iterations: {economy} is off by "
            f"{imbalance:.3g} of {self.measure}; likely cause: {cause}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep what is wrong, and notes, on the way between processes."""
        parts = (self.economy, self.imbalance, self.iterations, self.cause)
        return type(self), parts, dict(self.__dict__)


class GradientNotConverged(NotConverged):
    """Derivatives of a solution that were not found; none are returned."""

    measure = "its own sensitivities"
