"""What a scenario file may not say, and where the message points."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.cases import figure, line_of, links, small, step, template, transfer
from tests.support.worlds import world
from tumen.errors import InvalidInput
from tumen.scenario.load import load_scenario, read_scenario, scenario_names


def refused(path: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path)
    return caught.value


def test_the_bundled_cases_and_the_start_file_are_sound(tmp_path: Path) -> None:
    assert scenario_names() == ["dprk-2017", "russia-2022"]
    for name in scenario_names():
        assert load_scenario(name).id == name
        assert read_scenario(name).title == load_scenario(name).title
    assert load_scenario(template(tmp_path)).target == "RUS"


BAD_WORDS = {
    "misspelt key": ("origins:", "orgins:", r'unknown key .*machines.orgins; did you mean "ori'),
    "top key": ("elasticity:", "elastcity:", r'unknown key elastcity; did you mean "elasticity"'),
    "figure's key": ("high: 0.5", "hihg: 0.5", r'unknown key .*left.hihg; did you mean "high"'),
    "boolean": ('target: "RUS"', "target: NO", r'target: code must be a quoted string: write "NO"'),
    "letter": ('["C26", "C28"]', "[N]", r'sectors\[1\]: code must be a quoted string: write "N"'),
    "number": ('["C26", "C28"]', "[0306]", r'code must be a quoted string: write "0306"'),
    "month": ('"2022-12"', '"2022-13"', r'as_of is "2022-13"'),
    "level": ('elasticity: "central"', 'elasticity: "hgih"', r'elasticity is "hgih"; .*"high"'),
    "closure": ('"keep" ', '"zeor" ', r'deficits is "zeor"; did you mean "zero"'),
    "step": ('id: "black_market"', 'id: "blackmarket"', r'did you mean "black_market"'),
    "order in range": ("low: 0.1, central: 0.3", "low: 0.4, central: 0.3", r"left: low 0.4.*order"),
    "negative": ("low: 0.1, central: 0.3", "low: -0.1, central: 0.3", r"left: low is -0.1, must"),
    "not a number": ("high: 0.5", "high: .nan", r"left.high is .nan; .*finite"),
    "infinite": ("high: 0.5", "high: .inf", r"left.high is .inf; .*finite"),
    "text": ("high: 0.5", 'high: "0.5"', r'left.high is "0.5"; it should be a number'),
    "percent": (
        'high: 0.5, unit: "freeness"',
        'high: 0.5, unit: "per cent"',
        r'left: the unit is "per cent", must be "freeness"; 15 % of the baseline is 0.15',
    ),
    "billions": (
        "million USD a year",
        "billion USD a year",
        r'musd: the unit is "billion USD a year", must be "million USD a year"',
    ),
    "no list": ('["coalition"]', '"coalition"', r"origins .*should be a list"),
    "empty list": ('["coalition"]', "[]", r"origins .*at least 1 item"),
    "unsourced": ('source: "judgement"', 'source: "judgment"', r'"judgment"; .*"judgement"'),
    "group": ('["coalition"]', '["coaliton"]', r'"coaliton" is no .*group; .*"coalition"'),
    "economy": ('["coalition"]', '["CHNA"]', r'"CHNA" is no economy.*did you mean "CHN"'),
    "missing": ('["coalition"]', '["IRN"]', r'"IRN", Iran, is no economy.*rest of the world'),
    "in a group": ('"DEU", "JPN"', '"DUE", "JPN"', r'"DUE" is no economy of this world; .*"DEU"'),
    "sector": ('["C26", "C28"]', '["C26", "C2B"]', r'"C2B" is no sector of this world.*"C2'),
    "target": ('target: "RUS"', 'target: "PRK"', r'"PRK", North Korea, is no economy of this'),
    "everybody": ('target: "RUS"', 'target: "*"', r'"\*" is no economy of this world'),
    "itself": ('newcomer: "IND"', 'newcomer: "RUS"', 'the newcomer is the target itself, "RUS"'),
    "giver": ('giver: "IND"', 'giver: "RUS"', 'credit: "RUS" gives to itself'),
    "receiver": ('receiver: "RUS"', 'receiver: "*"', 'receiver must be one economy, "\\*" may'),
    "giving group": ('giver: "IND"', 'giver: "coalition"', r'"coalition" is a group, here one'),
    "no transfers": ('deficits: "keep"', 'deficits: "income"', 'transfers needs deficits "keep"'),
    "world": ('name: "world-2022"', 'name: "world-2202"', r'did you mean "world-2022"'),
    "world file": ('name: "world-2022"', 'name: "gone.nc"', r"gone.nc: no such file"),
    "world option": ("  name: ", '  gdp_basis: "low"\n  name: ', "with an insert"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_WORDS)
def test_each_bad_word_is_one_clear_error_with_its_line(kind: str, tmp_path: Path) -> None:
    old, new, message = BAD_WORDS[kind]
    path = template(tmp_path, {old: new})
    error = refused(path)
    with pytest.raises(InvalidInput, match=message):
        raise error
    found = [problem for problem in error.problems if not problem.message.endswith("is missing")]
    assert len(found) == 1, str(error)
    if kind != "itself":
        assert found[0].place == f"{path}:{_line(path, new, kind)}"


def _line(path: Path, new: str, kind: str) -> int:
    """The problem's line: that of the change, or of what the change breaks."""
    other = {"no transfers": "transfers:", "step": 'id: "blackmarket"'}
    if kind in ("world option", "world", "world file"):
        return line_of(path, "world:")
    if kind in ("giver", "receiver"):
        return line_of(path, '- id: "credit"')
    return line_of(path, other.get(kind, new))


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "bytes": (b'id: "a"\ntitle: "\xff\xfe"\n', r"bad.yaml:2: byte 0xff is no UTF-8 text"),
    "binary": (bytes(range(256)), "UTF-8"),
    "cyclic": (b"id: &a [*a]\n", r"anchor &a is not allowed"),
    "deep": (b"[" * 3000, "nested deeper than"),
    "list": (b"- 1\n", "should be a mapping"),
    "tag": (b"id: !!python/object:os.system x\n", r"the tag .* is not allowed"),
}


