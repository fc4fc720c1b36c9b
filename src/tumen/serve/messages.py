"""What the JSON API takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tumen.serve.uploads import LONGEST

MOST_SETTINGS = 100
Text = Annotated[str, Field(max_length=LONGEST)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Settings = Annotated[
    dict[Annotated[str, Field(max_length=200)], Number | Annotated[str, Field(max_length=40)]],
    Field(max_length=MOST_SETTINGS),
]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CaseAsked(_Asked):
    """A case, with controls at other values."""

    case: Name | None = None
    """A bundled case."""
    yaml: Text | None = None
    """A scenario file's text, in place of one."""
    settings: Settings = Field(default_factory=dict)
    """Path of a control → its value, as ``--set`` takes them."""


class WorkAsked(CaseAsked):
    """Long work on a case."""

    work: Literal["run", "quick", "decision"] = "quick"
    """A whole run, one without bands, or the vote and the backfill."""


class TextAsked(_Asked):
    """A text to be checked."""

    yaml: Text


class CaseName(_Message):
    """A bundled case."""

    id: str
    title: str
    question: str


class Control(_Message):
    """One control of a case."""

    path: str
    label: str
    group: str
    kind: Literal["number", "day", "choice"]
    value: float | str
    low: float
    high: float
    unit: str
    choices: list[str]


class LadderAnswer(_Message):
    """The ladder of a case at some settings."""

    scenario: str
    target: str
    as_of: str
    sentence: str
    steps: list[dict[str, Any]]
    """As in the JSON of ``tumen run``, without bands and savings."""
    economies: int
    """Of the world it was solved on: those that the case treats alike are one."""
    milliseconds: float


class Found(_Message):
    """One thing that is wrong."""

    place: str
    message: str


class Problems(_Message):
    """Why a request cannot be answered."""

    problems: list[Found]


class Checked(_Message):
    """What a text holds, or all that is wrong with it."""

    kind: Literal["scenario", "regime", "unusable"]
    about: str
    problems: list[Found]


class JobState(_Message):
    """Long work, as it stands."""

    id: str
    state: Literal["running", "done", "failed", "cancelled"]
    what: str
    done: int
    total: int
    problem: str
