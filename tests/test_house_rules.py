"""The house rules: sizes, light imports, and nothing that ties the files to one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tools.check_imports import HEAVY, loaded
from tools.check_sizes import ROOT, check, function_problems, functions, module_problems


def test_modules_and_functions_are_short() -> None:
    assert check() == []


def test_importing_tumen_loads_nothing_heavy() -> None:
    assert loaded("import tumen") == []


def test_heavy_imports_are_noticed() -> None:
    assert "pydantic" in HEAVY
    assert "pydantic" in loaded("import pydantic")


def test_long_functions_are_noticed() -> None:
    long = "def a():\n" + "    x = 1\n" * 80
    assert function_problems(functions(long, "m.py"))[0] == "m.py:1 a has 81 lines; at most 80"
    usual = [("short", 3)] * 8 + [("long", 40)] * 2
    (problem,) = function_problems(usual)
    assert problem.startswith("8 of 10 functions are under 35 lines")
    assert function_problems([*usual, *[("short", 3)] * 10]) == []


def test_long_modules_are_noticed(tmp_path: Path) -> None:
    assert module_problems({"a": 10, "b": 501}, 500, None) == ["b has 501 lines; at most 500"]
    assert module_problems({"a": 151, "b": 160}, 500, 150) == [
        "half the modules have more than 150 lines"
    ]
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "m.py").write_text("x = 1\n" * 501)
    assert len(check(tmp_path)) == 2


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


MACHINE_PATH = re.compile(rb"(?<![\w.~/:-])/(?:home|root|work|Users|mnt|opt)/[\w.]")


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group().decode()}"
        for path in _tracked()
        if b"\0" not in (content := path.read_bytes())[:8000]
        for match in MACHINE_PATH.finditer(content)
    ]
    assert found == []


def test_paths_of_one_machine_are_noticed() -> None:
    assert MACHINE_PATH.search(b'open("' + b"/home" + b'/me/a.csv")')
    assert not MACHINE_PATH.search(b"https://example.org/home/a and src/work/b")
