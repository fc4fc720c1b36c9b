"""The target's account, and the picture of it: both sides alike, nothing left out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.page.pages import case, exhibit
from tumen.page.case import Case
from tumen.page.flows import account
from tumen.page.partners import _labelled, partners, trade_rows
from tumen.page.sankey import HEIGHT, LINE, Flow, _panel, sankey


@pytest.mark.parametrize("name", ["dprk-2017", "russia-2022"])
def test_both_sides_of_the_account_sum_to_the_same(name: str) -> None:
    found = case(name)
    for step in found.result.steps:
        each = account(found, step, ["CHN", "RUS"])
        bought, paid = (sum(flow.musd for flow in side) for side in (each.bought, each.paid))
        assert bought == pytest.approx(paid, rel=1e-9)
        imports = step.imports_musd + step.imports_unrecorded_musd + step.hidden_imports_musd
        assert each.imports == pytest.approx(imports, abs=0.2)


def test_exports_of_the_account_are_those_of_the_step() -> None:
    found = case()
    for step in found.result.steps:
        each = account(found, step, ["CHN"])
        exports = step.exports_musd + step.exports_unrecorded_musd + step.hidden_exports_musd
        shown = sum(flow.musd for flow in each.paid if flow.kind != "money")
        assert shown == pytest.approx(exports, abs=0.2)


def test_shares_of_partners_sum_to_one_before_and_after() -> None:
    rows = trade_rows(case())
    for name in ("share_before", "share_after"):
        assert sum(row[name] for row in rows) == pytest.approx(1.0)
    last = case().last
    hidden = sum(row["hidden"] for row in rows)
    assert hidden == pytest.approx(last.hidden_musd)


def test_partners_without_a_place_have_no_map_and_no_partners_no_section() -> None:
    found = case()
    unnamed = tuple(
        replace(row, economy=f"own-{row.economy}") for row in found.result.partner_trade
    )
    elsewhere = partners(replace(found, result=replace(found.result, partner_trade=unnamed)))
    assert elsewhere is not None
    assert [each.id for each in elsewhere.exhibits] == ["partners-changes"]
    assert partners(replace(found, result=replace(found.result, partner_trade=()))) is None


def test_names_on_the_map_do_not_meet() -> None:
    near = [
        {"name": n, "lon": lon, "lat": 50.0, "share_before": s, "share_after": 0.0}
        for n, lon, s in (
            ("a", 10.0, 0.5),
            ("b", 12.0, 0.3),
            ("c", 100.0, 0.1),
            ("d", 150.0, 0.001),
        )
    ]
    assert [row["name"] for row in _labelled(near)] == ["a", "c"]


amounts = st.lists(st.floats(0.1, 1e5), min_size=1, max_size=8)


@given(amounts, amounts)
def test_a_picture_has_room_for_every_name_and_no_flow_covers_another(
    left: list[float], right: list[float]
) -> None:
    into, out = (
        [Flow(f"n{i}", "open", value) for i, value in enumerate(side)] for side in (left, right)
    )
    panel = _panel("t", into, out, HEIGHT / sum(left), 0.0)
    for ribbons in (panel.left, panel.right):
        for above, below in pairwise(ribbons):
            assert below.y - above.y >= LINE - 1e-6
            assert below.top >= above.top + above.height - 0.5
    assert panel.pile == pytest.approx(HEIGHT)


def test_a_picture_without_flows_is_still_one() -> None:
    assert sankey([("empty", [], [])]).startswith("<svg")


def test_names_in_the_picture_are_escaped() -> None:
    svg = sankey([("<b>", [Flow("a & <i>", "open", 1.0)], [Flow("b", "hidden", 1.0)])])
    assert "<b>" not in svg
    assert "a &amp; &lt;i&gt;" in svg


def test_both_pictures_have_one_scale() -> None:
    svg = exhibit("flows-sankey").svg
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" fill="#1f2328"/>', svg)]
    found: Case = case()
    before, after = (
        sum(flow.musd for flow in account(found, step, []).bought)
        for step in (found.baseline, found.last)
    )
    assert heights[1] / heights[0] == pytest.approx(after / before, rel=1e-3)
