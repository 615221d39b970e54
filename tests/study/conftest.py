"""Fixtures of the study's tests."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

_FILE = Path(__file__).with_name("postgresql.py")
_SPEC = importlib.util.spec_from_file_location("srgan_tests_postgresql", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
postgresql = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(postgresql)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database on a real PostgreSQL server that was started for the tests."""
    if postgresql.binaries() is None:
        pytest.skip("needs PostgreSQL's programs (Debian: apt-get install postgresql)")
    with postgresql.server(tmp_path_factory.mktemp("postgresql")) as url:
        yield url
