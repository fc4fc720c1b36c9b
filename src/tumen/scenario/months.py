"""A scenario in a month: the law of its day, and the rules that are felt by then."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from tumen.scenario.rules import LawSetting
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Settings, accumulated

MIDDLE = 15
"""Day of the month whose law counts: what begins later is felt in the next month."""


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield months from ``first`` to ``last``, both included.

    Examples
    --------
    >>> list(months_between("2017-11", "2018-01"))
    ['2017-11', '2017-12', '2018-01']
    """
    month = first
    while month <= last:
        yield month
        month = later(month, 1)


def later(month: str, count: int) -> str:
    """Return the month ``count`` months after ``month``.

    Examples
    --------
    >>> later("2017-12", 1), later("2017-01", -1), later("2017-05", 24)
    ('2018-01', '2016-12', '2019-05')
    """
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + count, 12)
    return f"{year:04d}-{number + 1:02d}"


def in_month(scenario: Scenario, month: str) -> Scenario:
    """Return the scenario as of a month, every step under the law of its middle."""
    wanted = scenario.timeline.regimes if scenario.timeline else []
    day = datetime.date(int(month[:4]), int(month[5:]), MIDDLE)

    def law(setting: LawSetting | None) -> LawSetting | None:
        if setting is None:
            return None
        regimes = wanted or setting.regimes
        return setting.model_copy(update={"date": day, "regimes": regimes, "sense": "bites"})

    steps = [step.model_copy(update={"law": law(step.law)}) for step in scenario.steps]
    return scenario.model_copy(update={"as_of": month, "steps": steps})


def last_settings(scenario: Scenario) -> Settings:
    """Return the settings of the last step."""
    return list(accumulated(scenario))[-1][2]
