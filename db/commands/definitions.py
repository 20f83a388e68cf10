"""Writing shared definitions: versions that are never overwritten, and evidence."""

from sqlmodel import Session

from convening import definitions
from convening.definitions import DefinitionDraft, EvidenceDraft, VersionDraft
from convening.fields import checked
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor, require
from convening.vocabulary import DefinitionField, VersionState
from db import journal
from db.base import now
from db.commands import definition_steps as steps
from db.commands import versions
from db.queries import convenings
from db.queries import definitions as reading
from db.tables.understanding import Definition, DefinitionVersion, EvidenceSource


def create_definition(session: Session, actor: Actor, draft: DefinitionDraft) -> int:
    """A new definition with an empty first version, as a draft."""
    require(actor, Action.EDIT_DEFINITION, draft.initiative_id)
    row = Definition(
        initiative_id=draft.initiative_id, title=_title(draft.title), kind=draft.kind.value
    )
    session.add(row)
    session.flush()
    session.add(DefinitionVersion(definition_id=row.key, number=1, author_id=actor.user_id))
    steps.record(session, actor, "create_definition", row)
    return row.key


def edit_definition(session: Session, actor: Actor, draft: DefinitionDraft) -> int:
    """Changes title and kind; the words stand in the versions."""
    row = reading.row(session, actor, draft.id, Action.EDIT_DEFINITION, for_update=True)
    versions.check(row, draft.version)
    row.title, row.kind = _title(draft.title), draft.kind.value
    steps.record(session, actor, "edit_definition", row)
    return row.key


def delete_definition(session: Session, actor: Actor, definition_id: int) -> int:
    """Deletes a definition that nobody but its authors has seen; it can be taken back.

    Code ``definition_was_seen``: once it was opened for discussion, views may hang on it, and
    nobody can delete another's dissent.
    """
    row = reading.row(session, actor, definition_id, Action.EDIT_DEFINITION, for_update=True)
    if any(each.state != VersionState.DRAFT for each in steps.all_of(session, row)):
        raise ConveningError("definition_was_seen")
    steps.record(session, actor, "delete_definition", row)
    journal.remove(session, row)
    return definition_id


def new_version(session: Session, actor: Actor, definition_id: int) -> int:
    """A draft of the next version, with the words of the last one to start from."""
    row = reading.row(session, actor, definition_id, Action.EDIT_DEFINITION, for_update=True)
    last = steps.all_of(session, row)[-1]
    if last.state == VersionState.DRAFT:
        raise ConveningError("draft_exists", number=last.number)
    words = {part.value: getattr(last, part.value) for part in DefinitionField}
    made = DefinitionVersion(
        definition_id=row.key, number=last.number + 1, author_id=actor.user_id, **words
    )
    session.add(made)
    steps.record(session, actor, "new_version", row, number=made.number)
    return made.key


def write_version(session: Session, actor: Actor, draft: VersionDraft) -> int:
    """Changes the words of a draft; a version that others have seen never changes."""
    row, version = steps.locked(session, actor, draft.id)
    if version.state != VersionState.DRAFT:
        raise ConveningError("version_is_open", number=version.number)
    draft, problems = definitions.cleaned_version(draft)
    if problems:
        raise Invalid(problems)
    versions.check(version, draft.version)
    for part in DefinitionField:
        setattr(version, part.value, draft.text[part])
    version.changed, version.why = draft.changed, draft.why
    version.convening_id = convenings.key_within(
        session, actor, row.initiative_id, draft.convening_id
    )
    steps.record(session, actor, "write_version", row, number=version.number)
    return version.key


def discard_version(session: Session, actor: Actor, version_id: int) -> int:
    """Throws a draft away; the first version goes with its definition only."""
    row, version = steps.locked(session, actor, version_id)
    if version.state != VersionState.DRAFT:
        raise ConveningError("version_is_open", number=version.number)
    if version.number == 1:
        raise ConveningError("first_version")
    steps.record(session, actor, "discard_version", row, number=version.number)
    journal.remove(session, version)
    return version_id


def open_version(session: Session, actor: Actor, version_id: int) -> int:
    """Puts a draft in discussion: from now on its words stay, and views can dissent from it.

    The version that was in discussion before is superseded; an adopted one stays in force until
    this one is adopted.
    """
    row, version = steps.locked(session, actor, version_id)
    steps.check_move(version, VersionState.IN_DISCUSSION)
    text = {part: getattr(version, part.value) for part in DefinitionField}
    problems = definitions.to_open(version.number, text, version.changed, version.why)
    if problems:
        raise Invalid(problems)
    steps.supersede(session, row, version, VersionState.IN_DISCUSSION)
    steps.move(version, VersionState.IN_DISCUSSION)
    version.opened_at = now()
    steps.tell_rooms(session, row)
    steps.record(session, actor, "open_version", row, number=version.number)
    return version.key


def add_evidence(session: Session, actor: Actor, draft: EvidenceDraft) -> int:
    row = reading.row(session, actor, draft.definition_id, Action.EDIT_DEFINITION)
    source = EvidenceSource(definition_id=row.key, title="", kind=draft.kind.value)
    _fill(source, draft)
    session.add(source)
    steps.record(session, actor, "add_evidence", row)
    return source.key


def edit_evidence(session: Session, actor: Actor, draft: EvidenceDraft) -> int:
    row, source = _source(session, actor, draft.id)
    versions.check(source, draft.version)
    _fill(source, draft)
    steps.record(session, actor, "edit_evidence", row, source=source.key)
    return source.key


def remove_evidence(session: Session, actor: Actor, source_id: int) -> int:
    row, source = _source(session, actor, source_id)
    steps.record(session, actor, "remove_evidence", row, source=source_id)
    journal.remove(session, source)
    return source_id


def _title(typed: str) -> str:
    problems: list[Problem] = []
    title = checked(typed, "title", problems, longest=definitions.TITLE_LENGTH, required=True)
    if problems:
        raise Invalid(problems)
    return title


def _fill(source: EvidenceSource, draft: EvidenceDraft) -> None:
    draft, problems = definitions.cleaned_evidence(draft)
    if problems:
        raise Invalid(problems)
    source.title, source.link, source.note = draft.title, draft.link, draft.note
    source.kind, source.groups = draft.kind.value, sorted(draft.groups)


def _source(
    session: Session, actor: Actor, source_id: int | None
) -> tuple[Definition, EvidenceSource]:
    found = session.get(EvidenceSource, source_id or 0, with_for_update=True)
    if found is None:
        raise NotFound("evidence")
    try:
        return reading.row(session, actor, found.definition_id, Action.EDIT_DEFINITION), found
    except NotFound:
        raise NotFound("evidence") from None
