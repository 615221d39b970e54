"""Against a server on this machine that can be told to misbehave."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest

from srgan import downloads
from srgan.downloads import cache_folder, fetch
from srgan.errors import InputError, OutputError

CONTENT = bytes(range(256)) * 64
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves ``CONTENT`` at any address but ``/missing``, and notes which ranges it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str | None] = []
        self.cut: list[int] = []
        """How many bytes the next answers send before they close, instead of all."""
        self.ranges: Literal["served", "ignored"] = "served"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/models/net-{DIGEST[:8]}.pth"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers["Range"]
        self.server.asked.append(wanted)
        start = int(wanted[len("bytes=") : -1]) if wanted and self.server.ranges == "served" else 0
        if self.path == "/missing":
            self.send_error(404)
        elif start >= len(CONTENT):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(CONTENT)}")
            self.end_headers()
        else:
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(CONTENT) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
            self.end_headers()
            end = start + self.server.cut.pop(0) if self.server.cut else len(CONTENT)
            self.wfile.write(CONTENT[start:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SRGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("SRGAN_OFFLINE", raising=False)
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def kept() -> list[str]:
    """Names of what the cache holds besides locks."""
    return sorted(p.name for p in cache_folder().rglob("*") if p.is_file() and p.suffix != ".lock")


def test_downloads_once_and_then_takes_it_from_the_cache(server: Server) -> None:
    said: list[str] = []
    path = fetch(server.url, DIGEST[:8], said.append)
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(cache_folder())
    assert said == [f"downloading {server.url}", f"downloaded {path}"]
    assert fetch(server.url, DIGEST[:8], said.append) == path
    assert server.asked == [None]
    assert kept() == [path.name]


def test_goes_on_where_a_connection_broke(server: Server) -> None:
    server.cut = [5000, 3000]
    assert fetch(server.url, DIGEST[:8], print).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=5000-", "bytes=8000-"]


def test_the_next_run_goes_on_when_one_gave_up(server: Server) -> None:
    server.cut = [10] * downloads._ATTEMPTS
    with pytest.raises(InputError, match=r"after 50 of 16384 bytes.*the next run goes on"):
        fetch(server.url, DIGEST[:8], print)
    left = kept()
    path = fetch(server.url, DIGEST[:8], print)
    assert left == [f"{path.name}.part"]
    assert path.read_bytes() == CONTENT
    assert server.asked[-1] == "bytes=50-"


def test_begins_anew_where_a_server_knows_no_ranges(server: Server) -> None:
    server.cut, server.ranges = [5000], "ignored"
    assert fetch(server.url, DIGEST[:8], print).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=5000-"]


@pytest.mark.parametrize(("length", "requests"), [(len(CONTENT), 1), (len(CONTENT) + 1, 2)])
def test_a_whole_or_too_long_part_is_no_dead_end(server: Server, length: int, requests: int) -> None:
    path = fetch(server.url, DIGEST[:8], print)
    path.rename(f"{path}.part")
    with Path(f"{path}.part").open("ab") as part:
        part.write(b"x" * (length - len(CONTENT)))
    server.asked.clear()
    assert fetch(server.url, DIGEST[:8], print).read_bytes() == CONTENT
    assert len(server.asked) == requests


def test_a_wrong_checksum_leaves_nothing_behind(server: Server) -> None:
    with pytest.raises(InputError, match=f"begins with {DIGEST[:8]}, not 00000000.*deleted") as refused:
        fetch(server.url, "00000000", print)
    assert "\n" not in str(refused.value)
    assert kept() == []


def test_says_what_a_server_answers(server: Server) -> None:
    url = server.url.partition("/models")[0] + "/missing"
    with pytest.raises(InputError, match=f"^{url}: the server answers 404 Not Found; .*weights = "):
        fetch(url, "", print)


@pytest.mark.usefixtures("server")
def test_says_how_to_go_on_without_a_network() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/net.pth"
        with pytest.raises(InputError, match=r"cannot be reached \(.*refused\); .*weights = ") as refused:
            fetch(url, "", print)
    assert "\n" not in str(refused.value)


def test_offline_asks_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRGAN_OFFLINE", "1")
    with pytest.raises(InputError, match="SRGAN_OFFLINE is set"):
        fetch(server.url, DIGEST[:8], print)
    assert server.asked == []
    monkeypatch.setenv("SRGAN_OFFLINE", "0")
    path = fetch(server.url, DIGEST[:8], print)
    monkeypatch.setenv("SRGAN_OFFLINE", "1")
    assert fetch(server.url, DIGEST[:8], print) == path


def test_reads_nothing_but_the_web(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(InputError, match="not an http"):
        fetch((tmp_path / "secret").as_uri(), "", print)


def test_addresses_do_not_share_a_place(server: Server) -> None:
    stem = server.url.partition("/models")[0]
    urls = [
        f"{stem}/a/net",
        f"{stem}/b/net",
        f"{stem}/a/net?v=1",
        f"{stem}/a",
        f"{stem}/",
        f"{stem}/../../..",
    ]
    paths = {fetch(url, "", print) for url in urls}
    assert len(paths) == len(urls)
    assert all(path.resolve().parent == cache_folder().resolve() for path in paths)


def test_processes_wait_for_each_other(server: Server) -> None:
    results: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: results.append(fetch(server.url, DIGEST[:8], print).read_bytes()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [CONTENT] * 4
    assert server.asked == [None]


def test_tells_how_far_it_is(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "_EVERY", 0.0)
    monkeypatch.setattr(downloads, "_PIECE", 8192)
    said: list[str] = []
    fetch(server.url, "", said.append)
    assert said[1:3] == ["0 of 0 MB", "0 of 0 MB"]  # 8 and 16 of 16 kB


def test_a_cache_that_cannot_be_written_is_said_so(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("SRGAN_CACHE", str(tmp_path / "file"))
    with pytest.raises(OutputError, match="set SRGAN_CACHE to another folder"):
        fetch(server.url, DIGEST[:8], print)


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SRGAN_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/srgan")
    monkeypatch.setenv("SRGAN_CACHE", "~/else")
    assert cache_folder() == Path.home() / "else"
