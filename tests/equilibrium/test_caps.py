"""Caps: complementarity, the equivalence with a tariff, groups, ceilings and who earns the rent."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.worlds import world
from tumen.equilibrium import Outcome, solve
from tumen.errors import InvalidInput, NotConverged
from tumen.world import Cap, Shock, Wedge, World

few = settings(max_examples=12, deadline=None)
cached_world = cache(world)
By = Literal["value", "quantity"]


def base(seed: int = 3, tariffs: float = 0.0) -> World:
    return cached_world(5, 3, seed=seed, tariffs=tariffs)


def flow(of: World, origin: str, destination: str, sector: str) -> float:
    cell = {"origin": origin, "destination": destination, "sector": sector}
    return float(of.dataset.trade.sel(cell))


def group(of: World, share: float = 1.0) -> list[tuple[str, str, str, float]]:
    """All that e1 buys of s1 abroad."""
    return [(origin, "e1", "s1", share) for origin in of.economies if origin != "e1"]


def total(of: World, flows: list[tuple[str, str, str, float]]) -> float:
    return sum(share * flow(of, *cell) for *cell, share in flows)


@few
@given(st.floats(1.0, 5.0), st.sampled_from(["value", "quantity"]))
def test_a_cap_that_does_not_bind_changes_nothing(slack: float, by: By) -> None:
    of = base()
    units = 2.0 if by == "quantity" else None
    limit = slack * 1.0001 * total(of, group(of)) * (units or 1.0)
    outcome = solve(of, Shock(caps=[Cap(group(of), limit, by, units)]))
    assert float(outcome.wedge[0]) == 1.0
    np.testing.assert_allclose(outcome.real_income, 1, atol=1e-10)


@few
@given(st.integers(0, 8), st.floats(0.05, 0.95), st.floats(0.2, 1), st.sampled_from([0.0, 0.3]))
def test_a_binding_cap_holds_for_all_suppliers_together(
    seed: int, left: float, share: float, tariffs: float
) -> None:
    of = base(seed, tariffs)
    flows = group(of, share)
    limit = left * total(of, flows)
    outcome = solve(of, Shock(caps=[Cap(flows, limit)]))
    assert float(outcome.wedge[0]) > 1
    assert float(outcome.cap_flow[0]) == pytest.approx(limit, rel=1e-8)
    if share == 1:
        sold = outcome.trade.sel(destination="e1", sector="s1").drop_sel(origin="e1").sum()
        assert float(sold) == pytest.approx(limit, rel=1e-8)


@few
@given(st.integers(0, 8), st.floats(0.4, 0.9))
def test_a_cap_whose_buyer_earns_the_rent_is_a_tariff(seed: int, left: float) -> None:
    of = base(seed)
    flows = group(of)
    capped = solve(of, Shock(caps=[Cap(flows, left * total(of, flows))]))
    rate = xr.zeros_like(of.dataset.trade)
    for origin, *_ in flows:
        cell = {"origin": origin, "destination": "e1", "sector": "s1"}
        rate.loc[cell] = float(capped.wedge[0]) - 1
    taxed = solve(of, Shock(tariff=rate))
    np.testing.assert_allclose(capped.real_income, taxed.real_income, rtol=1e-8)
    np.testing.assert_allclose(capped.trade, taxed.trade, rtol=1e-7)
    np.testing.assert_allclose(capped.real_earnings, taxed.real_earnings, rtol=1e-8)


def test_a_quantity_cap_counts_units_at_the_sellers_price() -> None:
    of = base()
    flows = [("e0", "e1", "s1", 1.0)]
    units, left = 3.0, 0.4
    limit = left * units * flow(of, "e0", "e1", "s1")
    outcome = solve(of, Shock(caps=[Cap(flows, limit, "quantity", units)]))
    sold = float(outcome.trade.sel(origin="e0", destination="e1", sector="s1"))
    cost = float(outcome.cost.sel(economy="e0", sector="s1"))
    assert units * sold / cost == pytest.approx(limit, rel=1e-8)


def test_a_tighter_cap_has_a_larger_wedge_and_a_dearer_product() -> None:
    of = base()
    wedges, prices = [], []
    for left in (0.9, 0.5, 0.2, 0.05):
        outcome = solve(of, Shock(caps=[Cap(group(of), left * total(of, group(of)))]))
        wedges.append(float(outcome.wedge[0]))
        prices.append(float(outcome.price.sel(economy="e1", sector="s1") / outcome.price_index[1]))
    assert wedges == sorted(wedges)
    assert prices == sorted(prices)


def test_above_its_ceiling_the_excess_is_smuggled() -> None:
    of = base()
    limit = 0.1 * total(of, group(of))
    free = solve(of, Shock(caps=[Cap(group(of), limit)]))
    ceiling = 1 + 0.5 * (float(free.wedge[0]) - 1)
    outcome = solve(of, Shock(caps=[Cap(group(of), limit, max_wedge=ceiling)]))
    assert float(outcome.wedge[0]) == pytest.approx(ceiling, rel=1e-12)
    assert float(outcome.cap_excess[0]) == pytest.approx(float(outcome.cap_flow[0]) - limit)
    assert float(outcome.cap_excess[0]) > 0
    assert float(free.cap_excess[0]) == 0


def income_balance(outcome: Outcome) -> float:
    """World spending less world income, over income: rents must neither appear nor vanish."""
    accounts = outcome.world.accounts
    earned = (outcome.wage.values * accounts.value_added).sum() + outcome.solution.revenue.sum()
    income = earned + outcome.solution.rents.sum() + outcome.deficit.values.sum()
    final = outcome.expenditure.values - np.einsum(
        "nks,ns->nk", accounts.gamma, outcome.trade.values.sum(axis=1)
    )
    return float(abs(final.sum() / income - 1))


def leaking(
    of: World,
    left: float = 0.1,
    ceiling: float = 1.3,
    kept: float | None = None,
    rent: str = "destination",
    smuggled_rent: str = "",
) -> Outcome:
    """A cap so tight that it leaks at ``ceiling``."""
    limit = left * total(of, group(of))
    cap = Cap(
        group(of),
        limit,
        max_wedge=ceiling,
        rent=rent,
        smuggled_wedge=kept,
        smuggled_rent=smuggled_rent,
    )
    return solve(of, Shock(caps=[cap]))


@few
@given(
    st.integers(0, 8),
    st.floats(0.01, 0.4),
    st.floats(0, 1),
    st.sampled_from(["destination", "origin", "e1", "e4"]),
    st.sampled_from([0.0, 0.3]),
)
def test_accounts_close_whoever_smuggles_and_whatever_is_burned(
    seed: int, left: float, burned: float, earner: str, tariffs: float
) -> None:
    of = base(seed, tariffs)
    outcome = leaking(of, left, 1.2, 1.2 ** (1 - burned), smuggled_rent=earner)
    assert outcome.solution.worst_imbalance < 1e-10
    assert income_balance(outcome) < 1e-9
    settled = outcome.solution.settlement
    assert settled is not None
    earned = settled.payments - settled.receipts
    np.testing.assert_allclose(settled.rent + settled.smuggled_rent, earned, rtol=1e-12)


def test_smugglers_earn_on_the_excess_and_the_caps_party_on_the_rest() -> None:
    of, kept = base(), 1.1
    outcome = leaking(of, kept=kept, smuggled_rent="e4")
    settled = outcome.solution.settlement
    assert settled is not None
    legal, hidden = float(settled.rent.sum()), float(settled.smuggled_rent.sum())
    limit = 0.1 * total(of, group(of))
    assert legal == pytest.approx(0.3 * limit)
    assert hidden == pytest.approx((kept - 1) * float(settled.smuggled.sum()))
    rents = dict(zip(of.economies, outcome.solution.rents, strict=True))
    assert rents == pytest.approx({**dict.fromkeys(of.economies, 0), "e1": legal, "e4": hidden})
    sold = float(settled.receipts.sum())
    assert sold == pytest.approx(limit + float(settled.smuggled.sum()))


def test_all_of_the_smugglers_price_burned_leaves_them_nothing() -> None:
    outcome = leaking(base(), kept=1.0, smuggled_rent="e4")
    assert outcome.solution.rents[base().economies.index("e4")] == 0
    assert outcome.cap_excess.values > 0


def test_without_more_said_the_excess_is_earned_like_the_rest() -> None:
    plain = leaking(base(), rent="origin")
    said = leaking(base(), kept=1.3, rent="origin", smuggled_rent="origin")
    np.testing.assert_allclose(plain.real_income, said.real_income, rtol=1e-12)
    settled = plain.solution.settlement
    assert settled is not None
    np.testing.assert_allclose(settled.payments, 1.3 * settled.receipts, rtol=1e-12)


def test_a_cap_of_almost_nothing_is_a_smuggled_link() -> None:
    """All goes at the smugglers' price: cost μ/s on the way, and a wedge s that they earn."""
    of, ceiling, kept = base(), 1.3, 1.1
    tight = leaking(of, 1e-9, ceiling, kept, smuggled_rent="e4")
    theta = of.dataset.trade_elasticity.sel(sector="s1")
    cells = {(origin, "e1", "s1"): float((ceiling / kept) ** -theta) for origin, *_ in group(of)}
    smuggled = Shock(freeness=Shock.of(of, cells).freeness, wedges=[Wedge(group(of), kept, "e4")])
    expected = solve(of, smuggled)
    np.testing.assert_allclose(tight.real_income, expected.real_income, rtol=1e-8)
    np.testing.assert_allclose(tight.trade, expected.trade, rtol=1e-7)


