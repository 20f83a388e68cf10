"""The migrations make the tables that the code knows, on both databases."""

import secrets
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from db import audit, migrate
from db.__main__ import draft_revision
from db.base import Table
from db.engine import Engines, connect


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
        return
    server = create_engine(request.getfixturevalue("postgresql_url"), isolation_level="AUTOCOMMIT")
    name = f"migrated_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def migrated(empty_url: str) -> Iterator[Engines]:
    """A database brought up by the migrations alone."""
    engines = connect(empty_url)
    migrate.upgrade(engines.write)
    yield engines
    engines.dispose()


def test_the_migrated_schema_equals_the_tables(migrated: Engines) -> None:
    with migrated.write.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_sqlite_tables_never_give_an_id_twice(tmp_path: Path) -> None:
    engines = connect(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")
    migrate.upgrade(engines.write)
    engines.dispose()
    with sqlite3.connect(tmp_path / "migrated.sqlite3") as file:
        rows = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    definitions = {name: sql for name, sql in rows if name in Table.metadata.tables}
    assert set(definitions) == set(Table.metadata.tables)
    numbered = {name for name, sql in definitions.items() if "AUTOINCREMENT" in sql}
    assert set(definitions) - numbered == {
        "anonymous_note",
        "vote",
        "room_declaration",
        "pulse_count",
    }


def test_check_constraints_and_foreign_keys_hold_in_sqlite(tmp_path: Path) -> None:
    """Autogenerate does not compare check constraints, so their texts are compared here."""
    made, migrated = (
        connect(f"sqlite:///{tmp_path / 'a.db'}"),
        connect(f"sqlite:///{tmp_path / 'b.db'}"),
    )
    Table.metadata.create_all(made.write)
    migrate.upgrade(migrated.write)
    assert _constraints(migrated.write) == _constraints(made.write)
    made.dispose()
    migrated.dispose()


def _constraints(engine: Engine) -> dict[str, list[str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CONSTRAINT%'"
    with engine.connect() as connection:
        return {
            name: sorted(line.strip(" \t,") for line in sql.splitlines() if "CONSTRAINT" in line)
            for name, sql in connection.execute(text(query))
            if name in Table.metadata.tables
        }


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"]
)
def test_the_audit_log_takes_no_change_and_no_deletion(migrated: Engines, statement: str) -> None:
    with Session(migrated.write) as session, session.begin():
        audit.record(session, None, "sign_in")
    with migrated.write.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))
    with migrated.read.connect() as connection:
        rows = connection.execute(text("SELECT action FROM audit_event")).all()
    assert [tuple(row) for row in rows] == [("sign_in",)]


def test_a_database_is_current_after_the_upgrade_and_not_before(empty_url: str) -> None:
    engines = connect(empty_url)
    assert not migrate.is_current(engines.read)
    migrate.upgrade(engines.write)
    assert migrate.is_current(engines.read)
    engines.dispose()


def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    """Each of them would fail on the first table that another one had already made."""
    engines = [connect(empty_url) for _ in range(4)]
    failures: list[Exception] = []

    def run(engine: Engine) -> None:
        try:
            migrate.upgrade(engine)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=[each.write]) for each in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrate.is_current(engines[0].read)
    for each in engines:
        each.dispose()


def test_a_migration_run_again_changes_nothing(migrated: Engines) -> None:
    migrate.upgrade(migrated.write)
    assert migrate.is_current(migrated.read)


def test_a_new_revision_of_unchanged_tables_is_empty_and_numbered_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(migrate.FOLDER, tmp_path / "migrations")
    monkeypatch.setattr(migrate, "FOLDER", tmp_path / "migrations")
    path = draft_revision("nothing")
    upgrade, downgrade = path.read_text().split("def upgrade")[1].split("def downgrade")
    assert "op." not in upgrade
    assert "op." not in downgrade
    assert (
        path == tmp_path / "migrations/versions" / f"{int(migrate.head() or 0) + 1:04d}_nothing.py"
    )


def test_the_command_line_upgrades_the_database_of_the_settings(tmp_path: Path) -> None:
    environment = {"HALQA_DATA_DIR": str(tmp_path), "PATH": ""}
    subprocess.run([sys.executable, "-m", "db", "upgrade"], env=environment, check=True)
    engines = connect(f"sqlite:///{tmp_path / 'halqa.sqlite3'}")
    assert migrate.is_current(engines.read)
    engines.dispose()
