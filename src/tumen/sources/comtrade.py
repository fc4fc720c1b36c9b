"""UN Comtrade's service: a small client with a cache, a rate limit and a key."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tumen.codes.area_labels import numeric_labels
from tumen.errors import InvalidInput, Problem
from tumen.files.nearest import did_you_mean
from tumen.files.writing import write_text

ADDRESS = "https://comtradeapi.un.org"
MOST = {True: 250_000, False: 500}
"""Rows that an answer holds at most, with and without a key."""
FLOWS = {"export": "X", "import": "M", "reexport": "RX", "reimport": "RM"}
FIELDS = ("period", "reporterCode", "partnerCode", "partner2Code", "flowCode", "classificationCode",
          "cmdCode", "customsCode", "motCode", "netWgt", "primaryValue")  # fmt: skip
"""Columns kept of an answer, under the service's names."""
Flow = Literal["export", "import", "reexport", "reimport"]


@dataclass
class ComtradeClient:
    """Asks UN Comtrade and keeps what it answered.

    Parameters
    ----------
    cache
        Folder of answers; a question asked before is not asked again.
    key
        Subscription key; None: the public preview of 500 rows.
    pause
        Seconds between two questions at least.
    tries
        How often a question is asked when the service is busy or fails.
    sleep
        How to wait; tests replace it.
    """

    cache: Path
    key: str | None = None
    address: str = ADDRESS
    pause: float = 1.5
    tries: int = 5
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(default=-1e9, init=False)

    def records(
        self,
        reporter: str,
        partner: str,
        period: str,
        flow: Flow,
        products: Sequence[str] = ("AG6",),
    ) -> Path:
        """Return a CSV file of what a reporter recorded with a partner, ready for a store.

        Parameters
        ----------
        reporter, partner
            ISO 3166 alpha-3 codes.
        period
            A year, or a month as 201607.
        products
            HS codes, or AG2, AG4, AG6 for all of that many digits.

        Raises
        ------
        InvalidInput
            For unknown codes, a key that is refused, an answer that was cut or is none, and a
            service that stays busy.
        """
        year = int(period[:4])
        question = {
            "reporterCode": _code(reporter, year),
            "partnerCode": _code(partner, year),
            "period": period,
            "flowCode": FLOWS[flow],
            "cmdCode": ",".join(products),
            "maxRecords": str(MOST[bool(self.key)]),
            "includeDesc": "false",
        }
        kind = "data/v1/get" if self.key else "public/v1/preview"
        frequency = "A" if len(period) == 4 else "M"
        words = urllib.parse.urlencode(question, safe=",")
        url = f"{self.address}/{kind}/C/{frequency}/HS?{words}"
        name = f"comtrade-{reporter}-{partner}-{period}-{flow}-{_short(url)}.csv"
        path = self.cache / name
        if not path.is_file():
            write_text(path, _table(self._data(url)))
        return path

    def _data(self, url: str) -> list[dict[str, Any]]:
        answer = self._answer(url)
        try:
            told = json.loads(answer)
            data, refused = told["data"], told.get("error")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            shown = answer[:40].decode("utf-8", "replace")
            message = f"gave no JSON of Comtrade's ({shown!r}): see whether the address is right"
            raise InvalidInput(Problem(url, message)) from error
        if refused:
            raise InvalidInput(Problem(url, f"was refused: {refused}"))
        if not isinstance(data, list) or len(data) >= MOST[bool(self.key)]:
            seen = len(data) if isinstance(data, list) else "no"
            message = (
                f"gave {seen} rows, as many as an answer holds, so some may be missing; ask for "
                "fewer products or periods at a time, or with a key"
            )
            raise InvalidInput(Problem(url, message))
        return data

    def _answer(self, url: str) -> bytes:
        """Ask, wait when told to, and ask again."""
        seen = ""
        for attempt in range(self.tries):
            self.sleep(max(0.0, self._last + self.pause - time.monotonic()))
            self._last = time.monotonic()
            try:
                request = urllib.request.Request(url)
                if self.key:
                    request.add_header("Ocp-Apim-Subscription-Key", self.key)
                with urllib.request.urlopen(request, timeout=120) as answer:
                    content: bytes = answer.read()
                    return content
            except urllib.error.HTTPError as error:
                if error.code in (401, 403):
                    message = (
                        f"answered {error.code}: the key is wrong or has used up its day; keys "
                        "are given at https://comtradedeveloper.un.org"
                    )
                    raise InvalidInput(Problem(url, message)) from error
                if error.code < 500 and error.code != 429:
                    message = f"answered {error.code} {error.reason}: look at the codes asked for"
                    raise InvalidInput(Problem(url, message)) from error
                seen = f"{error.code} {error.reason}"
                told = error.headers.get("Retry-After", "")
                self.sleep(float(told) if told.isdigit() else 2.0**attempt)
            except OSError as error:
                seen = str(error)
                self.sleep(2.0**attempt)
        message = f"did not answer in {self.tries} tries (last: {seen}); try again later"
        raise InvalidInput(Problem(url, message))


def _code(label: str, year: int) -> str:
    """UN area code of an economy in a year."""
    areas = numeric_labels().values()
    for area in areas:
        if area.label == label and area.first <= year <= area.last:
            return area.text
    known = [area.label for area in areas if area.label and area.first <= year <= area.last]
    message = f"has no UN area code in {year}; {did_you_mean(label, known)}"
    raise InvalidInput(Problem(label, message))


def _short(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def _table(data: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(data)
    return text.getvalue()
