"""Bringing a database to the current tables, by one process at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

FOLDER = Path(__file__).parent / "migrations"
LOCK_WAIT_SECONDS = 120  # how long a process waits while another one migrates
_LOCK_KEY = 0x48414C4D  # an arbitrary constant that migrating PostgreSQL sessions queue on


class BrokenReferences(Exception):
    """Rows would be left that refer to nothing, so nothing is kept of the change."""


def upgrade(engine: Engine) -> None:
    """Runs the migrations that the database has not seen, and nothing when it is current."""
    with alone(engine):
        if not is_current(engine):
            with changing(engine) as connection:
                bring_to(connection, "head")


def bring_to(connection: Connection, revision: str) -> None:
    """Runs the migrations up to ``revision`` within the transaction of ``changing``."""
    command.upgrade(_config(connection), revision)


def revision(engine: Engine, message: str, rev_id: str | None = None) -> Path:
    """Writes a new migration from the difference between the tables and a database at head."""
    with changing(engine) as connection:
        script = command.revision(
            _config(connection), message, autogenerate=True, rev_id=rev_id or _next_id()
        )
    if script is None or isinstance(script, list):
        raise ValueError("one revision was asked for")
    return Path(script.path)


def is_current(engine: Engine) -> bool:
    """Whether the database has seen every migration; raises when it cannot be reached."""
    with engine.connect() as connection:
        return revision_of(connection) == head()


def revision_of(connection: Connection) -> str | None:
    """The newest migration that the database has seen; None when it has seen none."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this version of the application has the migration."""
    scripts = ScriptDirectory(str(FOLDER)).walk_revisions()
    return revision in {script.revision for script in scripts}


@cache
def head() -> str | None:
    """The id of the newest migration."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _next_id() -> str:
    return f"{int(head() or 0) + 1:04d}"


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may change.

    SQLite changes a table by building it anew, which foreign keys would answer by deleting."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            connection.commit()
            return
        raw = connection.connection.cursor()
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
            if raw.execute("PRAGMA foreign_key_check").fetchone():
                raise BrokenReferences
            connection.commit()
        finally:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Waits until no other process migrates this database; a crash gives the lock back."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
        return
    lock = sqlite3.connect(
        f"{engine.url.database}.migrating", timeout=LOCK_WAIT_SECONDS, isolation_level=None
    )
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
