"""Settings shared by all tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# Machines that run the checks are shared and slow at times: a deadline would say more about
# them than about Tumen. There the examples are the same on every run, too.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Clear away what the processes of a run shared, once all of them are done."""
    if os.environ.get("PYTEST_XDIST_WORKER") is None:
        run = _run_id(session)
        if run:
            shutil.rmtree(Path(tempfile.gettempdir(), f"tumen-tests-{run}"), ignore_errors=True)


def _run_id(session: pytest.Session) -> str:
    """The run's id, which only the process that starts the others knows by itself."""
    manager = session.config.pluginmanager.getplugin("dsession")
    return str(getattr(getattr(manager, "nodemanager", None), "testrunuid", "") or "")
