"""A database that somebody else has locked: told in time, nothing half written, and over after."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from db import engine, faults
from db.engine import Engines, connect
from tests.faults import writing


@contextmanager
def locked(engines: Engines) -> Iterator[None]:
    """Another connection holds what the writer needs."""
    if engines.write.dialect.name == "sqlite":
        other = sqlite3.connect(engines.write.url.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    with engines.read.connect() as connection:
        connection.execute(text("LOCK TABLE stakeholder IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()


@pytest.fixture
def quick(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engines]:
    """The same database, by engines that lose patience soon."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 200)
    quick = connect(engines.write.url.render_as_string(hide_password=False))
    yield quick
    quick.dispose()


def test_a_lock_is_told_nothing_is_written_and_the_next_save_works(
    engines: Engines, quick: Engines
) -> None:
    target = writing.new_map(engines, "")
    with locked(engines):
        begun = time.monotonic()
        assert writing.attempt(quick, target, "refused") == faults.BUSY
        assert time.monotonic() - begun < 5
    assert writing.attempt(quick, target, "saved") == writing.SAVED
    writing.reckon(engines, [(faults.BUSY, "refused"), (writing.SAVED, "saved")])


def test_an_application_waits_for_a_lock_and_leaves_time_to_tell_of_it() -> None:
    """The message is there within five seconds, of which drawing it takes some."""
    assert 2000 <= engine.BUSY_TIMEOUT_MS <= 4000
