"""Coverage: the published shares, no double counting, dates, wind-downs, exemptions, caps."""

from __future__ import annotations

import csv
import datetime
import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.regimes import measure, only, regime, row, table
from tests.support.shared import folder
from tumen.errors import InvalidInput
from tumen.evidence.quantity import LEVELS
from tumen.regime.checks import regime_names
from tumen.regime.coverage import bundled_law, bundled_trade, coverage, timeline
from tumen.regime.law import Law, law_on
from tumen.regime.reach import Reach, reach
from tumen.regime.regime import Regime, load_regime
from tumen.regime.shares import banned_parts, banned_remittances, banned_shares, caps_in_force
from tumen.sources.product_trade import ProductTrade

DAY = datetime.date.fromisoformat
POINT = 0.01
FIRST, LAST = DAY("2006-01-01"), DAY("2020-12-31")
DAYS = st.dates(FIRST, LAST)
SOME = {"low": 0.2, "central": 0.5, "high": 0.9, "unit": "share", "source": "judgement"}

HS = st.lists(
    st.sampled_from(["03", "25", "26", "2601", "27", "2701", "50-63", "61", "84", "*"]),
    min_size=1,
    max_size=3,
)
MEASURES = st.lists(
    st.builds(
        lambda hs, flow, first, days, winding, share, part, partners: {
            "hs": hs,
            "flow": flow,
            "instrument": f"{flow}_ban",
            "adopted": str(first),
            "from_": str(first),
            "until": str(first + datetime.timedelta(days=days)) if days % 3 else None,
            "wind_down": {
                "until": str(first + datetime.timedelta(days=min(winding, days or winding))),
                "share": share,
            }
            if winding % 2
            else None,
            "part": SOME if part else None,
            "partners": partners,
        },
        HS,
        st.sampled_from(["export", "import"]),
        st.dates(DAY("2016-01-01"), DAY("2018-12-31")),
        st.integers(0, 900),
        st.integers(0, 400),
        st.sampled_from([0.0, 0.5, 1.0]),
        st.booleans(),
        st.sampled_from([[], ["CHN"], ["RUS", "IND"]]),
    ),
    min_size=1,
    max_size=6,
)


def made(drawn: list[dict[str, Any]]) -> Regime:
    return regime(*(measure(f"m{k}", **fields) for k, fields in enumerate(drawn)))


# ------------------------------------------------------------------- the published shares


@pytest.mark.parametrize(
    ("day", "share"), [("2017-08-05", 0.563), ("2017-09-11", 0.829), ("2016-11-30", 0.030)]
)
def test_priced_groups_reach_the_published_shares(law: Law, day: str, share: float) -> None:
    assert coverage(law, DAY(day)).exports_share == pytest.approx(share, abs=POINT)


def test_the_last_resolution_adds(law: Law) -> None:
    before, after = (coverage(law, DAY(day)) for day in ("2017-12-21", "2017-12-22"))
    assert after.exports_share > before.exports_share + 0.02
    assert after.imports_share > before.imports_share + 0.2
    assert after.exports_share > 0.848


def test_priced_banned_and_unknown_add_up_after_the_last_resolution(law: Law) -> None:
    found = coverage(law, DAY("2018-06-01"))
    free = [
        each.musd
        for each, share in zip(law.trade.rows, law.banned(found.date), strict=True)
        if each.flow == "export" and not each.service and each.priced and share == 0
    ]
    parts = found.exports_share + found.exports_unpriced_share + sum(free) / found.exports_musd
    assert parts == pytest.approx(1, abs=1e-9)


def test_the_check_of_the_facts_is_met_step_by_step(law: Law) -> None:
    path = folder("facts") / "coverage_check_2016.csv"
    with path.open(encoding="utf-8") as file:
        steps = {each["step"]: each for each in csv.DictReader(file)}
    days = {"1": "2016-11-30", "5": "2017-08-05", "6": "2017-09-11"}
    for step, day in days.items():
        expected = float(steps[step]["cumulative_share_of_2820_pct"]) / 100
        assert coverage(law, DAY(day)).exports_share == pytest.approx(expected, abs=POINT)
    last = float(steps["7"]["cumulative_share_of_2820_pct"]) / 100
    assert coverage(law, DAY("2017-12-22")).exports_share >= last


def test_timeline_rises_with_every_adoption(law: Law) -> None:
    shares = [found.exports_share for _, _, found in timeline(law)]
    assert len(shares) == 10
    assert shares == sorted(shares)
    assert [str(day) for day, _, _ in timeline(law)][-2:] == ["2017-09-11", "2017-12-22"]


