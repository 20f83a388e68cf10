"""Putting rows back as the journal's images have them, and taking back rows that were inserted."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Date, DateTime, bindparam, delete, insert, select, update
from sqlalchemy import Table as SqlTable
from sqlmodel import Session

from convening.problems import ConveningError
from db.base import Table, UtcDateTime

Span = tuple[int, int]  # first and last of the ids of rows that were inserted side by side


def runs(ids: Iterable[int]) -> list[Span]:
    if isinstance(ids, range) and ids.step == 1:
        return [(ids[0], ids[-1])] if ids else []
    return joined((each, each) for each in ids)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same ids in as few spans as can be."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and found[-1][1] >= first - 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def put_back(session: Session, were: Mapping[str, Mapping[int, dict[str, Any]]]) -> None:
    deferred: list[tuple[SqlTable, int, dict[str, Any]]] = []
    for table in Table.metadata.sorted_tables:
        images = were.get(table.name, {})
        missing = []
        there = _there(session, table, list(images))
        for row_id, before in images.items():
            values = {name: _decode(table.c[name], value) for name, value in before.items()}
            if row_id in there:
                deferred.append((table, row_id, values))
            elif "id" in values:
                later = {name: values[name] for name in _own(table) if values[name] is not None}
                missing.append(values | dict.fromkeys(later))
                if later:
                    deferred.append((table, row_id, later))
        if missing:
            session.connection().execute(insert(table), missing)
    _overwrite(session, deferred)


def _overwrite(session: Session, rows: Sequence[tuple[SqlTable, int, dict[str, Any]]]) -> None:
    """Writes values over rows, one statement for each set of columns."""
    batches: dict[tuple[SqlTable, tuple[str, ...]], list[dict[str, Any]]] = {}
    for table, row_id, values in rows:
        names = tuple(sorted(values.keys() - {"id"}))
        if names:
            bound = {f"new_{name}": values[name] for name in names if name != "version"}
            batches.setdefault((table, names), []).append({"old_id": row_id, **bound})
    for (table, names), bound_rows in batches.items():
        statement = update(table).where(table.c.id == bindparam("old_id"))
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        if "version" in new:  # one that comes back would hide an edit from whoever read it before
            new["version"] = table.c.version + 1
        session.connection().execute(statement.values(new), bound_rows)


def _own(table: SqlTable) -> list[str]:
    """The columns that refer to the same table: filled when all its rows are there."""
    return [c.name for c in table.columns if any(f.column.table is table for f in c.foreign_keys)]


def _there(session: Session, table: SqlTable, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found.update(session.execute(select(table.c.id).where(table.c.id.in_(part))).scalars())
    return found


def take_back(session: Session, inserted: Mapping[str, Sequence[Span]]) -> None:
    """Deletes rows that the change inserted, unless others have come to hang on them: the
    database would silently delete those too."""
    for table in reversed(Table.metadata.sorted_tables):
        for span in inserted.get(table.name, ()):
            for other, column in dependents(table):
                hanging = session.execute(select(other.c.id).where(column.between(*span)))
                if not _within(hanging.scalars(), inserted.get(other.name, ())):
                    raise ConveningError("cannot_restore")
            session.execute(delete(table).where(table.c.id.between(*span)))


def _within(ids: Iterable[int], spans: Sequence[Span]) -> bool:
    """Whether every id lies in one of the spans, which are sorted and apart."""
    starts = [first for first, _ in spans]
    for each in ids:
        place = bisect_right(starts, each) - 1
        if place < 0 or each > spans[place][1]:
            return False
    return True


def dependents(table: SqlTable) -> list[tuple[SqlTable, Column[Any]]]:
    """Every table and column that refers to rows of ``table``.

    Left out are tables whose rows have no number (anonymous notes, votes, counts): of them no
    image is kept, and the database lets them go with what they hang on.
    """
    numbered = (
        each for each in Table.metadata.sorted_tables if each.autoincrement_column is not None
    )
    return [
        (other, key.parent)
        for other in numbered
        for key in sorted(other.foreign_keys, key=lambda k: k.parent.name)
        if key.column.table is table
    ]


def _decode(column: Column[Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(column.type, UtcDateTime | DateTime):
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
