"""Taking back one change of one's own, as a whole."""

from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_

from convening.outbox import LEFT
from convening.problems import ConveningError, NotFound
from convening.roles import Actor, may
from convening.vocabulary import ConveningState, MailKind, MailState
from db import audit, journal
from db.base import columns
from db.commands import outbox
from db.queries.invitations import places_taken
from db.queries.undo import UNDOABLE
from db.tables.journal import Change, RowImage
from db.tables.mail import OutboxEmail
from db.tables.work import AgendaBlock, Convening

_LEFT = [each.value for each in LEFT]


def undo(session: Session, actor: Actor, change_id: int) -> int:
    """Puts every row of a change back as it was before; NotFound when it is not the actor's.

    Refused, code ``changed_since``, when a later change touched one of its rows; by the journal
    when something hangs on a row that it added; with ``message_has_left`` when a letter that
    follows from it is out of the house; and where a rule of now forbids the state of then: a
    cancelled convening's agenda, a place that somebody else has taken.
    """
    change = session.get(Change, change_id, with_for_update=True)
    if (
        change is None
        or change.actor_id != actor.user_id
        or change.undone_at is not None
        or not any(
            may(actor, right, change.initiative_id) for right in UNDOABLE.get(change.command, ())
        )
    ):
        raise NotFound("change")
    meetings = _locked_meetings(session, change)
    if _touched_since(session, change_id):
        raise ConveningError("changed_since")
    _recall_messages(session, change)
    taken = {each.key: places_taken(session, each.key) for each in meetings}
    journal.restore(session, change)
    _tell(session, change)
    for meeting_id, before in taken.items():
        _check_places(session, meeting_id, before)
        _close_gaps(session, meeting_id)
    audit.record(
        session,
        actor.user_id,
        "undo",
        subject=change.subject,
        subject_id=change.subject_id,
        initiative_id=change.initiative_id,
        change=change_id,
    )
    return change_id


def _locked_meetings(session: Session, change: Change) -> list[Convening]:
    """The convenings whose room or agenda it changed, locked as every command locks them."""
    about = {change.subject_id if change.subject == "convening" else None}
    about.add((change.details or {}).get("convening_id"))
    rows = [
        session.get(Convening, each, with_for_update=True, populate_existing=True)
        for each in sorted(each for each in about if each is not None)
    ]
    found = [each for each in rows if each is not None]
    in_agenda = _images_of(change.key, "agenda_block").limit(1)
    if any(each.state == ConveningState.CANCELLED for each in found) and (
        session.execute(in_agenda).first() is not None
    ):
        raise ConveningError("convening_cancelled")
    return found


def _tell(session: Session, change: Change) -> None:
    """People who were told otherwise learn of it."""
    if change.subject == "convening":
        meeting = session.get(Convening, change.subject_id or 0, with_for_update=True)
        if meeting is not None:
            outbox.follow(session, meeting)


def _touched_since(session: Session, change_id: int) -> bool:
    own, later = aliased(RowImage), aliased(RowImage)
    found = session.execute(
        select(col(later.id))
        .join(Change, col(Change.id) == col(later.change_id))
        .join(
            own,
            and_(
                col(own.change_id) == change_id,
                col(own.table_name) == col(later.table_name),
                col(own.row_id) <= col(later.row_id),
                func.coalesce(col(own.last_id), col(own.row_id)) >= col(later.row_id),
            ),
        )
        .where(col(later.change_id) > change_id, col(Change.undone_at).is_(None))
        .limit(1)
    ).first()
    return found is not None


def _recall_messages(session: Session, change: Change) -> None:
    """Cancels the letters that follow from the change, as long as all of them are still here.

    They are those that it put in the outbox, and those that were written since to the people whose
    invitations it moved, news about the convening itself apart. What was written to an invitation
    that it added goes with it.
    """
    added, moved = _invitations(session, change.key)
    own = list((change.details or {}).get("outbox_email", ()))
    letters = session.execute(
        select(OutboxEmail)
        .where(
            or_(
                col(OutboxEmail.id).in_(own),
                col(OutboxEmail.invitation_id).in_(added),
                and_(
                    col(OutboxEmail.invitation_id).in_(moved),
                    col(OutboxEmail.created_at) > change.created_at,
                    col(OutboxEmail.kind) != MailKind.UPDATE.value,
                ),
            )
        )
        .order_by(col(OutboxEmail.id))
        .with_for_update()
    ).scalars()
    found = list(letters)
    left = [each for each in found if each.state in _LEFT]
    if left:
        raise ConveningError("message_has_left", count=len(left))
    for each in found:
        if each.invitation_id in added:
            session.delete(each)
        else:
            each.state = MailState.CANCELLED.value
    session.flush()


def _invitations(session: Session, change_id: int) -> tuple[list[int], list[int]]:
    """The invitations that a change added, and those that it moved to another status."""
    added, moved = list[int](), list[int]()
    for row_id, last_id, before in session.execute(_images_of(change_id, "invitation")):
        if before is None:
            added += range(row_id, (last_id or row_id) + 1)
        elif "status" in before:
            moved.append(row_id)
    return added, moved


def _images_of(change_id: int, table: str) -> Select[Any]:
    image = columns(RowImage)
    return select(image.row_id, image.last_id, image.before).where(
        image.change_id == change_id, image.table_name == table
    )


def _check_places(session: Session, meeting_id: int, before: int) -> None:
    """A place that was given up and taken by somebody else is not there to come back to."""
    meeting = session.get_one(Convening, meeting_id)
    after = places_taken(session, meeting_id)
    if meeting.capacity is not None and after > max(before, meeting.capacity):
        free = max(0, meeting.capacity - before)
        raise ConveningError("no_free_place", places=meeting.capacity, free=free)


def _close_gaps(session: Session, meeting_id: int) -> None:
    """Numbers the blocks anew where others have added some since: no edit of anybody's."""
    block = columns(AgendaBlock)
    order = session.execute(
        select(block.id, block.position)
        .where(block.convening_id == meeting_id)
        .order_by(block.position, block.id)
    ).all()
    for position, (block_id, known) in enumerate(order):
        if position != known:
            session.connection().execute(
                block.id.table.update().where(block.id == block_id).values(position=position)
            )
