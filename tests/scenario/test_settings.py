"""Rules that accumulate, and the shocks they become."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.scenario.cases import figure, links, small, step, transfer
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.scenario.baseline import scenario_world
from tumen.scenario.load import load_scenario
from tumen.scenario.schema import Scenario
from tumen.scenario.settings import Arrangement, accumulated, arrange
from tumen.world import World


def left(value: float) -> str:
    return f"left: {figure(value)}"


def opening(name: str, origins: str, musd: float, hidden: str = "false") -> str:
    money = figure(musd, "million USD a year")
    return links(name, origins, '"RUS"', '"C28"', f"musd: {money}, hidden: {hidden}")


def arranged(scenario: Scenario, name: str) -> tuple[World, Arrangement]:
    world = scenario_world(scenario)
    settings = {step: found for step, _, found in accumulated(scenario)}
    return world, arrange(scenario, world, settings[name], "central")


def at(world: World, origin: str, destination: str, sector: str) -> tuple[int, int, int]:
    economies = world.economies
    return (economies.index(origin), economies.index(destination), world.sectors.index(sector))


def test_a_later_rule_of_the_same_name_replaces_and_never_multiplies(tmp_path: Path) -> None:
    path = small(
        tmp_path,
        step("law", freeness=[links("a", '"CHN"', '"RUS"', '"C26"', left(0.5))]),
        step("enforced", freeness=[links("a", '"CHN"', '"RUS"', '"C26"', left(0.4))]),
        step("support", freeness=[links("a", '"IND"', '"RUS"', '"C26"', left(0.9))]),
    )
    scenario = load_scenario(path)
    for name, china, india in (("law", 0.5, 1), ("enforced", 0.4, 1), ("support", 1, 0.9)):
        world, arrangement = arranged(scenario, name)
        assert arrangement.legal[at(world, "CHN", "RUS", "C26")] == china
        assert arrangement.legal[at(world, "IND", "RUS", "C26")] == india


def test_later_rules_win_where_they_meet_and_earlier_ones_stay(tmp_path: Path) -> None:
    path = small(
        tmp_path,
        step("law", freeness=[
            links("all", '"*"', '"RUS"', '"*"', left(0.5)),
            links("china", '"CHN"', '"RUS"', '"C26"', left(0.8)),
        ]),
        step("enforced", freeness=[links("machines", '"*"', '"RUS"', '"C26", "C28"', left(0.3))]),
    )  # fmt: skip
    scenario = load_scenario(path)
    world, law = arranged(scenario, "law")
    assert law.legal[at(world, "CHN", "RUS", "C26")] == 0.8
    assert law.legal[at(world, "CHN", "RUS", "C28")] == 0.5
    _, enforced = arranged(scenario, "enforced")
    assert enforced.legal[at(world, "CHN", "RUS", "C26")] == 0.3
    assert enforced.legal[at(world, "CHN", "RUS", "A01")] == 0.5


def test_a_star_means_all_others_and_a_name_means_itself(tmp_path: Path) -> None:
    star = links("star", '"*"', '"RUS"', '"C26"', left(0.0))
    group = links("group", '"everyone"', '"everyone"', '"C28"', left(0.0))
    home = links("home", '"RUS", "CHN"', '"RUS"', '"B05"', left(0.25))
    head = 'groups: {everyone: ["RUS", "CHN"]}\n'
    scenario = load_scenario(small(tmp_path, step("law", freeness=[star, group, home]), head=head))
    world, arrangement = arranged(scenario, "law")
    legal = arrangement.legal
    assert legal[at(world, "RUS", "RUS", "C26")] == 1
    assert legal[at(world, "CHN", "RUS", "C26")] == 0
    assert legal[at(world, "RUS", "CHN", "C26")] == 1
    assert legal[at(world, "RUS", "RUS", "C28")] == 0
    assert legal[at(world, "RUS", "RUS", "B05")] == 0.25
    assert int((legal != 1).sum()) == len(world.economies) - 1 + 4 + 2


def test_hidden_trade_comes_on_top_of_what_is_left(tmp_path: Path) -> None:
    scenario = load_scenario(small(
        tmp_path,
        step("law", freeness=[links("a", '"CHN"', '"RUS"', '"C26"', left(0.0))]),
        step("black_market",
             hidden=[links("b", '"CHN"', '"RUS"', '"C26"', f"added: {figure(0.2)}")]),
    ))  # fmt: skip
    world, arrangement = arranged(scenario, "black_market")
    cell = at(world, "CHN", "RUS", "C26")
    assert (arrangement.legal[cell], arrangement.hidden[cell]) == (0, 0.2)
    assert arrangement.shock.freeness is not None
    assert float(arrangement.shock.freeness.values[cell]) == 0.2


def test_an_opening_sells_what_it_promises_at_unchanged_costs(tmp_path: Path) -> None:
    promised = 100.0
    scenario = load_scenario(small(
        tmp_path,
        step("support", openings=[
            opening("two", '"IND", "TUR"', promised), opening("hid", '"IND"', promised, "true")
        ]),
    ))  # fmt: skip
    world, arrangement = arranged(scenario, "support")
    for name, sold in (("opened", promised), ("opened_hidden", promised)):
        omega = getattr(arrangement, name)
        total = arrangement.opened + arrangement.opened_hidden
        n, s = world.economies.index("RUS"), world.sectors.index("C28")
        spending = world.accounts.spending[s, n]
        share = omega[:, n, s].sum() / (1 + total[:, n, s].sum())
        assert share * spending == pytest.approx(sold, rel=1e-12)
    before = world.dataset.trade
    after = solve(world, arrangement.shock).trade
    cell = {"destination": "RUS", "sector": "C28", "origin": ["IND", "TUR"]}
    growth = float((after.sel(cell) - before.sel(cell)).sum())
    assert growth == pytest.approx(2 * promised, rel=0.02)
    others = arrangement.opened.sum() + arrangement.opened_hidden.sum()
    assert others == pytest.approx(omega[:, n, s].sum() * 2)


def test_an_opening_beyond_what_the_buyer_spends_is_refused(tmp_path: Path) -> None:
    path = small(tmp_path, step("support", openings=[opening("much", '"IND"', 1e7)]))
    scenario = load_scenario(path)
    with pytest.raises(InvalidInput, match=r"rule much: .*RUS would be sold more C28 than the"):
        arranged(scenario, "support")


def test_transfers_cancel_over_the_world_and_reach_the_receiver(tmp_path: Path) -> None:
    scenario = load_scenario(small(
        tmp_path,
        step("support", transfers=[
            transfer("gift", "IND", "RUS", 300.0), transfer("theft", "*", "RUS", 70.0)
        ]),
    ))  # fmt: skip
    world, arrangement = arranged(scenario, "support")
    assert arrangement.shock.deficit is not None
    change = arrangement.shock.deficit.values - world.accounts.deficit
    target = world.economies.index("RUS")
    assert change[target] == pytest.approx(370)
    assert abs(change.sum()) < 1e-6
    others = np.delete(change, [target, world.economies.index("IND")])
    assert (others < 0).all()
    assert others.sum() > -70
    assert arrangement.hidden_transfer == 0


def test_only_hidden_transfers_to_the_target_count_as_hidden(tmp_path: Path) -> None:
    hidden = transfer("a", "*", "RUS", 50.0)[:-1] + ", hidden: true}"
    other = transfer("b", "*", "CHN", 20.0)[:-1] + ", hidden: true}"
    scenario = load_scenario(small(tmp_path, step("support", transfers=[hidden, other])))
    assert arranged(scenario, "support")[1].hidden_transfer == 50


def test_each_end_of_a_range_can_be_asked_for(tmp_path: Path) -> None:
    wide = '{low: 0.1, central: 0.2, high: 0.6, unit: "freeness", source: "judgement"}'
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {wide}")
    scenario = load_scenario(small(tmp_path, step("law", freeness=[rule])))
    world = scenario_world(scenario)
    settings = next(found for step, _, found in accumulated(scenario) if step == "law")
    cell = at(world, "CHN", "RUS", "C26")
    assert arrange(scenario, world, settings, "low").legal[cell] == 0.1
    assert arrange(scenario, world, settings, "high").legal[cell] == 0.6
