"""Places on the web, and disks that take nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from srgan.errors import InputError, OutputError
from srgan.storage import local_copy, whole_file

CONTENT = b"a picture" * 1000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/missing"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: 100 if self.path.startswith("/cut") else None])

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_file_of_the_web_is_whole_or_refused(address: str) -> None:
    with local_copy(f"{address}/a.png?size=1") as path:
        assert path.name == "a.png"
        assert path.read_bytes() == CONTENT
    assert not path.exists()
    for place, said in (("missing.png", "404"), ("cut.png", "broke after 100 of 9000 bytes")):
        with pytest.raises(InputError, match=said), local_copy(f"{address}/{place}"):
            pass


def test_who_does_not_answer_is_said_in_the_systems_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.png"
        with pytest.raises(InputError, match=r"cannot be read \([^<\[]*refused[^>]*\)"), local_copy(url):
            pass


def test_storage_without_its_package_is_said() -> None:
    with pytest.raises(InputError, match=r"cannot be read here \(.*[Ii]nstall"), local_copy("s3://a/b.png"):
        pass


def test_a_disk_that_takes_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with (
        pytest.raises(OutputError, match=r"a\.png: cannot be written \(Read-only"),
        whole_file(tmp_path / "a.png"),
    ):
        pass
