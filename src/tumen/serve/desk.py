"""The cases that are at hand: bundled ones by name, others by their text; nothing of any user."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.scenario.load import load_scenario, scenario_names
from tumen.serve.quick import LiveCase
from tumen.serve.uploads import uploaded_scenario

KEPT = 8
"""Cases whose answers are remembered."""


class Desk:
    """Live cases, remembered by what they are made from; the same text is the same case."""

    def __init__(self) -> None:
        self._cases: OrderedDict[str, LiveCase] = OrderedDict()
        self._lock = threading.Lock()

    def bundled(self, name: str) -> LiveCase:
        """Return a bundled case.

        Raises
        ------
        InvalidInput
            If there is none of this name; names of files are none.
        """
        known = scenario_names()
        if name not in known:
            near = did_you_mean(name[:80], known)
            raise InvalidInput(Problem("case", f"is {name[:80]!r}, no bundled case; {near}"))
        return self._kept(f"name {name}") or self._keep(
            f"name {name}", LiveCase(load_scenario(name))
        )

    def of_text(self, text: str) -> LiveCase:
        """Return the case that a text holds.

        Raises
        ------
        InvalidInput
            With everything that is wrong with it, by line.
        """
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._kept(key) or self._keep(key, LiveCase(uploaded_scenario(text)))

    def case(self, name: str | None, text: str | None) -> LiveCase:
        """Return the case of a text, or the bundled one where there is none."""
        return self.bundled(name or "") if text is None else self.of_text(text)

    def _kept(self, key: str) -> LiveCase | None:
        with self._lock:
            if key in self._cases:
                self._cases.move_to_end(key)
            return self._cases.get(key)

    def _keep(self, key: str, case: LiveCase) -> LiveCase:
        with self._lock:
            self._cases[key] = case
            while len(self._cases) > KEPT:
                self._cases.popitem(last=False)
        return case
