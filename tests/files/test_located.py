"""Located data: names of paths, and values put in place of others."""

from __future__ import annotations

import pytest

from tumen.errors import InvalidInput
from tumen.files.located import Located, Path
from tumen.files.strict_yaml import load_yaml

TEXT = "world:\n  basis: low\nsteps:\n- id: law\n  share: 0.5\n- share: 1\n"


@pytest.fixture
def located() -> Located:
    return load_yaml("s.yaml", TEXT)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), ""),
        (("world", "basis"), "world.basis"),
        (("steps", 0, "share"), "steps.law.share"),
        (("steps", 1, "share"), "steps[2].share"),
        (("steps", 9), "steps[10]"),
    ],
)
def test_members_of_a_list_go_by_their_id(located: Located, path: Path, name: str) -> None:
    assert located.name(path) == name


def test_values_by_path(located: Located) -> None:
    assert located.value(("steps", 0, "share")) == 0.5
    for path in [("x",), ("steps", 7), ("world", "basis", "deep")]:
        with pytest.raises(KeyError):
            located.value(path)


def test_a_replaced_value_brings_its_own_place(located: Located) -> None:
    changed = located.replaced(("steps", 0, "share"), load_yaml("--set", "0.9"))
    assert changed.value(("steps", 0, "share")) == 0.9
    assert changed.place(("steps", 0, "share")) == "--set:1"
    assert changed.place(("steps", 0)) == "s.yaml:4"
    assert located.value(("steps", 0, "share")) == 0.5


def test_marks_of_what_was_replaced_are_gone(located: Located) -> None:
    changed = located.replaced(("steps",), load_yaml("b.yaml", "\n[1]"))
    assert changed.data == {"world": {"basis": "low"}, "steps": [1]}
    assert changed.place(("steps", 0)) == "b.yaml:2"
    assert changed.place(("steps", 0, "share")) == "b.yaml:2"


def test_a_new_last_key_is_added_and_the_whole_can_be_replaced(located: Located) -> None:
    value = load_yaml("--set", "7")
    assert located.replaced(("world", "new"), value).value(("world", "new")) == 7
    assert located.replaced((), value).data == 7


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("wrold", "basis"), 'nothing stands at wrold; did you mean "world"'),
        (("steps", 2), r"nothing stands at steps\[3\]"),
        (("world", "basis", "x"), "nothing stands at world.basis.x"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(located: Located, path: Path, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"^--set:1: {words}"):
        located.replaced(path, load_yaml("--set", "7"))


def test_data_without_marks_have_no_place() -> None:
    with pytest.raises(KeyError):
        Located({}, {}).place()
