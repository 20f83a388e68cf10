"""Notes of an open room are let out in batches: one alone would be that of whoever wrote last.

A note arrives unread and uncounted. In a large room it is let out as soon as there is a batch of
them, in a small one when the room closes.
"""

from sqlalchemy import bindparam, update
from sqlmodel import Session, select

from convening.participation import BATCH
from convening.vocabulary import NoteRelease, NoteState, RoomState
from db.base import columns
from db.tables.room import Room
from db.tables.understanding import AnonymousNote

_notes = columns(AnonymousNote)
_has_arrived = _notes.state == NoteState.ARRIVED.value
_ARRIVED = (
    select(_notes.id)
    .where(_notes.convening_id == bindparam("convening_id"), _has_arrived)
    .with_for_update(skip_locked=True)
)
_LET_OUT = update(_notes.id.table).where(_has_arrived).values(state=NoteState.HELD.value)


def on_arrival(room: Room | None) -> str:
    """The state in which a note is written."""
    is_open = room is not None and room.state == RoomState.OPEN
    return (NoteState.ARRIVED if is_open else NoteState.HELD).value


def gather(session: Session, room: Room) -> bool:
    """Lets out the notes that have arrived in a large room, if they are enough; whether it did.

    Those that somebody else is about to let out do not count.
    """
    if room.state != RoomState.OPEN or room.release != NoteRelease.LIVE:
        return False
    found = session.execute(_ARRIVED, {"convening_id": room.convening_id}).scalars().all()
    if len(found) < BATCH:
        return False
    session.execute(_LET_OUT.where(_notes.id.in_(found)))
    return True


def let_out(session: Session, convening_id: int) -> None:
    """Lets out whatever has arrived, for the room is closed."""
    session.execute(_LET_OUT.where(_notes.convening_id == convening_id))
