"""What stands before every request: hosts, origins, sizes, rates, and headers of the answer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LARGEST = 1_000_000
"""Bytes of a request's body."""
RATE, BURST = 60.0, 240.0
"""Requests a second that one address may make for long, and at once."""
ADDRESSES = 1000
"""Addresses that are remembered."""
HEADERS = (
    (b"content-security-policy",
     b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
     b"data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)  # fmt: skip


@dataclass
class Guard:
    """Lets through what comes from the page itself, in measure."""

    app: App
    hosts: tuple[str, ...] = LOOPBACK
    """Names by which the server may be called."""
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    """Address → (requests it may still make, when that was)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        body = _Counted(receive)
        try:
            await self.app(scope, body, _with_headers(send))
        except _TooLarge:
            await _refuse(send, 413, f"the body has more than {LARGEST:,} bytes")

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        """Status and reason; None: let through."""
        host = _host(headers.get(b"host", b"").decode("latin-1"))
        if host not in self.hosts:
            return 421, f"this server does not answer for the host {host[:80]!r}"
        origin = headers.get(b"origin")
        if origin is not None and _host_of_url(origin.decode("latin-1")) != headers[b"host"].decode(
            "latin-1"
        ):
            return 403, "requests from other pages are refused"
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST:
            return 413, f"the body has more than {LARGEST:,} bytes"
        client = scope.get("client")
        if not self._may(str(client[0]) if client else ""):
            return 429, "too many requests, wait a second"
        return None

    def _may(self, address: str) -> bool:
        now = time.monotonic()
        left, since = self._left.pop(address, (BURST, now))
        left = min(BURST, left + RATE * (now - since))
        self._left[address] = (max(0.0, left - 1), now)
        while len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return left >= 1


class _TooLarge(Exception):
    """A body that is longer than it may be, whatever its header said."""


class _Counted:
    """A body of which only so much is read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > LARGEST:
            raise _TooLarge
        return message


def _host(value: str) -> str:
    """The host of a Host header, without its port."""
    return (urlsplit(f"//{value}").hostname or "") if value else ""


def _host_of_url(value: str) -> str:
    return urlsplit(value).netloc


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            added = [pair for pair in HEADERS if pair[0] not in own]
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return sent


async def _refuse(send: Send, status: int, reason: str) -> None:
    body = reason.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *HEADERS,
    ]
    if status == 429:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
