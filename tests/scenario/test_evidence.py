"""The evidence behind a case: what each figure rests on, claims tested, and what is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.scenario.cases import figure, small, step
from tumen.errors import InvalidInput
from tumen.scenario.baseline import scenario_world
from tumen.scenario.citations import scenario_sources
from tumen.scenario.evidence import Evidence, evidence, own_standings
from tumen.scenario.load import load_scenario, quantities
from tumen.scenario.own_files import with_files_beside
from tumen.scenario.schema import Scenario
from tumen.scenario.store import scenario_text

OWN = """\
claims:
  oil-rumour:
    statement: "India buys 100 million more"
    about: "oil"
    kind: "rumour"
    date: "2022-12"
    chain: [{who: "a trader"}, {who: "a paper", source: "paper"}]
    read: "excerpt"
    quantity: {central: 100, unit: "million USD a year"}
sources:
  paper: {text: "A paper", url: null, licence: "facts cited"}
"""
GIFT = '{id: "gift", giver: "IND", receiver: "RUS", musd: FIGURE}'
CITED = '{claim: "oil-rumour"}'
WIDE = (66.667, 100.0, 150.0)


@cache
def bundled() -> Evidence:
    return evidence(load_scenario("dprk-2017"))


def case(folder: Path, cited: str = CITED, own: str = OWN, extra: str = "") -> Path:
    path = small(folder, step("law", transfers=[GIFT.replace("FIGURE", cited)]))
    path.write_text(path.read_text("utf-8") + own + extra, "utf-8")
    return path


def gift(scenario: Scenario) -> tuple[float, float, float]:
    musd = scenario.steps[0].transfers[0].musd
    return round(musd.low, 3), musd.central, round(musd.high, 3)


def test_a_figure_that_only_cites_takes_the_widened_range(tmp_path: Path) -> None:
    scenario = load_scenario(case(tmp_path))
    assert gift(scenario) == WIDE
    assert scenario.steps[0].transfers[0].musd.source == "paper"
    (row,) = [each for each in evidence(scenario).figures if each.claim]
    assert (row.path, row.standing) == ("steps.law.transfers.gift.musd", "widened")
    assert (row.speaker, row.kind) == ("a trader", "rumour")
    assert row.chain == "a trader → a paper"


@pytest.mark.parametrize(
    ("low", "high", "unit", "standing"),
    [
        (60, 160, "million USD a year", "as wide"),
        (90, 160, "million USD a year", "narrower"),
        (60, 110, "million USD a year", "narrower"),
    ],
)
def test_a_range_of_its_own_is_kept_and_compared(
    low: float, high: float, unit: str, standing: str, tmp_path: Path
) -> None:
    words = f'{{low: {low}, central: 100, high: {high}, unit: "{unit}", claim: "oil-rumour"}}'
    scenario = load_scenario(case(tmp_path, words))
    assert gift(scenario) == (low, 100, high)
    assert own_standings(scenario) == [standing]


def test_claims_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine-claims.yaml").write_text(OWN, "utf-8")
    path = case(tmp_path, own="", extra='ledger: "mine-claims.yaml"\n')
    scenario = load_scenario(path)
    assert gift(scenario) == WIDE
    assert scenario_sources(scenario)["paper"].text == "A paper"
    out = tmp_path / "out"
    out.mkdir()
    alone = with_files_beside(scenario, out)
    (out / "scenario.yaml").write_text(scenario_text(alone), "utf-8")
    assert (alone.ledger, gift(load_scenario(out / "scenario.yaml"))) == ("mine-claims.yaml", WIDE)


def test_a_scenario_written_back_says_the_same(tmp_path: Path) -> None:
    scenario = load_scenario(case(tmp_path))
    path = tmp_path / "again.yaml"
    path.write_text(scenario_text(scenario), "utf-8")
    assert load_scenario(path) == scenario


def test_a_setting_may_cite_and_a_number_cites_nobody(tmp_path: Path) -> None:
    path = case(tmp_path, figure(5, "million USD a year"))
    place = "steps.law.transfers.gift.musd"
    assert gift(load_scenario(path, [f"{place}={CITED}"])) == WIDE
    (row,) = evidence(load_scenario(path, [f"{place}=7"])).figures
    assert (row.claim, row.kind, row.speaker) == (None, "judgement", "the user of this run")
    with pytest.raises(InvalidInput, match='no claim "oil-rumor"; did you mean "oil-rumour"'):
        load_scenario(path, [place + '={claim: "oil-rumor"}'])


REFUSED = {
    "no such claim": (CITED, '{claim: "oil-rumor"}', 'musd: no claim "oil-rumor"; did you mean '),
    "no source": (CITED, '{low: 1, central: 1, high: 1, unit: "million USD a year"}',
                  "musd.source is missing"),
    "no link's source": ('source: "paper"}]', 'source: "papper"}]',
                         'no source "papper"; did you mean "paper"'),
    "bad kind": ('"rumour"', '"rumor"', 'claims.oil-rumour.kind is "rumor"; did you mean'),
    "bundled id": ("oil-rumour", "vote-2371", 'claim "vote-2371" differs from the one in'),
    "no such file": ("sources:", 'ledger: "gone.yaml"\nsources:', 'no such file "gone.yaml"'),
    "tested": ("sources:", 'tested: [{claim: "oil-rumor"}]\nsources:', 'no claim "oil-rumor"'),
    "two tests": ("sources:", 'tested: [{claim: "oil-rumour", partner: "CHN", number: "law.x"}]\n'
                  "sources:", "partner and number are two tests; give one of"),
    "partner": ("sources:", 'tested: [{claim: "oil-rumour", partner: "CHM"}]\nsources:',
                'no partner "CHM"; did you mean "CHE"'),
    "number": ("sources:", 'tested: [{claim: "oil-rumour", number: "law.real_incom_pct"}]\n'
               "sources:", 'did you mean "law.real_income_pct"'),
    "stream": ("sources:", 'tested: [{claim: "oil-rumour", stream: "arms"}]\nsources:',
               'no stream "arms"; nothing is allowed here'),
    "measure": ("sources:", 'tested: [{claim: "oil-rumour", measure: "un-dprk/2375-99"}]\n'
                "sources:", 'no measure "un-dprk/2375-99"; did you mean "un-dprk/2371-9", '),
    "regime": ("sources:", 'tested: [{claim: "oil-rumour", exports_banned: {regimes: ["un-dprc"], '
               'date: "2018-01-01"}}]\nsources:', 'did you mean "un-dprk"'),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_does_not_exist_is_refused_with_its_line(kind: str, tmp_path: Path) -> None:
    old, new, message = REFUSED[kind]
    path = case(tmp_path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path)
    assert message in str(caught.value)
    assert ".yaml:" in caught.value.problems[0].place


def test_a_figure_in_a_file_of_streams_may_cite_the_scenarios_claims(tmp_path: Path) -> None:
    stream = (
        'id: "own"\ntitle: "Own"\ntarget: "RUS"\nbaseline_year: 2022\nstreams:\n'
        '  - id: "gold"\n    name: "Gold"\n    channel: "income"\n'
        '    revenue: {claim: "oil-rumour"}\n'
        + "".join(
            f'    {name}: {{low: 0.0, central: 0.0, high: 0.0, unit: "{unit}", '
            'source: "judgement"}\n'
            for name, unit in (
                ("baseline", "million USD a year"),
                ("exposure", "share"),
                ("price_reaction", "elasticity"),
            )
        )
    )
    (tmp_path / "own.yaml").write_text(stream, "utf-8")
    path = small(tmp_path, step("law", illicit=['{id: "gold"}']))
    path.write_text(path.read_text("utf-8") + OWN + 'streams: "own.yaml"\n', "utf-8")
    revenue = load_scenario(path).steps[0].illicit[0].revenue
    assert revenue is not None
    assert (round(revenue.low, 3), revenue.central, round(revenue.high, 3)) == WIDE


def test_every_number_of_the_bundled_case_has_an_origin() -> None:
    found = bundled()
    paths = [row.path for row in found.figures]
    assert len(paths) == len(set(paths))
    assert [row.path for row in found.figures if row.quantity.source not in found.sources] == []
    scenario = load_scenario("dprk-2017")
    assert len(list(quantities(scenario))) == sum(": " not in path for path in paths)
    owners = {path.partition(": ")[0] for path in paths if ": " in path}
    assert owners >= {"dprk-illicit", "un-dprk", "china-dprk-2017", "prk-2016"}
    for row in found.figures:
        if row.claim is None:
            assert row.standing == ""
            assert row.chain
        else:
            assert row.chain == row.claim.hands
    cited = sum(row.claim is not None for row in found.figures)
    assert cited >= 40


def test_paths_are_those_of_set() -> None:
    row = next(row for row in bundled().figures if ".path." in row.path)
    changed = load_scenario("dprk-2017", [f"{row.path}=0.5"])
    assert 0.5 in [
        quantity.central for _, quantity in quantities(changed) if quantity.source == "set-by-user"
    ]


def _share_of(partner: str) -> float:
    world = scenario_world(load_scenario("dprk-2017"))
    trade = world.dataset["trade"].sum("sector").values
    n, k = world.economies.index("PRK"), world.economies.index(partner)
    both = trade[n] + trade[:, n]
    return float(both[k] / (both.sum() - both[n]))


def test_the_articles_claims_are_held_against_what_is_found() -> None:
    tested = {row.claim: row for row in bundled().tested}
    assert len(tested) == 12
    share = tested["article-trade-90"]
    assert share.found == pytest.approx(_share_of("CHN"), rel=1e-12)
    assert share.found == pytest.approx(0.92, abs=0.03)  # KOTRA 0.925, ITC 0.915
    assert share.verdict == "within"
    banned = tested["article-exports-90"]
    assert banned.found == pytest.approx(0.835, abs=1e-3)
    arms = tested["article-weapons"]
    assert (arms.found, arms.verdict) == (36, "below")
    assert "in force from 2017-09-28" in tested["article-order-firms"].says
    assert "against black_market" in tested["article-russia-steps-in"].says
    for name in ("article-no-veto", "article-border", "article-relief"):
        with_it, _, without = tested[name].says.partition("; without ")
        assert with_it == tested["article-backed-last"].says
        assert with_it.partition(": ")[2] not in without
        assert tested[name].note
    assert "CHN gives no support" in tested["article-congress"].says


def test_rival_claims_stand_side_by_side() -> None:
    subjects = {each.about: [claim.id for claim in each.claims] for each in bundled().disagreements}
    assert subjects["hard-currency-stock"] == [
        "reserves-bok-2014-cash", "reserves-bok-2014-deposits", "reserves-zang-2016",
        "reserves-kiep-2016", "reserves-inss-2016",
    ]  # fmt: skip
    assert {"china-share-kotra-2016", "china-share-itc-2016"} <= set(
        subjects["china-trade-share-2016"]
    )
    assert "russia-trade-doubled" in subjects["russia-trade-in-2017"]
    assert "growth-2017" not in subjects


def test_only_claims_about_the_target_are_told() -> None:
    russia = evidence(load_scenario("russia-2022"))
    assert (russia.tested, russia.disagreements) == ((), ())
    assert all(claim.target is None for claim in russia.claims.values())
    cited = {row.claim.id for row in bundled().figures if row.claim}
    general = {name for name, claim in bundled().claims.items() if claim.target is None}
    assert general <= cited
