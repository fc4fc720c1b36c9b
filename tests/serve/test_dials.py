"""Controls mean what ``--set`` means, and refuse what they cannot take."""

from __future__ import annotations

import pytest

from tumen.errors import InvalidInput
from tumen.scenario.load import load_scenario
from tumen.serve.dials import Dial, dials, turned


def _elsewhere(dial: Dial) -> float | str:
    if dial.kind == "choice":
        return next(choice for choice in dial.choices if choice != dial.value)
    if dial.kind == "day":
        return "2017-10-31"
    return round(dial.low + 0.37 * (dial.high - dial.low), 6)


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_a_control_is_the_setting_of_its_path(name: str) -> None:
    case = load_scenario(name)
    found = dials(case)
    assert {"law", "enforcement", "black market", "support", "world"} <= {d.group for d in found}
    for dial in _of_each_kind(found):
        value = _elsewhere(dial)
        there = load_scenario(name, [f"{dial.path}={value}"])
        assert turned(case, found, {dial.path: value}).model_dump() == there.model_dump(), dial.path


def _of_each_kind(found: tuple[Dial, ...]) -> list[Dial]:
    """The first control of every group and field: reading a case anew takes its time."""
    chosen = {(dial.group, dial.place[-1], dial.kind): dial for dial in reversed(found)}
    return list(chosen.values())


def test_several_controls_at_once() -> None:
    case = load_scenario("dprk-2017")
    settings = {"elasticity": 0.25, "steps.enforced.enforcement.CHN": 0.5}
    found = turned(case, dials(case), settings)
    assert found.elasticity == 0.25
    rule = next(rule for rule in found.steps[1].enforcement if rule.id == "CHN")
    assert rule.enforced is not None
    assert (rule.enforced.central, rule.path, rule.fit) == (0.5, [], None)
    assert turned(case, dials(case), {}) is case


def test_sliders_have_ticks_that_their_values_lie_on() -> None:
    for dial in dials(load_scenario("dprk-2017")):
        if dial.kind == "number":
            steps = (float(dial.value) - dial.low) / dial.tick
            assert steps == pytest.approx(round(steps), abs=1e-6), dial.path
            assert dial.low <= float(dial.value) <= dial.high


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("steps.enforced.enforcement.CHN", 1.5, "from 0 to 1 share"),
        ("steps.enforced.enforcement.CHN", "much", "must be a number"),
        ("steps.enforced.enforcement.CHN", "nan", "must be a number"),
        ("steps.enforced.enforcement.CHNN", 0.5, "steps.enforced.enforcement.CHN"),
        ("world.gdp_basis", "huge", "low, central, high"),
        ("steps.law.law.date", "2018-02-31", "YYYY-MM-DD"),
        ("streams", "/etc/passwd", "is no control"),
    ],
)
def test_what_a_control_cannot_take(path: str, value: float | str, words: str) -> None:
    case = load_scenario("dprk-2017")
    with pytest.raises(InvalidInput, match=words):
        turned(case, dials(case), {path: value})