def test_the_payload_has_the_keys_of_the_contract(law: Law) -> None:
    found = coverage(law, DAY("2017-12-31")).payload()
    assert list(found) == [
        "regime", "target", "date", "base_year", "exports_share", "imports_share",
        "exports_capped_share", "imports_capped_share", "exports_winding_down_share",
        "exports_unpriced_share", "measures",
        "remittances_musd", "remittances_share", "remittances_winding_down_share",
    ]  # fmt: skip
    assert found["regime"] == "un-dprk"
    assert found["date"] == "2017-12-31"
    for each in found["measures"]:
        assert list(each) == [
            "id", "citation", "instrument", "flow", "share", "from", "bites_from"
        ]  # fmt: skip
        assert 0 <= each["share"] <= 1
        assert each["from"] <= "2017-12-31"
        assert each["bites_from"] >= each["from"]


# ---------------------------------------------------------------------------- dates


@given(MEASURES, DAYS)
def test_nothing_counts_before_it_begins_or_after_it_ends(
    trade: ProductTrade, drawn: list[dict[str, Any]], day: datetime.date
) -> None:
    found = law_on(made(drawn), trade)
    for index in found.kept(("export_ban", "import_ban"), day):
        assert found.measures[index].from_ <= day
        assert found.measures[index].until is None or day <= found.measures[index].until
    if all(str(day) < fields["from_"] for fields in drawn):
        assert not found.banned(day).any()
        assert not found.banned(day, "bites").any()
        assert coverage(found, day).measures == ()


def test_law_counts_at_once_and_bites_after_the_wind_down(law: Law) -> None:
    cells = {"flow": "export", "partner": "CHN", "sector": "C13T15"}
    for day, banned, biting in (
        ("2017-09-10", 0, 0), ("2017-09-11", 1, 0), ("2017-12-10", 1, 0), ("2017-12-11", 1, 1),
    ):  # fmt: skip
        assert float(banned_shares(law, DAY(day)).sel(cells)) == banned
        assert float(banned_shares(law, DAY(day), "bites").sel(cells)) == biting
    found = coverage(law, DAY("2017-09-11"))
    assert found.exports_winding_down_share == pytest.approx(752 / 2820, abs=1e-3)
    assert coverage(law, DAY("2017-12-11")).exports_winding_down_share == 0


def test_a_wind_down_of_half_moves_half() -> None:
    half = measure("half", ["2701"], wind_down={"until": "2017-09-05", "share": 0.5})
    found = law_on(regime(half), table(row("2701")))
    assert found.banned(DAY("2017-09-01"), "bites").tolist() == [0.5]
    assert coverage(found, DAY("2017-09-01")).exports_winding_down_share == 0.5
    assert only(found.regimes[0]).bites_from == DAY("2017-09-06")


def test_a_wind_down_does_not_save_what_another_measure_bans() -> None:
    old = measure("old", ["27"], adopted="2016-01-01", from_="2016-01-01")
    new = measure("new", ["2701"], wind_down={"until": "2017-09-05"})
    found = coverage(law_on(regime(old, new), table(row("2701"))), DAY("2017-08-10"))
    assert (found.exports_share, found.exports_winding_down_share) == (1, 0)


def test_workers_are_banned_in_2017_and_gone_in_2020(law: Law) -> None:
    assert banned_remittances(law, DAY("2017-12-31"))["RUS"] == 1
    assert banned_remittances(law, DAY("2019-12-22"), "bites")["RUS"] == 0
    assert banned_remittances(law, DAY("2019-12-23"), "bites")["RUS"] == 1
    assert set(banned_remittances(law, DAY("2017-01-01")).values()) == {0.0}


def test_the_labour_ban_counts_against_remittances_and_in_no_share_of_trade(law: Law) -> None:
    before, after = coverage(law, DAY("2017-09-10")), coverage(law, DAY("2017-09-11"))
    assert (before.remittances_share, after.remittances_share) == (0, 1)
    assert after.remittances_winding_down_share == 1
    assert after.remittances_musd == pytest.approx(350)
    assert after.services_musd == pytest.approx(119)
    ban = next(each for each in after.measures if each.id == "2375-17")
    assert ban.share == 1
    without = law_on(
        tuple(
            each.model_copy(update={"measures": [m for m in each.measures if m.flow != "labour"]})
            for each in law.regimes
        ),
        law.trade,
    )
    bare = coverage(without, DAY("2017-09-11"))
    for name in ("exports_share", "imports_share", "services_share", "exports_unpriced_share"):
        assert getattr(bare, name) == getattr(after, name), name
    assert bare.remittances_share == 0


