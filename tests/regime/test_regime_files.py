"""Regime files: all problems at once with lines, and every bundled file in order."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.support.regimes import HEAD, MEASURE
from tumen.catalogue.bundled import data
from tumen.errors import InvalidInput
from tumen.files.strict_yaml import load_yaml
from tumen.regime.checks import regime_names
from tumen.regime.measure import Measure
from tumen.regime.regime import (
    is_regime,
    load_regime,
    read_regime,
    regime_json_schema,
    regime_sources,
    schema_text,
)

NAMES = ["china-dprk-2017", "others-dprk", "russia-2022", "un-dprk", "us-dprk"]


def refusals(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        read_regime(load_yaml("r.yaml", text))
    return [str(problem).removeprefix("r.yaml:") for problem in caught.value.problems]


def changed(old: str, new: str, text: str = HEAD + MEASURE) -> str:
    assert old in text
    return text.replace(old, new)


def test_a_good_file_is_read() -> None:
    found = read_regime(load_yaml("r.yaml", HEAD + MEASURE))
    assert found.measures[0].citation == "Announcement 1 of 2017"
    assert found.measures[0].bites_from.isoformat() == "2017-08-06"


def test_all_problems_of_a_file_come_at_once_with_lines() -> None:
    text = f"""\
id: "trial"
title: "A trial"
senders: ["CHNA"]
targets: ["PRK"]
base_year: 2016
{"measures:"}
  - id: "fish"
    title: "Fish"
    act: "Announcement 1 of 2017"
    instrument: export_bann
    flow: export
    adopted: 2017-08-05
    from: 2017-08-06
    scope: {{revision: HS92, hs: [0306, "0399"]}}
    colour: "red"
    until: 2017-08-02
    verification: "general knowledge"
    sources: ["law-general-knowlege"]
  - id: "fish"
    title: "Coal"
    act: "Announcement 2 of 2017"
    instrument: export_ban
    flow: export
    adopted: 2017-08-05
    from: 2017-08-06
    until: 2017-08-01
    scope: {{revision: HS92, hs: ["2701"]}}
    partners: ["neighbours"]
    exemptions:
      - {{id: "oil", products: ["2710"], citation: "Announcement 2 of 2017, para. 3"}}
    strengthens: ["fisch"]
    verification: "general knowledge"
    sources: ["law-general-knowledge"]
