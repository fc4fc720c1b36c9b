"""Streams: what they bring beyond the baseline, and files that say nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen import InvalidInput
from tumen.lifeline.illicit import earned, extra_income, load_streams, stream_names

SHARE = st.floats(0, 1)


def test_every_bundled_file_is_in_order() -> None:
    assert stream_names() == ["dprk-illicit"]
    found = load_streams("dprk-illicit")
    income = [stream for stream in found.streams if stream.channel == "income"]
    assert {stream.id for stream in income} >= {"cyber_theft", "arms", "counterfeits_narcotics"}
    assert [each.id for each in found.streams if each.channel == "remittance"] == ["labour"]
    trade = {stream.id for stream in found.streams if stream.channel == "trade"}
    assert trade == {"coal", "fishing_rights", "refined_oil"}


@given(st.floats(0, 1e4), SHARE, SHARE, SHARE, st.floats(0, 3), st.floats(1, 5))
def test_interdiction_never_pays_and_a_better_price_always_does(
    revenue: float, exposure: float, less: float, more: float, reaction: float, price: float
) -> None:
    low, high = sorted((less, more))
    assert earned(revenue, exposure, high, reaction, price) <= earned(
        revenue, exposure, low, reaction, price
    ) * (1 + 1e-12)
    assert earned(revenue, exposure, low, reaction, price) >= earned(
        revenue, exposure, low, reaction, 1.0
    ) * (1 - 1e-12)


def test_without_interdiction_only_the_change_counts() -> None:
    streams = load_streams("dprk-illicit")
    by_hand = {"cyber_theft": (50, 218, 400), "arms": (-36, 0, 200), "statues": (-10, -8, 0)}
    for name, values in by_hand.items():
        stream = streams.stream(name)
        assert stream is not None
        assert [extra_income(stream, level) for level in ("low", "central", "high")] == list(values)


def test_low_is_the_least_under_interdiction_too() -> None:
    stream = load_streams("dprk-illicit").stream("cyber_theft")
    assert stream is not None
    found = [extra_income(stream, level, interdiction=0.5) for level in ("low", "central", "high")]
    assert found == sorted(found)
    # The least revenue with the largest part that can be stopped, and the other way round.
    assert found == pytest.approx([50 * (1 - 0.6 / 2), 218 * (1 - 0.3 / 2), 400 * (1 - 0.1 / 2)])


def test_trade_is_not_income() -> None:
    stream = load_streams("dprk-illicit").stream("coal")
    assert stream is not None
    with pytest.raises(InvalidInput, match="the engine computes"):
        extra_income(stream, "central")


@pytest.mark.parametrize(("name", "value"), [("exposure", 1.1), ("interdiction", -0.1)])
def test_shares_outside_are_refused(name: str, value: float) -> None:
    arguments = {"exposure": 0.5, "interdiction": 0.5, name: value}
    with pytest.raises(InvalidInput, match=name):
        earned(1.0, reaction=0.0, price_ratio=1.0, **arguments)


def test_all_problems_of_a_file_at_once(tmp_path: Path) -> None:
    money = '{low: 1.0, central: 2.0, high: 3.0, unit: "million USD a year", source: "nowhere"}'
    text = f"""id: "mine"
title: "Mine"
target: "PRX"
baseline_year: 2016
streams:
  - {{id: "a", name: "A", channel: "trade", flow: "export", sectors: ["B5"], revenue: {money}}}
  - {{id: "a", name: "A", channel: "trade", flow: "export", sectors: ["B05"], revenue: {money}}}
"""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_streams(tmp_path / "mine.yaml")
    said = str(caught.value)
    for words in ("mine.yaml:6", "mine.yaml:7", "two streams", '"B5" is no sector', "PRX"):
        assert words in said
    assert said.count("nowhere") == 2


def test_a_stream_says_which_channel_it_takes(tmp_path: Path) -> None:
    money = '{low: 1.0, central: 2.0, high: 3.0, unit: "million USD a year", source: "judgement"}'
    text = f"""id: "mine"
title: "Mine"
target: "PRK"
baseline_year: 2016
streams:
  - {{id: "a", name: "A", channel: "income", revenue: {money}}}
  - {{id: "b", name: "B", channel: "trade", revenue: {money}}}
"""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="needs baseline") as caught:
        load_streams(tmp_path / "mine.yaml")
    assert "needs flow and sectors" in str(caught.value)
