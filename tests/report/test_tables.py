"""The terminal report: what stands in it, at a width that terminals have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console, RenderableType
from syrupy.assertion import SnapshotAssertion

from tests.scenario.cases import full, quick
from tumen.report import tables
from tumen.report.hubs import hubs
from tumen.report.numbers import decimals_for, money, percent, signed
from tumen.report.world import world_lines
from tumen.scenario.result import Sensitivity


def drawn(lines: Sequence[RenderableType], width: int = 100) -> str:
    text = StringIO()
    console = Console(file=text, width=width, color_system=None)
    for line in lines:
        console.print(line)
    return "\n".join(row.rstrip() for row in text.getvalue().splitlines())


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_the_ladder(name: str, snapshot: SnapshotAssertion) -> None:
    assert drawn([tables.ladder(full(name)[1])]) == snapshot


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_every_number_is_whole_at_a_hundred_columns(name: str) -> None:
    scenario, result = full(name)
    text = drawn(tables.report(scenario, result))
    assert "…" not in text.replace(" … ", "")
    assert max(map(len, text.splitlines())) <= 100
    for step in result.steps:
        for number in (money(step.exports_musd), signed(step.real_income_pct, 2)):
            assert number in text
    for case in result.closures:
        assert case.label in text
    for test in result.sensitivity:
        assert f"{test.assumption}" in text
        assert test.value in text


def test_provisional_steps_are_marked_and_explained() -> None:
    scenario, result = quick("dprk-2017")
    assert "provisional" not in drawn(tables.report(scenario, result))
    typed = [replace(step, provisional=step.id == "black_market") for step in result.steps]
    text = drawn(tables.report(scenario, replace(result, steps=tuple(typed))))
    assert "Black market     p " in text
    assert "p provisional: typed in, not derived from law and evidence." in text


def test_without_sensitivities_there_is_no_table_of_them() -> None:
    scenario, result = quick("dprk-2017")
    text = drawn(tables.report(scenario, result))
    assert "What it hangs on" not in text
    assert "over the range" not in text
    assert "1 % more GDP" not in text


def test_an_assumption_without_a_solution_says_so() -> None:
    _, result = quick("dprk-2017")
    failed = Sensitivity(
        "step settings", "low", None, {"baseline": 0.0}, "no solution: PRK is shut"
    )
    text = drawn([tables.sensitivity(replace(result, sensitivity=(failed,)))])
    assert "none" in text
    assert "step settings low: no solution: PRK is shut" in text


def test_what_it_rests_on() -> None:
    text = drawn([tables.foundations(full("dprk-2017")[1])])
    for part in ("(central basis, costs like MMR)", "deficit 791 musd (pay of workers abroad 350)",
                 "keep: each economy's", "accepted below 1e-10", "russia-workers-un",
                 "step's loss by −1."):  # fmt: skip
        assert part in " ".join(text.split())
    text = drawn([tables.foundations(full("russia-2022")[1])])
    assert "surplus 252," in text
    assert "basis" not in text


def test_numbers() -> None:
    assert [money(x) for x in (0.04, 9.94, 9.96, -12345.6)] == ["0", "9.9", "10", "−12,346"]
    assert [percent(x, 2) for x in (-0.004, 0.0, 1.005)] == ["0.00 %", "0.00 %", "+1.00 %"]
    assert decimals_for([1e-9, 0.0]) == 1
    assert decimals_for([0.00011]) == 4


def test_a_world_is_described_with_what_it_lacks() -> None:
    text = drawn(world_lines(None))
    for part in ("81 economies", "PRK", "IRN Iran", "bundled: world-2022", "licence"):
        assert part.lower() in text.lower()
    assert "USA USA" not in text


def test_what_goes_round_by_hubs_stands_beside_the_direct_record() -> None:
    _, result = quick("russia-2022")
    text = drawn([hubs(result)])
    last = [row for row in result.hubs if row.step == result.steps[-1].id]
    assert last
    for row in last:
        assert re.search(rf"imports +{row.hub} +{money(row.diverted_musd)} ", text)
    assert "The direct record of the same imports falls from" in text
