"""Reading shared definitions with their versions and evidence."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import select as plain_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from convening import dissent
from convening.definitions import Definition, Evidence, Version
from convening.problems import NotFound, Problem
from convening.roles import Action, Actor, may, require
from convening.vocabulary import (
    DefinitionField,
    DefinitionKind,
    EvidenceKind,
    Group,
    NoteRelease,
    NoteState,
    Outcome,
    RoomState,
    VersionState,
)
from db.base import now
from db.tables import understanding, work
from db.tables.accounts import User
from db.tables.room import Room


def listing(session: Session, actor: Actor, initiative_id: int) -> list[Definition]:
    """Every definition of an initiative, the oldest first."""
    require(actor, Action.SEE_DEFINITION, initiative_id)
    rows = session.exec(
        select(understanding.Definition)
        .where(understanding.Definition.initiative_id == initiative_id)
        .order_by(col(understanding.Definition.id))
    ).all()
    return _records(session, rows)


def definition(session: Session, actor: Actor, definition_id: int) -> Definition:
    return _records(session, [row(session, actor, definition_id)])[0]


def row(
    session: Session,
    actor: Actor,
    definition_id: int | None,
    action: Action = Action.SEE_DEFINITION,
    *,
    for_update: bool = False,
) -> understanding.Definition:
    """The row of a definition that the actor may see; NotFound for a foreign one as for none."""
    found = session.get(understanding.Definition, definition_id or 0, with_for_update=for_update)
    if found is None or not may(actor, Action.SEE_DEFINITION, found.initiative_id):
        raise NotFound("definition")
    require(actor, action, found.initiative_id)
    return found


def views(session: Session, definition_id: int, number: int) -> list[dissent.View]:
    """The dissenting views on a version and on all before it, as the rules see them.

    Anonymous notes with a strength are views too, held back or not; their id is a text. A note that
    was hidden with a reason is none any more.
    """
    view, note = understanding.DissentingView, understanding.AnonymousNote
    version = understanding.DefinitionVersion
    on_these = (version.definition_id == definition_id, version.number <= number)
    named = session.exec(
        select(view)
        .join(version, col(version.id) == view.version_id)
        .where(*on_these)
        .order_by(col(view.id))
    ).all()
    anonymous = session.exec(
        select(note)
        .join(version, col(version.id) == col(note.version_id))
        .where(*on_these, note.strength != "", note.state != NoteState.HIDDEN.value)
        .order_by(note.id)
    ).all()
    ids: list[int | str] = [each.key for each in named]
    ids += [each.id for each in anonymous]
    struck = _struck(named)
    responses, signatures = _answers(session, [each.key for each in named], anonymous)
    return [
        dissent.View(each, tuple(responses[each]), signatures[each], each in struck) for each in ids
    ]


def unreleased(session: Session, actor: Actor, definition_id: int, number: int) -> int:
    """How many dissenting notes on a version and before it are held back."""
    found = row(session, actor, definition_id)
    note, version = understanding.AnonymousNote, understanding.DefinitionVersion
    counted = session.exec(
        select(func.count())
        .select_from(note)
        .join(version, col(version.id) == col(note.version_id))
        .where(
            version.definition_id == found.key,
            version.number <= number,
            note.strength != "",
            note.state == NoteState.HELD.value,
        )
    )
    return counted.one()


def open_views(session: Session, actor: Actor, definition_id: int, number: int) -> list[Problem]:
    """What keeps a version from being adopted at this moment, held notes included."""
    found = row(session, actor, definition_id)
    rooms = open_rooms(session, found)
    return dissent.adoption(views(session, found.key, number), now(), rooms)


def open_rooms(session: Session, found: understanding.Definition) -> list[str]:
    """The convenings in whose open rooms people dissent from a definition: those that have it in
    hand, and those that take anonymous notes, which may have had it in hand before."""
    version = understanding.DefinitionVersion
    versions_of = select(version.id).where(version.definition_id == found.key)
    takes_notes = [NoteRelease.AFTER_CLOSING.value, NoteRelease.LIVE.value]
    return list(
        session.exec(
            select(work.Convening.title)
            .join(Room, col(Room.convening_id) == col(work.Convening.id))
            .where(
                work.Convening.initiative_id == found.initiative_id,
                Room.state == RoomState.OPEN.value,
                col(Room.version_id).in_(versions_of) | col(Room.release).in_(takes_notes),
            )
            .order_by(col(work.Convening.id))
        )
    )


def _struck(named: Sequence[understanding.DissentingView]) -> set[int | str]:
    return {each.key for each in named if each.struck_at is not None}


def _answers(
    session: Session, view_ids: Sequence[int], notes: Sequence[understanding.AnonymousNote]
) -> tuple[dict[int | str, list[dissent.Response]], dict[int | str, int]]:
    """Responses in their order and the number of signatures, by the id of view or note."""
    note_ids = [each.id for each in notes]
    response, signature = understanding.DissentResponse, understanding.DissentSignature
    responses: dict[int | str, list[dissent.Response]] = defaultdict(list)
    for found in session.exec(
        select(response)
        .where(col(response.view_id).in_(view_ids) | col(response.note_id).in_(note_ids))
        .order_by(col(response.round))
    ):
        responses[found.view_id or found.note_id or ""].append(
            dissent.Response(Outcome(found.outcome), found.asked_at, found.answers)
        )
    signatures: dict[int | str, int] = defaultdict(int)
    for view_id, note_id in session.exec(
        select(signature.view_id, signature.note_id).where(
            col(signature.view_id).in_(view_ids) | col(signature.note_id).in_(note_ids)
        )
    ):
        signatures[view_id or note_id or ""] += 1
    return responses, signatures


def _records(session: Session, rows: Sequence[understanding.Definition]) -> list[Definition]:
    ids = [each.key for each in rows]
    versions, evidence = _versions(session, ids), _evidence(session, ids)
    return [
        Definition(
            id=each.key,
            initiative_id=each.initiative_id,
            title=each.title,
            kind=DefinitionKind(each.kind),
            versions=tuple(versions[each.key]),
            evidence=tuple(evidence[each.key]),
            version=each.version,
        )
        for each in rows
    ]


def _versions(session: Session, ids: Sequence[int]) -> dict[int, list[Version]]:
    version, author, adopter = understanding.DefinitionVersion, aliased(User), aliased(User)
    written, adopted = aliased(work.Convening), aliased(work.Convening)
    found: dict[int, list[Version]] = defaultdict(list)
    for each, author_name, adopter_name, in_title, adopted_title in session.execute(
        plain_select(
            version, col(author.name), col(adopter.name), col(written.title), col(adopted.title)
        )
        .join(author, col(author.id) == version.author_id, isouter=True)
        .join(adopter, col(adopter.id) == version.adopted_by_id, isouter=True)
        .join(written, col(written.id) == version.convening_id, isouter=True)
        .join(adopted, col(adopted.id) == version.adopted_in_id, isouter=True)
        .where(col(version.definition_id).in_(ids))
        .order_by(col(version.number))
    ):
        found[each.definition_id].append(
            Version(
                id=each.key,
                number=each.number,
                state=VersionState(each.state),
                text={part: getattr(each, part.value) for part in DefinitionField},
                changed=each.changed,
                why=each.why,
                author=author_name or "",
                created_at=each.created_at,
                convening_id=each.convening_id,
                convening=in_title or "",
                opened_at=each.opened_at,
                adopted_at=each.adopted_at,
                adopted_by=adopter_name or "",
                adopted_in=adopted_title or "",
                version=each.version,
            )
        )
    return found


def _evidence(session: Session, ids: Sequence[int]) -> dict[int, list[Evidence]]:
    source = understanding.EvidenceSource
    found: dict[int, list[Evidence]] = defaultdict(list)
    for each in session.exec(
        select(source).where(col(source.definition_id).in_(ids)).order_by(col(source.id))
    ):
        found[each.definition_id].append(
            Evidence(
                id=each.key,
                title=each.title,
                kind=EvidenceKind(each.kind),
                link=each.link,
                note=each.note,
                groups=frozenset(map(Group, each.groups)),
                version=each.version,
            )
        )
    return found
