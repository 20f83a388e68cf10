"""Where people's texts enter a room and its dissent; ``text_entries`` takes these up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from convening.dissent_drafts import DissentDraft, ResponseDraft
from convening.room_entries import EntryDraft, HandsDraft
from convening.vocabulary import (
    Choice,
    DefinitionField,
    Group,
    NoteState,
    Outcome,
    Role,
    Strength,
)
from db.commands import dissent, keeper, responses, room, room_log
from db.queries import accounts
from db.tables.understanding import AnonymousNote
from tests import builders

Enter = Callable[..., Any]
UUID = "00000000-0000-4000-8000-000000000002"
STEWARDS = frozenset({Group.STEWARD})


def _draft(world: Any) -> DissentDraft:
    return DissentDraft(
        uuid=UUID,
        version_id=world.room.version_id,
        strength=Strength.CONCERN,
        statement="Rents rise",
        groups=STEWARDS,
        convening_id=world.room.convening_id,
        passage_field=DefinitionField.STATEMENT,
    )


def _view(field: str) -> Enter:
    def enter(session: Session, world: Any, text: str) -> Any:
        draft = replace(_draft(world), **{field: text})  # type: ignore[arg-type]
        return dissent.record_dissent(session, world.alice, draft)

    return enter


def _response(session: Session, world: Any, text: str) -> Any:
    made = dissent.record_dissent(session, world.alice, _draft(world))
    return responses.respond(session, world.alice, made, ResponseDraft(Outcome.STANDS, text))


def _strike(session: Session, world: Any, text: str) -> Any:
    made = dissent.record_dissent(session, world.alice, _draft(world))
    assert isinstance(made, int)
    return dissent.strike(session, world.alice, made, text)


def _hide(session: Session, world: Any, text: str) -> Any:
    note = AnonymousNote(
        id="a-released-note",
        convening_id=world.convening_id,
        text="Afraid",
        receipt_hash="a-receipt",
        state=NoteState.RELEASED.value,
    )
    session.add(note)
    session.flush()
    return keeper.hide_note(session, world.alice, note.id, text)


def _glass(session: Session, world: Any, text: str) -> Any:
    """An administrator who is not on the team."""
    ada = accounts.actor(session, builders.user(session, "Ada of texts", Role.ADMINISTRATOR))
    return keeper.break_glass(session, ada, world.initiative_id, text)


def _logged(session: Session, world: Any, text: str) -> Any:
    draft = EntryDraft(UUID, world.room.convening_id, groups=STEWARDS, text=text)
    return room_log.log_entry(session, world.alice, draft)


def _hands(session: Session, world: Any, text: str) -> Any:
    counts = {(STEWARDS, Choice.AGREE): 2}
    draft = HandsDraft(UUID, world.room.convening_id, counts=counts, text=text)
    return room_log.record_hands(session, world.alice, draft)


ENTRIES: dict[str, Enter] = {
    **{
        f"DissentDraft.{field}": _view(field)
        for field in ("statement", "reason", "resolution", "passage", "receipt_code")
    },
    "ResponseDraft.rationale": _response,
    "strike.reason": _strike,
    "hide_note.reason": _hide,
    "break_glass.reason": _glass,
    "EntryDraft.text": _logged,
    "HandsDraft.text": _hands,
    "set_question.question": lambda session, world, text: room.set_question(
        session, world.alice, world.room.convening_id, text
    ),
}