@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_no_scenario(kind: str, tmp_path: Path) -> None:
    content, message = FILES[kind]
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message):
        load_scenario(path)


def test_all_problems_of_a_schema_in_one_error(tmp_path: Path) -> None:
    path = template(
        tmp_path,
        {'target: "RUS"': "target: NO", "elasticity:": "elastcity:", "high: 0.5": "high: -1"},
    )
    error = refused(path)
    assert len(error.problems) == 3
    assert all(problem.place.startswith(f"{path}:") for problem in error.problems)


def test_all_problems_of_content_in_one_error(tmp_path: Path) -> None:
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {figure(0.5)}")
    unknown = links("a", '"CNH", "IRN"', '"RUS"', '"C2B"', f"left: {figure(0.5)}")
    path = small(
        tmp_path,
        step("enforced", freeness=[rule, rule]),
        step("law", freeness=[unknown], transfers=[transfer("t", "XXX", "RUS", 1.0)]),
    )
    text = str(refused(path))
    for part in ("steps are enforced, law", 'enforced.freeness are called "a"', '"CNH"', '"IRN"',
                 '"C2B"', '"XXX"'):  # fmt: skip
        assert part in text
    assert text.startswith("6 problems")


@pytest.mark.parametrize("order", [("law", "law"), ("support", "law"), ("enforced", "law")])
def test_steps_stand_once_and_in_order(order: tuple[str, ...], tmp_path: Path) -> None:
    rule = links("a", '"CHN"', '"RUS"', '"C26"', f"left: {figure(0.5)}")
    path = small(tmp_path, *(step(name, freeness=[rule]) for name in order))
    with pytest.raises(InvalidInput, match=r"each may stand once, in the order law, enforced, wi"):
        load_scenario(path)


def test_a_rule_on_links_without_trade_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "korea.yaml"
    rule = links("crude", '"PRK"', '"*"', '"B06"', f"left: {figure(0.5)}")
    text = small(tmp_path, step("law", freeness=[rule])).read_text("utf-8")
    path.write_text(text.replace('"RUS"', '"PRK"').replace("world-2022", "world-2022-prk"))
    with pytest.raises(InvalidInput, match=r"korea.yaml:\d+: the rule covers no baseline trade"):
        load_scenario(path)


def test_a_source_may_not_get_another_meaning(tmp_path: Path) -> None:
    path = template(tmp_path, {"my-source:": "judgement:"})
    with pytest.raises(InvalidInput, match=r'source "judgement" differs'):
        load_scenario(path)


def test_names_of_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match=r'dprk-2071: is no bundled .* "dprk-2017"'):
        load_scenario("dprk-2071")
    with pytest.raises(InvalidInput, match="sources: is no bundled scenario"):
        load_scenario("sources")
    with pytest.raises(InvalidInput, match=r"gone.yaml: no such file"):
        load_scenario("gone.yaml")
    template(tmp_path)
    with pytest.raises(InvalidInput, match=r"for the file here write mine.yaml"):
        load_scenario("mine")


def test_a_world_file_stands_beside_the_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(4, 2).save(tmp_path / "own.nc")
    rule = links("a", '"e1"', '"e0"', '"s0"', f"left: {figure(0.5)}")
    path = small(tmp_path, step("law", freeness=[rule]))
    text = path.read_text("utf-8").replace("world-2022", "own.nc")
    path.write_text(text.replace("RUS", "e0").replace("CHN", "e1").replace("IND", "e2"), "utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert load_scenario(path).world.name == str(tmp_path / "own.nc")


def test_a_group_may_not_have_the_name_of_an_economy(tmp_path: Path) -> None:
    world(4, 2).save(tmp_path / "own.nc")
    rule = links("a", '"e1"', '"e0"', '"s0"', f"left: {figure(0.5)}")
    path = small(tmp_path, step("law", freeness=[rule]), head='groups: {e1: ["e2", "e3"]}\n')
    text = path.read_text("utf-8").replace("world-2022", "own.nc")
    path.write_text(text.replace("RUS", "e0").replace("CHN", "e1").replace("IND", "e2"), "utf-8")
    with pytest.raises(InvalidInput, match="group 'e1' has the name of an economy"):
        load_scenario(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("steps.black_market.smuggling.coal.earner=CHM", '"CHM" is no economy.*"CHN"'),
        ("volumes.coal.sector=B55", '"B55" is no sector.*"B05"'),
        ("backtest.fits.china-late-2017.partner=CHM", '"CHM" is no economy.*"CHN"'),
    ],
)
def test_codes_of_earners_volumes_and_the_backtest_are_checked(change: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        load_scenario("dprk-2017", [change])