# ------------------------------------------------------------------- no double counting


@given(MEASURES, DAYS)
def test_unions_lie_between_the_largest_and_the_sum(
    trade: ProductTrade, drawn: list[dict[str, Any]], day: datetime.date
) -> None:
    found = coverage(law_on(made(drawn), trade), day)
    for flow, share in (("export", found.exports_share), ("import", found.imports_share)):
        alone = [each.share for each in found.measures if each.flow == flow]
        assert max(alone, default=0) - 1e-12 <= share <= min(1, math.fsum(alone)) + 1e-12


@given(MEASURES, DAYS)
def test_shares_rise_with_measures(
    trade: ProductTrade, drawn: list[dict[str, Any]], day: datetime.date
) -> None:
    whole, fewer = law_on(made(drawn), trade), law_on(made(drawn[:1]), trade)
    for level, sense in itertools.product(LEVELS, ("law", "bites")):
        more, less = (each.banned(day, sense, level) for each in (whole, fewer))  # type: ignore[arg-type]
        assert (more >= less - 1e-12).all()
        assert ((more >= 0) & (more <= 1)).all()
    assert (whole.banned(day, "bites") <= whole.banned(day) + 1e-12).all()
    assert (whole.banned(day, "law", "low") <= whole.banned(day, "law", "high")).all()


@given(MEASURES, DAYS)
def test_parts_add_up_and_repetition_adds_nothing(
    trade: ProductTrade, drawn: list[dict[str, Any]], day: datetime.date
) -> None:
    once = law_on(made(drawn), trade)
    twice = law_on([made(drawn), made(drawn)], trade)
    whole = banned_shares(once, day)
    assert np.array_equal(whole, banned_shares(twice, day))
    for by in ("measure", "act"):
        parts = banned_parts(once, day, by=by)
        assert float(abs(parts.sum("part") - whole).max()) < 1e-12
        assert float(parts.min()) >= 0 if parts.size else True


def test_a_national_measure_that_implements_adds_nothing(un: Regime, trade: ProductTrade) -> None:
    both = bundled_law(["un-dprk", "china-dprk-2017"])
    alone = law_on(un, trade)
    for day in ("2017-09-25", "2018-02-01"):
        assert coverage(both, DAY(day)).exports_share == coverage(alone, DAY(day)).exports_share
    early = DAY("2017-03-01")  # China stopped coal before the Council did
    gained = coverage(both, early).exports_share - coverage(alone, early).exports_share
    assert gained == pytest.approx(1182.9 / 2820, abs=1e-3)


def test_acts_are_credited_with_what_they_add(law: Law) -> None:
    found = coverage(law, DAY("2018-06-01"))
    exports = [each for each in found.acts if each.flow == "export"]
    assert math.fsum(each.banned for each in exports) == pytest.approx(found.exports_share)
    by_name = {each.name: each.musd for each in exports}
    assert by_name["UNSCR 2371 (2017)"] == pytest.approx(1504, abs=1)
    assert by_name["UNSCR 2375 (2017)"] == pytest.approx(752, abs=1)


def test_partners_and_sectors_add_up_to_the_whole(law: Law) -> None:
    found = coverage(law, DAY("2018-06-01"))
    for members in (found.partners, found.sectors):
        exports = [each for each in members if each.flow == "export"]
        banned = math.fsum(each.musd * each.banned for each in exports)
        assert banned == pytest.approx(found.exports_share * found.exports_musd)


# ---------------------------------------------------------------- exemptions and reach


def test_russian_coal_through_rajin_is_never_banned(law: Law) -> None:
    for day in ("2016-03-02", "2017-01-01", "2017-08-05", "2018-06-01"):
        banned = law.banned(DAY(day), "law", "high")
        rajin = [k for k, each in enumerate(law.trade.rows) if each.route == "rajin"]
        assert len(rajin) == 3
        assert not banned[rajin].any()


def test_foreign_coal_sold_on_through_rajin_is_carved_out(un: Regime) -> None:
    own, foreign = row("2701"), row("2701", route="rajin")
    for day in ("2016-12-15", "2017-08-05"):
        found = law_on(un, table(own, foreign))
        reached = found.banned(DAY(day)) + found.capped(DAY(day))
        assert reached.tolist() == [1, 0], day


ON_A_ROUTE = [
    (name, each.id, exemption.route)
    for name in regime_names()
    for each in load_regime(name).measures
    for exemption in each.exemptions
    if exemption.route
]


