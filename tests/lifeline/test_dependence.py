"""Trade shares, concentration and the income lost with each partner."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import dataset, world
from tumen import InvalidInput, Shock, World, load_world, solve
from tumen.lifeline.dependence import concentration, dependence
from tumen.lifeline.matrix import dependence_matrix
from tumen.lifeline.parting import only_source, part


def test_shares_add_up_and_partners_stand_in_order_of_loss() -> None:
    base = world(5, 3, seed=3)
    found = dependence(base, "e0")
    assert sum(row.trade_share for row in found.partners) == pytest.approx(1)
    assert sum(row.loss_share or 0 for row in found.partners) == pytest.approx(1)
    losses = [row.income_loss_pct or 0 for row in found.partners]
    assert losses == sorted(losses, reverse=True)
    assert len(losses) == 4
    exports = base.accounts.exports[0]
    assert sum(row.exports_musd for row in found.partners) == pytest.approx(exports)


def test_loss_is_that_of_both_directions_shut() -> None:
    base = world(4, 2, seed=1)
    shock = Shock.of(base, {("e1", "e2", "*"): 0.0, ("e2", "e1", "*"): 0.0})
    income = solve(base, shock).real_income
    (row,) = [row for row in dependence(base, "e1").partners if row.partner == "e2"]
    assert row.income_loss_pct == pytest.approx(100 * (1 - float(income.sel(economy="e1"))))
    assert row.partner_loss_pct == pytest.approx(100 * (1 - float(income.sel(economy="e2"))))


def test_one_partner_of_two_is_autarky() -> None:
    """With a single partner the loss is the gain from trade of the ACR formula."""
    data = dataset(2, 1, seed=5)
    data["value_added_share"] = xr.ones_like(data["value_added_share"])
    data["input_share"] = xr.zeros_like(data["input_share"])
    base = World.equilibrate(data, deficits="zero")
    found = dependence(base, "e0", deficits="zero")
    home = base.accounts.shares[0, 0, 0]
    theta = base.accounts.theta[0]
    assert found.partners[0].income_loss_pct == pytest.approx(100 * (1 - home ** (1 / theta)))
    assert found.exports_concentration == 1


def test_product_with_one_source_keeps_a_dear_substitute() -> None:
    data = dataset(3, 2, seed=2)
    trade = data["trade"].values.copy()
    trade[[0, 2], 0, 1] = 0.0  # E0 buys S1 from E1 alone
    data["trade"] = (data["trade"].dims, trade)
    base = World.equilibrate(data.drop_vars("deficit", errors="ignore"))
    parted = part(base, "e0", "e1", substitute_price=4.0)
    assert parted.substitutes == {"e0": ("s1",), "e1": ()}
    assert parted.outcome is not None
    freeness = parted.outcome.shock.freeness
    assert freeness is not None
    kept = float(freeness.sel(origin="e1", destination="e0", sector="s1"))
    assert kept == pytest.approx(4.0 ** -base.accounts.theta[1])
    dearer = part(base, "e0", "e1", substitute_price=8.0).income_loss_pct("e0")
    assert dearer is not None
    assert dearer > (parted.income_loss_pct("e0") or 0)


def test_without_a_solution_the_reason_stands_in_its_place() -> None:
    data = dataset(3, 1, seed=4)
    trade = data["trade"].values.copy()
    trade[0, 2] = trade[2, 0] = 0.0  # E0 and E2 trade with E1 alone
    data["trade"] = (data["trade"].dims, trade)
    base = World.equilibrate(data.drop_vars("deficit", errors="ignore"))
    assert abs(base.accounts.deficit[0]) > 1e-3
    (row,) = dependence(base, "e0").partners
    assert row.income_loss_pct is None
    assert "e0" in row.problem


def test_matrix_is_every_targets_dependence() -> None:
    base = world(4, 2, seed=8)
    rows = dependence_matrix(base)
    assert len(rows) == 12
    for target in base.economies:
        found = {row.partner: row for row in dependence(base, target).partners}
        for row in rows:
            if row["target"] == target:
                one = found[row["partner"]]
                assert row["income_loss_pct"] == pytest.approx(one.income_loss_pct, rel=1e-9)
                assert row["trade_share"] == pytest.approx(one.trade_share)
                assert row["imports_musd"] == pytest.approx(one.imports_musd)


def test_matrix_puts_what_has_no_solution_first() -> None:
    data = dataset(4, 1, seed=4)
    trade = data["trade"].values.copy()
    trade[0, 2:] = trade[2:, 0] = 0.0  # e0 trades with e1 alone
    data["trade"] = (data["trade"].dims, trade)
    base = World.equilibrate(data.drop_vars("deficit", errors="ignore"))
    rows = [row for row in dependence_matrix(base) if row["target"] == "e1"]
    assert [row["partner"] for row in rows if row["income_loss_pct"] is None] == ["e0"]
    assert rows[0]["partner"] == "e0"
    assert rows[1]["income_loss_pct"] > rows[2]["income_loss_pct"] > 0


@pytest.mark.slow
def test_matrix_by_several_processes_is_the_same() -> None:
    base = world(8, 2, seed=8)
    assert dependence_matrix(base, workers=2) == dependence_matrix(base)


def test_unknown_target_names_the_nearest() -> None:
    with pytest.raises(InvalidInput, match='did you mean "e3"') as caught:
        dependence(world(4, 1, seed=0), "e33", substitute_price=1.0)
    assert len(caught.value.problems) == 2


def test_concentration() -> None:
    assert concentration(np.array([1.0, 1.0, 1.0, 1.0])) == pytest.approx(0.25)
    assert concentration(np.zeros(3)) == 0


def test_only_source_counts_home_sales() -> None:
    purchases = np.array([[1.0, 2.0], [0.0, 2.0], [0.0, 0.0]])
    assert only_source(purchases, 1).tolist() == [False, True, False]


def test_pay_of_workers_ends_with_a_partner_who_walks_away() -> None:
    base = load_world()
    paid = base.remittances[base.economies.index("RUS"), base.economies.index("PRK")]
    parted = part(base, "PRK", "RUS")
    assert parted.outcome is not None
    lost = base.accounts.deficit - parted.outcome.deficit.values
    assert lost[base.economies.index("PRK")] == pytest.approx(paid)
    assert lost[base.economies.index("RUS")] == pytest.approx(-paid)
    bare = World(base.dataset.drop_vars("remittance"))
    lose, keep = (each.income_loss_pct("PRK") for each in (parted, part(bare, "PRK", "RUS")))
    assert lose is not None
    assert keep is not None
    assert lose > keep + 0.5
