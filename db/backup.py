"""All data in one file, and back: from either database into either.

A backup is read in one transaction, so that it shows one moment. A restore is one transaction too:
the tables are made anew by the migrations up to the backup's own, filled, compared with the hashes
of the backup, and brought to the current tables. Until it is committed everybody sees the database
as it was, and whatever goes wrong leaves it so. The triggers of the audit log are never lifted:
they go with the old table and come with the new one, into which rows are only inserted.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import (
    JSON,
    Connection,
    ForeignKeyConstraint,
    MetaData,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlmodel import Session

from convening.backups import Manifest
from convening.problems import ConveningError
from db import archive, counters, faults, migrate, rows, tables
from db.archive import Progress, Reader
from db.base import Table, now
from db.engine import Engines

assert tables

_AT_ONCE = 500
_LOG = "audit_event"


@dataclass(frozen=True)
class LogEnd:
    """Where an audit log ended: the number of its last event, and the seal (the hash) of that.

    ``erased_since`` are the ids of people who were erased after the backup was made, where the log
    goes on from where that of the backup ends.
    """

    event: int
    seal: str
    erased_since: tuple[int, ...] = ()


Conclude = Callable[[Session, LogEnd | None], None]


def write(engines: Engines, path: Path, progress: Progress | None = None) -> Manifest:
    """Writes everything into ``path``: whole or not at all, and readable by its owner alone.

    ``backup_needs_upgrade`` for a database that has not seen every migration.
    """
    with faults.told(), _snapshot(engines) as connection:
        schema = migrate.revision_of(connection)
        if schema is None or schema != migrate.head():
            raise ConveningError("backup_needs_upgrade")
        with archive.created(path, schema, now()) as file:
            known = Table.metadata.sorted_tables
            for done, each in enumerate(known, start=1):
                columns = rows.kinds(each)
                last = counters.last_id(connection, each)
                file.table(each.name, columns, last, rows.lines(connection, each, columns))
                if progress is not None:
                    progress(done, len(known))
            return file.finish()


def row_hashes(engines: Engines) -> dict[str, str]:
    """The SHA-256 of the rows of every table: equal where two databases hold the same rows."""
    with _snapshot(engines) as connection:
        return {
            each.name: _hash(connection, each, rows.kinds(each))
            for each in Table.metadata.sorted_tables
        }


def inspected(source: Path | BinaryIO, progress: Progress | None = None) -> Manifest:
    """What a backup says of itself, once every row in it was read and found whole.

    Raises ``backup_not_ours``, ``backup_damaged`` or ``backup_too_new``.
    """
    with archive.opened(source) as file:
        _require_known(file.manifest)
        file.verify(progress)
        return file.manifest


def restore(
    engines: Engines,
    source: Path | BinaryIO,
    *,
    conclude: Conclude | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Replaces everything by what is in the backup; nothing has changed where it raises.

    Every table then has the hash that the backup names. ``conclude`` works in the same transaction,
    and is told where the audit log ended that was there before. Raises as ``inspected`` does, and
    ``database_too_new`` for a database of a later version of the application.
    """
    with archive.opened(source) as file:
        _require_known(file.manifest)
        file.verify()
        with (
            faults.told(),
            migrate.alone(engines.write),
            _refused_when_rows_do_not_fit(),
            migrate.changing(engines.write) as connection,
        ):
            before = _clear(connection, _last_event(file))
            migrate.bring_to(connection, file.manifest.schema)
            _fill(connection, file, progress)
            migrate.bring_to(connection, "head")
            if conclude is not None:
                with Session(connection, expire_on_commit=False) as session:
                    conclude(session, before)
                    session.commit()  # into the transaction around it
        return file.manifest


@contextmanager
def _snapshot(engines: Engines) -> Iterator[Connection]:
    """One reading transaction, in which nothing changes any more."""
    with engines.read.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


@contextmanager
def _refused_when_rows_do_not_fit() -> Iterator[None]:
    """Rows that break a rule of the tables are as bad as rows that are missing."""
    try:
        yield
    except (IntegrityError, migrate.BrokenReferences) as error:
        raise ConveningError("backup_damaged") from error
    except DatabaseError as error:
        if faults.code_of(error) is None:
            raise ConveningError("backup_damaged") from error
        raise


