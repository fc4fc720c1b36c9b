"""What the terminal says of endurance."""

from __future__ import annotations

from dataclasses import replace

from tests.report.test_tables import drawn
from tests.scenario.cases import full, quick
from tumen.report.endurance import endurance_lines, endurance_words, runway
from tumen.report.payload import payload


def test_tables_hold_what_the_result_says() -> None:
    _, result = full("dprk-2017")
    text = drawn(endurance_lines(result))
    last = result.holding[-1]
    assert f"While savings of {last.stock_musd:,.0f} million last" in text
    for title in ("How long it can be held", "Month by month", "What changes when",
                  "Beside the record", "When savings were to be gone"):  # fmt: skip
        assert title in text
    for name in ("sceptical", "strong", "gasoline", "dry-2018", "no end"):
        assert name in text
    shown = [row["month"] for row in result.timeline if f"\n {row['month']} " in text]
    assert {"2017-01", "2017-12", "2018-03", "2019-12"} <= set(shown)
    assert "support by: RUS" in " ".join(text.split())


def test_the_sentence_says_how_long_savings_last() -> None:
    _, result = full("dprk-2017")
    last = result.holding[-1]
    assert f"these pay for {runway(last.runway_months)} months (" in endurance_words(result)
    calm = replace(result, holding=(replace(last, runway_months=None),))
    assert endurance_words(calm) == "Savings are not drawn upon."
    assert endurance_words(replace(result, holding=())) == ""


def test_a_case_without_savings_says_nothing_of_them() -> None:
    scenario, result = quick("dprk-2017", 'as_of="2018-01"')
    assert endurance_lines(replace(result, horizons=())) == []
    step = payload(scenario, result)["steps"][1]
    assert not {"runway_months", "survival"} & set(step)


def test_the_json_carries_months_and_their_bands() -> None:
    data = payload(*full("dprk-2017"))
    first = data["timeline"][0]
    assert first["month"] == "2017-01"
    for name in ("exports_musd", "stock_musd", "survival", "price_gasoline", "real_income_pct"):
        assert first[f"{name}_low"] <= first[name] <= first[f"{name}_high"]
    assert first["causes"] == ["first month"]
    assert all("runway_months" in step and "survival_low" in step for step in data["steps"])
