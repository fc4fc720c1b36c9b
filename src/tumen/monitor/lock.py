"""One writer at a time; the lock goes with the process that holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tumen.errors import InvalidInput, Problem


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, or refuse at once if somebody has it."""
    try:
        import fcntl
    except ImportError:  # systems without it have one user
        yield
        return
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = "is being written to by another process: wait for it"
            raise InvalidInput(Problem(str(folder), message)) from error
        yield
    finally:
        os.close(handle)
