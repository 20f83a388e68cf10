"""Reading what was logged in a room: points, turns, counted hands, and dissenting views."""

from sqlmodel import Session, col, select

from convening.rooms import Logged
from convening.vocabulary import Attribution, Choice, EntryKind, Group, Strength
from db.tables.accounts import User
from db.tables.room import RoomEntry
from db.tables.understanding import DissentingView


def lines(session: Session, convening_id: int) -> tuple[Logged, ...]:
    """Entries and dissenting views of a convening, the last one first."""
    entry, view = RoomEntry, DissentingView
    entries = session.exec(
        select(entry, User.name)
        .join(User, col(User.id) == entry.logged_by_id, isouter=True)
        .where(entry.convening_id == convening_id)
    )
    views = session.exec(
        select(view, User.name)
        .join(User, col(User.id) == view.logged_by_id, isouter=True)
        .where(view.convening_id == convening_id)
    )
    found = [_entry(row, by) for row, by in entries] + [view_line(row, by) for row, by in views]
    return tuple(sorted(found, key=lambda each: (each.at, each.id), reverse=True))


def _entry(row: RoomEntry, by: str | None) -> Logged:
    return Logged(
        id=row.key,
        uuid=row.uuid,
        kind=EntryKind(row.kind),
        groups=frozenset(map(Group, row.groups)),
        text=row.text,
        at=row.created_at,
        by=by or "",
        block_id=row.block_id,
        choice=Choice(row.choice) if row.choice else None,
        people=row.people,
        statement_id=row.statement_id,
        afterwards=row.afterwards,
        struck=row.struck_at is not None,
        version=row.version,
    )


def view_line(row: DissentingView, by: str | None = None) -> Logged:
    return Logged(
        id=row.key,
        uuid=row.uuid,
        kind=None,
        groups=frozenset(map(Group, row.groups)),
        text=row.statement,
        at=row.created_at,
        by=by or "",
        by_id=row.logged_by_id,
        owned=row.owner_id is not None,
        block_id=row.block_id,
        strength=Strength(row.strength),
        attribution=Attribution(row.attribution),
        afterwards=row.afterwards,
        struck=row.struck_at is not None,
        version=row.version,
    )
