"""The counters by which the databases give out ids."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Function,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import REGCLASS

_SEQUENCES = table("sqlite_sequence", column("name"), column("seq"))


def last_id(connection: Connection, of: SqlTable) -> int:
    """The highest id that was ever given, so that none is given twice after a restore; 0 where
    the database gives none."""
    if of.autoincrement_column is None:
        return 0
    if _is_postgresql(connection):
        last = select(func.pg_sequence_last_value(cast(_sequence(of), REGCLASS)))
    else:
        last = select(_SEQUENCES.c.seq).where(_SEQUENCES.c.name == of.name)
    return connection.execute(last).scalar() or 0


def set_last_id(connection: Connection, of: SqlTable, last_id: int) -> None:
    """The next id follows this one, and the highest in the table."""
    if of.autoincrement_column is None:
        return
    highest = connection.execute(select(func.max(of.c.id))).scalar() or 0
    last = max(last_id, highest)
    if not _is_postgresql(connection):
        connection.execute(delete(_SEQUENCES).where(_SEQUENCES.c.name == of.name))
        connection.execute(insert(_SEQUENCES).values(name=of.name, seq=last))
    elif last:
        connection.execute(select(func.setval(_sequence(of), cast(last, BigInteger))))


def reserve(connection: Connection, of: SqlTable, count: int) -> Sequence[int]:
    """The next ids. SQLite has one writer at a time; PostgreSQL gives each id away once."""
    if _is_postgresql(connection):
        series = func.generate_series(1, count).table_valued("n")
        ids = select(func.nextval(_sequence(of))).select_from(series)
        return list(connection.execute(ids).scalars())
    last = last_id(connection, of)
    return range(last + 1, last + 1 + count)


def _sequence(of: SqlTable) -> Function[Any]:
    return func.pg_get_serial_sequence(literal(f'"{of.name}"'), literal("id"))


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
