"""Fixtures of the study's tests."""

from __future__ import annotations

import importlib.util
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from srgan.study.store import Store

_FILE = Path(__file__).with_name("postgresql.py")
_SPEC = importlib.util.spec_from_file_location("srgan_tests_postgresql", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
postgresql = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(postgresql)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database on a real PostgreSQL server that was started for the tests."""
    if (reason := postgresql.missing()) is not None:
        pytest.skip(reason)
    with postgresql.server(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'votes.sqlite'}"
    server: str = request.getfixturevalue("postgresql_url")
    name = f"study_{secrets.token_hex(4)}"
    engine = sql.create_engine(server.replace("postgresql", "postgresql+psycopg", 1))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.removesuffix("postgres") + name


@pytest.fixture
def store(url: str):
    opened = Store(url, create=True)
    yield opened
    opened.close()


@pytest.fixture
def tamper(url: str):
    engine = sql.create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))

    def change(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    yield change
    engine.dispose()