"""
    assert refusals(text) == [
        '3: no economy or group "CHNA"; did you mean "CHN"?',
        '10: measures.fish.instrument is "export_bann"; did you mean "export_ban", "import_ban" '
        'or "transport_ban"?',
        '14: measures.fish.scope.hs[1]: code must be a quoted string: write "0306"',
        '14: measures.fish.scope.hs[2]: there is no HS heading "0399": chapter 03 (Fish, '
        "crustaceans and molluscs) ends at 0309",
        "15: unknown key measures.fish.colour; allowed: id, title, act, paragraph, instrument, "
        "flow, adopted, from and 17 more",
        "16: measures.fish.until: until 2017-08-02 is before from 2017-08-06",
        '18: no source "law-general-knowlege"; did you mean "law-general-knowledge" or '
        '"general-knowledge"?',
        '19: two measures are called "fish", first on line 7: rename one',
        "26: measures.fish.until: until 2017-08-01 is before from 2017-08-06",
        '28: no economy or group "neighbours"; allowed: *, ABW, AFG, AGO, AIA, ALA, ALB, '
        "AND and 242 more",
        '30: measures.fish.exemptions.oil.products: the exemption "oil" matches nothing: "2710" is '
        "not in the scope",
        '31: no measure "fisch"; did you mean "fish"?',
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("from: 2017-08-06", "from: 2017-08-04", "is before its adoption on 2017-08-05"),
        ("from: 2017-08-06", "from: 6.8.2017", "date"),
        ("    from: 2017-08-06\n", "", "measures.fish.from is missing"),
        ("flow: export", "flow: import", "the flow of export_ban is export, not import"),
        ("export_ban", "quantity_cap", "quantity_cap needs a cap"),
        ("export_ban", "tariff", "tariff needs a rate"),
        ("    scope: {revision: HS92, hs: [\"03\"]}\n", "", "needs a scope, services or reaches"),
        ('"03"]}', '"03"], but: ["04"]}', 'leaves out "04", which is not in'),
        ('"03"]}', '"77"]}', 'no HS chapter "77"'),
        ("HS92", "HS1992", 'did you mean "HS92"'),
        ("Announcement 1 of 2017", "", "measures.fish.act"),
        ("sources: [\"law-general-knowledge\"]", "sources: []", "at least 1 item"),
        (
            "    verification",
            "    wind_down: {until: 2017-08-01}\n    verification",
            "wind_down.until 2017-08-01 is before from 2017-08-06",
        ),
        (
            "    verification",
            "    until: 2017-08-31\n    wind_down: {until: 2017-09-30}\n    verification",
            "wind_down.until 2017-09-30 is after until 2017-08-31",
        ),
        (
            "    verification",
            "    wind_down: {until: 2017-09-01, share: 1.5}\n    verification",
            "share is 1.5; it should be less than or equal to 1",
        ),
        (
            "    verification",
            '    exemptions: [{id: "a", citation: "b"}]\n    verification',
            "name partners, products, services, a route, a share or a purpose",
        ),
        (
            "    verification",
            '    exemptions: [{id: "a", services: ["S:labour"], citation: "b"}]\n    verification',
            '"S:labour" is not among the services',
        ),
        (
            "    verification",
            '    exemptions: [{id: "a", purpose: "b"}]\n    verification',
            "measures.fish.exemptions.a.citation is missing",
        ),
        (
            "    verification",
            '    partners: ["CHN"]\n    exemptions: [{id: "a", partners: ["RUS"], citation: "b"}]\n'
            "    verification",
            '"RUS" is not among the partners',
        ),
        (
            "    verification",
            '    reaches: [{sector: "B50", share: {low: 0, central: 0, high: 1, unit: "share", '
            'source: "judgement"}}]\n    verification',
            'no sector "B50"; did you mean "B05"',
        ),
        (
            "    verification",
            '    part: {low: 0, central: 0.5, high: 50, unit: "per cent", source: "judgement"}\n'
            "    verification",
            'part must have the unit "share" and lie between 0 and 1',
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_named(old: str, new: str, words: str) -> None:
    assert words in "\n".join(refusals(changed(old, new)))


def exempt(fields: str, measure: str = MEASURE, head: str = HEAD) -> list[str]:
    line = f'    exemptions: [{{id: "a", citation: "b", {fields}}}]\n    verification'
    return refusals(changed("    verification", line, head + measure))


COAL = MEASURE.replace('"03"', '"2701"')


@pytest.mark.parametrize(
    ("fields", "measure", "words"),
    [
        ('route: "rajn"', COAL, 'there is no route "rajn"; did you mean "rajin"?'),
        ('route: "suez"', COAL, 'there is no route "suez"; allowed: rajin, kaesong'),
        ('route: "rajin"', MEASURE, 'nothing that the measure is about moves on the route "rajin"'),
        ('route: "rajin", products: ["270400"]', COAL.replace("2701", "27"),
         'nothing that the measure is about moves on the route "rajin"'),
        ('route: "rajin"', MEASURE.replace('    scope: {revision: HS92, hs: ["03"]}\n', "")
         .replace("export_ban", "firm_closure").replace("flow: export", "flow: finance"),
         "the measure names no goods or services that could take a route"),
    ],
)  # fmt: skip
def test_an_exemption_by_a_route_that_nothing_takes_is_refused(
    fields: str, measure: str, words: str
) -> None:
    (found,) = exempt(fields, measure)
    assert found.startswith(
        f"{(HEAD + measure).count(chr(10), 0, (HEAD + measure).index('verif')) + 1}:"
    )
    assert words in found


@pytest.mark.parametrize(
    ("partners", "exempted", "refused"),
    [
        ([], "RUS", True), ([], "CHN", False), (["near"], "RUS", False), (["near"], "DEU", True),
        (["*"], "DEU", False), (["DEU"], "near", True), (["near"], "near", False), ([], "*", False),
    ],
)  # fmt: skip
def test_exempt_partners_must_be_among_those_of_the_measure_or_the_senders(
    partners: list[str], exempted: str, refused: bool
) -> None:
    head = HEAD.replace('["*"]', '["CHN"]').replace(
        "measures:", 'groups: {near: ["RUS"]}\nmeasures:'
    )
    named = f"    partners: {json.dumps(partners)}\n    verification"
    measure = MEASURE.replace("    verification", named)
    text = f'partners: ["{exempted}"]'
    if refused:
        assert f'"{exempted}" is not among the partners' in exempt(text, measure, head)[0]
    else:
        line = f'    exemptions: [{{id: "a", citation: "b", {text}}}]\n    verification'
        whole = changed("    verification", line, head + measure)
        assert read_regime(load_yaml("r.yaml", whole)).measures[0].exemptions


def test_a_share_of_a_measure_about_no_flow_matches_nothing() -> None:
    bare = (
        MEASURE.replace('    scope: {revision: HS92, hs: ["03"]}\n', "")
        .replace("export_ban", "financial_cutoff")
        .replace("flow: export", "flow: finance")
    )
    half = '{low: 0, central: 0.5, high: 1, unit: "share", source: "judgement"}'
    (found,) = exempt(f"share: {half}", bare)
    assert 'the exemption "a" matches nothing: the measure is about no flow' in found


def test_own_sources_are_known_and_bundled_ids_are_not_taken_again() -> None:
    own = 'sources:\n  mine: {text: "A book", url: null, licence: "own"}\n'
    text = changed("law-general-knowledge", "mine", HEAD + MEASURE + own)
    assert regime_sources(read_regime(load_yaml("r.yaml", text)))["mine"].text == "A book"
    clash = refusals(HEAD + MEASURE + own.replace("mine", "judgement"))
    assert clash == [
        '18: source "judgement" is a bundled one: take another id, or leave it out here'
    ]


@pytest.mark.parametrize("text", ["[1, 2]", "a: 1", "measures: fish", "measures: [1]", 'id: "x"'])
def test_files_of_another_shape_are_refused_without_a_crash(text: str) -> None:
    assert refusals(text)


def test_unknown_names_show_the_nearest() -> None:
    with pytest.raises(InvalidInput, match='did you mean "un-dprk"'):
        load_regime("un-dprkk")
    with pytest.raises(InvalidInput, match="is no regime"):
        load_regime("sources")
    with pytest.raises(InvalidInput, match="no such file"):
        load_regime("nowhere.yaml")


def test_regimes_are_told_from_scenarios() -> None:
    assert is_regime(load_yaml("r.yaml", HEAD + MEASURE))
    assert not is_regime(load_yaml(data("scenarios", "dprk-2017.yaml")))


def test_the_start_file_is_sound() -> None:
    text = data("templates", "regime.yaml").read_text(encoding="utf-8").replace("NAME", "mine")
    assert read_regime(load_yaml("mine.yaml", text)).id == "mine"


# ------------------------------------------------------------------------ the bundled files


def test_bundled_names() -> None:
    assert regime_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_bundled_regimes_are_sound(name: str) -> None:
    regime = load_regime(name)
    assert regime.id == name
    known = regime_sources(regime)
    for each in regime.measures:
        assert each.citation
        assert each.paragraph or not each.act.startswith(("UNSCR", "Regulation (EU) 833"))
        assert all(source in known for source in each.sources)
        assert each.verification != "read in the original"
    days = [each.adopted for each in regime.measures]
    assert name not in ("un-dprk", "china-dprk-2017", "us-dprk") or days == sorted(days)


def test_the_json_schema_is_current() -> None:
    path = data("regimes", "regime.schema.json")
    assert path.read_text(encoding="utf-8") == schema_text()
    schema = regime_json_schema()
    assert schema["additionalProperties"] is False
    assert "from" in schema["$defs"]["Measure"]["required"]
    assert "from_" not in schema["$defs"]["Measure"]["properties"]
    assert all(
        "description" in field for field in schema["$defs"]["Measure"]["properties"].values()
    )


def test_every_row_of_the_fact_table_is_in_the_regime() -> None:
    """Resolution and paragraph of each measure, as the table of facts lists them."""
    wanted = {
        "1718": "8(a)(i) 8(a)(ii) 8(a)(iii) 8(d)-(e)", "1874": "9 10 11-17 18-20 26",
        "2087": "5", "2094": "11-15 16-18 23", "2270": "6 18 29 30 31 33-36",
        "2321": "26(b) 26 28 29 30 31-33", "2356": "3", "2371": "8 9 10 11 12",
        "2375": "7-8 11 13 14 15 16 17 18", "2397": "4 5 6 7 8 9-13 14 27",
    }  # fmt: skip
    found = {
        (each.act.split()[1], each.paragraph.removeprefix("para. ").split()[0])
        for each in load_regime("un-dprk").measures
    }
    missing = {(act, para) for act, paras in wanted.items() for para in paras.split()} - found
    assert missing == set()


def test_adoptions_are_those_of_the_council() -> None:
    days = {each.act: each.adopted.isoformat() for each in load_regime("un-dprk").measures}
    assert days == {
        "UNSCR 1718 (2006)": "2006-10-14", "UNSCR 1874 (2009)": "2009-06-12",
        "UNSCR 2087 (2013)": "2013-01-22", "UNSCR 2094 (2013)": "2013-03-07",
        "UNSCR 2270 (2016)": "2016-03-02", "UNSCR 2321 (2016)": "2016-11-30",
        "UNSCR 2356 (2017)": "2017-06-02", "UNSCR 2371 (2017)": "2017-08-05",
        "UNSCR 2375 (2017)": "2017-09-11", "UNSCR 2397 (2017)": "2017-12-22",
    }  # fmt: skip


def measure_of(name: str, id_: str) -> Measure:
    return next(each for each in load_regime(name).measures if each.id == id_)


@pytest.mark.parametrize(
    ("id_", "last_day"),
    [
        ("2371-8", "2017-09-05"), ("2371-9", "2017-09-05"), ("2371-10", "2017-09-05"),
        ("2375-16", "2017-12-10"), ("2397-6a", "2018-01-21"), ("2397-6f", "2018-01-21"),
        ("2375-18", "2018-01-09"), ("2397-8", "2019-12-22"),
    ],
)  # fmt: skip
def test_wind_downs(id_: str, last_day: str) -> None:
    found = measure_of("un-dprk", id_)
    assert found.wind_down is not None
    assert (found.wind_down.until.isoformat(), found.wind_down.share) == (last_day, 1.0)


def test_caps_have_their_figures() -> None:
    limits = {
        each.id: [(limit.limit, limit.unit) for limit in each.cap.limits]
        for each in load_regime("un-dprk").measures
        if each.cap
    }
    assert limits["2321-26b1"] == [(53.495894, "million USD"), (1000866, "tonnes")]
    assert limits["2321-26b2"] == [(400.870018, "million USD"), (7500000, "tonnes")]
    assert limits["2375-14a"] == [(500000, "barrels")]
    assert limits["2375-14b"] == [(2000000, "barrels")]
    assert limits["2397-4"] == [(4000000, "barrels"), (525000, "tonnes")]
    assert limits["2397-5"] == [(500000, "barrels")]


def test_no_source_of_regimes_and_trade_is_idle() -> None:
    cited = {s for n in NAMES for m in load_regime(n).measures for s in m.sources}
    cited |= {claim.source for n in NAMES for claim in load_regime(n).claims}
    for name in NAMES:
        cited |= set(_sources_in(json.loads(load_regime(name).model_dump_json())))
    for path in Path(data("trade")).glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            cited |= {row["source"] for row in csv.DictReader(file)}
    for folder in ("regimes", "trade"):
        own = load_yaml(data(folder, "sources.yaml")).data["sources"]
        assert set(own) - cited == set()


def _sources_in(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["source"]] if isinstance(value.get("source"), str) else []
        return own + [found for inner in value.values() for found in _sources_in(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _sources_in(inner)]
    return []
