"""The command line as a fixture, in an empty folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.cli.terminal import Capture, Tumen, tumen


@pytest.fixture(name="tumen")
def _tumen(capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Tumen:
    monkeypatch.chdir(tmp_path)
    return partial(tumen, capsys, monkeypatch)