@few
@given(st.floats(1.0, 5.0), st.floats(0, 1))
def test_a_cap_that_does_not_bind_has_no_smugglers(slack: float, burned: float) -> None:
    of = base()
    limit = slack * 1.0001 * total(of, group(of))
    cap = Cap(
        group(of), limit, max_wedge=1.5, smuggled_wedge=1.5 ** (1 - burned), smuggled_rent="e4"
    )
    outcome = solve(of, Shock(caps=[cap]))
    np.testing.assert_allclose(outcome.real_income, 1, atol=1e-10)
    assert not outcome.solution.rents.any()


@pytest.mark.parametrize("rent", ["destination", "origin", "e4"])
def test_rents_go_to_the_named_party_and_none_is_lost(rent: str) -> None:
    of = base()
    limit = 0.3 * total(of, group(of))
    outcome = solve(of, Shock(caps=[Cap(group(of), limit, rent=rent)]))
    assert income_balance(outcome) < 1e-9
    earners = outcome.solution.rents > 0
    names = [label for label, earns in zip(of.economies, earners, strict=True) if earns]
    assert names == {"destination": ["e1"], "e4": ["e4"]}.get(rent, ["e0", "e2", "e3", "e4"])


def test_who_earns_the_rent_matters_for_the_buyer() -> None:
    of = base()
    limit = 0.3 * total(of, group(of))
    incomes = {
        rent: float(
            solve(of, Shock(caps=[Cap(group(of), limit, rent=rent)])).real_income.sel(economy="e1")
        )
        for rent in ("destination", "origin")
    }
    assert incomes["destination"] > incomes["origin"]