def _require_known(manifest: Manifest) -> None:
    if not migrate.knows(manifest.schema):
        raise ConveningError("backup_too_new", schema=manifest.schema)


def _hash(connection: Connection, each: SqlTable, columns: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for line in rows.lines(connection, each, columns):
        digest.update(line)
    return digest.hexdigest()


def _last_event(file: Reader) -> tuple[int, str] | None:
    """Number and seal of the last event in the backup's audit log."""
    last = b""
    if _LOG in file.manifest.tables:
        for line in file.lines(_LOG):
            last = line
    row = json.loads(last) if last else {}
    return (row["id"], row["hash"]) if row else None


def _clear(connection: Connection, reached: tuple[int, str] | None) -> LogEnd | None:
    """Takes away our tables and no others, and tells where their audit log ended."""
    seen = migrate.revision_of(connection)
    if seen is not None and not migrate.knows(seen):
        raise ConveningError("database_too_new", schema=seen)
    if seen is not None:
        migrate.bring_to(connection, "head")
    before = _log_end(connection, reached)
    Table.metadata.drop_all(connection)
    SqlTable("alembic_version", MetaData()).drop(connection, checkfirst=True)
    return before


def _log_end(connection: Connection, reached: tuple[int, str] | None) -> LogEnd | None:
    log = Table.metadata.tables[_LOG]
    if not inspect(connection).has_table(log.name):
        return None
    found = connection.execute(select(log.c.id, log.c.hash).order_by(log.c.id.desc()).limit(1))
    last = found.first()
    if last is None:
        return None
    event, seal = reached or (0, "")
    same = select(log.c.id).where(log.c.id == event, log.c.hash == seal)
    erased: tuple[int, ...] = ()
    if connection.execute(same).first() is not None:
        since = select(log.c.subject_id).where(log.c.action == "erase_person", log.c.id > event)
        erased = tuple(connection.execute(since).scalars())
    return LogEnd(last.id, last.hash, erased)


def _fill(connection: Connection, file: Reader, progress: Progress | None) -> None:
    """Inserts every row, and reads all of them back to compare."""
    manifest = file.manifest
    made = _tables(connection, manifest)
    with _without_foreign_keys(connection, made):
        done = 0
        for name, facts in manifest.tables.items():
            if connection.execute(select(made[name]).limit(1)).first() is not None:
                connection.execute(delete(made[name]))  # what the migrations put there
            for batch in _batches(file.lines(name), facts.columns, connection.dialect.name):
                connection.execute(insert(made[name]), batch)
                done += len(batch)
                if progress is not None:
                    progress(done, manifest.rows)
            counters.set_last_id(connection, made[name], facts.last_id)
    for name, facts in manifest.tables.items():
        if _hash(connection, made[name], facts.columns) != facts.sha256:
            raise ConveningError("backup_damaged")


def _tables(connection: Connection, manifest: Manifest) -> dict[str, SqlTable]:
    """The tables as the migrations made them, which must be those of the backup."""
    metadata = MetaData()
    metadata.reflect(connection)
    there = {name: each for name, each in metadata.tables.items() if name in manifest.tables}
    for name, facts in manifest.tables.items():
        if name not in there or set(there[name].columns.keys()) != set(facts.columns):
            raise ConveningError("backup_damaged")
        for each in there[name].columns:
            if isinstance(each.type, JSON):
                each.type = JSON(none_as_null=bool(each.nullable))
    return there


def _batches(
    lines: Iterator[bytes], columns: Mapping[str, str], dialect: str
) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(lines, _AT_ONCE)):
        try:
            yield [
                {name: rows.decoded(row[name], kind, dialect) for name, kind in columns.items()}
                for row in map(json.loads, batch)
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise ConveningError("backup_damaged") from error


@contextmanager
def _without_foreign_keys(connection: Connection, made: Mapping[str, SqlTable]) -> Iterator[None]:
    """Rows may come in any order; PostgreSQL checks all of them when the keys are there again.

    SQLite has them switched off by ``migrate.changing``, which checks them at its end.
    """
    keys: list[ForeignKeyConstraint] = []
    if connection.dialect.name == "postgresql":
        for each in made.values():
            keys += each.foreign_key_constraints
    for key in keys:
        connection.execute(DropConstraint(key))
    yield
    for key in keys:
        connection.execute(AddConstraint(key))
