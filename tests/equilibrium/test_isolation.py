"""The isolated economy: limits, autarky, one-sided isolation, and questions without an answer."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import xarray as xr

from tests.support.worlds import cut, world
from tumen.equilibrium import solve
from tumen.errors import Infeasible
from tumen.world import Shock, World

SIZES = [(2, 1), (3, 4), (12, 8), (40, 20)]
TARGET = "e0"


def own_imbalance(trade: xr.DataArray, deficit: xr.DataArray, economy: str) -> float:
    """Exports − imports + D' over own trade, summed over foreign cells."""
    others = [label for label in trade.origin.values if label != economy]
    exports = float(trade.sel(origin=economy, destination=others).sum())
    imports = float(trade.sel(origin=others, destination=economy).sum())
    gap = exports - imports + float(deficit.sel(economy=economy))
    return abs(gap) / max(exports, imports)


def autarky_income(base: World, economy: str) -> float:
    """Costinot and Rodríguez-Clare (2014): Π_s λ_s^(α_s a_sk / θ_k), a the Leontief inverse."""
    accounts, n = base.accounts, base.economies.index(economy)
    home = accounts.trade[:, n, n] / accounts.spending[:, n]
    leontief = np.linalg.inv(np.eye(len(base.sectors)) - accounts.gamma[n].T)
    return float(np.exp(accounts.alpha[:, n] @ leontief @ (np.log(home) / accounts.theta)))


@pytest.mark.parametrize(("economies", "sectors"), SIZES)
@pytest.mark.parametrize("freeness", [1e-2, 1e-4, 1e-8])
@pytest.mark.parametrize("deficits", ["zero", "keep", "income"])
def test_an_almost_closed_economy_balances_its_own_trade(
    economies: int, sectors: int, freeness: float, deficits: str
) -> None:
    base = world(economies, sectors, seed=economies)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = solve(base, Shock(freeness=cut(base, TARGET, freeness)), deficits=deficits)  # type: ignore[call-overload]
    assert np.isfinite(result.real_income).all()
    assert result.worst_imbalance <= 1e-10
    for economy in base.economies:
        assert own_imbalance(result.trade, result.deficit, economy) < 1e-8


@pytest.mark.parametrize(("economies", "sectors"), SIZES)
def test_limits_are_smooth_and_end_in_the_autarky_formula(economies: int, sectors: int) -> None:
    base = world(economies, sectors, seed=7, deficits=0)
    losses = [
        float(
            solve(
                base, Shock(freeness=cut(base, TARGET, freeness)), deficits="zero"
            ).real_income.sel(economy=TARGET)
        )
        for freeness in (1e-2, 1e-4, 1e-8, 0.0)
    ]
    assert losses[0] >= losses[1] >= losses[2] >= losses[3] - 1e-12
    assert losses[2] == pytest.approx(losses[3], abs=1e-5)
    assert losses[3] == pytest.approx(autarky_income(base, TARGET), rel=1e-9)


def test_autarky_is_a_block_with_wage_one_and_the_rest_trades_on() -> None:
    base = world(6, 3, seed=2, deficits=0)
    result = solve(base, Shock(freeness=cut(base, TARGET, 0.0)), deficits="zero")
    assert float(result.wage.sel(economy=TARGET)) == 1.0
    assert float(result.trade.sel(origin=TARGET, destination="e1").sum()) == 0.0
    assert int(result.block.sel(economy=TARGET)) != int(result.block.sel(economy="e1"))
    assert own_imbalance(result.trade, result.deficit, "e1") < 1e-8


def one_way(base: World, exports: float, imports: float) -> xr.DataArray:
    """Freeness with the target's exports and imports set apart."""
    array = xr.ones_like(base.dataset["trade"])
    n = base.economies.index(TARGET)
    array[n, :, :] = exports
    array[:, n, :] = imports
    array[n, n, :] = 1.0
    return array


def transfer(base: World, amount: float) -> xr.DataArray:
    """D' with ``amount`` to the target, paid by all others alike."""
    others = len(base.economies) - 1
    values = [amount if label == TARGET else -amount / others for label in base.economies]
    return xr.DataArray(values, {"economy": list(base.economies)}, ("economy",))


