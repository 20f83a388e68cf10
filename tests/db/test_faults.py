"""Which faults of a database a person is told about, by which code."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from convening.i18n import messages
from convening.problems import ConveningError
from convening.vocabulary import Language
from db import faults


def of_sqlite(code: int) -> DBAPIError:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


def of_postgresql(error: psycopg.Error) -> DBAPIError:
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_BUSY, "database_busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database_busy"),
        (sqlite3.SQLITE_LOCKED, "database_busy"),
        (sqlite3.SQLITE_FULL, "database_full"),
        (sqlite3.SQLITE_IOERR_WRITE, "database_full"),
        (sqlite3.SQLITE_IOERR_READ, "database_unreachable"),
        (sqlite3.SQLITE_CANTOPEN, "database_unreachable"),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CORRUPT, None),
    ],
)
def test_sqlite(code: int, told: str | None) -> None:
    assert faults.code_of(of_sqlite(code)) == told


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (psycopg.errors.LockNotAvailable(), "database_busy"),
        (psycopg.errors.DeadlockDetected(), "database_busy"),
        (psycopg.errors.SerializationFailure(), "database_busy"),
        (psycopg.errors.QueryCanceled(), "database_busy"),
        (psycopg.errors.TooManyConnections(), "database_busy"),
        (psycopg.errors.DiskFull(), "database_full"),
        (psycopg.errors.AdminShutdown(), "database_unreachable"),
        (psycopg.errors.CannotConnectNow(), "database_unreachable"),
        (psycopg.errors.ConnectionFailure(), "database_unreachable"),
        (psycopg.OperationalError("server closed the connection"), "database_unreachable"),
        (psycopg.errors.UndefinedTable(), None),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, psycopg.Error) else str(each),
)
def test_postgresql(error: psycopg.Error, told: str | None) -> None:
    assert faults.code_of(of_postgresql(error)) == told


def test_no_free_connection_is_a_busy_database() -> None:
    assert faults.code_of(PoolTimeout()) == "database_busy"


def test_a_fault_of_ours_goes_on_as_it_is() -> None:
    wrong = ProgrammingError("SELEC", {}, psycopg.errors.SyntaxError())
    with pytest.raises(ProgrammingError), faults.told():
        raise wrong


def test_a_connection_that_breaks_in_the_commit_leaves_it_open_what_became_of_it() -> None:
    with pytest.raises(ConveningError) as told, faults.told(uncertain=True):
        raise of_postgresql(psycopg.OperationalError("server closed the connection"))
    assert told.value.code == "database_uncertain"
    with pytest.raises(ConveningError) as told, faults.told(uncertain=True):
        raise of_sqlite(sqlite3.SQLITE_FULL)
    assert told.value.code == "database_full"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", [faults.BUSY, faults.FULL, faults.UNREACHABLE, faults.UNCERTAIN])
def test_each_has_its_words(code: str, language: Language) -> None:
    assert f"problem.{code}" in messages(language)
