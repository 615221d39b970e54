"""A line to the study's server that costs next to nothing: the server is measured, not its clients.

HTTP/1.1 on a connection that is kept; no more of it than the study's server says.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

_WAIT_SECONDS = 60.0
_AGAIN_SECONDS = 0.2


class Line:
    """What one rater sends and gets, one request after the other.

    Attributes:
        unanswered: how many requests got no answer, or one of 500 and above, and were sent again.
    """

    def __init__(self, port: int, secret: str) -> None:
        self.unanswered = 0
        self._port = port
        self._head = (
            f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\n"
        )
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Ask until there is an answer, as the page does; gives status and body."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(content)}\r\n\r\n"
        message = head.encode() + content
        while True:
            try:
                async with asyncio.timeout(_WAIT_SECONDS):
                    status, answer = await self._once(message)
                if status < 500:
                    return status, answer
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                self.close()
            self.unanswered += 1
            await asyncio.sleep(_AGAIN_SECONDS)

    def close(self) -> None:
        """Hang up; the next request calls again."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _once(self, message: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**18)
        reader, writer = self._streams
        writer.write(message)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head[9:12]), await reader.readexactly(length)
