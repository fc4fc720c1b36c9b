"""Bad input: one clear message on stderr, nothing on stdout, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.cli.terminal import Said, Tumen
from tests.scenario.cases import figure, links, small, step, template
from tests.support.worlds import world

ECONOMIES = ("AAA", "BBB", "CCC")


def nothing_but(said: Said, status: int, *parts: str) -> None:
    """Check exit status, an empty stdout, one error without a traceback, and its words."""
    assert said.status == status
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("error: ") == 1
    assert "Traceback" not in said.err
    for part in parts:
        assert part in said.err


def test_scenarios_that_cannot_be_run(tumen: Tumen, tmp_path: Path) -> None:
    nothing_but(tumen("run", "dprk-2071", "--json", "--out", "o"), 2, 'did you mean "dprk-2017"')
    nothing_but(tumen("run", "gone.yaml", "--json", "--out", "o"), 2, "gone.yaml: no such file")
    nothing_but(
        tumen("run", "dprk-2017", "--set", "world.gdp_bassi=low", "--json", "--out", "o"),
        2,
        "--set world.gdp_bassi=low",
        'did you mean "gdp_basis"',
    )
    nothing_but(tumen("compare", "dprk-2017", "nowhere", "--json"), 2, "nowhere")
    assert list(tmp_path.iterdir()) == []


CHANGES = {
    "misspelt key": ({"origins:": "orgins:"}, 'did you mean "origins"'),
    "economy": ({'["coalition"]': '["CHNA"]'}, 'did you mean "CHN"'),
    "absent": ({'["coalition"]': '["IRN"]'}, '"IRN", Iran'),
    "boolean": ({'target: "RUS"': "target: NO"}, 'write "NO"'),
    "number": ({'["C26", "C28"]': "[0306]"}, 'write "0306"'),
    "cyclic": ({'["coalition"]': "&a [*a]"}, "anchor"),
}


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize("command", ["run", "check"])
def test_bad_scenarios(command: str, kind: str, tumen: Tumen, tmp_path: Path) -> None:
    change, message = CHANGES[kind]
    path = template(tmp_path, change)
    options = ("--json", "--out", "o") if command == "run" else ()
    nothing_but(tumen(command, "mine.yaml", *options), 2, "mine.yaml:", message)
    assert list(tmp_path.iterdir()) == [path]


def test_files_of_other_kinds(tumen: Tumen, tmp_path: Path) -> None:
    Path("deep.yaml").write_text("a: " + "[" * 5000)
    Path("bytes.yaml").write_bytes(bytes(range(256)))
    world(3, 2).save(tmp_path / "whole.nc")
    Path("half.nc").write_bytes(Path("whole.nc").read_bytes()[:4000])
    Path("text.nc").write_text("hello")
    Path("notes.txt").write_text("hello")
    for name, message in {
        "deep.yaml": "nested deeper",
        "bytes.yaml": "UTF-8",
        "half.nc": "truncated",
        "text.nc": "truncated",
        "notes.txt": "is no scenario",
        "gone": "no such file",
    }.items():
        nothing_but(tumen("check", name), 2, name, message)
    said = tumen("check", "whole.nc")
    assert said.status == 0
    assert said.out.startswith("whole.nc: sound: World(")


def test_check_names_every_bad_file_and_the_good_ones(tumen: Tumen, tmp_path: Path) -> None:
    template(tmp_path)
    Path("a.yaml").write_text("")
    Path("b.txt").write_text("")
    said = tumen("check", "a.yaml", "mine.yaml", "b.txt")
    assert said.status == 2
    assert said.out.startswith("mine.yaml: scenario, sound: mine, 3 steps")
    assert said.err.startswith("error: 2 problems")
    assert "a.yaml:1: the file is empty" in said.err
    assert "b.txt" in said.err


Rows = dict[str, list[str]]


def tables() -> Rows:
    """A sound world of three economies and two sectors as lines of tables."""
    trade = [
        f"{o},{d},{s},{90 if o == d else 5}" for o in ECONOMIES for d in ECONOMIES for s in "xy"
    ]
    cells = [f"{e},{s}" for e in ECONOMIES for s in "xy"]
    return {
        "trade": ["origin,destination,sector,value", *trade],
        "value_added_share": ["economy,sector,value", *(f"{cell},1" for cell in cells)],
        "final_share": ["economy,sector,value", *(f"{cell},0.5" for cell in cells)],
        "trade_elasticity": ["sector,value", "x,4", "y,5"],
    }


def save(folder: Path, rows: Rows) -> None:
    folder.mkdir()
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def put(table: str, old: str, new: str | None) -> Callable[[Rows], None]:
    """A change of one line; None takes it away."""

    def change(rows: Rows) -> None:
        place = rows[table].index(old)
        rows[table][place : place + 1] = [] if new is None else [new]

    return change


def add(table: str, *lines: str) -> Callable[[Rows], None]:
    return lambda rows: rows.setdefault(table, []).extend(lines)


def percent_tariff(rows: Rows) -> None:
    foreign = [row.rsplit(",", 1)[0] for row in rows["trade"][1:]]
    pairs = [cell.split(",") for cell in foreign]
    rates = [0 if o == d else 15 for o, d, _ in pairs]
    rows["tariff"] = ["origin,destination,sector,value"]
    rows["tariff"] += [f"{cell},{rate}" for cell, rate in zip(foreign, rates, strict=True)]


def without_final_shares(rows: Rows) -> None:
    del rows["final_share"]


BAD: dict[str, tuple[Callable[[Rows], None], tuple[str, ...]]] = {
    "NaN": (put("trade", "AAA,BBB,x,5", "AAA,BBB,x,NaN"), ("trade.csv", "value")),
    "negative": (put("trade", "AAA,BBB,x,5", "AAA,BBB,x,-5"), ("AAA", "BBB", "x", "-5")),
    "shares": (put("final_share", "AAA,x,0.5", "AAA,x,0.4"), ("final_share", "AAA", "0.9")),
    "home": (put("trade", "AAA,AAA,x,90", "AAA,AAA,x,0"), ("AAA", "x")),
    "twice": (add("trade", "AAA,BBB,x,5"), ("trade.csv", "AAA, BBB, x stands in row")),
    "missing": (put("trade", "AAA,BBB,x,5", None), ("trade.csv", "AAA, BBB, x is missing")),
    "misspelt": (put("final_share", "AAA,x,0.5", "AAB,x,0.5"), ("final_share.csv", "AAB", "AAA")),
    "theta": (put("trade_elasticity", "x,4", "x,0"), ("trade_elasticity", "x")),
    "theta below 0": (put("trade_elasticity", "x,4", "x,-4"), ("trade_elasticity", "x")),
    "per cent": (percent_tariff, ("tariff", "per cent")),
    "no table": (without_final_shares, ("no final_share.csv",)),
}


def test_a_sound_folder_is_checked_and_imported(tumen: Tumen, tmp_path: Path) -> None:
    save(tmp_path / "own", tables())
    said = tumen("check", "own")
    assert said.status == 0, said.err
    assert said.out.startswith("own: tables of a world, sound: World(")
    said = tumen("world", "import", "own", "--out", "own.nc")
    assert said.status == 0
    assert tumen("check", "own.nc").status == 0
    said = tumen("world", "info", "own.nc")
    assert said.status == 0
    assert "AAA BBB CCC" in said.out
    assert "rest of the world" not in said.out


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("command", ["check", "import"])
def test_bad_tables(command: str, kind: str, tumen: Tumen, tmp_path: Path) -> None:
    change, parts = BAD[kind]
    rows = tables()
    change(rows)
    save(tmp_path / "own", rows)
    ways = {"check": ("check", "own"), "import": ("world", "import", "own", "--out", "new/own.nc")}
    nothing_but(tumen(*ways[command]), 2, *parts)
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "own.txt"), "must end in .nc"),
        (("--out", "o.nc", "--balance", "equilibriate"), 'did you mean "equilibrate"'),
        (("--out", "o.nc", "--missing", "zeor"), "'zeor'"),
        (("--out", "o.nc", "--balance", "equilibrate", "--deficits", "kepe"), "kepe"),
    ],
)
def test_bad_options_of_import(
    options: tuple[str, ...], message: str, tumen: Tumen, tmp_path: Path
) -> None:
    save(tmp_path / "own", tables())
    nothing_but(tumen("world", "import", "own", *options), 2, message)
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_data_that_are_no_equilibrium_can_be_made_one(tumen: Tumen, tmp_path: Path) -> None:
    rows = tables()
    put("trade", "AAA,BBB,x,5", "AAA,BBB,x,25")(rows)
    save(tmp_path / "own", rows)
    nothing_but(tumen("check", "own"), 2, "own: accounts, economy BBB, sector x", "no equilibrium")
    said = tumen("world", "import", "own", "--out", "own.nc")
    nothing_but(said, 2, "--balance: equilibrate or rebalance makes a world of them")
    said = tumen("world", "import", "own", "--out", "own.nc", "--balance", "equilibrate")
    assert said.status == 0, said.err
    assert tumen("check", "own.nc").status == 0


def test_a_foreign_folder_is_refused_before_the_run(tumen: Tumen, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    said = tumen("run", "dprk-2017", "--json", "--out", "thesis")
    nothing_but(said, 2, "holds files that Tumen did not write")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_a_question_without_a_solution_leaves_with_1(tumen: Tumen, tmp_path: Path) -> None:
    rule = links("all", '"*"', '"PRK"', '"*"', f"left: {figure(0.0)}")
    path = small(tmp_path, step("law", freeness=[rule]))
    text = path.read_text("utf-8").replace('"RUS"', '"PRK"', 1)
    path.write_text(text.replace("world-2022", "world-2022-prk"), "utf-8")
    said = tumen("run", "small.yaml", "--json", "--out", "o")
    nothing_but(said, 1, "PRK", "in step law of scenario small")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "arguments", [("run",), ("run", "dprk-2017", "--jsn"), ("rnu",), ("check",)]
)
def test_usage(arguments: tuple[str, ...], tumen: Tumen) -> None:
    said = tumen(*arguments)
    assert (said.status, said.out) == (2, "")
    assert "Usage" in said.err


def test_the_numbers_of_the_tables_are_a_world() -> None:
    trade = np.array([float(row.rsplit(",", 1)[1]) for row in tables()["trade"][1:]])
    assert trade.sum() == 3 * 2 * 90 + 6 * 2 * 5