def test_two_caps_bind_together_with_names() -> None:
    of = base()
    second = [("e2", "e3", "s0", 1.0)]
    caps = [
        Cap(group(of), 0.5 * total(of, group(of)), name="fuel"),
        Cap(second, 0.5 * total(of, second), name="coal"),
    ]
    outcome = solve(of, Shock(caps=caps))
    assert outcome.wedge.cap.values.tolist() == ["fuel", "coal"]
    np.testing.assert_allclose(outcome.cap_flow, [cap.limit for cap in caps], rtol=1e-8)


@pytest.mark.parametrize(
    ("cap", "message"),
    [
        (Cap([("e0", "e1", "s1", 1.0)], 0.0), "a ban is freeness 0"),
        (Cap([("e0", "e1", "s1", 1.5)], 1.0), "share must be above 0 and at most 1"),
        (Cap([("e0", "e0", "s1", 1.0)], 1.0), "only foreign flows are capped"),
        (Cap([("e0", "e9", "s1", 1.0)], 1.0), "economy 'e9' is not in the world"),
        (Cap([("*", "e1", "s1", 1.0)], 1.0), "name every cell"),
        (Cap([("e0", "e1", "s1", 1.0)], 1.0, "quantity"), "units go with"),
        (Cap([("e0", "e1", "s1", 1.0)], 1.0, max_wedge=0.5), "must be at least 1"),
        (
            Cap([("e0", "e1", "s1", 1.0)], 1.0, max_wedge=1.5, smuggled_wedge=1.6),
            "smuggled_wedge is 1.6, must lie between 1 and max_wedge, 1.5",
        ),
        (Cap([("e0", "e1", "s1", 1.0)], 1.0, smuggled_wedge=1.0), "between 1 and max_wedge, None"),
        (
            Cap([("e0", "e1", "s1", 1.0)], 1.0, max_wedge=1.5, smuggled_rent="nobody"),
            "must be destination, origin or",
        ),
        (Cap([("e0", "e1", "s1", 1.0)], 1.0, rent="nobody"), "must be destination, origin or"),
        (Cap([], 1.0), "covers no flow"),
        (Cap([("e0", "e1", "s1", 0.5), ("e0", "e1", "s1", 0.5)], 1.0), "names a flow twice"),
    ],
)
def test_wrong_caps_are_refused(cap: Cap, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        solve(base(), Shock(caps=[cap]))


def test_a_fixed_wedge_is_the_cap_that_would_give_it() -> None:
    of = base()
    capped = solve(of, Shock(caps=[Cap(group(of, 0.6), 0.3 * total(of, group(of, 0.6)))]))
    fixed = solve(of, Shock(wedges=[Wedge(group(of, 0.6), float(capped.wedge[0]))]))
    np.testing.assert_allclose(capped.real_income, fixed.real_income, rtol=1e-9)
    np.testing.assert_allclose(capped.trade, fixed.trade, rtol=1e-7)
    assert fixed.wedge.size == 0


def test_a_wedge_below_one_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be at least 1"):
        solve(base(), Shock(wedges=[Wedge(group(base()), 0.9)]))


def test_caps_and_wedges_may_not_cover_more_than_the_whole_of_a_flow() -> None:
    of, flows = base(), [("e2", "e1", "s1", 0.6)]
    cap = Cap(flows, 1.0)
    with pytest.raises(InvalidInput, match=r"cover 1\.2 of the flow together"):
        solve(of, Shock(caps=[cap, cap]))
    with pytest.raises(InvalidInput, match=r"cover 1\.2 of the flow together"):
        solve(of, Shock(caps=[cap], wedges=[Wedge(flows, 1.5, "destination")]))


def test_a_start_without_caps_is_no_proof_of_one_solution() -> None:
    """Caps on all exports and on all imports that differ by the deficit: no start hides it."""
    base = world(4, 2, seed=5)
    n, shut = 0, base.accounts.deficit
    others, sectors = base.economies[1:], base.sectors
    out = 0.5 * float(base.accounts.exports[n])
    caps = (
        Cap([(base.economies[n], o, s, 1.0) for o in others for s in sectors], out),
        Cap([(o, base.economies[n], s, 1.0) for o in others for s in sectors], out + shut[n]),
    )
    shock = Shock(caps=caps)
    for start in (None, solve(base)):
        with pytest.raises(NotConverged, match="more than one solution"):
            solve(base, shock, start=start)
