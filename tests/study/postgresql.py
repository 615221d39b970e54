"""A PostgreSQL server of the tests' own, in a temporary folder; no other is touched."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Find initdb and pg_ctl: on the path, or where Debian keeps them; the newest."""
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name))
    return versions[-1] if versions else None


def missing() -> str | None:
    """Say what a server of one's own cannot be started for, or None."""
    if binaries() is None:
        return "needs PostgreSQL's programs (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "needs runuser on the path: PostgreSQL refuses to run as root"
    return None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server on a port of this machine alone, and give the URL of an empty database.

    PostgreSQL refuses to run as root; the user `postgres`, which its package makes, is used then.
    """
    bin_, data, log = binaries(), folder / "data", folder / "log"
    assert bin_ is not None
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
        for parent in folder.parents:  # pytest's folders are closed to other users
            if parent.owner() == "root" and parent.stat().st_mode & 0o005 != 0o005:
                parent.chmod(parent.stat().st_mode | 0o005)

    def run(*words: object) -> None:
        subprocess.run([*user, *map(str, words)], check=True, capture_output=True, cwd=folder, timeout=120)

    run(bin_ / "initdb", "-D", data, "-U", "srgan", "--auth=trust", "--no-sync", "--encoding=UTF8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    run(bin_ / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        yield f"postgresql://srgan@127.0.0.1:{port}/postgres"
    finally:
        run(bin_ / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
