"""From a database URL to the two engines: one that writes, one that reads."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from convening import settings

BUSY_TIMEOUT_MS = 3000  # what another one has locked is reported to the viewer in five seconds
WAIT_SECONDS = BUSY_TIMEOUT_MS / 1000  # for a connection of the pool
CONNECT = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds until a silent network counts as broken
}


@dataclass(frozen=True)
class Engines:
    write: Engine
    read: Engine

    def dispose(self) -> None:
        self.write.dispose()
        self.read.dispose()


def connect(url: str) -> Engines:
    """Opens the database at ``url`` (``sqlite:///...`` or ``postgresql+psycopg://...``)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=WAIT_SECONDS,
        connect_args=CONNECT,
    )
    event.listen(engine, "connect", _configure_postgresql)
    return Engines(write=engine, read=engine)


def _sqlite(url: str, path: str | None) -> Engines:
    """SQLite has one writer at a time: ours wait for the one connection, each in its turn, where
    connections of their own would ask again and again and may never come to it."""
    if not path or path == ":memory:":
        raise ValueError("an SQLite database needs a file: two engines share it")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engines = Engines(
        write=create_engine(url, pool_size=1, max_overflow=0, pool_timeout=WAIT_SECONDS),
        read=create_engine(url, pool_size=10, max_overflow=30, pool_timeout=WAIT_SECONDS),
    )
    for engine in (engines.write, engines.read):
        event.listen(engine, "connect", _configure_sqlite)
    event.listen(engines.write, "begin", _begin_immediate)
    event.listen(engines.read, "begin", _begin_deferred)
    return engines


def _configure_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.commit()


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


@cache
def engines_for(url: str) -> Engines:
    """The engines of this process for a database, opened once."""
    return connect(url)


def current_engines() -> Engines:
    """The engines of the database that the settings name."""
    return engines_for(settings.current().database_url)
