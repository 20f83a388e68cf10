"""What goes wrong beneath a command, told as a code: the database is busy, full or away.

Whatever is not one of these is a fault of ours, and goes on as it is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from convening.problems import ConveningError

BUSY = "database_busy"
FULL = "database_full"
UNREACHABLE = "database_unreachable"
UNCERTAIN = "database_uncertain"
CODES = frozenset({BUSY, FULL, UNREACHABLE, UNCERTAIN})  # what may be well again in a while

_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_IOERR: UNREACHABLE,
}
# A quota or a limit on the size of files is a full disk too; SQLite has no word of its own for it.
_SQLITE_EXTENDED = {sqlite3.SQLITE_IOERR_WRITE: FULL}

# SQLSTATE, appendix A of the PostgreSQL manual; the longest beginning that is listed counts.
_POSTGRESQL = {
    "40001": BUSY,  # serialization failure
    "40P01": BUSY,  # deadlock
    "55P03": BUSY,  # lock not available in time
    "57014": BUSY,  # statement took too long
    "53": BUSY,  # too many connections, out of memory
    "53100": FULL,
    "57P": UNREACHABLE,  # shutting down, crashed, starting
    "08": UNREACHABLE,
}


def code_of(error: BaseException) -> str | None:
    """The code of a fault that the viewer can be told about, None for any other error."""
    if isinstance(error, PoolTimeout):
        return BUSY
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return next((_POSTGRESQL[state[:n]] for n in (5, 3, 2) if state[:n] in _POSTGRESQL), None)
    # psycopg has no state for a connection that broke or was never made
    gone = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    return UNREACHABLE if gone else None


@contextmanager
def told(*, uncertain: bool = False) -> Iterator[None]:
    """Turns such a fault into a ConveningError.

    ``uncertain`` is for the commit: when the connection breaks there, nobody on this side knows
    whether the database had finished it.
    """
    try:
        yield
    except SQLAlchemyError as error:
        code = code_of(error)
        if code is None:
            raise
        if uncertain and code == UNREACHABLE:
            code = UNCERTAIN
        raise ConveningError(code) from error


def _of_sqlite(error: sqlite3.Error) -> str | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    return _SQLITE_EXTENDED.get(code) or _SQLITE.get(code & 0xFF)
