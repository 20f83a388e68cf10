"""Running a convening's room: preparing it, opening and closing it, and how its time goes."""

from sqlmodel import Session, col, select

from convening import anonymity, retiming, rooms
from convening.agenda import LONGEST_BLOCK
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor
from convening.room_entries import cleaned_question
from convening.vocabulary import ConveningState, RoomState, VersionState
from db import events, room_codes, shuffling
from db.base import now
from db.commands import note_batches, noting, versions
from db.commands.erasure import note_to_compact
from db.queries import agenda, convenings
from db.queries import room as reading
from db.tables import understanding, work
from db.tables.room import Room

_IN_HAND = (VersionState.IN_DISCUSSION, VersionState.ADOPTED)


def prepare_room(session: Session, actor: Actor, convening_id: int) -> int:
    """Makes the room with its code and link, which lead nowhere until it opens; done twice it
    stays as it is."""
    meeting = meeting_of(session, actor, convening_id)
    if meeting.state == ConveningState.CANCELLED:
        raise ConveningError("convening_cancelled")
    found = _found(session, meeting)
    if found is not None:
        return found.key
    way_in = room_codes.new()
    row = Room(
        convening_id=meeting.key,
        code_salt=way_in.salt,
        code_hash=way_in.code_hash,
        link_hash=way_in.link_hash,
    )
    session.add(row)
    return noted(session, actor, "prepare_room", meeting, row)


def open_room(session: Session, actor: Actor, convening_id: int) -> int:
    """Lets people in. How many are here decides what becomes of anonymous notes, and that is never
    changed again (``convening.anonymity``)."""
    meeting, row = room_of(session, actor, convening_id, RoomState.PREPARING)
    if meeting.state == ConveningState.CANCELLED:
        raise ConveningError("convening_cancelled")
    row.size = reading.attended(session, meeting.key).people
    row.release = anonymity.release(row.size).value
    row.state, row.opened_at = RoomState.OPEN.value, now()
    versions.check(row, None)
    return noted(session, actor, "open_room", meeting, row, people=row.size)


def close_room(session: Session, actor: Actor, convening_id: int) -> int:
    """Lets nobody in any more. Notes and votes are written anew in random order, and the ways into
    the room are forgotten. ``db.room_closing.close`` runs it and clears up after it."""
    meeting, row = room_of(session, actor, convening_id, RoomState.OPEN)
    note_batches.let_out(session, meeting.key)
    shuffling.rewrite_notes(session, meeting.key)
    shuffling.rewrite_declarations(session, row.key)
    conversation_id = row.conversation_id
    if conversation_id is not None and not shuffling.is_voted_on_elsewhere(session, row):
        shuffling.rewrite_votes(session, conversation_id)
    note_to_compact(session)
    row.code_salt, row.code_hash, row.link_hash = "", None, None
    row.state, row.closed_at = RoomState.CLOSED.value, now()
    versions.check(row, None)
    return noted(session, actor, "close_room", meeting, row)


def start_block(session: Session, actor: Actor, convening_id: int, block_id: int) -> int:
    """Begins a block of the agenda now; tapped twice it began the first time. One that went on for
    less than ``rooms.SLIP`` was not held."""
    meeting, row = room_of(session, actor, convening_id, RoomState.OPEN)
    block = _block(session, meeting, block_id)
    if row.block_id == block.key:
        return block.key
    held = row.blocks_run
    if row.block_started_at is not None and now() - row.block_started_at < rooms.SLIP:
        held = held[:-1]
    row.block_id, row.block_started_at = block.key, now()
    row.blocks_run = [*held, block.key]
    versions.check(row, None)
    noted(session, actor, "start_block", meeting, row, block=block.key)
    return block.key


