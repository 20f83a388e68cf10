"""What people in a room do from their own phone: they enter, leave notes and vote.

Nobody here has an account: the link, and what their phone keeps of having entered, is all that
they show. Neither is stored, and what is anonymous leaves no trace in the audit log or the journal.
"""

import json
from dataclasses import astuple

from sqlalchemy import func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from convening import balance, participation
from convening.dissent import ViewText
from convening.participation import NoteDraft, Offered, Participant
from convening.problems import ConveningError, Invalid
from convening.vocabulary import (
    Attribution,
    Choice,
    Group,
    InvitationStatus,
    NoteRelease,
    RoomState,
    StatementState,
)
from db import events, room_codes, tokens
from db.commands import dissent_steps, note_batches, noting
from db.tables.room import Room, RoomDeclaration
from db.tables.understanding import AnonymousNote, DissentingView, Statement, Vote
from db.tables.work import Convening, Invitation


def enter(
    session: Session, token: str, declared: Participant, before: frozenset[Group] | None = None
) -> Participant:
    """Counts the groups that somebody declared as they enter.

    ``declared`` carries their own random id; its room is that of the link. ``before`` are the
    groups that they declared earlier, which are taken back. Code: room_not_open.
    """
    room = _open_room(session, token)
    mask = balance.mask(declared.groups)
    if before is None or balance.mask(before) != mask:
        if before is not None:
            _take_back(session, room.key, balance.mask(before))
        _count(session, room.key, mask)
        events.announce(session, room.convening_id)
    return Participant(room.key, declared.id, declared.groups)


def leave_note(session: Session, token: str, participant: Participant, draft: NoteDraft) -> str:
    """Takes a note, and returns the receipt code with which its writer comes back to it.

    The same words from the same form are one note with one code, however often they arrive, and
    when the room has closed meanwhile. Codes: room_not_open, and those of
    ``participation.cleaned``.
    """
    try:
        room = _open_room(session, token, participant)
    except ConveningError:
        known = _left_before(session, participant, draft)
        if known is None:
            raise
        return known
    view, text, slip = _read(room, participant, draft)
    if view is not None:  # what dissents waits for an adoption that is being made
        dissent_steps.lock_definition(session, room.version_id, shared=True)
    if draft.attribution is Attribution.ANONYMOUS:
        _anonymous(session, room, participant, slip, view, text)
    elif view is not None and room.version_id is not None:
        _for_group(session, room, room.version_id, participant, slip, view)
    return room_codes.receipt_of(slip)


def vote(
    session: Session, token: str, participant: Participant, statement_id: int, choice: Choice
) -> int:
    """Notes how a participant votes; their last vote on a statement counts.

    Codes: room_not_open, statement_not_open.
    """
    room = _open_room(session, token, participant)
    statement = session.get(Statement, statement_id)
    if (
        statement is None
        or room.conversation_id is None
        or statement.conversation_id != room.conversation_id
        or statement.state != StatementState.OPEN
    ):
        raise ConveningError("statement_not_open")
    voter = room_codes.voter_of(participant.id, room.conversation_id)
    groups = [each.value for each in Group if each in participant.groups]
    values = {"statement_id": statement_id, "voter": voter, "choice": choice.value}
    values |= {"id": room_codes.id_of(f"vote {voter} {statement_id}"), "groups": groups}
    changed = {"choice": choice.value, "groups": groups}
    session.execute(
        _insert(session, Vote)
        .values(**values)
        .on_conflict_do_update(index_elements=["statement_id", "voter"], set_=changed)
    )
    events.announce(session, room.convening_id)
    return statement_id


def _open_room(session: Session, token: str, participant: Participant | None = None) -> Room:
    """The row of the room behind the link, locked so that it cannot close meanwhile.

    People in it do not wait for each other.
    """
    row = session.exec(
        select(Room).where(Room.link_hash == tokens.hashed(token)).with_for_update(read=True)
    ).first()
    if row is None or row.state != RoomState.OPEN:
        raise ConveningError("room_not_open")
    if participant is not None and participant.room_id != row.key:
        raise ConveningError("room_not_open")
    return row


def _read(
    room: Room, participant: Participant, draft: NoteDraft
) -> tuple[ViewText | None, str, str]:
    """What a note says, and the marks by which the same one is known again. Raises Invalid."""
    release = NoteRelease(room.release) if room.release else None
    offered = Offered(participation.offers_notes(release), room.version_id is not None)
    view, text, problems = participation.cleaned(draft, offered, participant.groups)
    if problems:
        raise Invalid(problems)
    said = astuple(view) if view else (text,)
    return view, text, json.dumps([participant.id, draft.nonce, draft.attribution, *said])


