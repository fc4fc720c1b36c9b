"""The server: page and API under one roof, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tumen.errors import TumenError
from tumen.serve.guard import LOOPBACK, Guard

if TYPE_CHECKING:
    from fastapi import FastAPI

STATIC = Path(__file__).parent / "static"


def made_app(first: str, hosts: Sequence[str] = ()) -> FastAPI:
    """Return the server as an ASGI application.

    Parameters
    ----------
    first
        The bundled case that the page opens with.
    hosts
        Names beside this machine's own by which it may be called.

    Raises
    ------
    InvalidInput
        If there is no such case.

    Examples
    --------
    >>> made_app("russia-2022").title
    'Tumen'
    """
    from fastapi import FastAPI
    from fastapi.exceptions import RequestValidationError
    from fastapi.staticfiles import StaticFiles

    from tumen import __version__
    from tumen.serve.api import malformed, refused, router
    from tumen.serve.desk import Desk
    from tumen.serve.jobs import Jobs
    from tumen.serve.live import live_routes

    desk, jobs = Desk(), Jobs()
    desk.bundled(first)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.close()

    # The pages that FastAPI draws of its schema load scripts from elsewhere; the schema stays.
    app = FastAPI(
        title="Tumen", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.include_router(router(desk, jobs))
    app.include_router(live_routes(desk, jobs, first))
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_exception_handler(TumenError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_middleware(Guard, hosts=(*LOOPBACK, *hosts))
    return app
