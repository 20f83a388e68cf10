"""Anonymous notes in the hands of the facilitator and the keeper; breaking the glass."""

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import Session, col, select

from convening.dissent_drafts import cleaned_reason
from convening.problems import ConveningError, Invalid, NotFound
from convening.roles import Action, Actor, require
from convening.vocabulary import NoteState
from db import audit, events, journal
from db.base import now
from db.commands import dissent_steps
from db.queries import dissent as reading
from db.tables.room import BrokenGlass
from db.tables.understanding import AnonymousNote
from db.tables.work import Convening, Initiative

GLASS_IS_OPEN = timedelta(hours=24)


def release_note(session: Session, actor: Actor, note_id: str) -> str:
    """Lets the team read a note, which can be answered from then on. Codes: note_is_not_held,
    note_cannot_be_read_yet."""
    note, initiative_id = _held(session, actor, note_id)
    note.state = NoteState.RELEASED.value
    _noted(session, actor, "release_note", initiative_id, note.convening_id)
    return note_id


def release_notes(
    session: Session, actor: Actor, convening_id: int, note_ids: Collection[str]
) -> int:
    """Releases those of these notes of a convening that still wait, and returns how many. They are
    named one by one: what came in since they were read is released by nobody."""
    initiative_id = _initiative_of(session, actor, convening_id)
    found = session.exec(
        select(AnonymousNote)
        .where(
            AnonymousNote.convening_id == convening_id,
            AnonymousNote.state == NoteState.HELD.value,
            col(AnonymousNote.id).in_(note_ids),
        )
        .with_for_update()
    ).all()
    for note in found:
        note.state = NoteState.RELEASED.value
    if found:
        _noted(session, actor, "release_notes", initiative_id, convening_id)
    return len(found)


def hide_note(session: Session, actor: Actor, note_id: str, reason: str) -> str:
    """Keeps a note from the team, for a reason that the ledger shows in its place; it keeps no
    version from being adopted any more. One that was released can be hidden as well. Codes:
    note_is_hidden, note_cannot_be_read_yet; dissent_is_sealed once a version was adopted with it;
    by field: required."""
    note, initiative_id = _locked(session, actor, note_id)
    if note.state == NoteState.HIDDEN:
        raise ConveningError("note_is_hidden")
    if note.state == NoteState.RELEASED and note.strength:
        dissent_steps.require_loose(session, reading.entry(session, actor, note_id))
    reason, problems = cleaned_reason(reason)
    if problems:
        raise Invalid(problems)
    note.state, note.hidden_because = NoteState.HIDDEN.value, reason
    _noted(session, actor, "hide_note", initiative_id, note.convening_id)
    return note_id


def show_note(session: Session, actor: Actor, note_id: str) -> str:
    """Takes "hidden" back: the note waits to be released again. Code: note_is_not_hidden."""
    note, initiative_id = _locked(session, actor, note_id)
    if note.state != NoteState.HIDDEN:
        raise ConveningError("note_is_not_hidden")
    note.state, note.hidden_because = NoteState.HELD.value, ""
    _noted(session, actor, "show_note", initiative_id, note.convening_id)
    return note_id


def break_glass(session: Session, actor: Actor, initiative_id: int, reason: str) -> int:
    """Lets an administrator who is not on the team read its dissent for a day.

    The team is shown who did, when and why. Codes: on_the_team, glass_is_broken; by field:
    required.
    """
    require(actor, Action.BREAK_GLASS)
    if session.get(Initiative, initiative_id, with_for_update=True) is None:
        raise NotFound("initiative")
    if initiative_id in actor.teams:
        raise ConveningError("on_the_team")
    if reading.breaks_glass(session, actor, initiative_id):
        raise ConveningError("glass_is_broken")
    reason, problems = cleaned_reason(reason)
    if problems:
        raise Invalid(problems)
    moment = now()
    row = BrokenGlass(
        created_at=moment,
        initiative_id=initiative_id,
        user_id=actor.user_id,
        reason=reason,
        until=moment + GLASS_IS_OPEN,
    )
    session.add(row)
    session.flush()
    _noted(session, actor, "break_glass", initiative_id, None)
    return row.key


def _held(session: Session, actor: Actor, note_id: str) -> tuple[AnonymousNote, int]:
    """A note that waits to be released."""
    note, initiative_id = _locked(session, actor, note_id)
    if note.state != NoteState.HELD:
        raise ConveningError("note_is_not_held")
    return note, initiative_id


def _locked(session: Session, actor: Actor, note_id: str) -> tuple[AnonymousNote, int]:
    """A note that can be read: nobody decides about what they have not read."""
    note = dissent_steps.lock(session, note_id)
    if not isinstance(note, AnonymousNote):
        raise NotFound("dissent")
    initiative_id = _initiative_of(session, actor, note.convening_id, "dissent")
    if note.state == NoteState.ARRIVED:
        raise ConveningError("note_cannot_be_read_yet")
    return note, initiative_id


def _initiative_of(
    session: Session, actor: Actor, convening_id: int, what: str = "convening"
) -> int:
    """The initiative, where the actor decides about its notes; through broken glass one reads."""
    meeting = session.get(Convening, convening_id)
    if meeting is None:
        raise NotFound(what)
    try:
        require(actor, Action.SEE_HELD_NOTES, meeting.initiative_id)
    except NotFound:
        raise NotFound(what) from None
    return meeting.initiative_id


def _noted(
    session: Session, actor: Actor, command: str, initiative_id: int, convening_id: int | None
) -> None:
    """The log says that it was done, and not to which note."""
    session.flush()
    journal.concerns(session, initiative_id=initiative_id)
    audit.record(session, actor.user_id, command, initiative_id=initiative_id)
    if convening_id is not None:
        events.announce(session, convening_id)
