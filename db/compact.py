"""Taking out of an SQLite file what was erased from its tables.

``secure_delete`` overwrites what is deleted, but not the copies that moving rows between pages
leaves behind (seen on 2 of 300 deleted rows), and the log keeps old pages until it is cut. Only
writing the file anew and cutting the log does both.
"""

from contextlib import closing

from sqlalchemy import update
from sqlmodel import select

from db import transaction
from db.base import columns
from db.commands.erasure import TO_COMPACT
from db.engine import Engines
from db.tables.accounts import InstallationValue


def compact(engines: Engines) -> bool:
    """Writes the file anew and cuts the log; False where others use it, so that it is for later.

    PostgreSQL does it by itself in its own time (autovacuum), so there is nothing to do there.
    """
    if engines.write.dialect.name != "sqlite":
        _done(engines)
        return True
    try:
        with closing(engines.write.raw_connection()) as raw:
            raw.cursor().execute("VACUUM")
        if not cut_log(engines):
            return False
    except engines.write.dialect.loaded_dbapi.OperationalError:
        return False
    _done(engines)
    return cut_log(engines)


def cut_log(engines: Engines) -> bool:
    """Brings the log into the file and empties it; False where somebody still reads from it."""
    if engines.write.dialect.name != "sqlite":
        return True
    with closing(engines.write.raw_connection()) as raw:
        busy, _, _ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def is_due(engines: Engines) -> bool:
    """Whether something was erased since the file was last written anew."""
    value = columns(InstallationValue)
    with transaction.reading(engines) as session:
        query = select(value.number).where(value.name == TO_COMPACT)
        return bool(session.execute(query).scalar())


def _done(engines: Engines) -> None:
    value = columns(InstallationValue)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.execute(update(InstallationValue).where(value.name == TO_COMPACT).values(number=0))
