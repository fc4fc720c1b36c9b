"""``tumen new``: commented start files; and the days that options give."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.files.writing import write_text

KINDS = ("scenario", "regime")


def start_file(kind: str, name: str) -> Path:
    """Write NAME.yaml into the working folder and return its path.

    Raises
    ------
    InvalidInput
        If the kind is unknown, the name is no identifier, or the file exists.
    """
    from tumen.catalogue.bundled import data

    if kind not in KINDS:
        raise InvalidInput(
            Problem("new", f"{kind!r} cannot be started; {did_you_mean(kind, KINDS)}")
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise InvalidInput(
            Problem("new", f"{name!r} must be lower-case letters, digits, hyphens, underscores")
        )
    path = Path(f"{name}.yaml")
    if path.exists():
        raise InvalidInput(Problem(str(path), "exists already; choose another name"))
    template = data("templates", f"{kind}.yaml").read_text(encoding="utf-8")
    write_text(path, template.replace("NAME", name))
    return path


def day(text: str) -> datetime.date:
    """Return the day that ``--date`` gives.

    Raises
    ------
    InvalidInput
        If it is no day as YYYY-MM-DD.

    Examples
    --------
    >>> day("2017-12-31")
    datetime.date(2017, 12, 31)
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            Problem("--date", f"is {text!r}, must be a day such as 2017-12-31")
        ) from None


def until_setting(until: str | None) -> list[str]:
    """Return the setting that ``--until`` stands for; none without it.

    Raises
    ------
    InvalidInput
        If it is no month as YYYY-MM.

    Examples
    --------
    >>> until_setting("2018-06")
    ['timeline.last="2018-06"']
    """
    if until is None:
        return []
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", until):
        raise InvalidInput(Problem("--until", f"is {until!r}, must be a month such as 2018-06"))
    return [f'timeline.last="{until}"']
