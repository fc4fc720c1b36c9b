"""What is said of a decision: read from the solution, and the same in words, tables and JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.report.test_tables import drawn
from tests.scenario.test_decision import case, decided
from tumen.report.decision import (
    decision_lines,
    decision_payload,
    decision_rows,
    decision_words,
)
from tumen.report.numbers import money
from tumen.report.payload import json_text
from tumen.scenario.decision_result import Decision, MapPoint


def words(found: Decision) -> str:
    return decision_words(case()[0], found)


def changed(state: str, **changes: object) -> Decision:
    found = decided()
    rows = tuple(
        replace(row, **changes) if (row.situation, row.state) == ("after", state) else row  # type: ignore[arg-type]
        for row in found.seats
    )
    return replace(found, seats=rows)


def test_the_words_carry_the_numbers_of_the_solution() -> None:
    found = decided()
    told = words(found)
    for row in found.situations:
        assert f"{row.label}: a text that bans {100 * row.text:.0f} %" in told
    quiet = next(row for row in found.seats if (row.situation, row.state) == ("after", "RUS"))
    assert (
        f"Russia votes yes and backfills quietly ({money(quiet.backfill_musd)} million USD a year, "
        f"noticed with a chance of {100 * quiet.detection:.0f} %)" in told
    )
    assert "dearer secondary sanctions (penalty when caught, F: 0.2" in told
    assert "better monitoring" not in told  # was not followed
    assert found.inverse is not None
    assert f"is the solution in {100 * found.inverse.story_share:.0f} % (" in told
    assert "a yes with quiet or brazen support by Russia" in told
    assert "(9.5 % without any cut)" in told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"support": "none", "backfill_musd": 0.0}, "Russia votes yes and gives no support"),
        ({"support": "brazen"}, "Russia votes yes and backfills brazenly"),
        ({"vote": "none"}, "Russia backfills quietly"),
    ],
)
def test_another_solution_is_another_story(changes: dict[str, object], said: str) -> None:
    assert said in words(changed("RUS", **changes))
    assert said not in words(decided())


def test_no_text_is_told_as_such() -> None:
    found = decided()
    first, last = found.situations
    refused = replace(last, vote="veto", binding="no acceptable text", accepted_up_to=None)
    told = words(replace(changed("RUS", support="open"), situations=(first, refused)))
    assert "China has backed away: no text passes (Russia accepts none)" in told
    assert "Russia supports openly" in told
    assert "yes" not in told.partition("China has backed away")[2].partition(".")[0]
    assert found.inverse is not None


def test_a_support_that_is_not_there_is_not_ended() -> None:
    assert "What would end Russia's support (China has backed away)" in words(decided())
    gone = words(changed("RUS", support="none", backfill_musd=0.0))
    assert "would end" not in gone
    still = replace(decided(), switches=())
    assert "none of what others can do would end Russia's support" in words(still)


def test_several_equilibria_are_told_with_their_range() -> None:
    told = words(changed("RUS", backfill_musd_low=10.0, backfill_musd_high=150.0))
    assert "from 10 to 150 over several equilibria, million USD a year" in told


def test_a_text_of_nothing_is_none() -> None:
    found = decided()
    first, last = found.situations
    empty = replace(found, situations=(first, replace(last, text=0.0, binding="interior")))
    assert "China has backed away: what passes is in effect no text (more would gain" in words(
        empty
    )


def test_a_story_that_is_rare_does_not_count() -> None:
    found = decided()
    assert found.inverse is not None
    for low, high, said in (
        (0.1, 0.3, "does not count as reproduced"),
        (0.4, 0.6, "is undecided with so few draws"),
        (0.6, 0.8, "counts as reproduced"),
    ):
        told = words(replace(found, inverse=replace(found.inverse, story_low=low, story_high=high)))
        assert f"which {said} (from 50 % on)" in told
    veto = replace(found.inverse, vote="veto", support=(), sizes=False)
    assert "of all motives, a veto is the solution in" in words(replace(found, inverse=veto))
    assert "sizes" not in words(replace(found, inverse=veto))


def test_everything_fits_a_hundred_columns() -> None:
    found = decided()
    points = tuple(
        MapPoint("after", "RUS", "survival_value", s, "penalty", f, "yes", 0.5, 10.0, "quiet")
        for s in (1.0, 20.0)
        for f in (0.01, 0.5)
    )
    text = drawn(decision_lines(case()[0], replace(found, phase_map=points)))
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text
    for title in (
        "The text",
        "Who does what",
        "Tipping points of RUS",
        "All motives drawn",
        "What must be believed",
        "over two motives",
    ):
        assert title in text
    assert "The law of the case bans 0.613 of this trade." in text


def test_json_and_tables_hold_the_same() -> None:
    found = decided()
    data = json.loads(json_text(decision_payload(case()[0], found)))
    assert data["scenario"] == "dprk-2017"
    assert data["sentence"] == words(found)
    assert data["situations"][1]["text"] == found.situations[1].text
    rows = decision_rows(found)
    assert rows["decision_seats"][3]["backfill_musd"] == data["seats"][3]["backfill_musd"]
    assert len(rows["decision_losses"]) == 91
    assert decision_rows(None) == {}
