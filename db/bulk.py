"""Inserting many thousands of rows at once, past the session, with their images in the journal."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import column, func, insert, literal, select
from sqlalchemy import table as plain_table
from sqlalchemy.schema import DDL
from sqlmodel import Session

from db import journal
from db.base import Table, columns, now

_WORTH_ANALYSING = 1000  # rows; PostgreSQL looks by itself only after the transaction, in its time


def insert_rows(session: Session, model: type[Table], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Inserts rows that name every column but the shared ones; returns their ids, in order.

    The ids are reserved beforehand: asking for them back costs a statement a row on SQLite.
    """
    if not rows:
        return []
    session.flush()
    into = columns(model).id.table
    ids = _reserve(session, into, len(rows))
    shared: dict[str, Any] = {"created_at": now()} | ({"version": 1} if "version" in into.c else {})
    session.connection().execute(
        insert(into),
        [{**shared, **row, "id": each} for each, row in zip(ids, rows, strict=True)],
    )
    journal.inserted(session, model, ids)
    return ids


def refresh_statistics(session: Session, added: int, *models: type[Table]) -> None:
    """Lets PostgreSQL look at tables that have grown by ``added`` rows.

    Until it has, it checks foreign keys as if they were empty: undoing an import takes minutes.
    """
    if added >= _WORTH_ANALYSING and _is_postgresql(session):
        for model in models:
            session.execute(DDL("ANALYZE %(fullname)s").against(columns(model).id.table))


def _reserve(session: Session, into: SqlTable, count: int) -> list[int]:
    """The next ids. SQLite has one writer at a time; PostgreSQL gives each id away once."""
    if _is_postgresql(session):
        sequence = func.pg_get_serial_sequence(literal(into.name), literal("id"))
        series = func.generate_series(1, count).table_valued("n")
        return list(session.execute(select(func.nextval(sequence)).select_from(series)).scalars())
    counters = plain_table("sqlite_sequence", column("name"), column("seq"))
    last = session.execute(select(counters.c.seq).where(counters.c.name == into.name)).scalar()
    return list(range((last or 0) + 1, (last or 0) + 1 + count))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
