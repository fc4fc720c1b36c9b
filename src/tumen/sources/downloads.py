"""Downloads with a hash, which go on where they broke off."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tumen.errors import InvalidInput, Problem

Progress = Callable[[int, int], None]
"""Told how many bytes are here and how many there will be (0: not known)."""
_CHUNK = 1 << 18
TIMEOUT = 60.0
"""Seconds without a byte after which a download has broken off."""


def _silent(_here: int, _whole: int) -> None:
    pass


def download(
    url: str, folder: str | Path, sha256: str, name: str | None = None, progress: Progress = _silent
) -> Path:
    """Return a file from the net, fetched once and checked against its hash.

    Parameters
    ----------
    url
        Its address.
    folder
        Where it is kept; what has arrived of a download that broke off waits there too, and the
        next call asks only for the rest.
    sha256
        64 hexadecimal digits; a file with another hash is not kept.
    name
        What to call it; None: as the address ends.

    Raises
    ------
    InvalidInput
        If it cannot be fetched, or is not what the hash says.
    """
    import pooch

    if not re.fullmatch("[0-9a-f]{64}", sha256):
        message = f"is {sha256!r}, must be 64 hexadecimal digits (sha256sum FILE prints them)"
        raise InvalidInput(Problem("sha256", message))
    target = name or url.rstrip("/").rsplit("/", 1)[-1]
    part = Path(folder, f".{target}.part")
    pooch.get_logger().setLevel("WARNING")
    try:
        found = pooch.retrieve(
            url, f"sha256:{sha256}", fname=target, path=folder, downloader=_Resuming(part, progress)
        )
    except ValueError as error:
        part.unlink(missing_ok=True)
        message = f"is not the file that was meant: {error}; see whether a new version came out"
        raise InvalidInput(Problem(url, message)) from error
    except (OSError, urllib.error.URLError) as error:
        here = part.stat().st_size if part.exists() else 0
        message = f"broke off: {error}; {here:,} bytes are here, the next try goes on from there"
        raise InvalidInput(Problem(url, message)) from error
    part.unlink(missing_ok=True)
    return Path(found)


class _Resuming:
    """Fetches for pooch, keeping what has arrived in a file of its own."""

    def __init__(self, part: Path, progress: Progress) -> None:
        self._part = part
        self._progress = progress

    def __call__(self, url: str, output_file: str, _pooch: Any) -> None:
        here = self._part.stat().st_size if self._part.exists() else 0
        ranges = {"Range": f"bytes={here}-"} if here else {}
        request = urllib.request.Request(url, headers=ranges)
        try:
            self._take(request, here)
        except urllib.error.HTTPError as error:
            if error.code != 416:  # asked for more than there is: all of it has arrived
                raise
        Path(output_file).write_bytes(self._part.read_bytes())

    def _take(self, request: urllib.request.Request, here: int) -> None:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            if answer.status != 206:  # a server without ranges begins anew
                here = 0
            whole = here + int(answer.headers.get("Content-Length") or 0)
            with self._part.open("ab" if here else "wb") as file:
                while chunk := answer.read(_CHUNK):
                    file.write(chunk)
                    here += len(chunk)
                    self._progress(here, whole)
        if whole > here:
            raise ConnectionError(f"{here:,} of {whole:,} bytes arrived")
