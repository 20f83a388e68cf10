"""The rows that a logged view becomes: one with a group or a person behind it, or a note."""

from dataclasses import replace

from sqlmodel import Session, col, select

from convening import participation
from convening.dissent_drafts import DissentDraft
from convening.problems import Invalid, NotFound, Problem
from convening.vocabulary import Attribution, Group, NoteRelease, RoomState
from db import events, room_codes, shuffling
from db.commands import note_batches
from db.commands import participation as participants
from db.tables.community import GroupMembership, Stakeholder
from db.tables.room import Room
from db.tables.understanding import AnonymousNote, DissentingView
from db.tables.work import AgendaBlock, Convening


def placed(session: Session, initiative_id: int, draft: DissentDraft) -> DissentDraft:
    """The draft, whose convening and person are of the initiative (NotFound otherwise).

    A block that is gone is left out: nothing that was said is lost because a block was deleted.
    """
    if draft.convening_id is not None:
        meeting = session.get(Convening, draft.convening_id)
        if meeting is None or meeting.initiative_id != initiative_id:
            raise NotFound("convening")
    if draft.stakeholder_id is not None:
        person = session.get(Stakeholder, draft.stakeholder_id)
        if person is None or person.initiative_id != initiative_id:
            raise NotFound("stakeholder")
    block = session.get(AgendaBlock, draft.block_id) if draft.block_id is not None else None
    in_agenda = block is not None and block.convening_id == draft.convening_id
    return draft if in_agenda else replace(draft, block_id=None)


def view_row(session: Session, actor_id: int, draft: DissentDraft) -> DissentingView:
    """A view with a group or a person behind it; who stands behind a group is not kept with it."""
    named = draft.attribution is Attribution.NAMED
    person = draft.stakeholder_id if named and not draft.own else None
    groups = draft.groups or _groups_on_map(session, person)
    return DissentingView(
        uuid=draft.uuid,
        version_id=draft.version_id,
        convening_id=draft.convening_id,
        block_id=draft.block_id,
        strength=draft.strength.value,
        statement=draft.statement,
        reason=draft.reason,
        resolution=draft.resolution,
        passage_field=draft.passage_field.value if draft.passage_field else "",
        passage=draft.passage,
        attribution=draft.attribution.value,
        groups=[each.value for each in Group if each in groups],
        stakeholder_id=person,
        owner_id=actor_id if draft.own else None,
        agreed_to_name=named,
        afterwards=draft.afterwards,
        receipt_hash=room_codes.keyed(draft.receipt_code) if draft.receipt_code.strip() else None,
        logged_by_id=actor_id,
    )


def record_note(session: Session, draft: DissentDraft) -> str:
    """Keeps an anonymous view as a note, which says nothing of who wrote or who logged it.

    Sent a second time it keeps its words, and the later receipt code counts. What had to wait for
    the connection is taken after the room closed too. Codes: anonymous_needs_room,
    anonymous_not_offered, receipt_code_taken.
    """
    room = _room(session, draft.convening_id)
    receipt = room_codes.keyed(draft.receipt_code)
    known = session.get(AnonymousNote, draft.uuid, with_for_update=True)
    if known is not None and known.convening_id != room.convening_id:
        raise NotFound("dissent")
    taken = session.exec(
        select(AnonymousNote.id).where(
            AnonymousNote.receipt_hash == receipt, AnonymousNote.id != draft.uuid
        )
    ).first()
    if taken is not None:
        raise Invalid([Problem("receipt_code_taken", field="receipt_code")])
    if known is not None:
        known.receipt_hash = receipt
    else:
        kept = participants.kept_groups(session, room, frozenset(draft.groups))
        session.add(_note_row(draft, room, kept, receipt))
    session.flush()
    note_batches.gather(session, room)
    if room.state == RoomState.CLOSED:
        shuffling.rewrite_notes(session, room.convening_id)
    events.announce(session, room.convening_id)
    return draft.uuid


def _room(session: Session, convening_id: int | None) -> Room:
    """The room that the note was left in, locked already; it was opened, and offers notes."""
    room = session.exec(
        select(Room).where(col(Room.convening_id) == convening_id).with_for_update()
    ).first()
    if room is None or room.state == RoomState.PREPARING or room.release is None:
        raise Invalid([Problem("anonymous_needs_room", field="attribution")])
    if not participation.offers_notes(NoteRelease(room.release)):
        raise Invalid([Problem("anonymous_not_offered", field="attribution")])
    return room


def _note_row(
    draft: DissentDraft, room: Room, kept: frozenset[Group], receipt: str
) -> AnonymousNote:
    return AnonymousNote(
        id=draft.uuid,
        convening_id=room.convening_id,
        block_id=draft.block_id,
        version_id=draft.version_id,
        strength=draft.strength.value,
        text=draft.statement,
        reason=draft.reason,
        resolution=draft.resolution,
        groups=[each.value for each in Group if each in kept],
        receipt_hash=receipt,
        state=note_batches.on_arrival(room),
    )


def _groups_on_map(session: Session, person: int | None) -> set[Group]:
    """The groups of a named person, where none were typed."""
    if person is None:
        return set()
    rows = session.exec(
        select(GroupMembership.group).where(GroupMembership.stakeholder_id == person)
    )
    return set(map(Group, rows))
