"""Writing anonymous rows anew in random order, so that their places in the file tell nothing.

A row that is inserted lands beside the one that was inserted before it, and a database that keeps
old versions of rows keeps the order of its transactions with them. So once nothing more comes in,
all rows are deleted and inserted again, shuffled, in one transaction. Nothing but the rows
themselves is written: no journal, no audit event.
"""

import random
import secrets
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_models

from convening.vocabulary import RoomState
from db.base import Table
from db.tables.room import Room, RoomDeclaration
from db.tables.understanding import AnonymousNote, Statement, Vote

_random = random.SystemRandom()
_PART = 500  # ids to a statement


def rewrite_notes(session: Session, convening_id: int) -> int:
    """Writes the notes of a convening anew with all that hangs on them; returns how many."""
    session.flush()
    notes = _table(AnonymousNote)
    rows = _rows(session, notes, notes.c.convening_id == convening_id)
    if not rows:
        return 0
    ids = [row["id"] for row in rows]
    hanging = [(table, _hanging(session, table, ids)) for table in _dependents(notes)]
    _delete(session, notes, ids)
    session.execute(insert(notes), [row | {"adds_to_note_id": None} for row in rows])
    for row in rows:
        if row["adds_to_note_id"] is not None:
            session.execute(
                update(notes)
                .where(notes.c.id == row["id"])
                .values(adds_to_note_id=row["adds_to_note_id"])
            )
    for table, found in hanging:
        if found:
            session.execute(insert(table), found)
    session.expire_all()
    return len(rows)


def rewrite_votes(session: Session, conversation_id: int) -> int:
    """Writes the votes of a conversation anew; returns how many.

    Each voter gets a new random name, which still is one and the same on all of their votes: with
    the server's secret and a participant's cookie the old one could have been found again.
    """
    session.flush()
    votes, statements = _table(Vote), _table(Statement)
    own = select(statements.c.id).where(statements.c.conversation_id == conversation_id)
    rows = _rows(session, votes, votes.c.statement_id.in_(own))
    if not rows:
        return 0
    names: dict[str, str] = {}
    for row in rows:
        row["voter"] = names.setdefault(row["voter"], secrets.token_hex(16))
        row["id"] = secrets.token_hex(16)
    session.execute(delete(votes).where(votes.c.statement_id.in_(own)))
    session.execute(insert(votes), rows)
    session.expire_all()
    return len(rows)


def rewrite_declarations(session: Session, room_id: int) -> None:
    """Writes the declared sets of groups anew, in the order of their numbers: as they came, the
    first would be what the person declared who entered first. Those taken back by all go."""
    session.flush()
    counts = _table(RoomDeclaration)
    own = counts.c.room_id == room_id
    found = [row for row in _rows(session, counts, own) if row["people"]]
    session.execute(delete(counts).where(own))
    if found:
        session.execute(insert(counts), sorted(found, key=itemgetter("mask")))
    session.expire_all()


def is_voted_on_elsewhere(session: Session, room: Room) -> bool:
    """Whether another room that is not closed yet votes on the same statements."""
    others = select_models(Room.id).where(
        Room.conversation_id == room.conversation_id,
        col(Room.id) != room.key,
        Room.state != RoomState.CLOSED.value,
    )
    return session.exec(others).first() is not None


def _rows(session: Session, table: SqlTable, where: Any) -> list[dict[str, Any]]:
    rows = [dict(row) for row in session.execute(select(table).where(where)).mappings()]
    _random.shuffle(rows)
    return rows


def _dependents(notes: SqlTable) -> list[SqlTable]:
    """The other tables whose rows go when a note goes."""
    return [
        table
        for table in Table.metadata.sorted_tables
        if table is not notes and any(key.column.table is notes for key in table.foreign_keys)
    ]


def _hanging(session: Session, table: SqlTable, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The rows that hang on these notes, which are deleted before their notes are."""
    found: list[dict[str, Any]] = []
    columns = [
        key.parent for key in table.foreign_keys if key.column.table.name == "anonymous_note"
    ]
    for column in columns:
        for start in range(0, len(ids), _PART):
            where = column.in_(ids[start : start + _PART])
            found += [dict(row) for row in session.execute(select(table).where(where)).mappings()]
            session.execute(delete(table).where(where))
    return found


def _delete(session: Session, table: SqlTable, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _PART):
        session.execute(delete(table).where(table.c.id.in_(ids[start : start + _PART])))


def _table(model: Any) -> SqlTable:
    table: SqlTable = model.__table__
    return table
