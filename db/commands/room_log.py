"""Logging what is said and counted in a room; nothing that was logged is ever deleted."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from convening.problems import ConveningError, Invalid, NotFound
from convening.roles import Action, Actor
from convening.room_entries import (
    COUNTED,
    EntryDraft,
    HandsDraft,
    cleaned,
    cleaned_hands,
    count_prefix,
    entry_uuid,
)
from convening.vocabulary import Choice, Group, RoomState
from db import events
from db.base import now
from db.commands import noting, versions
from db.commands.room import meeting_of
from db.queries import convenings
from db.tables import understanding, work
from db.tables.room import Room, RoomEntry


def log_entry(session: Session, actor: Actor, draft: EntryDraft) -> int:
    """Logs a point or a turn; sent a second time, it is kept once and its id returned again.

    Code ``room_not_open`` before the room was opened. What arrives after it closed is taken too: it
    may have waited for the connection.
    """
    meeting = meeting_of(session, actor, draft.convening_id)
    draft, problems = cleaned(draft)
    if problems:
        raise Invalid(problems)
    known = _known(session, meeting, draft.uuid)
    if known is not None:
        return known.key
    _require_opened(session, meeting)
    row = RoomEntry(
        uuid=draft.uuid,
        convening_id=meeting.key,
        block_id=_block_id(session, meeting, draft.block_id),
        kind=draft.kind.value,
        groups=_ordered(draft.groups),
        text=draft.text,
        afterwards=draft.afterwards,
        logged_by_id=actor.user_id,
    )
    session.add(row)
    _noted(session, actor, "log_entry", meeting, [row])
    return row.key


def record_hands(session: Session, actor: Actor, draft: HandsDraft) -> int:
    """Logs how many hands or cards were shown, one entry for each choice of each group; returns
    how many entries there are. Sent a second time, they are kept once."""
    meeting = meeting_of(session, actor, draft.convening_id)
    draft, problems = cleaned_hands(draft)
    if problems:
        raise Invalid(problems)
    _require_opened(session, meeting)
    _require_statement(session, meeting, draft.statement_id)
    block_id = _block_id(session, meeting, draft.block_id)
    rows = []
    for (groups, choice), people in draft.counts.items():
        uuid = entry_uuid(draft, groups, choice)
        if _known(session, meeting, uuid) is None:
            rows.append(
                RoomEntry(
                    uuid=uuid,
                    convening_id=meeting.key,
                    block_id=block_id,
                    kind=draft.kind.value,
                    groups=_ordered(groups),
                    choice=Choice(choice).value,
                    people=people,
                    text=draft.text,
                    statement_id=draft.statement_id,
                    logged_by_id=actor.user_id,
                )
            )
    session.add_all(rows)
    if rows:
        _noted(session, actor, "record_hands", meeting, rows)
    return len(draft.counts)


def strike_entry(session: Session, actor: Actor, entry_id: int) -> int:
    """Strikes an entry through, after a slip: it stays in the log and counts no more. A second
    time it counts again. Entries that were counted together go together."""
    row = session.get(RoomEntry, entry_id, with_for_update=True)
    if row is None:
        raise NotFound("entry")
    try:
        meeting = convenings.row(session, actor, row.convening_id, Action.RUN_ROOM)
    except NotFound:
        raise NotFound("entry") from None
    struck_at = None if row.struck_at else now()
    for each in _counted_with(session, row):
        each.struck_at = struck_at
        versions.check(each, None)
    _noted(session, actor, "strike_entry", meeting, [row])
    return row.key


def _counted_with(session: Session, row: RoomEntry) -> Sequence[RoomEntry]:
    if row.kind not in COUNTED:
        return [row]
    entry = RoomEntry
    return session.exec(
        select(entry)
        .where(
            entry.convening_id == row.convening_id,
            col(entry.uuid).startswith(count_prefix(row.uuid), autoescape=True),
        )
        .order_by(col(entry.id))
        .with_for_update()
    ).all()


def _known(session: Session, meeting: work.Convening, uuid: str) -> RoomEntry | None:
    """The entry that was sent before; one of another convening is none that may be seen."""
    found = session.exec(select(RoomEntry).where(RoomEntry.uuid == uuid)).first()
    if found is not None and found.convening_id != meeting.key:
        raise ConveningError("sent_elsewhere")
    return found


def _require_opened(session: Session, meeting: work.Convening) -> None:
    state = session.exec(select(Room.state).where(Room.convening_id == meeting.key)).first()
    if state is None or state == RoomState.PREPARING:
        raise ConveningError("room_not_open")


def _require_statement(session: Session, meeting: work.Convening, statement_id: int | None) -> None:
    if statement_id is None:
        return
    statement = session.get(understanding.Statement, statement_id)
    conversation = (
        session.get_one(understanding.Conversation, statement.conversation_id)
        if statement
        else None
    )
    if conversation is None or conversation.initiative_id != meeting.initiative_id:
        raise NotFound("statement")


def _block_id(session: Session, meeting: work.Convening, block_id: int | None) -> int | None:
    """The block, if it is still there: an entry is not lost because a block was deleted."""
    row = session.get(work.AgendaBlock, block_id) if block_id is not None else None
    return row.key if row is not None and row.convening_id == meeting.key else None


def _ordered(groups: frozenset[Group]) -> list[str]:
    return [each.value for each in Group if each in groups]


def _noted(
    session: Session,
    actor: Actor,
    command: str,
    meeting: work.Convening,
    rows: Sequence[RoomEntry],
) -> None:
    session.flush()
    noting.noted_row(session, actor, command, meeting, entry=rows[0].key)
    events.announce(session, meeting.key)
