"""The gate before an application, driven as a server drives it: message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from srgan.web.limits import Gate, Limits, is_loopback
from srgan.web.tokens import bearer, new_token, same


async def echo(scope: Any, receive: Any, send: Any) -> None:
    message = await receive()
    await PlainTextResponse(message["body"])(scope, receive, send)


def asked(parts: Sequence[bytes | None], limits: Limits, **headers: str) -> tuple[int, bytes]:
    """Send a POST whose body comes in ``parts``; after None nothing comes any more."""
    headers = {"content_type": "application/json", "host": "here"} | headers
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": named}
    waiting = list(parts)
    sent: list[Any] = []

    async def receive() -> Any:
        part = waiting.pop(0)
        if part is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Gate(echo, limits=limits)(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_a_body_comes_through_whole_up_to_the_limit() -> None:
    assert asked([b"12345", b"", b"67890"], Limits(body=10)) == (200, b"1234567890")


@pytest.mark.parametrize("headers", [{}, {"content_length": "2"}])
def test_a_body_that_says_nothing_of_its_length_or_lies_is_cut_off(headers: dict[str, str]) -> None:
    status, body = asked([b"12345", b"67890", b"!"], Limits(body=10), **headers)
    assert status == 413
    assert b"10 bytes" in body


@pytest.mark.parametrize("length", ["11", "-1", "ten", "1e1", ""])
def test_a_length_that_is_too_much_or_none_is_refused_unread(length: str) -> None:
    assert asked([b"1"], Limits(body=10), content_length=length)[0] == 413


def test_a_body_that_does_not_arrive_is_given_up() -> None:
    assert asked([b"1", None], Limits(seconds=0.05))[0] == 408


@pytest.mark.parametrize(
    ("host", "status"),
    [("here", 200), ("here:8000", 200), ("[::1]:8000", 200), ("there", 421), ("here.evil", 421), ("", 421)],
)
def test_only_known_hosts_are_answered(host: str, status: int) -> None:
    assert asked([b"{}"], Limits(hosts=("here", "[::1]")), host=host)[0] == status


def test_forms_of_other_sites_are_refused() -> None:
    assert asked([b"{}"], Limits(), content_type="text/plain")[0] == 415
    assert asked([b"{}"], Limits(), content_type="application/json; charset=utf-8")[0] == 200


def test_tokens() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 32
    assert same("abc", "abc")
    assert not same("abc", "abd")
    assert not same("ä", "a")
    assert bearer("Bearer abc") == bearer("bearer  abc ") == "abc"
    assert bearer("Basic abc") is bearer(None) is bearer("Bearer ") is None


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "localhost", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.0.2", "::", "localhost.evil", "")))  # noqa: S104
