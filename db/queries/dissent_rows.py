"""Entries of the ledger, put together from views, anonymous notes, responses and signatures.

Nobody is asked for leave here: whoever calls decides what its reader may see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as plain_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from convening import dissent
from convening.ledger import Answer, DissentId, Entry
from convening.vocabulary import (
    Attribution,
    DefinitionField,
    Group,
    NoteState,
    Outcome,
    ReplyChannel,
    StageKind,
    Strength,
)
from db.base import now
from db.tables import understanding, work
from db.tables.accounts import User
from db.tables.community import Stakeholder

View, Note = understanding.DissentingView, understanding.AnonymousNote
Version, Definition = understanding.DefinitionVersion, understanding.Definition
_Response, _Signature = understanding.DissentResponse, understanding.DissentSignature


@dataclass(frozen=True)
class Reader:
    """What whoever asks may see: words that wait to be released, and whose own views they are."""

    user_id: int | None = None
    held: bool = False


def of_views(session: Session, reader: Reader, *where: ColumnElement[bool] | bool) -> list[Entry]:
    """Views with an owner or a group behind them, in the order in which they were raised."""
    owner = aliased(User)
    rows = session.execute(
        _joined(
            plain_select(View, *_about(), col(Stakeholder.name), col(owner.name)),
            View.version_id,
            View.convening_id,
            View.block_id,
        )
        .join(Stakeholder, col(Stakeholder.id) == col(View.stakeholder_id), isouter=True)
        .join(owner, col(owner.id) == col(View.owner_id), isouter=True)
        .where(*where)
        .order_by(col(View.id))
    ).all()
    found = [
        replace(_view(row[0], reader, row[-2] or row[-1] or ""), **_context(row)) for row in rows
    ]
    return _completed(session, reader, found)


def of_notes(session: Session, reader: Reader, *where: ColumnElement[bool] | bool) -> list[Entry]:
    """Anonymous notes that dissent, in the random order of their ids."""
    rows = session.execute(
        _joined(plain_select(Note, *_about()), Note.version_id, Note.convening_id, Note.block_id)
        .where(Note.strength != "", *where)
        .order_by(col(Note.id))
    ).all()
    found = [replace(_note(row[0], reader), **_context(row)) for row in rows]
    return _completed(session, reader, found)


def _about() -> tuple[Any, ...]:
    """The columns that say where a view belongs; ``_context`` reads them in this order."""
    return (
        col(Version.number),
        col(Version.definition_id),
        col(Definition.title),
        col(work.Convening.title),
        col(work.Convening.starts_local),
        col(work.Stage.id),
        col(work.Stage.kind),
        col(work.Stage.name),
        col(work.AgendaBlock.title),
    )


def _joined(query: Any, version_id: Any, convening_id: Any, block_id: Any) -> Any:
    return (
        query.join(Version, col(Version.id) == version_id)
        .join(Definition, col(Definition.id) == col(Version.definition_id))
        .join(work.Convening, col(work.Convening.id) == convening_id, isouter=True)
        .join(work.Stage, col(work.Stage.id) == col(work.Convening.stage_id), isouter=True)
        .join(work.AgendaBlock, col(work.AgendaBlock.id) == block_id, isouter=True)
    )


def _context(row: Any) -> dict[str, Any]:
    number, definition_id, definition, title, starts, stage_id, kind, stage_name, block = row[1:10]
    found = {
        "number": number,
        "definition_id": definition_id,
        "definition": definition,
        "convening": title or "",
        "stage_id": stage_id,
        "stage": StageKind(kind) if kind else None,
        "stage_name": stage_name or "",
        "block": block or "",
    }
    if isinstance(row[0], Note):
        found["raised_on"] = starts.date() if starts else None
    return found


def _view(row: understanding.DissentingView, reader: Reader, name: str) -> Entry:
    named = row.attribution == Attribution.NAMED and row.agreed_to_name
    return Entry(
        **_common(row),
        id=row.key,
        statement=row.statement,
        reason=row.reason,
        resolution=row.resolution,
        attribution=Attribution(row.attribution),
        passage_field=DefinitionField(row.passage_field) if row.passage_field else None,
        passage=row.passage,
        person=name if named else "",
        raised_on=row.created_at.date(),
        agreed_to_publish=row.agreed_to_publish,
        afterwards=row.afterwards,
        struck_because=row.struck_because if row.struck_at else "",
        has_receipt=row.receipt_hash is not None,
        own=row.owner_id is not None and row.owner_id == reader.user_id,
        logged=row.logged_by_id is not None and row.logged_by_id == reader.user_id,
        has_account=row.owner_id is not None,
        version=row.version,
    )


def _note(row: understanding.AnonymousNote, reader: Reader) -> Entry:
    hidden = row.state == NoteState.HIDDEN
    legible = row.state == NoteState.RELEASED or reader.held
    return Entry(
        **_common(row),
        id=row.id,
        statement=row.text if legible else "",
        reason=row.reason if legible else "",
        resolution=row.resolution if legible else "",
        attribution=Attribution.ANONYMOUS,
        agreed_to_publish=row.agreed_to_publish,
        struck_because=row.hidden_because if hidden else "",
        has_receipt=True,
        note_state=NoteState(row.state),
    )


def _common(row: Any) -> dict[str, Any]:
    return {
        "definition_id": 0,
        "number": 0,
        "version_id": row.version_id,
        "strength": Strength(row.strength),
        "groups": frozenset(map(Group, row.groups)),
        "state": dissent.state(dissent.View(0), now()),
        "convening_id": row.convening_id,
    }


@dataclass
class _Answers:
    """What hangs on views and notes, by their ids."""

    answers: dict[DissentId, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    signed: dict[DissentId, list[str]] = field(default_factory=lambda: defaultdict(list))
    signed_myself: set[DissentId] = field(default_factory=set)
    additions: dict[DissentId, list[str]] = field(default_factory=lambda: defaultdict(list))


def _completed(session: Session, reader: Reader, entries: Sequence[Entry]) -> list[Entry]:
    if not entries:
        return []
    hanging = _Answers()
    ids = [each.id for each in entries]
    _read_answers(session, ids, hanging)
    _read_signatures(session, reader, ids, hanging)
    _read_additions(session, reader, ids, hanging)
    found = [
        replace(
            each,
            answers=tuple(hanging.answers[each.id]),
            signed_by=tuple(hanging.signed[each.id]),
            signed=each.id in hanging.signed_myself,
            additions=tuple(hanging.additions[each.id]),
        )
        for each in entries
    ]
    moment = now()
    return [replace(each, state=dissent.state(each.view, moment)) for each in found]


def _of(ids: Collection[DissentId], view_id: Any, note_id: Any) -> ColumnElement[bool]:
    numbers = [each for each in ids if isinstance(each, int)]
    texts = [each for each in ids if isinstance(each, str)]
    return or_(col(view_id).in_(numbers), col(note_id).in_(texts))


def _read_answers(session: Session, ids: Collection[DissentId], hanging: _Answers) -> None:
    for row, number, name in session.execute(
        plain_select(_Response, col(Version.number), col(User.name))
        .join(Version, col(Version.id) == col(_Response.version_id), isouter=True)
        .join(User, col(User.id) == col(_Response.responded_by_id), isouter=True)
        .where(_of(ids, _Response.view_id, _Response.note_id))
        .order_by(col(_Response.round))
    ):
        hanging.answers[row.view_id or row.note_id].append(
            Answer(
                id=row.key,
                round=row.round,
                outcome=Outcome(row.outcome),
                rationale=row.rationale,
                by=name or "",
                version_id=row.version_id,
                number=number,
                asked_at=row.asked_at,
                answers=row.answers,
                answered_at=row.answered_at,
                through=ReplyChannel(row.answered_by) if row.answered_by else None,
                responded_at=row.created_at,
                version=row.version,
            )
        )


def _read_signatures(
    session: Session, reader: Reader, ids: Collection[DissentId], hanging: _Answers
) -> None:
    for view_id, note_id, user_id, name in session.execute(
        plain_select(col(_Signature.view_id), col(_Signature.note_id), col(User.id), col(User.name))
        .join(User, col(User.id) == col(_Signature.user_id))
        .where(_of(ids, _Signature.view_id, _Signature.note_id))
        .order_by(col(_Signature.id))
    ):
        hanging.signed[view_id or note_id].append(name)
        if user_id == reader.user_id:
            hanging.signed_myself.add(view_id or note_id)


def _read_additions(
    session: Session, reader: Reader, ids: Collection[DissentId], hanging: _Answers
) -> None:
    states = [NoteState.RELEASED, NoteState.HELD] if reader.held else [NoteState.RELEASED]
    for row in session.exec(
        select(Note)
        .where(_of(ids, Note.adds_to_view_id, Note.adds_to_note_id), col(Note.state).in_(states))
        .order_by(col(Note.id))
    ):
        hanging.additions[row.adds_to_view_id or row.adds_to_note_id or ""].append(row.text)


def latest_first(entries: Iterable[Entry]) -> list[Entry]:
    """By day, and within a day in no order that tells who wrote first."""
    return sorted(entries, key=lambda e: (e.raised_on or date.min, str(e.id)), reverse=True)


def shown_groups(entries: Iterable[Entry], counted: Mapping[Group, int]) -> list[Entry]:
    """Anonymous entries keep the groups that are large enough to be counted for themselves."""
    return [
        replace(each, groups=each.groups & frozenset(counted)) if each.anonymous else each
        for each in entries
    ]
