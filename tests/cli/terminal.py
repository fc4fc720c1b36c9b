"""Running the command line inside the test process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tumen.cli.main import app_entry

Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: exit status, stdout and stderr."""

    status: int
    out: str
    err: str


Tumen = Callable[..., Said]


def tumen(capsys: Capture, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Said:
    """Run ``tumen`` with arguments."""
    monkeypatch.setattr(sys, "argv", ["tumen", *arguments])
    capsys.readouterr()
    try:
        app_entry()
        status = 0
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    captured = capsys.readouterr()
    return Said(status, captured.out, captured.err)
