"""What stands before an application: which hosts it answers to, how much it reads, what browsers may do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from srgan.web.errors import Refusal, error_answer

__all__ = ["LOOPBACK", "Gate", "Limits", "is_loopback"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_FORBIDDEN = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_READING = ("GET", "HEAD", "DELETE")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may be.

    Attributes:
        body: bytes that are read at most; a longer one is answered with 413.
        seconds: for the body to arrive; a slower one is answered with 408.
        hosts: names that the ``Host`` header may have, without port; None for any. It stops other sites from
            reaching a server on this machine by a name of theirs that points here.
    """

    body: int = 16 * 1024
    seconds: float = 20.0
    hosts: tuple[str, ...] | None = None


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on can be reached from this machine only."""
    return host in {"localhost", "::1"} or host.startswith("127.")


class Gate:
    """ASGI middleware: refuses by ``limits``, and adds the same headers to every answer.

    The body has come in whole before the application runs, so that nothing is half done when a line breaks.
    """

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _with_headers(send)
        try:
            self._check(scope)
            body = await self._body(receive)
        except Refusal as refusal:
            await error_answer(refusal.status, refusal.message)(scope, receive, guarded)
            return
        await self._app(scope, _replay(body, receive), guarded)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        if self._limits.hosts is not None and name not in self._limits.hosts:
            raise Refusal(421, "this server does not answer to that name; use the link that it printed")
        if scope["method"] not in _READING:
            kind = headers.get("content-type", "").partition(";")[0].strip()
            if kind != "application/json":
                raise Refusal(415, "send JSON (Content-Type: application/json)")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limits.body:
            raise Refusal(413, f"a request has at most {self._limits.body} bytes here")

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refusal(400, "the connection broke before the request was whole")
                    body += message.get("body", b"")
                    if len(body) > self._limits.body:
                        raise Refusal(413, f"a request has at most {self._limits.body} bytes here")
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            raise Refusal(408, "the request took too long to arrive; send it again") from None


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _FORBIDDEN.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return guarded
