"""The wheel holds everything that a user needs."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.check_sizes import ROOT

pytestmark = pytest.mark.slow


def run(*words: str | Path, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (built,) = folder.glob("tumen-*.whl")
    return built


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    expected = {
        path.relative_to(source).as_posix()
        for path in (source / "tumen").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "tumen/py.typed" in expected
    assert expected <= inside
    extra = {name for name in inside - expected if ".dist-info/" not in name}
    assert extra == set()


def test_a_clean_environment_runs_it(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "clean", cwd=tmp_path)
    programs = tmp_path / "clean" / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert "dprk-2017" in run(programs / "tumen", "scenarios", cwd=tmp_path)
    code = "import tumen; print(tumen.load_world().dataset.sizes['economy'])"
    assert int(run(programs / "python", "-c", code, cwd=tmp_path)) == 81
    assert "PRK" in run(programs / "tumen", "world", "info", cwd=tmp_path)
