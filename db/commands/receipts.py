"""What somebody does with a receipt code: they say whether they were answered, add, or withdraw.

The code is all that they show. Of a note without a name nothing is written beside the note and its
responses: no audit event, no time but the day.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session, select

from convening import receipts
from convening.ledger import Answer
from convening.problems import ConveningError, Invalid, NotFound
from convening.receipts import Receipt
from convening.vocabulary import NoteState, Outcome, ReplyChannel
from db import events, room_codes
from db.base import now
from db.commands import dissent_steps, note_batches, noting, versions
from db.queries import receipts as reading
from db.tables.room import Room
from db.tables.understanding import (
    AnonymousNote,
    DissentingView,
    DissentResponse,
)


def reply_by_receipt(session: Session, code: str, answers: bool) -> None:
    """Says whether the last response answers the view. Until a version is adopted with it, what
    was said last counts. Code: cannot_reply."""
    found = _locked(session, code)
    last = found.receipt.last
    if last is not None and last.answers is answers:
        return  # sent twice
    if last is None or not found.receipt.may_reply:
        raise ConveningError("cannot_reply")
    row = session.get_one(DissentResponse, last.id, with_for_update=True, populate_existing=True)
    row.asked_at = row.asked_at or row.created_at
    row.answers, row.answered_by = answers, ReplyChannel.RECEIPT.value
    row.answered_at = found.moment(last)
    versions.check(row, None)
    session.add(row)
    found.noted(session, "reply_by_receipt")


def add_by_receipt(session: Session, code: str, form_id: str, text: str) -> None:
    """Adds to what was said; ``form_id`` keeps what a form sends twice from being kept twice.

    Codes by field: those of ``receipts.cleaned_addition``; cannot_add.
    """
    found = _locked(session, code)
    sent = receipts.form_id(form_id) or str(uuid4())
    known = reading.additions(session, found.row)
    again = next((each for each in known if each.id == sent), None)
    text, problems = receipts.cleaned_addition(text, len(known) - (again is not None))
    if problems:
        raise Invalid(problems)
    convening_id = found.row.convening_id
    if not found.receipt.takes_additions or convening_id is None:
        raise ConveningError("cannot_add")
    if again is not None and again.state in (NoteState.ARRIVED, NoteState.HELD):
        again.text = text
        session.add(again)
    elif again is None or again.text != text:
        free = session.get(AnonymousNote, sent) is None
        _add(session, found, convening_id, sent if free else str(uuid4()), text)
    found.noted(session, "add_by_receipt")


def withdraw_by_receipt(session: Session, code: str) -> None:
    """Withdraws the view, which nobody else can; it stays on record. Code: cannot_withdraw."""
    found = _locked(session, code)
    entry, last = found.receipt.entry, found.receipt.last
    if last is not None and last.outcome is Outcome.WITHDRAWN:
        return  # sent twice
    if entry is None or not found.receipt.may_withdraw:
        raise ConveningError("cannot_withdraw")
    at = found.moment(last)
    row = DissentResponse(
        view_id=found.view.key if found.view else None,
        note_id=found.note.id if found.note else None,
        round=len(entry.answers) + 1,
        outcome=Outcome.WITHDRAWN.value,
        created_at=at,
        answered_at=at,
        answered_by=ReplyChannel.RECEIPT.value,
    )
    session.add(row)
    found.noted(session, "withdraw_by_receipt")


def publish_by_receipt(session: Session, code: str, agreed: bool) -> None:
    """Says whether the words may be published with the definition, beyond those who were there.

    Code: cannot_publish, where the view does not stand beside the text.
    """
    found = _locked(session, code)
    if not found.receipt.may_publish:
        raise ConveningError("cannot_publish")
    found.row.agreed_to_publish = agreed
    session.add(found.row)
    found.noted(session, "publish_by_receipt")


@dataclass(frozen=True)
class _Found:
    """A view or a note with what its holder may do, behind the locks of this transaction."""

    row: reading.Dissent
    receipt: Receipt
    initiative_id: int

    @property
    def view(self) -> DissentingView | None:
        return self.row if isinstance(self.row, DissentingView) else None

    @property
    def note(self) -> AnonymousNote | None:
        return self.row if isinstance(self.row, AnonymousNote) else None

    def moment(self, last: Answer | None) -> datetime:
        """When something is done; for somebody without a name the day alone, and not before the
        response that they reply to."""
        return receipts.coarse(now(), last.responded_at if last else None) if self.note else now()

    def noted(self, session: Session, command: str) -> None:
        if self.row.convening_id is not None:
            events.announce(session, self.row.convening_id)
        if self.view is not None:
            versions.check(self.view, None)
            noting.noted(
                session,
                None,
                command,
                self.initiative_id,
                subject="dissenting_view",
                subject_id=self.view.key,
            )


def _locked(session: Session, code: str) -> _Found:
    """What the code was given for. It waits for a room that is being closed, which writes its notes
    anew, and for a definition that is being adopted; NotFound for a code that nobody was given."""
    row = reading.source(session, code)
    if row is None:
        raise NotFound("dissent")
    definition = dissent_steps.lock_place(session, row.convening_id, row.version_id)
    row = reading.source(session, code, for_update=True)
    receipt = reading.by_code(session, code)
    if row is None or receipt is None:
        raise NotFound("dissent")
    return _Found(row, receipt, definition.initiative_id if definition else 0)


def _add(session: Session, found: _Found, convening_id: int, note_id: str, text: str) -> None:
    """Writes a row of its own, which nobody holds a code for."""
    room = session.exec(select(Room).where(Room.convening_id == convening_id)).first()
    row = AnonymousNote(
        id=note_id,
        convening_id=convening_id,
        version_id=found.row.version_id,
        text=text,
        receipt_hash=room_codes.keyed(room_codes.new_receipt()),
        state=note_batches.on_arrival(room),
        adds_to_note_id=found.note.id if found.note else None,
        adds_to_view_id=found.view.key if found.view else None,
    )
    session.add(row)
    session.flush()
    if room is not None:
        note_batches.gather(session, room)
