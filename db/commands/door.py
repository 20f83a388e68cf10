"""At the door: noting who came by their code, a slip of the finger, and somebody quite new."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from convening.community import PersonDraft
from convening.invitations import Invited
from convening.problems import ConveningError
from convening.roles import Action, Actor
from convening.vocabulary import InvitationStatus, Part
from db import journal
from db.commands import community, invitations, noting, versions
from db.queries import convenings
from db.queries import door as reading
from db.tables import work
from db.tables.journal import Change, RowImage

_NOTING = ("check_in", "check_in_by_code", "move_status", "add_walk_ins", "add_new_walk_in")
_TAKING_BACK = "take_back_check_in"


def check_in_by_code(session: Session, actor: Actor, token: str) -> int:
    """Notes that whoever holds this code is in the room; done twice it stays noted."""
    found = reading.arriving(session, actor, token)
    if found.status is not InvitationStatus.ATTENDED:
        invitations.check_in(session, actor, found.meeting.id, [found.invitation_id], True)
    return found.invitation_id


def add_new_walk_in(
    session: Session, actor: Actor, convening_id: int, draft: PersonDraft, part: Part
) -> Invited:
    """Puts somebody on the map who came without being on it, and notes that they are here."""
    meeting = convenings.row(session, actor, convening_id, Action.CHECK_IN)
    person_id = community.add_person(session, actor, meeting.initiative_id, draft)
    return invitations.add_walk_ins(session, actor, convening_id, [person_id], part)


def take_back_check_in(
    session: Session, actor: Actor, convening_id: int, invitation_id: int
) -> int:
    """Undoes that somebody was noted as here or absent, by whoever of the team it was noted.

    The status is again the one before, from the journal; it is no move, so the table of moves does
    not apply. Somebody who was added at the door is no longer invited. Refused, code
    ``nothing_to_take_back``, when the journal does not know what was before.
    """
    meeting = convenings.row(session, actor, convening_id, Action.CHECK_IN, for_update=True)
    row = session.get(work.Invitation, invitation_id, with_for_update=True)
    if row is None or row.convening_id != meeting.key:
        raise ConveningError("nothing_to_take_back")
    if row.status not in (InvitationStatus.ATTENDED, InvitationStatus.ABSENT):
        raise ConveningError("nothing_to_take_back")
    _put_back(session, row, _before(session, meeting, invitation_id))
    noting.noted_row(session, actor, _TAKING_BACK, meeting, invitation=invitation_id)
    return invitation_id


def _put_back(session: Session, row: work.Invitation, before: dict[str, Any] | None) -> None:
    if before is None:
        journal.remove(session, row)
        return
    row.status = before["status"]
    row.status_at = datetime.fromisoformat(before["status_at"])
    versions.check(row, None)


def _before(session: Session, meeting: work.Convening, invitation_id: int) -> dict[str, Any] | None:
    """What the invitation was before its status was set last; None when it was not there.

    Whatever was taken back already is passed over, so that taking back twice goes back two steps.
    """
    images = session.exec(
        select(Change.command, RowImage.before)
        .join(RowImage, col(RowImage.change_id) == col(Change.id))
        .where(
            Change.initiative_id == meeting.initiative_id,
            col(Change.command).in_((*_NOTING, _TAKING_BACK)),
            col(Change.undone_at).is_(None),
            RowImage.table_name == "invitation",
            RowImage.row_id == invitation_id,
        )
        .order_by(col(Change.id).desc())
    )
    passed_over = 0
    for command, image in images:
        if image is not None and "status" not in image:
            continue
        if command == _TAKING_BACK:
            passed_over += 1
        elif passed_over:
            passed_over -= 1
        else:
            return None if image is None else dict(image)
    raise ConveningError("nothing_to_take_back")