def retime_block(
    session: Session,
    actor: Actor,
    convening_id: int,
    block_id: int,
    minutes: int,
    keep_end: bool = False,
) -> int:
    """Makes a block so many ``minutes`` longer, or shorter where they are negative; its length.

    With ``keep_end`` the longest of the blocks after it give way, so that it ends as was said.
    Codes: minutes_out_of_range, cannot_shorten (``count`` minutes that are left over).
    """
    meeting = meeting_of(session, actor, convening_id)
    block = _block(session, meeting, block_id)
    length = block.minutes + minutes
    if not 1 <= length <= LONGEST_BLOCK:
        raise Invalid([Problem("minutes_out_of_range", {"most": LONGEST_BLOCK}, "minutes")])
    changed = {block.key: length}
    if keep_end and minutes > 0:
        ahead = [
            each
            for each in agenda.blocks(session, actor, meeting.key)
            if each.position > block.position
        ]
        shorter, left = retiming.shortened(ahead, minutes)
        if left:
            raise Invalid([Problem("cannot_shorten", {"count": left})])
        changed |= {each.id: each.minutes for each in shorter}
    for key, new in changed.items():
        each = session.get_one(work.AgendaBlock, key)
        if each.minutes != new:
            each.minutes = new
            versions.check(each, None)
    noting.noted_row(session, actor, "retime_block", meeting, block=block.key)
    events.announce(session, meeting.key)
    return length


def set_question(session: Session, actor: Actor, convening_id: int, question: str) -> int:
    """The question that stands on the wall; empty takes it away."""
    meeting, row = room_of(session, actor, convening_id)
    row.question, problems = cleaned_question(question)
    if problems:
        raise Invalid(problems)
    versions.check(row, None)
    return noted(session, actor, "set_question", meeting, row)


def choose_version(
    session: Session, actor: Actor, convening_id: int, version_id: int | None
) -> int:
    """The version that views and notes in this room are against; None takes it out of hand."""
    meeting, row = room_of(session, actor, convening_id)
    if version_id is not None:
        _require_version(session, meeting, version_id)
    row.version_id = version_id
    versions.check(row, None)
    return noted(session, actor, "choose_version", meeting, row)


def choose_conversation(
    session: Session, actor: Actor, convening_id: int, conversation_id: int | None
) -> int:
    """The statements that this room votes on."""
    meeting, row = room_of(session, actor, convening_id)
    if conversation_id is not None:
        found = session.get(understanding.Conversation, conversation_id)
        foreign = found is None or found.initiative_id != meeting.initiative_id
        if foreign or (found is not None and found.brought_in):
            raise NotFound("conversation")
    row.conversation_id = conversation_id
    versions.check(row, None)
    return noted(session, actor, "choose_conversation", meeting, row)


def meeting_of(session: Session, actor: Actor, convening_id: int) -> work.Convening:
    """The convening, locked, for somebody who runs its room."""
    return convenings.row(session, actor, convening_id, Action.RUN_ROOM, for_update=True)


def room_of(
    session: Session, actor: Actor, convening_id: int, *states: RoomState
) -> tuple[work.Convening, Room]:
    """The convening with its room, in one of ``states``; in any that is not over without them.

    Codes: room_not_prepared, room_state (``state``, the one that it is in).
    """
    meeting = meeting_of(session, actor, convening_id)
    row = _found(session, meeting)
    if row is None:
        raise ConveningError("room_not_prepared")
    if RoomState(row.state) not in (states or (RoomState.PREPARING, RoomState.OPEN)):
        raise ConveningError("room_state", state=RoomState(row.state))
    return meeting, row


def noted(
    session: Session, actor: Actor, command: str, meeting: work.Convening, row: Room, **details: int
) -> int:
    """Leaves the trace of a command, and tells the screens that show the room."""
    noting.noted_row(session, actor, command, meeting, **details)
    events.announce(session, meeting.key)
    return row.key


def _found(session: Session, meeting: work.Convening) -> Room | None:
    return session.exec(
        select(Room).where(Room.convening_id == meeting.key).with_for_update()
    ).first()


def _block(session: Session, meeting: work.Convening, block_id: int) -> work.AgendaBlock:
    row = session.get(work.AgendaBlock, block_id, with_for_update=True)
    if row is None or row.convening_id != meeting.key:
        raise NotFound("block")
    return row


def _require_version(session: Session, meeting: work.Convening, version_id: int) -> None:
    version, definition = understanding.DefinitionVersion, understanding.Definition
    found = session.exec(
        select(version.state)
        .join(definition, col(definition.id) == version.definition_id)
        .where(version.id == version_id, definition.initiative_id == meeting.initiative_id)
    ).first()
    if found is None:
        raise NotFound("version")
    if found not in _IN_HAND:
        raise ConveningError("version_not_open", state=VersionState(found))
