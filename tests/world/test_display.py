"""What notebooks show of a world, an outcome and a run."""

from __future__ import annotations

from dataclasses import replace

from tests.scenario.cases import quick
from tumen import Shock, load_world, solve
from tumen.world.display import html_table


def test_cells_are_escaped_and_numbers_written() -> None:
    text = html_table("<t>", ["<c>"], [["<r>", -1234.5, 0.256]])
    assert "<t>" not in text
    assert "<r>" not in text
    assert "−1,234" in text
    assert "0.26" in text


def test_a_world_shows_its_largest_economies() -> None:
    text = load_world()._repr_html_()
    assert text.count("<tr>") == 11
    assert text.index("USA") < text.index("CHN") < text.index("DEU")


def test_an_outcome_shows_whom_it_moves_most() -> None:
    world = load_world()
    outcome = solve(world, Shock.of(world, {("*", "PRK", "*"): 0.5}))
    text = outcome._repr_html_()
    first = text.split("<tbody><tr>")[1].split("</tr>")[0]
    assert "PRK" in first
    change = 100 * (float(outcome.real_income.sel(economy="PRK")) - 1)
    assert f"{change:.2f}".replace("-", "−") in first


def test_a_run_shows_its_ladder() -> None:
    _, result = quick("dprk-2017")
    hostile = replace(result, title="<b>x</b>")._repr_html_()
    assert "<b>" not in hostile
    text = result._repr_html_()
    for step in result.steps:
        assert step.label in text
        assert f"{step.real_output_pct:.2f}".replace("-", "−") in text
