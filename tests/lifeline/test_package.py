"""Packages: within their limits, and better than what else could be tried."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from tests.support.worlds import world
from tumen.equilibrium import solve
from tumen.errors import InvalidInput
from tumen.lifeline.package import KEPT, Coalition, Package
from tumen.world import Shock, World


@cache
def made() -> World:
    return world(economies=5, sectors=3, seed=11, deficits=0)


def coalition(**changes: object) -> Coalition:
    given = {"limits": {"e1": 2e-3, "e2": 1e-3}, **changes}
    return Coalition(made(), "e0", **given)  # type: ignore[arg-type]


@cache
def best() -> Package:
    return coalition().best()


def losses(shares: dict[tuple[str, str, str], float]) -> dict[str, float]:
    """Dollars that everybody loses under bans, from a solve of their own."""
    cells = {
        ("e0", member, s) if way == "export" else (member, "e0", s): 1 - share
        for (member, way, s), share in shares.items()
    }
    income = made().accounts.income
    outcome = solve(made(), Shock.of(made(), cells))
    return dict(zip(made().economies, income * (1 - outcome.real_income.values), strict=True))


def test_what_is_told_is_what_its_bans_do() -> None:
    found = best()
    alone = losses({(b.member, b.direction, b.sector): b.share for b in found.bans})
    assert found.target_loss_musd == pytest.approx(alone["e0"], rel=2e-3)
    for each in found.members:
        assert each.loss_musd == pytest.approx(alone[each.member], rel=5e-3)
        assert each.loss_musd <= each.limit_musd * (1 + KEPT)
        assert each.transfer_musd == 0
    assert found.target_loss_musd > found.senders_loss_musd > 0


def test_only_as_many_bans_are_partial_as_limits_bind() -> None:
    found = best()
    binding = sum(each.loss_musd > 0.99 * each.limit_musd for each in found.members)
    assert binding > 0
    assert sum(0.02 < ban.share < 0.98 for ban in found.bans) <= binding


def test_no_random_package_within_the_limits_is_better() -> None:
    draw = np.random.default_rng(0)
    limits = {each.member: each.limit_musd for each in best().members}
    cells = list(product(("e1", "e2"), ("export", "import"), made().sectors))
    tried = 0
    for _ in range(25):
        shares = dict(zip(cells, draw.beta(0.4, 0.4, len(cells)), strict=True))
        for _ in range(12):
            found = losses(shares)
            if all(found[name] <= limit for name, limit in limits.items()):
                tried += 1
                assert found["e0"] <= best().target_loss_musd * (1 + 2e-3)
                break
            shares = {cell: 0.7 * share for cell, share in shares.items()}
    assert tried > 15


@pytest.mark.slow
def test_two_bans_against_a_grid() -> None:
    """One member, one sector, both ways: a grid of a twentieth finds nothing better."""
    small = Coalition(made(), "e0", {"e1": 6e-4}, sectors=("s0",))
    found = small.best()
    limit = found.members[0].limit_musd
    even = np.linspace(0, 1, 21)
    tried = [
        losses({("e1", "export", "s0"): out, ("e1", "import", "s0"): into})
        for out in even
        for into in even
    ]
    top = max(each["e0"] for each in tried if each["e1"] <= limit)
    assert found.target_loss_musd >= top * (1 - 1e-3)


def test_only_what_is_allowed_is_banned() -> None:
    found = coalition(directions=("import",), sectors=("s1", "s2")).best()
    assert {ban.direction for ban in found.bans} == {"import"}
    assert {ban.sector for ban in found.bans} <= {"s1", "s2"}
    assert found.target_loss_musd < best().target_loss_musd


def test_wider_limits_hurt_more_and_give_less_for_a_dollar() -> None:
    curve = coalition().frontier((0.5, 1.0, 2.0))
    hurt = [each.target_loss_musd for each in curve]
    assert hurt == sorted(hurt)
    assert hurt[1] == pytest.approx(best().target_loss_musd, rel=5e-3)
    ratios = [each.target_loss_musd / each.senders_loss_musd for each in curve]
    assert ratios == sorted(ratios, reverse=True)


def test_with_transfers_everybody_loses_the_same_part_of_its_limit() -> None:
    found = coalition(transfers=True).best()
    parts = [each.loss_musd / each.limit_musd for each in found.members]
    assert parts[0] == pytest.approx(parts[1], rel=1e-3)
    assert max(parts) <= 1.01
    assert sum(each.transfer_musd for each in found.members) == pytest.approx(0, abs=1e-9)
    assert found.target_loss_musd >= best().target_loss_musd * (1 - 5e-3)


def test_a_start_from_another_package_is_tried() -> None:
    narrow = coalition(limits={"e1": 1e-3, "e2": 5e-4}).best()
    found = coalition().best(narrow)
    assert set(found.starts) == {"nothing", "ratios", "before"}
    assert found.target_loss_musd >= best().target_loss_musd * (1 - 1e-6)


def test_a_coalition_that_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Coalition(made(), "e9", {"e1": 2.0, "x": 0.1}, directions=(), sectors=("s7",))
    said = str(caught.value)
    for part in (
        "package: 5 problems",
        "target: no economy 'e9'",
        "limits: no economy 'x'",
        "limits, e1: is 2, must be a share above 0 and up to 1",
        "directions: is empty; name export, import or both",
        "sectors: no sector 's7'",
    ):
        assert part in said
    with pytest.raises(InvalidInput, match='"e0" is the target and no member'):
        coalition(limits={"e0": 0.1})
    with pytest.raises(InvalidInput, match="limits: is empty"):
        replace(coalition(), limits={})
