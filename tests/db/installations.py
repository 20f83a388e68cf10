"""Installations of their own, made by the migrations: a restore makes the tables anew."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from db import migrate
from db.engine import Engines, connect

BOTH = ("sqlite", "postgresql")
Installed = Callable[[str], Engines]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "template.sqlite3"
    engines = connect(f"sqlite:///{path}")
    migrate.upgrade(engines.write)
    engines.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_database(postgresql_url: str) -> str:
    """The name of a database of the server that others are copied from."""
    name = f"migrated_{secrets.token_hex(6)}"
    _on_server(postgresql_url, f"CREATE DATABASE {name}")
    engines = connect(_url(postgresql_url, name))
    migrate.upgrade(engines.write)
    engines.dispose()
    return name


@pytest.fixture
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path
) -> Iterator[Installed]:
    """``installed("sqlite")`` is a fresh installation on that database; each call is another."""
    made: list[Engines] = []
    dropped: list[tuple[str, str]] = []

    def install(kind: str) -> Engines:
        if kind == "sqlite":
            folder = tmp_path / f"data{len(made)}"
            folder.mkdir()
            shutil.copy(migrated_file, folder / "halqa.sqlite3")
            made.append(connect(f"sqlite:///{folder / 'halqa.sqlite3'}"))
            return made[-1]
        server = request.getfixturevalue("postgresql_url")
        template = request.getfixturevalue("migrated_database")
        name = f"copied_{secrets.token_hex(6)}"
        _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        dropped.append((server, name))
        made.append(connect(_url(server, name)))
        return made[-1]

    yield install
    for each in made:
        each.dispose()
    for server, name in dropped:
        _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
def installation(request: pytest.FixtureRequest, installed: Installed) -> Engines:
    """A fresh installation on each of the two databases."""
    return installed(request.param)


def _on_server(url: str, statement: str) -> None:
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(statement))
    server.dispose()


def _url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)