@pytest.mark.parametrize(("name", "id_", "route"), ON_A_ROUTE)
def test_a_row_on_the_route_of_an_exemption_stays_out_of_the_measure(
    name: str, id_: str, route: str
) -> None:
    given = load_regime(name)
    one = given.model_copy(update={"measures": [m for m in given.measures if m.id == id_]})
    partner = (only(one).partners or ["CHN"])[0]
    ways = (row("2701", partner=partner, route=way, flow=only(one).flow) for way in (route, ""))
    exempt, plain = law_on(one, table(*ways)).reaches["high"][0]
    assert exempt == 0
    assert plain > 0


def test_the_livelihood_clause_kept_coal_flowing(law: Law) -> None:
    cell = {"flow": "export", "partner": "CHN", "sector": "B05"}
    day = DAY("2016-06-01")
    low, central, high = (float(banned_shares(law, day, level=k).sel(cell)) for k in LEVELS)
    assert (low, central) == (0, 0)
    assert high == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize(
    ("fields", "product", "expected"),
    [
        ({}, "270111", Reach(1, 1, 1)),
        ({}, "27", Reach(0, 0, 1, unknown=True)),
        ({}, "26", Reach(0, 0, 0)),
        ({"part": SOME}, "2701", Reach(0.2, 0.5, 0.9)),
        ({"part_unknown": True}, "2701", Reach(0, 0, 1, unknown=True)),
        ({"partners": ["RUS"]}, "2701", Reach(0, 0, 0)),
        ({"exemptions": [{"id": "a", "share": SOME, "citation": "b"}]}, "2701",
         Reach(1 - 0.9, 0.5, 0.8)),
        ({"exemptions": [{"id": "a", "purpose": "aid", "citation": "b"}]}, "2701", Reach(1, 1, 1)),
        ({"exemptions": [{"id": "a", "products": ["270111"], "citation": "b"}]}, "270111",
         Reach(0, 0, 0)),
        ({"exemptions": [{"id": "a", "products": ["270111"], "citation": "b"}]}, "270112",
         Reach(1, 1, 1)),
        ({"exemptions": [{"id": "a", "products": ["270111"], "citation": "b"}]}, "2701",
         Reach(0, 0, 1, unknown=True)),
        ({"exemptions": [{"id": "a", "partners": ["CHN"], "citation": "b"}]}, "2701",
         Reach(0, 0, 0)),
        ({"exemptions": [{"id": "a", "partners": ["CHN"], "share": SOME, "citation": "b"}]},
         "2701", Reach(1 - 0.9, 0.5, 0.8)),
    ],
)  # fmt: skip
def test_reach(fields: dict[str, Any], product: str, expected: Reach) -> None:
    coal = regime(measure("coal", ["2701"], **fields))
    assert reach(coal, only(coal), row(product)) == expected


def test_an_unknown_partner_or_product_is_never_guessed() -> None:
    coal = regime(measure("coal", ["2701"], partners=["CHN"]))
    assert reach(coal, only(coal), row("2701", partner="")).unknown
    unknown = row("", sector="", priced=False)
    found = coverage(law_on(coal, table(unknown, row("2701"))), DAY("2017-09-01"))
    assert (found.exports_share, found.exports_unpriced_share) == (0.5, 0.5)


def test_what_a_measure_cuts_through_is_unpriced_until_all_of_it_is_banned() -> None:
    part, whole = measure("part", ["2701"]), measure("whole", ["27"], from_="2018-01-01")
    found = law_on(regime(part, whole), table(row("27")))
    early, late = (coverage(found, DAY(day)) for day in ("2017-09-01", "2018-01-01"))
    assert (early.exports_share, early.exports_unpriced_share) == (0, 1)
    assert early.measures[0].unknown == 1
    assert (late.exports_share, late.exports_unpriced_share) == (1, 0)


def test_rows_by_judgement_are_in_no_share_but_in_the_shares_of_cells() -> None:
    judged, priced = row("2701", priced=False), row("2701", partner="RUS")
    found = law_on(regime(measure("coal", ["2701"])), table(judged, priced))
    result = coverage(found, DAY("2017-09-01"))
    assert (result.exports_share, result.exports_judged_share) == (0.5, 1)
    assert result.exports_unpriced_share == 0.5
    cell = {"flow": "export", "partner": "CHN", "sector": "B05"}
    assert float(banned_shares(found, result.date).sel(cell)) == 1
    assert float(banned_shares(found, result.date, judged=False).sel(cell)) == 0


