"""What the wall of a room shows, read once for all who look at it."""

from sqlmodel import Session

from convening import walls
from convening.roles import Actor
from convening.rooms import RoomSnapshot
from convening.walls import Wall
from db import live
from db.queries import opinion, room


def wall(session: Session, actor: Actor, convening_id: int) -> Wall:
    """For the team that runs the room; NotFound for everybody else."""
    found = room.snapshot(session, actor, convening_id)
    return live.shared(
        session,
        found.meeting.initiative_id,
        convening_id,
        lambda: _read(session, found),
        name="wall",
    )


def _read(session: Session, found: RoomSnapshot) -> Wall:
    conversation = found.room.conversation_id if found.room else None
    if conversation is None:
        return walls.wall(found, {}, {})
    counts = opinion.counts(session, [each.id for each in found.statements])
    return walls.wall(found, counts, opinion.voters(session, conversation))
