"""The tables of a study's votes, and how a database is opened so that what it took is on the disk.

SQLite runs in WAL mode with ``synchronous=FULL``, PostgreSQL with ``synchronous_commit=on``: a commit
returns when the row would survive a power cut. Only one writer goes at a time, because each row's hash needs
the last.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from srgan.errors import StudyError, one_line

__all__ = ["Database", "facts", "file_url", "raters", "records"]

_METADATA = sql.MetaData()

facts = sql.Table(
    "study_facts",
    _METADATA,
    sql.Column("name", sql.String(40), primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)
"""``format``, ``design`` (digest), ``raters`` (ever added), ``chain`` (rows and the last one's hash)."""

raters = sql.Table(
    "study_raters",
    _METADATA,
    sql.Column("rater", sql.String(40), primary_key=True),
    sql.Column("number", sql.Integer, nullable=False, unique=True),
    sql.Column("name", sql.Text, nullable=True),
    sql.Column("secret_hash", sql.String(64), nullable=False, unique=True),
)

records = sql.Table(
    "study_records",
    _METADATA,
    sql.Column("seq", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("kind", sql.String(10), nullable=False),
    sql.Column("rater", sql.String(40), nullable=True, index=True),
    sql.Column("trial", sql.Integer, nullable=True),
    sql.Column("content", sql.Text, nullable=True),
    sql.Column("salt", sql.String(32), nullable=True),
    sql.Column("content_hash", sql.String(64), nullable=False),
    sql.Column("previous", sql.String(64), nullable=False),
    sql.Column("hash", sql.String(64), nullable=False),
    sql.UniqueConstraint("rater", "trial"),  # other rows have no trial, and NULL equals nothing
)

_FORMAT = "1"
_LOCK = 0x7372_6761_6E  # PostgreSQL's advisory lock of who appends: "srgan"
_WAIT_MS = 30_000
_TRIES = 40
_CONNECTIONS = 20  # kept open; more threads wait their turn, which takes less time than another connection


def file_url(path: Path) -> str:
    """Give the URL of an SQLite file, whatever characters its path has."""
    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


class Database:
    """A database of votes: transactions to read, and transactions to write, one at a time.

    Raises:
        StudyError: no such database, not one of a study, or it cannot be reached.
    """

    def __init__(self, url: str, *, create: bool) -> None:
        try:
            parsed = make_url(url)
            if parsed.drivername in ("postgresql", "postgres"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.shown = parsed.render_as_string(hide_password=True)
            on_disk = parsed.drivername.startswith("sqlite") and parsed.database not in (None, "", ":memory:")
            self._file = Path(parsed.database or "") if on_disk else None
            if self._file is None and not parsed.drivername.startswith("postgresql"):
                raise StudyError(
                    f"{self.shown}: votes are kept in sqlite:///FILE or postgresql://...; give one of them"
                )
            if self._file is not None and not create and not self._file.is_file():
                raise StudyError(
                    f"{self._file}: the votes are not there; restore the file, or make a new study"
                )
            self._engine = _engine(parsed)
            self._plain = self._engine.execution_options(**_plainly(parsed))
        except (ArgumentError, NoSuchModuleError) as error:
            raise StudyError(
                f"{url.partition('@')[2] or url}: no address of a database ({one_line(error)})"
            ) from error
        self._writing = threading.Lock()
        with self._said():
            if create:
                self._create()
            self._check_format()
        self._identity = self._identify()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Give a transaction that sees one state."""
        self._check_file()
        with self._said(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def glancing(self) -> Generator[Connection]:
        """Give a connection for one statement that reads; that sees one state without a transaction too."""
        self._check_file()
        with self._said(), self._plain.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Give a transaction that no other writer is beside; it is on the disk when the block is left."""
        with self._said(), self._writing:
            self._check_file()
            with (
                self._engine.connect().execution_options(srgan_writes=True) as connection,
                connection.begin(),
            ):
                yield connection
            self._check_file()

    def forget(self) -> None:
        """Clear what was deleted from free pages and logs as well."""
        with self._said(), self._writing, self._plain.connect() as plain:
            if self._file is None:
                plain.exec_driver_sql(f"VACUUM {raters.name}")
                plain.exec_driver_sql(f"VACUUM {records.name}")
            else:
                for _ in range(_TRIES):  # readers hold it off for a moment
                    busy = plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
                    if not busy:
                        break
                    time.sleep(0.05)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _create(self) -> None:
        with self.writing() as connection:
            _METADATA.create_all(connection)
            if connection.execute(sql.select(facts.c.value).where(facts.c.name == "format")).first() is None:
                connection.execute(facts.insert().values(name="format", value=_FORMAT))

    def _check_format(self) -> None:
        with self._engine.connect() as connection:
            if not sql.inspect(connection).has_table(facts.name):
                raise StudyError(f"{self.shown}: holds no study; make one with `srgan study new`")
            found = connection.execute(sql.select(facts.c.value).where(facts.c.name == "format")).scalar()
        if found != _FORMAT:
            raise StudyError(f"{self.shown}: is of another version of srgan (format {found}); use that one")

    def _identify(self) -> tuple[int, int] | None:
        if self._file is None:
            return None
        state = self._file.stat()
        return state.st_dev, state.st_ino

    def _check_file(self) -> None:
        """SQLite goes on in a file that was removed or replaced, and what it takes is lost then."""
        if getattr(self, "_identity", None) is None:
            return
        try:
            same = self._identify() == self._identity
        except OSError:
            same = False
        if not same:
            raise StudyError(
                f"{self._file}: the file with the votes was removed or replaced; restore it, start again"
            )

    @contextmanager
    def _said(self) -> Generator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise StudyError(
                f"{self.shown}: the votes cannot be reached ({one_line(cause)}); mend it and go on"
            ) from error


def _engine(url: sql.URL) -> Engine:
    if url.drivername.startswith("postgresql"):
        engine = sql.create_engine(url, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True)
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    seconds = {"timeout": _WAIT_MS / 1000}
    engine = sql.create_engine(url, pool_size=_CONNECTIONS, max_overflow=0, connect_args=seconds)
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _plainly(url: sql.URL) -> dict[str, Any]:
    """Give the options of connections without transactions; `_begin_sqlite` looks for ``srgan_plain``."""
    if url.drivername.startswith("postgresql"):
        return {"isolation_level": "AUTOCOMMIT", "srgan_plain": True}
    return {"srgan_plain": True}


def _connect_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # Python's own transactions begin too late to hold the others off
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", f"busy_timeout={_WAIT_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("srgan_plain"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("srgan_writes") else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("srgan_plain"):
        return
    if options.get("srgan_writes"):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
