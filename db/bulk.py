"""Inserting many thousands of rows at once, past the session, with their ids in the journal."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, repeat
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import insert
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import DDL
from sqlmodel import Session

from db import counters, journal, kept
from db.base import Table, columns

_WORTH_ANALYSING = 1000  # rows; PostgreSQL looks by itself only after the transaction, in its time


def insert_rows(
    session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]
) -> Sequence[int]:
    """Inserts rows that name the same columns; see ``insert_columns``."""
    if not rows:
        return []
    values = {name: [row[name] for row in rows] for name in rows[0]}
    return insert_columns(session, model, values, len(rows))


def insert_in_parts(
    session: Session, model: type[Table], rows: Iterable[Mapping[str, Any]], at_once: int
) -> list[int]:
    """The same for more rows than should be held in memory together."""
    ids: list[int] = []
    pending = iter(rows)
    while part := list(islice(pending, at_once)):
        ids += insert_rows(session, model, part)
    return ids


def insert_columns(
    session: Session, model: type[Table], values: Mapping[str, Sequence[Any]], count: int
) -> Sequence[int]:
    """Inserts ``count`` rows by their columns; returns their ids, in order.

    Columns without values get the model's default. The ids are reserved beforehand: asking for
    them back costs a statement a row on SQLite. Values are made ready column by column, which
    takes a third of the time that row by row does.
    """
    if not count:
        return []
    session.flush()
    into = columns(model).id.table
    connection = session.connection()
    ids = counters.reserve(connection, into, count)
    ready = {"id": ids, **_ready(model, into, values, connection.dialect)}
    compiled = insert(into).compile(dialect=connection.dialect, column_keys=list(ready))
    order = compiled.positiontup if compiled.positional else None
    rows = zip(*(ready[name] for name in order or ready), strict=False)
    connection.exec_driver_sql(
        str(compiled), list(rows) if order else [dict(zip(ready, row, strict=True)) for row in rows]
    )
    kept.touch(session)
    journal.inserted(session, model, ids)
    return ids


def _ready(
    model: type[Table], into: SqlTable, values: Mapping[str, Sequence[Any]], dialect: Dialect
) -> dict[str, Iterable[Any]]:
    """Every column but the id as the driver takes it; one default serves all rows."""
    found: dict[str, Iterable[Any]] = {}
    for each in into.columns:
        if each.name == "id":
            continue
        process = each.type.dialect_impl(dialect).bind_processor(dialect)
        if each.name in values:
            given = values[each.name]
            found[each.name] = map(process, given) if process else given
        else:
            default = model.model_fields[each.name].get_default(call_default_factory=True)
            found[each.name] = repeat(process(default) if process else default)
    return found


def refresh_statistics(session: Session, added: int, *models: type[Table]) -> None:
    """Lets PostgreSQL look at tables that have grown by ``added`` rows.

    Until it has, it checks foreign keys as if they were empty: undoing an import takes minutes.
    """
    if added >= _WORTH_ANALYSING and session.get_bind().dialect.name == "postgresql":
        for model in models:
            session.execute(DDL("ANALYZE %(fullname)s").against(columns(model).id.table))