def _left_before(session: Session, participant: Participant, draft: NoteDraft) -> str | None:
    """The receipt code of a note that arrived before its room closed, and arrives once more
    because its page was loaded again."""
    room = session.get(Room, participant.room_id)
    if room is None:
        return None
    try:
        _, _, slip = _read(room, participant, draft)
    except Invalid:
        return None
    kept = room_codes.id_of(slip)
    view = select(DissentingView.id).where(DissentingView.uuid == kept)
    if session.get(AnonymousNote, kept) is None and session.exec(view).first() is None:
        return None
    return room_codes.receipt_of(slip)


def _anonymous(
    session: Session,
    room: Room,
    participant: Participant,
    slip: str,
    view: ViewText | None,
    text: str,
) -> None:
    """Inserts the note, unless it is there: it says nothing of who sent it and when."""
    kept = kept_groups(session, room, participant.groups)
    note = AnonymousNote(
        id=room_codes.id_of(slip),
        convening_id=room.convening_id,
        block_id=room.block_id,
        version_id=room.version_id,
        strength=view.strength.value if view else "",
        text=text,
        reason=view.reason if view else "",
        resolution=view.resolution if view else "",
        groups=[each.value for each in Group if each in kept],
        receipt_hash=room_codes.keyed(room_codes.receipt_of(slip)),
        state=note_batches.on_arrival(room),
    )
    session.execute(
        _insert(session, AnonymousNote).values(**note.model_dump()).on_conflict_do_nothing()
    )
    if note_batches.gather(session, room):
        events.announce(session, room.convening_id)


def _for_group(
    session: Session,
    room: Room,
    version_id: int,
    participant: Participant,
    slip: str,
    view: ViewText,
) -> None:
    """A view in the name of the groups that its owner declared; the team sees it at once."""
    uuid = room_codes.id_of(slip)
    if session.exec(select(DissentingView.id).where(DissentingView.uuid == uuid)).first():
        return
    row = DissentingView(
        uuid=uuid,
        version_id=version_id,
        convening_id=room.convening_id,
        block_id=room.block_id,
        strength=view.strength.value,
        statement=view.statement,
        reason=view.reason,
        resolution=view.resolution,
        attribution=Attribution.GROUP_ONLY.value,
        groups=[each.value for each in Group if each in participant.groups],
        receipt_hash=room_codes.keyed(room_codes.receipt_of(slip)),
    )
    session.add(row)
    session.flush()
    meeting = session.get_one(Convening, room.convening_id)
    noting.noted(
        session,
        None,
        "dissent_by_phone",
        meeting.initiative_id,
        subject="dissenting_view",
        subject_id=row.key,
    )
    events.announce(session, room.convening_id)


def kept_groups(session: Session, room: Room, declared: frozenset[Group]) -> frozenset[Group]:
    """Which of the groups that somebody of the room declared an anonymous note keeps."""
    if not declared:
        return frozenset()
    rows = session.exec(
        select(RoomDeclaration.mask, RoomDeclaration.people).where(
            RoomDeclaration.room_id == room.key
        )
    )
    here = session.exec(
        select(func.count()).where(
            Invitation.convening_id == room.convening_id,
            Invitation.status == InvitationStatus.ATTENDED.value,
        )
    ).one()
    return participation.kept(declared, dict(rows.all()), max(room.size, here))


def _count(session: Session, room_id: int, mask: int) -> None:
    session.execute(
        _insert(session, RoomDeclaration)
        .values(room_id=room_id, mask=mask, people=1)
        .on_conflict_do_update(
            index_elements=["room_id", "mask"], set_={"people": col(RoomDeclaration.people) + 1}
        )
    )


def _take_back(session: Session, room_id: int, mask: int) -> None:
    session.execute(
        update(RoomDeclaration)
        .where(
            col(RoomDeclaration.room_id) == room_id,
            col(RoomDeclaration.mask) == mask,
            col(RoomDeclaration.people) > 0,
        )
        .values(people=col(RoomDeclaration.people) - 1)
    )


def _insert(session: Session, model: type[RoomDeclaration | AnonymousNote | Vote]) -> sqlite.Insert:
    """The insert of this database that can say what is done with a row that is there."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)  # type: ignore[return-value]
