"""Rows as lines of JSON: the same rows give the same bytes, whichever database they stand in."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    String,
    select,
)
from sqlalchemy import Table as SqlTable
from sqlmodel import AutoString

from db.base import UtcDateTime

_AT_ONCE = 1000
_KINDS: tuple[tuple[type[Any], str], ...] = (
    (UtcDateTime, "moment"),
    (DateTime, "wall_time"),
    (Date, "date"),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "float"),
    (JSON, "json"),
    (String, "text"),
    (AutoString, "text"),
)


def kinds(table: SqlTable) -> dict[str, str]:
    """What each column of one of our tables holds; TypeError for a type that nobody has named."""
    return {column.name: _kind(column) for column in table.columns}


def lines(connection: Connection, table: SqlTable, columns: Mapping[str, str]) -> Iterator[bytes]:
    """Every row by its id as one line; few of them are in memory at a time."""
    query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    streamed = query.execution_options(stream_results=True, yield_per=_AT_ONCE)
    with connection.execute(streamed) as found:
        for row in found:
            yield line(
                {
                    name: encoded(value, kind)
                    for (name, kind), value in zip(columns.items(), row, strict=True)
                }
            )


def line(row: Mapping[str, Any]) -> bytes:
    """A row whose values are JSON's own as one line."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + (
        b"\n"
    )


def encoded(value: Any, kind: str) -> Any:
    """A value of the database as one of JSON; a moment without a zone is in UTC."""
    if value is None:
        return None
    if kind == "moment":
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if kind in ("wall_time", "date"):
        return value.isoformat()
    if kind == "float":
        return float(value)
    return bool(value) if kind == "boolean" else value


def decoded(value: Any, kind: str, dialect: str) -> Any:
    """The way back, to what a column of a database that was read from itself takes."""
    if value is None:
        return None
    if kind == "moment":
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect == "sqlite" else moment
    if kind == "wall_time":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "date" else value


def _kind(column: Column[Any]) -> str:
    for known, kind in _KINDS:
        if isinstance(column.type, known):
            return kind
    raise TypeError(f"{column} has a type that a backup does not know")
