"""A study of noise, an empty database for its votes, and its server in a process that can be killed."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from measuring import ROOT
from srgan.images.picture import Picture
from srgan.study.folder import StudyFolder
from srgan.study.gathering import Wish
from srgan.study.making import new_study
from srgan.study.presets import find_preset

__all__ = ["OWNER", "Server", "database", "make"]

OWNER = "owner"
"""The token of the owner's page."""

_SERVER = """
import sys
from pathlib import Path
from srgan.study.folder import StudyFolder
from srgan.study.server import serve
serve(StudyFolder(Path(sys.argv[1])), port=int(sys.argv[2]), token=sys.argv[3], say=print)
"""
_PICTURES = 8


def make(place: Path, url: str | None) -> StudyFolder:
    """Make a study of noise: what is in a picture does not matter here."""
    originals, examples = place / "originals", place / "examples"
    random = np.random.default_rng(1)
    for folder, count in ((originals, _PICTURES), (examples, 2)):
        folder.mkdir()
        for number in range(count):
            pixels = random.integers(0, 256, (128, 192, 3), dtype=np.uint8)
            Picture.from_array(pixels).save(folder / f"{folder.name}{number}.png")
    wish = Wish(
        place=place / "study",
        methods=("nearest", "bicubic"),
        references=(originals,),
        preset=find_preset("acr"),
        calibration=examples,
        store=url,
    )
    return new_study(wish)


@contextmanager
def database(store: str, place: Path) -> Iterator[str | None]:
    """Give the address of an empty database, None for the study's own file."""
    if store == "sqlite":
        yield None
        return
    spec = importlib.util.spec_from_file_location("postgresql", ROOT / "tests" / "study" / "postgresql.py")
    assert spec is not None  # noqa: S101
    assert spec.loader is not None  # noqa: S101 - the file is there
    postgresql = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(postgresql)
    (place / "postgresql").mkdir()
    with postgresql.server(place / "postgresql") as url:
        yield url


class Server:
    """The real thing, in a process of its own."""

    def __init__(self, folder: StudyFolder) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._cpu_before = 0.0

    async def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-c", _SERVER, str(self._folder.path), str(self.port), OWNER]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(1200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                if self._process.poll() is not None:
                    raise SystemExit("the server did not start; its reason stands above") from None
                await asyncio.sleep(0.05)
            else:
                writer.close()
                self.count_from_now()
                return
        raise SystemExit("the server did not answer within 60 s")

    def count_from_now(self) -> None:
        """Begin to count its CPU seconds anew."""
        self._cpu_before = self._cpu()

    def kill(self) -> float:
        """End it as a power cut would; gives the CPU seconds that it took."""
        assert self._process is not None  # noqa: S101 - it was started
        took = self._cpu() - self._cpu_before
        self._process.kill()
        self._process.wait()
        return took

    def _cpu(self) -> float:
        assert self._process is not None  # noqa: S101 - it was started
        words = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
