"""Texts from elsewhere: strict schemas, no files of this machine, nothing that grows."""

from __future__ import annotations

import time

import pytest

from tumen.catalogue.bundled import data
from tumen.errors import InvalidInput
from tumen.scenario.load import load_scenario
from tumen.scenario.store import scenario_text
from tumen.serve.uploads import LONGEST, described, uploaded_scenario


def text_of(name: str) -> str:
    return data("scenarios", f"{name}.yaml").read_text("utf-8")


def test_a_scenario_and_a_regime_are_described() -> None:
    assert described(text_of("russia-2022")) == ("scenario", "russia-2022, 5 steps")
    kind, about = described(data("regimes", "china-dprk-2017.yaml").read_text("utf-8"))
    assert kind == "regime"
    assert about.startswith("china-dprk-2017, ")


def test_what_is_saved_can_be_opened() -> None:
    case = load_scenario("russia-2022", ["steps.enforced.enforcement.coalition=0.4"])
    assert uploaded_scenario(scenario_text(case)).model_dump() == case.model_dump()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('regimes: ["russia-2022"]', 'regimes: ["/etc/passwd"]', "only bundled regimes"),
        ('regimes: ["russia-2022"]', 'regimes: ["../../x.yaml"]', "only bundled regimes"),
        ('name: "world-2022"', 'name: "/tmp/world.nc"', "only a bundled world"),
        ('target: "RUS"', 'ledger: "/etc/passwd"\ntarget: "RUS"', "cannot be read here"),
        ('target: "RUS"', 'streams: "x.yaml"\ntarget: "RUS"', "only bundled streams"),
    ],
)
def test_no_file_of_this_machine_is_named(old: str, new: str, words: str) -> None:
    text = text_of("russia-2022")
    assert old in text
    with pytest.raises(InvalidInput, match=words) as caught:
        uploaded_scenario(text.replace(old, new, 1))
    assert "upload.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 5000,
        "a: " * 5000,
        "a: &a [*a]",
        "x: &x [1]\n" + "\n".join(f"y{n}: [*x, *x, *x]" for n in range(100)),
        "!!python/object/apply:os.system ['true']",
        "- 1\n- 2\n",
        "id: 7\nsteps: {}\n",
        "\x00\x01",
        "measures: 3\nsenders: 4\n",
        "regimes: [[[[1]]]]\nworld: []\nsteps: [1, [2]]\n",
        "a" * (LONGEST + 1),
    ],
)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InvalidInput) as caught:
        described(text)
    assert time.perf_counter() - start < 10
    assert len(str(caught.value)) < 20_000
