"""``tumen serve``: where it may listen, and what it says before it does."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tumen.errors import InvalidInput, Problem

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(case: str, port: int, host: str, allowed: Sequence[str]) -> None:
    """Listen until interrupted.

    Raises
    ------
    InvalidInput
        Without the extra ``serve``, for a case that does not exist, and for an address that other
        machines reach unless the names by which they call it are given.
    """
    try:
        import uvicorn

        from tumen.serve.app import made_app

        app = made_app(case, allowed)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("tumen"):
            raise
        raise InvalidInput(Problem("serve", "needs more libraries: install tumen[serve]")) from None
    if host not in LOOPBACK and not allowed:
        message = (
            f"other machines could reach {host}: say with --allow-host by which name they call it"
        )
        raise InvalidInput(Problem("--host", message))
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"http://{shown}:{port}/  (Ctrl+C ends it)\n")
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
