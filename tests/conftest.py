"""Settings shared by all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# Machines that run the checks are shared and slow at times: a deadline would say more about
# them than about Tumen. There the examples are the same on every run, too.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
