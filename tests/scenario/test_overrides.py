"""``--set path=value``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumen.errors import InvalidInput
from tumen.scenario.load import load_scenario

TYPED = str(Path(__file__).parents[1] / "data" / "typed-2017.yaml")
"""The case of 2017 with every step typed in."""
LEFT = "steps.enforced.freeness.china_textiles.left"


def test_levels_and_nested_paths_by_id() -> None:
    scenario = load_scenario(
        TYPED,
        ["world.gdp_basis=low", "elasticity=high", f"{LEFT}.central=0.05", 'target="PRK"'],
    )
    assert (scenario.world.gdp_basis, scenario.elasticity) == ("low", "high")
    enforced = next(step for step in scenario.steps if step.id == "enforced")
    textiles = next(rule for rule in enforced.freeness if rule.id == "china_textiles")
    assert (textiles.left.low, textiles.left.central, textiles.left.high) == (0.005, 0.05, 0.1)


def test_a_number_for_a_quantity_has_no_range() -> None:
    scenario = load_scenario(TYPED, [f"{LEFT}=0.3"])
    left = scenario.steps[1].freeness[2].left
    assert (left.low, left.central, left.high) == (0.3, 0.3, 0.3)
    assert left.source == "set-by-user"
    assert left.note == f"{LEFT}=0.3"


def test_ends_set_one_after_the_other_are_checked_together() -> None:
    ends = [f"{LEFT}.high=0.9", f"{LEFT}.central=0.8", f"{LEFT}.low=0.7"]
    assert load_scenario(TYPED, ends).steps[1].freeness[2].left.low == 0.7


def test_defaults_can_be_set() -> None:
    scenario = load_scenario(TYPED, ['newcomer_name="Moscow"', "steps.law.transfers=[]"])
    assert scenario.newcomer_name == "Moscow"


BAD = {
    "world.gdp_bassi=low": r'"gdp_bassi|\'gdp_bassi\' in world; did you mean "gdp_basis"',
    "wolrd.gdp_basis=low": r"'wolrd' at the top; did you mean \"world\"",
    "steps.enforcd.label=a": r"'enforcd' in steps; did you mean \"enforced\"",
    "steps.law.freeness.texiles.left=0": r"in steps.law.freeness; did you mean \"textiles\"",
    "elasticity=medium": r'elasticity is "medium"; allowed: low, central, high',
    "target_year=soon": r'target_year is "soon"; it should be a whole number',
    f"{LEFT}=much": rf"{LEFT} must be a number, or a range",
    f"{LEFT}=-1": r"low is -1, must not be below 0",
    f"{LEFT}=.nan": r"finite",
    f"{LEFT}.low=2": r"not in order",
    "target=NO": r'target: code must be a quoted string: write "NO"',
    'target="RSU"': r'"RSU" is no economy of this world; did you mean .*"RUS"',
    "elasticity": r"must be path=value, for example world.gdp_basis=low",
    "elasticity=": r"must be path=value",
    "=low": r"must be path=value",
    "elasticity=[": r"no YAML",
}


@pytest.mark.parametrize("setting", BAD)
def test_each_bad_setting_is_one_error_that_shows_it(setting: str) -> None:
    with pytest.raises(InvalidInput, match=BAD[setting]) as caught:
        load_scenario(TYPED, [setting])
    assert len(caught.value.problems) == 1, str(caught.value)
    assert setting in str(caught.value)


def test_a_number_stands_for_the_only_figure_of_a_rule() -> None:
    scenario = load_scenario("dprk-2017", ["steps.enforced.enforcement.CHN=0.6"])
    rule = next(rule for rule in scenario.steps[1].enforcement if rule.id == "CHN")
    assert rule.enforced is not None
    assert not rule.path
    assert (rule.enforced.low, rule.enforced.central, rule.enforced.high) == (0.6, 0.6, 0.6)
    with pytest.raises(InvalidInput, match="must lie between 0 and 1"):
        load_scenario("dprk-2017", ["steps.enforced.enforcement.CHN=60"])
