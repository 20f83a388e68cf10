"""Logging dissenting views, striking wrong ones through, agreeing to their being published.

Nobody deletes another's dissent: a wrong entry is struck through, and what dissent hangs on cannot
be deleted either. Answers are the matter of ``responses``.
"""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from convening.dissent_drafts import DissentDraft, cleaned_reason, cleaned_view
from convening.ledger import DissentId, Entry
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor, require
from convening.rooms import can_take_back
from convening.vocabulary import Attribution, DefinitionField, VersionState
from db.base import now
from db.commands import dissent_rows
from db.commands import dissent_steps as steps
from db.queries import dissent as reading
from db.queries import room_log
from db.tables.understanding import Definition, DefinitionVersion, DissentingView


def record_dissent(session: Session, actor: Actor, draft: DissentDraft) -> DissentId:
    """Logs a view on a version; one that is sent twice under its ``uuid`` is kept once.

    An anonymous one becomes a note of the convening's room: nothing says who logged it, and a
    second post replaces its receipt code. Raises Invalid: see ``cleaned_view`` and
    ``dissent_rows.record_note``, and version_is_draft, receipt_code_taken.
    """
    version, initiative_id = _version(session, draft.version_id)
    try:
        require(actor, Action.LOG_DISSENT, initiative_id)
    except NotFound:
        raise NotFound("version") from None
    anonymous = draft.attribution is Attribution.ANONYMOUS
    steps.lock_place(session, draft.convening_id, version.key, alone=anonymous)
    session.refresh(version)
    words = {part: getattr(version, part.value) for part in DefinitionField}
    draft, problems = cleaned_view(draft, words)
    if version.state == VersionState.DRAFT:
        problems.append(Problem("version_is_draft", field="version"))
    if problems:
        raise Invalid(problems)
    draft = dissent_rows.placed(session, initiative_id, draft)
    if anonymous:
        return dissent_rows.record_note(session, draft)
    known = _sent_before(session, draft.uuid, initiative_id)
    if known is not None:
        return known
    row = dissent_rows.view_row(session, actor.user_id, draft)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # sent twice at once, or under a code that somebody has
        known = _sent_before(session, draft.uuid, initiative_id)
        if known is None:
            raise Invalid([Problem("receipt_code_taken", field="receipt_code")]) from None
        return known
    steps.noted(session, actor, "record_dissent", row.key, initiative_id, row.convening_id)
    return row.key


def strike(session: Session, actor: Actor, dissent_id: int, reason: str) -> int:
    """Strikes a wrong entry through, with the reason; it stays in the ledger.

    For whoever logged or raised it, the facilitator and the keeper. Codes: already_struck;
    dissent_is_sealed once a version was adopted with it.
    """
    found, initiative_id = steps.found(session, actor, dissent_id)
    row = session.get_one(DissentingView, dissent_id, with_for_update=True)
    if actor.user_id not in (row.logged_by_id, row.owner_id):
        require(actor, steps.SPEAKS_FOR_OTHERS, initiative_id)
    return _strike(session, actor, row, found, initiative_id, reason)


def take_back(session: Session, actor: Actor, dissent_id: int, reason: str) -> int:
    """Strikes a view through that the actor has just logged, by a slip. Code: not_to_take_back
    where somebody else logged it, it has an owner or an answer, or it was a while ago."""
    found, initiative_id = steps.found(session, actor, dissent_id)
    row = session.get_one(DissentingView, dissent_id, with_for_update=True)
    if found.answers or not can_take_back(room_log.view_line(row), actor.user_id, now()):
        raise ConveningError("not_to_take_back")
    return _strike(session, actor, row, found, initiative_id, reason)


def consent_to_publish(session: Session, actor: Actor, dissent_id: int, agreed: bool) -> int:
    """Whether the owner agrees to the wording being published beyond the room: said by
    themselves, or to the facilitator or the keeper. Code: owner_replies_alone."""
    found, initiative_id = steps.found(session, actor, dissent_id)
    if not found.own:
        steps.require_voice(actor, found, initiative_id)
    row = session.get_one(DissentingView, dissent_id, with_for_update=True)
    row.agreed_to_publish = agreed
    row.version += 1
    steps.noted(session, actor, "consent_to_publish", dissent_id, initiative_id, found.convening_id)
    return dissent_id


def _strike(
    session: Session,
    actor: Actor,
    row: DissentingView,
    found: Entry,
    initiative_id: int,
    reason: str,
) -> int:
    reason, problems = cleaned_reason(reason)
    if problems:
        raise Invalid(problems)
    if row.struck_at is not None:
        raise ConveningError("already_struck")
    steps.require_loose(session, found)
    row.struck_at, row.struck_because = now(), reason
    row.version += 1
    steps.noted(session, actor, "strike_dissent", row.key, initiative_id, found.convening_id)
    return row.key


def _version(session: Session, version_id: int) -> tuple[DefinitionVersion, int]:
    found = session.get(DefinitionVersion, version_id)
    if found is None:
        raise NotFound("version")
    return found, session.get_one(Definition, found.definition_id).initiative_id


def _sent_before(session: Session, uuid: str, initiative_id: int) -> int | None:
    """The view that was kept when it was sent the first time."""
    known = session.exec(select(DissentingView.id).where(DissentingView.uuid == uuid)).first()
    if known is not None and reading.initiative_of(session, known) != initiative_id:
        raise NotFound("dissent")
    return known