def test_sector_reaches_stand_in_for_products() -> None:
    trade = ProductTrade.of_sectors(
        "PRK",
        2022,
        {
            ("export", "CHN", "B05"): 1.0,
            ("export", "CHN", "C26"): 1.0,
            ("export", "CHN", "B07"): 2.0,
        },
        "trial",
    )
    stated = measure("coal", ["2701"], reaches=[{"sector": "B05", "share": SOME}])
    found = law_on(regime(stated), trade)
    assert found.banned(DAY("2017-09-01")).tolist() == [0.5, 0, 0]
    assert not found.unknown.any()
    bare = law_on(regime(measure("ores", ["26"])), trade)
    assert bare.unknown[0].tolist() == [False, False, True]
    assert coverage(bare, DAY("2017-09-01")).exports_unpriced_share == 0.5


# ------------------------------------------------------------------------------- caps


def test_caps_are_counted_apart_and_not_when_banned(law: Law) -> None:
    capped = coverage(law, DAY("2017-01-01"))
    assert capped.exports_capped_share == pytest.approx(1190 / 2820, abs=1e-3)
    assert coverage(law, DAY("2017-08-05")).exports_capped_share == 0
    late = coverage(law, DAY("2018-01-01"))
    assert late.imports_capped_share == pytest.approx((300 + 0.95 * 124.8) / 3730, abs=1e-3)


def test_caps_in_force_name_their_cells(law: Law) -> None:
    caps = {cap.name: cap for cap in caps_in_force(law, DAY("2017-02-01"))}
    coal = caps["2321-26b2"]
    assert {(cell.flow, cell.partner, cell.sector) for cell in coal.cells} == {
        ("export", partner, "B05") for partner in ("CHN", "TWN", "VNM")
    }
    assert coal.musd == pytest.approx(1190, abs=0.01)
    assert [(each.limit, each.unit) for each in coal.cap.limits][1] == (7500000, "tonnes")
    assert "2321-26b2" not in {cap.name for cap in caps_in_force(law, DAY("2017-08-05"))}
    labour = [cap for cap in caps_in_force(law, DAY("2017-08-05")) if cap.name == "2371-11"]
    assert {(cell.flow, cell.sector) for cell in labour[0].cells} == {("remittance", "")}


def test_a_cap_covers_the_share_of_its_products_in_a_cell() -> None:
    cap = {"limits": [{"limit": 1.0, "unit": "million USD"}]}
    coal = measure("coal", ["2701"], instrument="value_cap", cap=cap)
    found = law_on(regime(coal), table(row("2701", 3.0), row("2702", 1.0)))
    (only_cap,) = caps_in_force(found, DAY("2017-09-01"))
    (cell,) = only_cap.cells
    assert (cell.share, cell.musd) == (0.75, 3.0)
    assert coverage(found, DAY("2017-09-01")).exports_capped_share == 0.75


# ----------------------------------------------------------------- finding regime and trade


def test_regimes_and_trade_of_different_targets_are_refused(trade: ProductTrade) -> None:
    with pytest.raises(InvalidInput, match="is about RUS, the trade is that of PRK"):
        law_on(regime(measure("coal", ["2701"]), targets=["RUS"]), trade)
    with pytest.raises(InvalidInput, match="at least one regime"):
        bundled_law([])
    with pytest.raises(InvalidInput, match="trade of PRK in 2014"):
        bundled_trade("PRK", 2014)


def test_other_base_years() -> None:
    for year, share in ((2015, 0.4), (2017, 0.5)):
        found = coverage(bundled_law("un-dprk", year), DAY("2017-09-11"))
        assert found.base_year == year
        assert found.exports_share > share
        assert found.exports_share + found.exports_unpriced_share <= 1 + 1e-9
    assert coverage(bundled_law("un-dprk", 2018), DAY("2018-06-01")).exports_share < 0.5


def test_russia_runs_on_sectors() -> None:
    law = bundled_law("russia-2022")
    before, after = (coverage(law, DAY(day)) for day in ("2022-02-25", "2023-02-05"))
    assert before.exports_share == before.imports_share == 0
    assert after.base_year == 2022
    assert 0.05 < after.exports_share < 0.4
    assert 0.1 < after.imports_share < 0.4
    bites = banned_shares(law, DAY("2023-02-05"), "bites")
    assert float(bites.sel(flow="import", partner="DEU", sector="C26")) == pytest.approx(0.75)
    assert float(bites.sel(flow="import", partner="CHN", sector="C26")) == 0
    assert float(bites.sel(flow="import", partner="DEU", sector="M")) == pytest.approx(0.6)
