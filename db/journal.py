"""Row images of every journalled change, deletion of a row with all that hangs on it, and undo.

An image holds what a row was before the transaction: nothing for an inserted row, the changed
columns for an updated one, every column for a deleted one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    bindparam,
    delete,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.base import NO_VALUE
from sqlmodel import Session, col

from convening.problems import ConveningError
from db.base import Table, UtcDateTime, now
from db.tables.journal import Change, RowImage

_KEY = "journal"


@dataclass
class Recording:
    """The images of one transaction so far, first one per row, in the order they were taken."""

    actor_id: int | None
    command: str
    initiative_id: int | None = None
    subject: str = ""
    subject_id: int | None = None
    images: dict[tuple[str, int], dict[str, Any] | None] = field(default_factory=dict)

    def note(self, table: str, row_id: int, before: dict[str, Any] | None) -> None:
        known = self.images.get((table, row_id))
        if (table, row_id) not in self.images:
            self.images[(table, row_id)] = before
        elif known is not None and before is not None:
            self.images[(table, row_id)] = {**before, **known}


@contextmanager
def recording(session: Session, *, actor_id: int | None, command: str) -> Iterator[None]:
    """Takes images of journalled rows until the block ends, then writes them."""
    journal = Recording(actor_id, command)
    session.info[_KEY] = journal
    event.listen(session, "before_flush", _before_flush)
    event.listen(session, "after_flush", _after_flush)
    try:
        yield
        session.flush()
        _write(session, journal)
    finally:
        event.remove(session, "before_flush", _before_flush)
        event.remove(session, "after_flush", _after_flush)
        del session.info[_KEY]


def concerns(
    session: Session, *, initiative_id: int | None, subject: str = "", subject_id: int | None = None
) -> None:
    """Says which initiative, and which thing, the running change is about."""
    journal: Recording | None = session.info.get(_KEY)
    if journal is not None:
        journal.initiative_id = initiative_id
        journal.subject, journal.subject_id = subject, subject_id


def inserted(session: Session, model: type[Table], ids: Iterable[int]) -> None:
    """Notes rows that a statement inserted past the session (an import of many thousands)."""
    journal: Recording | None = session.info.get(_KEY)
    if journal is not None:
        for row_id in ids:
            journal.note(_table(model).name, row_id, None)


def remove(session: Session, row: Table) -> None:
    """Deletes a row, and by the foreign keys all rows that hang on it, leaving images of all."""
    remove_all(session, type(row), [row.key])


def remove_all(session: Session, model: type[Table], ids: Sequence[int]) -> None:
    """The same for many rows of one table, with as many statements as for one."""
    session.flush()
    doomed: dict[SqlTable, set[int]] = {}
    _collect(session, _table(model), ids, doomed)
    for each in reversed(Table.metadata.sorted_tables):
        found = sorted(doomed.get(each, ()))
        for start in range(0, len(found), 500):
            session.execute(delete(each).where(each.c.id.in_(found[start : start + 500])))
    session.expire_all()


def restore(session: Session, change: Change) -> None:
    """Puts back the rows of a change as they were before it; raises ConveningError when others
    have since come to depend on what it did."""
    images = session.execute(
        select(col(RowImage.table_name), col(RowImage.row_id), col(RowImage.before)).where(
            col(RowImage.change_id) == change.key
        )
    ).all()
    by_table: dict[str, list[tuple[int, dict[str, Any] | None]]] = {}
    for name, row_id, before in images:
        by_table.setdefault(name, []).append((row_id, before))
    try:
        _put_back(session, by_table)
        change.undone_at = now()
        session.add(change)
        session.flush()
    except IntegrityError as error:
        raise ConveningError("cannot_restore") from error
    session.expire_all()


def _put_back(
    session: Session, by_table: dict[str, list[tuple[int, dict[str, Any] | None]]]
) -> None:
    deferred: list[tuple[SqlTable, int, dict[str, Any]]] = []
    for table in Table.metadata.sorted_tables:
        images = {row_id: it for row_id, it in by_table.get(table.name, ()) if it is not None}
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
    inserted = {
        name: {row_id for row_id, before in rows if before is None}
        for name, rows in by_table.items()
    }
    for table in reversed(Table.metadata.sorted_tables):
        _take_back(session, table, inserted)


def _overwrite(session: Session, rows: Sequence[tuple[SqlTable, int, dict[str, Any]]]) -> None:
    """Writes values over rows, one statement for each set of columns."""
    batches: dict[tuple[SqlTable, tuple[str, ...]], list[dict[str, Any]]] = {}
    for table, row_id, values in rows:
        names = tuple(sorted(values.keys() - {"id"}))
        if names:
            bound = {f"new_{name}": values[name] for name in names}
            batches.setdefault((table, names), []).append({"old_id": row_id, **bound})
    for (table, names), bound_rows in batches.items():
        statement = update(table).where(table.c.id == bindparam("old_id"))
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
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


def _take_back(session: Session, table: SqlTable, inserted: dict[str, set[int]]) -> None:
    """Deletes rows that the change inserted, unless others have come to hang on them: the
    database would silently delete those too."""
    ids = sorted(inserted.get(table.name, ()))
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        for other, column in dependents(table):
            hanging = session.execute(select(other.c.id).where(column.in_(part))).scalars()
            if not inserted.get(other.name, set()).issuperset(hanging):
                raise ConveningError("cannot_restore")
        session.execute(delete(table).where(table.c.id.in_(part)))


def _collect(
    session: Session, table: SqlTable, ids: Sequence[int], doomed: dict[SqlTable, set[int]]
) -> None:
    fresh = [i for i in ids if i not in doomed.get(table, set())]
    if not fresh:
        return
    doomed.setdefault(table, set()).update(fresh)
    journal: Recording | None = session.info.get(_KEY)
    for start in range(0, len(fresh), 500):
        part = fresh[start : start + 500]
        for image in session.execute(select(table).where(table.c.id.in_(part))).mappings():
            if journal is not None and _is_journalled(table):
                before = {name: _encode(value) for name, value in image.items()}
                journal.note(table.name, image["id"], before)
        for other, column in dependents(table):
            _follow(session, other, column, part, doomed)


def _follow(
    session: Session,
    other: SqlTable,
    column: Column[Any],
    parents: Sequence[int],
    doomed: dict[SqlTable, set[int]],
) -> None:
    rows = session.execute(select(other.c.id, column).where(column.in_(parents))).all()
    if not rows:
        return
    if not column.nullable:
        _collect(session, other, [row_id for row_id, _ in rows], doomed)
        return
    journal: Recording | None = session.info.get(_KEY)
    for row_id, value in rows:
        if row_id in doomed.get(other, set()):
            continue
        if journal is not None and _is_journalled(other):
            journal.note(other.name, row_id, {column.name: value})
        session.execute(update(other).where(other.c.id == row_id).values({column.name: None}))


def dependents(table: SqlTable) -> list[tuple[SqlTable, Column[Any]]]:
    """Every table and column that refers to rows of ``table``."""
    return [
        (other, key.parent)
        for other in Table.metadata.sorted_tables
        for key in sorted(other.foreign_keys, key=lambda k: k.parent.name)
        if key.column.table is table
    ]


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    journal: Recording = session.info[_KEY]
    for row in session.dirty:
        if isinstance(row, Table) and row.journalled and session.is_modified(row):
            journal.note(_name(row), row.key, _was(session, row))
    for row in session.deleted:
        if isinstance(row, Table) and row.journalled:
            state = inspect(row)
            whole = {c.key: _encode(getattr(row, c.key)) for c in state.mapper.column_attrs}
            journal.note(_name(row), row.key, whole | _was(session, row))


def _was(session: Session, row: Table) -> dict[str, Any]:
    """The changed columns before the change; what was never loaded is asked for."""
    state = dict(inspect(row).committed_state)
    missing = [name for name, value in state.items() if value is NO_VALUE]
    if missing:
        table = _table(type(row))
        query = select(*(table.c[name] for name in missing)).where(table.c.id == row.key)
        state.update(session.execute(query).mappings().one())
    return {name: _encode(value) for name, value in state.items()}


def _after_flush(session: Session, _context: Any) -> None:
    journal: Recording = session.info[_KEY]
    for row in session.new:
        if isinstance(row, Table) and row.journalled:
            journal.note(_name(row), row.key, None)


def _write(session: Session, journal: Recording) -> None:
    if not journal.images:
        return
    change = Change(
        actor_id=journal.actor_id,
        command=journal.command,
        initiative_id=journal.initiative_id,
        subject=journal.subject,
        subject_id=journal.subject_id,
    )
    session.add(change)
    session.flush()
    stamp = now()
    session.connection().execute(
        insert(_table(RowImage)),
        [
            {
                "change_id": change.key,
                "table_name": table,
                "row_id": row_id,
                "before": before,
                "created_at": stamp,
            }
            for (table, row_id), before in journal.images.items()
        ],
    )


def _table(model: type[Table]) -> SqlTable:
    table: SqlTable = model.__table__  # type: ignore[attr-defined]
    return table


def _name(row: Table) -> str:
    return _table(type(row)).name


def _is_journalled(table: SqlTable) -> bool:
    return table.name in _journalled_names()


@cache
def _journalled_names() -> frozenset[str]:
    models = [mapper.class_ for mapper in Table._sa_registry.mappers]
    return frozenset(_table(model).name for model in models if model.journalled)


def _encode(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _decode(column: Column[Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(column.type, UtcDateTime | DateTime):
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
