"""What people in a room do from their own phone: they enter, leave notes and vote.

Nobody here has an account: the link, and what their phone keeps of having entered, is all that
they show. Neither is stored, and what is anonymous leaves no trace in the audit log or the journal.
"""

import json
from dataclasses import astuple, replace
from functools import cache

from sqlalchemy import bindparam, func, inspect, update
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
from db.base import columns
from db.commands import dissent_steps, note_batches, noting
from db.queries import masks
from db.tables.room import Room, RoomDeclaration
from db.tables.understanding import AnonymousNote, DissentingView, Statement, Vote
from db.tables.work import Convening, Invitation

# What everybody in a room does in the same minute is put together once, and not at each post.
_ROOM = select(Room).where(col(Room.link_hash) == bindparam("link_hash")).with_for_update(read=True)
_of_invitation = masks.of_invitation().label("mask")
_HERE = (
    select(_of_invitation, func.count())
    .where(
        columns(Invitation).convening_id == bindparam("convening_id"),
        columns(Invitation).status == InvitationStatus.ATTENDED.value,
    )
    .group_by(_of_invitation)
)
_DECLARED = select(columns(RoomDeclaration).mask, columns(RoomDeclaration).people).where(
    columns(RoomDeclaration).room_id == bindparam("room_id")
)


def enter(
    session: Session,
    token: str,
    declared: Participant,
    before: frozenset[Group] | None = None,
    inside: Participant | None = None,
) -> Participant:
    """Counts the groups that somebody declared as they enter, and says who they are from now on.

    ``declared`` carries a random id; its room is that of the link. ``before`` are the groups that
    the same id declared earlier, which are taken back. ``inside`` is as whom they entered a room
    earlier: where it is this one, they keep that id. Code: room_not_open.
    """
    room = _open_room(session, token)
    if inside is not None and inside.room_id == room.key:
        declared, before = replace(declared, id=inside.id), inside.groups
    mask = balance.mask(declared.groups)
    if before is None or balance.mask(before) != mask:
        if before is not None:
            _take_back(session, room.key, balance.mask(before))
        _count(session, room.key, mask)
        events.announce(session, room.convening_id)
    return replace(declared, room_id=room.key)


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
) -> Offered:
    """Notes how a participant votes; their last vote on a statement counts. What else the room
    takes is returned.

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
    session.execute(_voting(_dialect(session)), values)
    events.announce(session, room.convening_id)
    return _offered(room)


def _open_room(session: Session, token: str, participant: Participant | None = None) -> Room:
    """The row of the room behind the link, locked so that it cannot close meanwhile.

    People in it do not wait for each other.
    """
    row = session.execute(_ROOM, {"link_hash": tokens.hashed(token)}).scalars().first()
    if row is None or row.state != RoomState.OPEN:
        raise ConveningError("room_not_open")
    if participant is not None and participant.room_id != row.key:
        raise ConveningError("room_not_open")
    return row


def _offered(room: Room) -> Offered:
    release = NoteRelease(room.release) if room.release else None
    return Offered(participation.offers_notes(release), room.version_id is not None)


def _read(
    room: Room, participant: Participant, draft: NoteDraft
) -> tuple[ViewText | None, str, str]:
    """What a note says, and the marks by which the same one is known again. Raises Invalid."""
    view, text, problems = participation.cleaned(draft, _offered(room), participant.groups)
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
    note = {
        "id": room_codes.id_of(slip),
        "convening_id": room.convening_id,
        "block_id": room.block_id,
        "version_id": room.version_id,
        "strength": view.strength.value if view else "",
        "text": text,
        "reason": view.reason if view else "",
        "resolution": view.resolution if view else "",
        "groups": [each.value for each in Group if each in kept],
        "receipt_hash": room_codes.keyed(room_codes.receipt_of(slip)),
        "state": note_batches.on_arrival(room),
        "hidden_because": "",
    }
    session.execute(_noting(_dialect(session)), note)
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
    which = {"room_id": room.key, "convening_id": room.convening_id}
    rows = session.execute(_DECLARED, which).all()
    here = dict(session.execute(_HERE, which).all())
    present = max(room.size, sum(here.values()))
    return participation.kept(declared, dict(rows), here, present)


def _count(session: Session, room_id: int, mask: int) -> None:
    values = {"room_id": room_id, "mask": mask, "people": 1}
    session.execute(_declaring(_dialect(session)), values)


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


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _noting(dialect: str) -> sqlite.Insert:
    return _insert(dialect, AnonymousNote).on_conflict_do_nothing()


@cache
def _voting(dialect: str) -> sqlite.Insert:
    insert = _insert(dialect, Vote)
    changed = {each: insert.excluded[each] for each in ("choice", "groups")}
    return insert.on_conflict_do_update(index_elements=["statement_id", "voter"], set_=changed)


@cache
def _declaring(dialect: str) -> sqlite.Insert:
    one_more = {"people": col(RoomDeclaration.people) + 1}
    return _insert(dialect, RoomDeclaration).on_conflict_do_update(
        index_elements=["room_id", "mask"], set_=one_more
    )


def _insert(dialect: str, model: type[RoomDeclaration | AnonymousNote | Vote]) -> sqlite.Insert:
    """The insert of this database that can say what is done with a row that is there."""
    table = inspect(model).local_table
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)  # type: ignore[return-value]
