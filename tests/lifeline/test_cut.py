"""A text on the trade of two economies, and a third that takes over."""

from __future__ import annotations

import numpy as np
import pytest

import tumen
from tests.support.worlds import world
from tumen.equilibrium import Outcome, solve
from tumen.errors import Infeasible
from tumen.lifeline.cut import Cut
from tumen.lifeline.parting import part
from tumen.world import Shock


def made(tariffs: float = 0.0) -> Cut:
    """Target e0, benefactor e1, supplier e2."""
    return Cut(world(economies=4, sectors=3, seed=5, tariffs=tariffs), "e0", "e1", "e2")


def solved(subject: Cut, text: float, support: float = 0.0) -> Outcome:
    return subject.solved(text, support, lambda shock, near: solve(subject.world, shock), None)


def test_a_text_bans_a_share_of_every_flow_between_the_two() -> None:
    subject = made()
    shock = Shock.of(subject.world, {("e0", "e1", "*"): 0.7, ("e1", "e0", "*"): 0.7})
    found, wanted = solved(subject, 0.3), solve(subject.world, shock)
    assert found.real_income.values == pytest.approx(wanted.real_income.values, abs=1e-9)
    trade = subject.world.dataset["trade"]
    both = (
        trade.sel(origin="e0", destination="e1").sum()
        + trade.sel(origin="e1", destination="e0").sum()
    )
    assert subject.trade_musd == pytest.approx(float(both))


def test_a_whole_text_is_a_parting() -> None:
    subject = made()
    parted = part(subject.world, "e0", "e1")
    loss = 100 * subject.loss(solved(subject, 1.0))
    assert loss == pytest.approx(parted.income_loss_pct("e0"), abs=1e-7)
    assert loss > 0


@pytest.mark.parametrize("tariffs", [0.0, 0.3])
def test_support_opens_what_the_benefactor_had(tariffs: float) -> None:
    """ω in the supplier's place is the benefactor's share of spending, tariffs included."""
    subject = made(tariffs)
    opening = subject.shock(0.5, 0.2).opening
    assert opening is not None
    data = subject.world.dataset
    rate = data["tariff"] if tariffs else 0 * data["trade"]
    paid = data["trade"] * (1 + rate)
    spending = paid.sum("origin")
    sold = paid.sel(origin="e1", destination="e0") / spending.sel(destination="e0")
    at_rate = 1 + rate.sel(origin="e0", destination="e2")
    bought = data["trade"].sel(origin="e0", destination="e1") * at_rate
    bought = bought / spending.sel(destination="e2")
    for cell, share in ((("e2", "e0"), sold), (("e0", "e2"), bought)):
        found = opening.sel(origin=cell[0], destination=cell[1])
        assert found.values == pytest.approx(0.2 * share.values, rel=1e-12)
    assert int((opening > 0).sum()) == 6


def test_support_as_large_as_the_text_nearly_undoes_it() -> None:
    subject = made()
    text = 0.6
    alone, half, whole = (subject.loss(solved(subject, text, each)) for each in (0.0, 0.3, text))
    assert alone > half > whole
    assert abs(whole) < 0.1 * alone


def test_losses_on_a_grid_are_those_of_single_solves() -> None:
    subject = made()
    texts, parts = np.array([0.0, 0.4, 1.0]), np.array([0.0, 0.5])
    found = subject.losses(
        texts, parts, lambda shock, near: solve(subject.world, shock, start=near)
    )
    assert found[0].tolist() == [0.0, 0.0]
    assert found[1, 1] == pytest.approx(subject.loss(solved(subject, 0.4, 0.2)), abs=1e-9)
    assert found[2, 0] == pytest.approx(subject.loss(solved(subject, 1.0)), abs=1e-9)


def test_what_only_the_benefactor_sells_stays_as_a_dear_substitute() -> None:
    """All crude of the target comes from its benefactor: a whole text must not shut it."""
    subject = Cut(tumen.load_world(), "PRK", "CHN", "RUS")
    freeness = subject.shock(1.0, 0.0).freeness
    assert freeness is not None
    left = freeness.sel(origin="CHN", destination="PRK")
    assert list(left.sector.values[left > 0]) == ["B06"]
    assert 0 < float(left.max()) < 1e-3
    assert 0.04 < subject.loss(solved(subject, 1.0)) < 0.2


def test_where_no_solution_is_the_text_is_named() -> None:
    def refuse(shock: Shock, near: Outcome | None) -> Outcome:
        raise Infeasible("no")

    with pytest.raises(Infeasible) as caught:
        made().losses(np.array([0.25]), np.array([0.5]), refuse)
    assert caught.value.__notes__ == [
        "with 25.0% of the trade of e0 and e1 banned and 12.5% made up by e2"
    ]
