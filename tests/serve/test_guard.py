"""Hosts, origins, sizes and rates."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tumen.serve import guard as guards
from tumen.serve.guard import Guard, Message, Receive, Scope, Send


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def asked(
    guard: Guard, headers: dict[str, str], parts: tuple[bytes, ...] = (b"",), client: str = "c"
) -> tuple[int, dict[bytes, bytes]]:
    """Status and headers of an answer."""
    sent: list[Message] = []
    bodies = [
        {"type": "http.request", "body": part, "more_body": n + 1 < len(parts)}
        for n, part in enumerate(parts)
    ]

    async def receive() -> Message:
        return bodies.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "client": (client, 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(guard(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"])


@pytest.mark.parametrize("host", ["127.0.0.1:8017", "localhost", "[::1]:80", "LOCALHOST:1"])
def test_it_answers_for_this_machine(host: str) -> None:
    status, headers = asked(Guard(_app), {"host": host})
    assert status == 200
    assert b"default-src 'none'" in headers[b"content-security-policy"]


@pytest.mark.parametrize("host", ["", "example.org", "127.0.0.1.example.org", "a@b:c", "[::2]"])
def test_other_hosts_are_refused(host: str) -> None:
    assert asked(Guard(_app), {"host": host})[0] == 421


def test_a_host_that_was_allowed_is_answered() -> None:
    guard = Guard(_app, ("127.0.0.1", "desk.example.org"))
    assert asked(guard, {"host": "desk.example.org:8017"})[0] == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8017", 200),
        ("http://127.0.0.1:9999", 403),
        ("https://example.org", 403),
        ("null", 403),
    ],
)
def test_only_its_own_page_may_ask(origin: str, status: int) -> None:
    assert asked(Guard(_app), {"host": "127.0.0.1:8017", "origin": origin})[0] == status


def test_large_bodies_are_refused_whatever_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "LARGEST", 10)
    host = {"host": "localhost"}
    assert asked(Guard(_app), host | {"content-length": "11"})[0] == 413
    assert asked(Guard(_app), host | {"content-length": "-1"})[0] == 413
    assert asked(Guard(_app), host, (b"12345", b"678901"))[0] == 413
    assert asked(Guard(_app), host, (b"12345", b"67890"))[0] == 200


def test_who_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(guards, "BURST", 3.0)
    monkeypatch.setattr(guards, "RATE", 1.0)
    monkeypatch.setattr("tumen.serve.guard.time.monotonic", lambda: now[0])
    guard, host = Guard(_app), {"host": "localhost"}
    assert [asked(guard, host)[0] for _ in range(4)] == [200, 200, 200, 429]
    assert asked(guard, host)[1][b"retry-after"] == b"1"
    assert asked(guard, host, client="another")[0] == 200
    now[0] += 2.0
    assert [asked(guard, host)[0] for _ in range(3)][-1] == 429


def test_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "ADDRESSES", 5)
    guard = Guard(_app)
    for n in range(20):
        asked(guard, {"host": "localhost"}, client=str(n))
    assert len(guard._left) == 5