@pytest.mark.parametrize(("exports", "imports"), [(0.0, 1.0), (1.0, 0.0)])
def test_one_sided_isolation_without_a_transfer_is_autarky(exports: float, imports: float) -> None:
    base = world(5, 3, seed=4, deficits=0)
    shut = solve(base, Shock(freeness=one_way(base, exports, imports)), deficits="zero")
    closed = solve(base, Shock(freeness=cut(base, TARGET, 0.0)), deficits="zero")
    np.testing.assert_allclose(shut.real_income, closed.real_income, rtol=1e-9)
    assert float(shut.trade.sel(destination=TARGET, origin="e1").sum()) == 0.0


def test_exports_shut_with_a_transfer_imports_the_transfer() -> None:
    base = world(5, 3, seed=4, deficits=0)
    amount = 0.02 * float(base.accounts.value_added[0])
    shock = Shock(freeness=one_way(base, 0.0, 1.0), deficit=transfer(base, amount))
    result = solve(base, shock)
    imports = result.trade.sel(destination=TARGET).drop_sel(origin=TARGET).sum()
    assert float(imports) == pytest.approx(amount, rel=1e-9)
    assert float(result.trade.sel(origin=TARGET).drop_sel(destination=TARGET).sum()) == 0.0


def test_imports_shut_with_a_tribute_exports_the_tribute() -> None:
    base = world(5, 3, seed=4, deficits=0)
    amount = 0.02 * float(base.accounts.value_added[0])
    shock = Shock(freeness=one_way(base, 1.0, 0.0), deficit=transfer(base, -amount))
    result = solve(base, shock)
    exports = result.trade.sel(origin=TARGET).drop_sel(destination=TARGET).sum()
    assert float(exports) == pytest.approx(amount, rel=1e-9)


@pytest.mark.parametrize(
    ("exports", "imports", "sign", "message"),
    [
        (0.0, 1.0, -1, "its exports are closed"),
        (1.0, 0.0, 1, "its imports are closed"),
        (0.0, 0.0, 1, "its imports are closed"),
        (0.0, 0.0, -1, "its exports are closed"),
    ],
)
def test_transfers_that_cannot_move_are_named_before_solving(
    exports: float, imports: float, sign: int, message: str
) -> None:
    base = world(5, 3, seed=4, deficits=0)
    amount = sign * 0.02 * float(base.accounts.value_added[0])
    shock = Shock(freeness=one_way(base, exports, imports), deficit=transfer(base, amount))
    with pytest.raises(Infeasible, match=message) as caught:
        solve(base, shock)
    assert "economy e0" in str(caught.value)


def test_isolation_with_a_fixed_dollar_deficit_is_infeasible_not_a_number() -> None:
    base = world(5, 3, seed=4, deficits=0.05)
    with pytest.raises(Infeasible, match="economy e0"):
        solve(base, Shock(freeness=cut(base, TARGET, 0.0)), deficits="keep")


def test_two_blocks_each_have_their_own_numeraire() -> None:
    base = world(6, 3, seed=9, deficits=0)
    array = xr.ones_like(base.dataset["trade"])
    array[:3, 3:, :] = 0.0
    array[3:, :3, :] = 0.0
    result = solve(base, Shock(freeness=array), deficits="zero")
    value_added = base.accounts.value_added
    for members in (slice(0, 3), slice(3, 6)):
        after = (result.wage.values * value_added)[members].sum()
        assert after == pytest.approx(value_added[members].sum(), rel=1e-12)


def test_an_empty_row_names_buyer_and_sector_before_solving() -> None:
    base = world(4, 3, seed=1)
    array = xr.ones_like(base.dataset["trade"])
    array[:, 2, 1] = 0.0
    with pytest.raises(Infeasible, match=r"economy e2, sector s1.*every source"):
        solve(base, Shock(freeness=array))


def test_first_order_welfare_sees_links_that_isolation_shuts_as_shut() -> None:
    base = world(5, 3, seed=4, deficits=0)
    totals = []
    for exports, imports in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0)):
        outcome = solve(base, Shock(freeness=one_way(base, exports, imports)), deficits="zero")
        welfare = outcome.first_order_welfare.sel(economy=TARGET)
        assert float(welfare.efficiency) < 0
        totals.append(float(welfare.total))
    np.testing.assert_allclose(totals, totals[0], rtol=1e-9)
