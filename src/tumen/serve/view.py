"""What the live page shows: controls with their values, the answer, and runs kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tumen.page.case import Case
from tumen.page.headline import facts, headline
from tumen.page.ladder import bars, steps_table
from tumen.page.templates import environment as page_environment
from tumen.page.templates import style
from tumen.report.numbers import percent
from tumen.report.sentence import sentence
from tumen.scenario.load import read_scenario, scenario_names
from tumen.serve.dials import Dial, Value
from tumen.serve.quick import Answer, LiveCase

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
PREFIX = "d."
"""Names of controls in addresses and forms begin with it."""
BAR, LABELS, ROOM = 34, 190, 640
"""Height of a bar, width of labels, width of the whole chart."""
MARGIN = 62
"""Left of the longest bar, for its number."""


@dataclass(frozen=True, slots=True)
class Control:
    """A control as it stands on the page."""

    id: str
    name: str
    dial: Dial
    value: Value

    @property
    def text(self) -> str:
        """The value as readers see it."""
        return _written(self.value)

    @property
    def before(self) -> str:
        """Where it stands in the case, as readers see it."""
        return _written(self.dial.value)

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than in the case."""
        return self.value != self.dial.value


def _written(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, in its own units."""

    label: str
    text: str
    kind: str
    y: float
    x: float
    width: float


def controls(live: LiveCase, settings: Mapping[str, Value]) -> list[tuple[str, list[Control]]]:
    """Return the controls by group, where the settings have put them."""
    found = [
        Control(f"dial-{n}", PREFIX + dial.path, dial, settings.get(dial.path, dial.value))
        for n, dial in enumerate(live.dials)
    ]
    order = list(dict.fromkeys(each.dial.group for each in found))
    found.sort(key=lambda each: order.index(each.dial.group))
    return [(group, list(each)) for group, each in groupby(found, lambda each: each.dial.group)]


def changed(live: LiveCase, fields: Mapping[str, str]) -> dict[str, Value]:
    """Return what a form or an address sets otherwise than the case.

    Raises
    ------
    InvalidInput
        For a value that a control cannot take.
    """
    given = {
        name.removeprefix(PREFIX): value
        for name, value in fields.items()
        if name.startswith(PREFIX)
    }
    by_path = {dial.path: dial for dial in live.dials}
    known = {path: by_path[path].read(value) for path, value in given.items() if path in by_path}
    unknown: dict[str, Value] = {path: v for path, v in given.items() if path not in by_path}
    return {p: v for p, v in known.items() if v != by_path[p].value} | unknown


def address(name: str, settings: Mapping[str, Value]) -> str:
    """Return where a bundled case stands with these settings."""
    return "/?" + urlencode({"case": name} | {PREFIX + p: v for p, v in settings.items()})


def chart(answer: Answer) -> dict[str, Any]:
    """Place the bars of the ladder; drawn by a template, as a library takes too long for a drag."""
    placed = bars(steps_table(Case(answer.scenario, answer.result)).rows)
    ends = [0.0, *(float(bar[end]) for bar in placed for end in ("start", "end"))]
    low, span = min(ends), max(max(ends) - min(ends), 1e-9)
    scale = (ROOM - LABELS - 2 * MARGIN) / span
    left = LABELS + MARGIN

    def x(value: float) -> float:
        return round(left + (value - low) * scale, 1)

    found = [
        Bar(
            bar["label"],
            bar["text"],
            bar["kind"],
            BAR * n,
            x(min(bar["start"], bar["end"])),
            round(abs(bar["end"] - bar["start"]) * scale, 1),
        )
        for n, bar in enumerate(placed)
    ]
    return {"bars": found, "zero": x(0.0), "height": BAR * len(found), "width": ROOM, "bar": BAR}


def answer_view(live: LiveCase, answer: Answer, settings: Mapping[str, Value]) -> dict[str, Any]:
    """Return what the part of the page that follows the controls needs."""
    case = Case(answer.scenario, answer.result)
    table = steps_table(case)
    bundled = live.scenario.id in scenario_names()
    return {
        "headline": headline(case),
        "facts": facts(case),
        "sentence": sentence(answer.scenario, answer.result),
        "chart": chart(answer),
        "table": table,
        "alt": table.alt,
        "groups": controls(live, settings),
        "address": address(live.scenario.id, settings) if bundled else "",
        "milliseconds": answer.milliseconds,
        "economies": live.economies,
        "settings": settings,
    }


def kept_view(live: LiveCase, answer: Answer, settings: Mapping[str, Value]) -> dict[str, Any]:
    """Return one row of the runs that are kept for comparison."""
    last = answer.result.steps[-1]
    told = ", ".join(
        f"{each.dial.label}: {each.text}"
        for _, group in controls(live, settings)
        for each in group
        if each.moved
    )
    return {
        "told": told or "as the case stands",
        "address": address(live.scenario.id, settings),
        "incomes": [percent(step.real_income_pct, 2) for step in answer.result.steps[1:]],
        "last": last,
    }


def whole_view(live: LiveCase, answer: Answer, settings: Mapping[str, Value]) -> dict[str, Any]:
    """Return what the whole page needs."""
    return answer_view(live, answer, settings) | {
        "case": live.scenario,
        "cases": list(_cases()),
        "steps": [step.label for step in answer.result.steps[1:]],
        "style": style(),
        "version": answer.result.versions["tumen"],
    }


@cache
def _cases() -> tuple[tuple[str, str], ...]:
    return tuple((name, read_scenario(name).title) for name in scenario_names())


@cache
def environment() -> Environment:
    """Return the templates of the live page over those of the report."""
    from jinja2 import ChoiceLoader, FileSystemLoader

    made = page_environment().overlay()
    below = page_environment().loader
    own = FileSystemLoader(HERE / "templates")
    made.loader = own if below is None else ChoiceLoader([own, below])
    return made


def rendered(name: str, **given: Any) -> str:
    """Fill a template."""
    return environment().get_template(name).render(**given)
