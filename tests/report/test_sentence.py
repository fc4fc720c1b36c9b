"""The answer in words: both cases, and cases that lack some of the steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.scenario.cases import full, quick
from tumen.report.sentence import sentence
from tumen.scenario.result import Result


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_the_bundled_answers(name: str, snapshot: SnapshotAssertion) -> None:
    assert sentence(*full(name)) == snapshot


def told(*steps: str, **incomes: float) -> str:
    """The sentence of the 2017 case with only some steps, and real incomes put in."""
    scenario, result = quick("dprk-2017")
    kept = [
        replace(step, real_income_pct=incomes.get(step.id, 0.0), real_earnings_pct=-3.0)
        for step in result.steps
        if step.id in ("baseline", *steps)
    ]
    return sentence(scenario, replace(result, steps=tuple(kept), holding=()))


def test_the_law_alone() -> None:
    assert told("law", law=-2.5) == (
        "With the law enforced in full, North Korea's real income would change by −2.5 %. "
        "What the economy earns itself changes by −3.0 %."
    )


def test_no_support() -> None:
    text = told("law", "black_market", law=-2.5, black_market=-1.5)
    assert "A black market gives back 1.0 points, which leaves −1.5 %." in text
    assert "Russia" not in text


def test_no_black_market() -> None:
    text = told("law", "support", law=-2.5, support=-2.0)
    assert "Support by Russia gives back 0.5 points, which leaves −2.0 %." in text
    assert "black market" not in text


def test_a_move_that_hurts() -> None:
    text = told("law", "black_market", "support", law=-2.5, black_market=-2.8, support=-2.3)
    assert "A black market takes a further 0.3 points and support by Russia gives back 0.5" in text


def test_a_step_that_changes_nothing() -> None:
    text = told("law", "support", law=-2.5, support=-2.5)
    assert "Support by Russia changes nothing, which leaves −2.5 %." in text


@pytest.mark.parametrize(
    ("step", "opening"),
    [
        ("enforced", "With the law as enforced, North"),
        ("withdrawal", "With the withdrawal of China, North"),
        ("black_market", "With a black market, North"),
        ("support", "With support by Russia, North"),
    ],
)
def test_a_ladder_may_begin_at_any_step(step: str, opening: str) -> None:
    text = told(step, **{step: 1.5})
    assert text.startswith(opening)
    assert "would change by +1.5 %." in text
    assert text.count("1.5") == 1


def test_as_many_decimals_as_the_smallest_move_needs() -> None:
    text = told("law", "support", law=-2.5, support=-2.47)
    assert "by −2.50 %." in text
    assert "gives back 0.03 points" in text


def test_economies_without_a_known_name_go_by_their_label() -> None:
    scenario, result = quick("dprk-2017")
    labelled = scenario.model_copy(update={"target": "e0", "newcomer": "e1"})
    assert "e0's real income" in sentence(labelled, result)
    assert "support by e1" in sentence(labelled, result)


def test_the_names_of_the_file_come_first() -> None:
    _, result = full("russia-2022")
    text = sentence(*full("russia-2022"))
    assert "the withdrawal of Western firms and banks" in text
    assert "support by China, India and Turkey" in text
    assert isinstance(result, Result)
