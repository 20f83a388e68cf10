"""What became of a view: for the holder of its receipt code, and for all who were in the room.

Nobody is signed in here. The code, or the token of the link, is all that a reader has to show.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from convening import receipts
from convening.definitions import Text, adopted_since
from convening.ledger import Entry
from convening.receipts import Addition, Became, ChangedPart, Receipt, Said, Shown
from convening.vocabulary import (
    DefinitionField,
    NoteState,
)
from db import room_codes
from db.queries import after, community, convenings, dissent, room
from db.tables import work
from db.tables.understanding import (
    AnonymousNote,
    Definition,
    DefinitionVersion,
    DissentingView,
)

Dissent = DissentingView | AnonymousNote
T = TypeVar("T", DissentingView, AnonymousNote)


def by_code(session: Session, code: str) -> Receipt | None:
    """What the holder of a code reads; None for a code that nobody was given."""
    row = source(session, code)
    if row is None:
        return None
    if isinstance(row, AnonymousNote) and not row.strength:
        return Receipt(**_about(session, row), id=row.id, words=row.text)
    entry = dissent.record(session, row.key if isinstance(row, DissentingView) else row.id)
    if isinstance(row, AnonymousNote):  # its writer reads what the team no longer shows
        entry = replace(entry, statement=row.text, reason=row.reason, resolution=row.resolution)
    definition = _definitions(session, [entry])[entry.definition_id]
    return Receipt(
        **_about(session, row),
        id=entry.id,
        words=entry.statement,
        entry=entry,
        definition=definition.title,
        responses=definition.shown(entry),
        adopted_at=adopted_since(definition.versions.values(), entry.number),
    )


def source(session: Session, code: str, *, for_update: bool = False) -> Dissent | None:
    """The row that a code was given for, the newest state of it."""
    keyed = room_codes.keyed(code[: receipts.CODE_LENGTH])
    return _row(session, DissentingView, keyed, for_update) or _row(
        session, AnonymousNote, keyed, for_update
    )


def additions(session: Session, row: Dissent) -> list[AnonymousNote]:
    """What its holder added later, in the random order of the ids."""
    parent = (
        col(AnonymousNote.adds_to_note_id) == row.id
        if isinstance(row, AnonymousNote)
        else col(AnonymousNote.adds_to_view_id) == row.key
    )
    return list(session.exec(select(AnonymousNote).where(parent).order_by(AnonymousNote.id)))


def became(session: Session, token: str) -> Became | None:
    """What became of what was said in the convening of a link; None for a token that nobody was
    given."""
    link = after.link_of(session, token)
    if link is None:
        return None
    meeting = session.get_one(work.Convening, link.convening_id)
    found = dissent.of_convening(session, meeting.key)
    shown = [
        each
        for each in found
        if not each.struck_because and each.note_state is not NoteState.HIDDEN
    ]
    present, states = room.attended(session, meeting.key).heads, _note_states(session, meeting.key)
    by_id = _definitions(session, shown)
    return Became(
        meeting=convenings.record(meeting),
        said=tuple(
            Said(
                entry=each,
                definition=by_id[each.definition_id].title,
                responses=by_id[each.definition_id].shown(each),
                groups=receipts.groups_to_show(each, present),
                name=receipts.name_to_show(each),
            )
            for each in shown
        ),
        also=tuple(_plain_notes(session, meeting.key)),
        held=states[NoteState.HELD],
        hidden=states[NoteState.HIDDEN],
        group_names=community.names_of(session, meeting.initiative_id),
    )


def _row(session: Session, model: type[T], keyed: str, for_update: bool) -> T | None:
    query = select(model).where(col(model.receipt_hash) == keyed)
    if for_update:
        query = query.with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def _about(session: Session, row: Dissent) -> dict[str, Any]:
    note = row if isinstance(row, AnonymousNote) else None
    meeting = session.get(work.Convening, row.convening_id or 0)
    return {
        "meeting": convenings.record(meeting) if meeting else None,
        "additions": tuple(
            Addition(each.text, NoteState(each.state)) for each in additions(session, row)
        ),
        "note_state": NoteState(note.state) if note else None,
        "hidden_because": note.hidden_because if note else "",
    }


@dataclass(frozen=True)
class _Read:
    """A definition with its versions by their number."""

    id: int
    title: str
    versions: Mapping[int, DefinitionVersion]

    def shown(self, entry: Entry) -> tuple[Shown, ...]:
        """The responses to a view with the words that changed because of them."""
        return tuple(Shown(each, self.changed(each.number)) for each in entry.answers)

    def changed(self, number: int | None) -> tuple[ChangedPart, ...] | None:
        """What a version changed against the one before it."""
        version, before = self.versions.get(number or 0), self.versions.get((number or 0) - 1)
        if version is None or before is None:
            return None
        return receipts.changed_parts(_text(before), _text(version))


def _definitions(session: Session, entries: Iterable[Entry]) -> dict[int, _Read]:
    ids = {each.definition_id for each in entries}
    versions: dict[int, dict[int, DefinitionVersion]] = defaultdict(dict)
    for row in session.exec(
        select(DefinitionVersion).where(col(DefinitionVersion.definition_id).in_(ids))
    ):
        versions[row.definition_id][row.number] = row
    rows = session.exec(select(Definition).where(col(Definition.id).in_(ids)))
    return {each.key: _Read(each.key, each.title, versions[each.key]) for each in rows}


def _text(version: DefinitionVersion) -> Text:
    return {part: getattr(version, part.value) for part in DefinitionField}


def _plain_notes(session: Session, convening_id: int) -> list[str]:
    """Notes that dissent from nothing and add to nothing, once they may be read."""
    return list(
        session.exec(
            select(AnonymousNote.text)
            .where(
                AnonymousNote.convening_id == convening_id,
                AnonymousNote.state == NoteState.RELEASED.value,
                dissent.is_plain(),
            )
            .order_by(AnonymousNote.id)
        )
    )


def _note_states(session: Session, convening_id: int) -> Counter[str]:
    """How many notes of a convening are in which state."""
    rows = session.exec(
        select(AnonymousNote.state, func.count())
        .where(AnonymousNote.convening_id == convening_id)
        .group_by(AnonymousNote.state)
    )
    return Counter(dict(rows.all()))
