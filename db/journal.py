"""Row images of every journalled change, deletion of a row with all that hangs on it, and undo.

An image holds what a row was before the transaction: nothing for an inserted row, the changed
columns for an updated one, every column for a deleted one. Rows that a statement inserted side by
side (an import of many thousands) share one image, which holds their first and last id; whoever
asks which change inserted a row compares with both.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
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
from db import kept, rows_back
from db.base import Table, journalled_tables, now
from db.rows_back import Span, dependents
from db.tables.journal import Change, RowImage

_OF_ONE_OF_TWO = ("dissent_response", "dissent_signature")  # of a view or of a note, never of none
_KEY = "journal"


@dataclass
class Recording:
    """The images of one transaction so far, first one per row, in the order they were taken."""

    actor_id: int | None
    command: str
    initiative_id: int | None = None
    subject: str = ""
    subject_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    images: dict[tuple[str, int], dict[str, Any] | None] = field(default_factory=dict)
    spans: list[tuple[str, Span]] = field(default_factory=list)
    muted: bool = False

    def note(self, table: str, row_id: int, before: dict[str, Any] | None) -> None:
        if self.muted or any(
            name == table and first <= row_id <= last for name, (first, last) in self.spans
        ):
            return
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
    session: Session,
    *,
    initiative_id: int | None,
    subject: str = "",
    subject_id: int | None = None,
    **details: int | str | list[int],
) -> None:
    """Says which initiative, and which thing, the running change is about.

    ``details`` are what its wording needs: numbers and values of enumerations, never a name.
    """
    kept.concerns(session, initiative_id)
    journal: Recording | None = session.info.get(_KEY)
    if journal is not None:
        journal.initiative_id = initiative_id
        journal.subject, journal.subject_id = subject, subject_id
        journal.details |= details


def leave_no_image(session: Session) -> None:
    """From here on the running change cannot be taken back: what it erases is kept nowhere."""
    journal: Recording | None = session.info.get(_KEY)
    if journal is not None:
        journal.muted = True
        journal.images.clear()


def inserted(session: Session, model: type[Table], ids: Iterable[int]) -> None:
    """Notes rows that a statement inserted past the session (an import of many thousands)."""
    journal: Recording | None = session.info.get(_KEY)
    if journal is not None:
        journal.spans += [(_table(model).name, span) for span in rows_back.runs(ids)]


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
        select(
            col(RowImage.table_name),
            col(RowImage.row_id),
            col(RowImage.last_id),
            col(RowImage.before),
        ).where(col(RowImage.change_id) == change.key)
    ).all()
    were: dict[str, dict[int, dict[str, Any]]] = {}
    inserted: dict[str, list[Span]] = {}
    for name, row_id, last_id, before in images:
        if before is None:
            inserted.setdefault(name, []).append((row_id, last_id or row_id))
        else:
            were.setdefault(name, {})[row_id] = before
    try:
        rows_back.put_back(session, were)
        rows_back.take_back(
            session, {name: rows_back.joined(spans) for name, spans in inserted.items()}
        )
        change.undone_at = now()
        session.add(change)
        session.flush()
    except IntegrityError as error:
        raise ConveningError("cannot_restore") from error
    session.expire_all()


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
            if journal is not None and table.name in journalled_tables():
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
    if not column.nullable or other.name in _OF_ONE_OF_TWO:
        _collect(session, other, [row_id for row_id, _ in rows], doomed)
        return
    journal: Recording | None = session.info.get(_KEY)
    for row_id, value in rows:
        if row_id in doomed.get(other, set()):
            continue
        if journal is not None and other.name in journalled_tables():
            journal.note(other.name, row_id, {column.name: value})
        session.execute(update(other).where(other.c.id == row_id).values({column.name: None}))


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
        elif isinstance(row, Table) and row.remembered:
            journal.details.setdefault(_name(row), []).append(row.key)


def _write(session: Session, journal: Recording) -> None:
    if not journal.images and not journal.spans:
        return
    change = Change(
        actor_id=journal.actor_id,
        command=journal.command,
        initiative_id=journal.initiative_id,
        subject=journal.subject,
        subject_id=journal.subject_id,
        details=journal.details or None,
    )
    session.add(change)
    session.flush()
    shared = {"change_id": change.key, "created_at": now()}
    images = [
        {"table_name": table, "row_id": row_id, "last_id": None, "before": before}
        for (table, row_id), before in journal.images.items()
    ] + [
        {"table_name": table, "row_id": first, "last_id": last, "before": None}
        for table, (first, last) in journal.spans
    ]
    session.connection().execute(insert(_table(RowImage)), [shared | each for each in images])


def _table(model: type[Table]) -> SqlTable:
    table: SqlTable = model.__table__  # type: ignore[attr-defined]
    return table


def _name(row: Table) -> str:
    return _table(type(row)).name


def _encode(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
