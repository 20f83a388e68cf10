"""Answering dissenting views, and what their owners say of the answers."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from convening import dissent
from convening.dissent_drafts import ResponseDraft, cleaned_response
from convening.ledger import DissentId, Entry
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.roles import Action, Actor, require
from convening.vocabulary import DissentState, NoteState, Outcome, ReplyChannel, VersionState
from db.base import now
from db.commands import dissent_steps as steps
from db.commands import versions
from db.tables.understanding import DefinitionVersion, DissentResponse, DissentSignature

_ANSWERABLE = (DissentState.UNANSWERED, DissentState.REOPENED, DissentState.NOT_ASKED)


def respond(session: Session, actor: Actor, dissent_id: DissentId, draft: ResponseDraft) -> int:
    """Answers a view, or writes the answer anew before its owner was asked; returns its id.

    The owner is asked at once where they can read it by themselves. Codes: dissent_is_closed,
    dissent_is_asked, note_not_released; by field: see ``cleaned_response``, and
    version_not_later (taken up by a version that came before, or that nobody has seen).
    """
    found, initiative_id = steps.found(session, actor, dissent_id)
    require(actor, Action.RESPOND, initiative_id)
    draft, problems = cleaned_response(draft)
    if problems:
        raise Invalid(problems)
    _check_answerable(found)
    _check_taken_up(session, found, draft)
    rewritten = found.state is DissentState.NOT_ASKED
    row = _response(session, found.answers[-1].id) if rewritten else _next(found)
    if rewritten:
        versions.check(row, draft.version)
    row.outcome, row.rationale = draft.outcome.value, draft.rationale
    row.version_id, row.responded_by_id = draft.version_id, actor.user_id
    if found.has_receipt or found.has_account:
        row.asked_at = now()
    session.add(row)
    session.flush()
    steps.noted(session, actor, "respond", dissent_id, initiative_id, found.convening_id)
    return row.key


def note_asked(session: Session, actor: Actor, dissent_id: DissentId) -> DissentId:
    """Notes that the owner was read the answer and asked whether it answers them: from now on they
    have seven days. Code: dissent_not_to_ask."""
    found, initiative_id = steps.found(session, actor, dissent_id)
    require(actor, Action.LOG_DISSENT, initiative_id)
    if found.state is not DissentState.NOT_ASKED:
        raise ConveningError("dissent_not_to_ask")
    row = _response(session, found.answers[-1].id)
    row.asked_at = now()
    row.version += 1
    steps.noted(session, actor, "note_asked", dissent_id, initiative_id, found.convening_id)
    return dissent_id


def note_reply(session: Session, actor: Actor, dissent_id: DissentId, answers: bool) -> DissentId:
    """Whether the answer answers it: said by the owner with their account, or to the facilitator
    or the keeper, who notes it. Until a version is adopted with that answer, what was said last
    counts. Codes: owner_replies_alone, cannot_reply."""
    found, initiative_id = steps.found(session, actor, dissent_id)
    if found.own:
        through = ReplyChannel.ACCOUNT
    else:
        steps.require_voice(actor, found, initiative_id)
        through = ReplyChannel.FACILITATOR
    if not _is_loose(session, found) or not found.answers:
        raise ConveningError("cannot_reply")
    row = _response(session, found.answers[-1].id)
    row.asked_at = row.asked_at or now()
    row.answers, row.answered_at, row.answered_by = answers, now(), through.value
    row.version += 1
    steps.noted(session, actor, "note_reply", dissent_id, initiative_id, found.convening_id)
    return dissent_id


def withdraw(session: Session, actor: Actor, dissent_id: DissentId) -> DissentId:
    """Takes back a view of one's own; nobody else can. Codes: withdrawn_by_owner_alone,
    cannot_withdraw."""
    found, initiative_id = steps.found(session, actor, dissent_id)
    if not found.own:
        raise ConveningError("withdrawn_by_owner_alone")
    if not _is_loose(session, found):
        raise ConveningError("cannot_withdraw")
    row = _next(found)
    row.outcome = Outcome.WITHDRAWN.value
    row.answered_at, row.answered_by = now(), ReplyChannel.ACCOUNT.value
    session.add(row)
    steps.noted(session, actor, "withdraw_dissent", dissent_id, initiative_id, found.convening_id)
    return dissent_id


def sign(session: Session, actor: Actor, dissent_id: DissentId) -> DissentId:
    """Signs that a view is published as standing, though its owner said twice that it is not
    answered. Codes: dissent_not_to_sign, already_signed, owner_cannot_sign."""
    found, initiative_id = steps.found(session, actor, dissent_id)
    require(actor, Action.LOG_DISSENT, initiative_id)
    if found.state is not DissentState.UNSIGNED:
        raise ConveningError("dissent_not_to_sign")
    if found.own:
        raise ConveningError("owner_cannot_sign")
    row = DissentSignature(user_id=actor.user_id, **_hangs_on(dissent_id))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise ConveningError("already_signed") from None
    steps.noted(session, actor, "sign_dissent", dissent_id, initiative_id, found.convening_id)
    return dissent_id


def _check_answerable(found: Entry) -> None:
    if found.note_state is not None and found.note_state is not NoteState.RELEASED:
        raise ConveningError("note_not_released")
    if found.state is DissentState.ASKED:
        raise ConveningError("dissent_is_asked")
    if found.state not in _ANSWERABLE:
        raise ConveningError("dissent_is_closed")


def _check_taken_up(session: Session, found: Entry, draft: ResponseDraft) -> None:
    if draft.version_id is None:
        return
    version = session.get(DefinitionVersion, draft.version_id)
    if version is None or version.definition_id != found.definition_id:
        raise NotFound("version")
    if version.number <= found.number or version.state == VersionState.DRAFT:
        raise Invalid([Problem("version_not_later", field="version")])


def _is_loose(session: Session, found: Entry) -> bool:
    return dissent.is_loose(found.state, *steps.sealing(session, found))


def _response(session: Session, response_id: int) -> DissentResponse:
    return session.get_one(DissentResponse, response_id, with_for_update=True)


def _next(entry: Entry) -> DissentResponse:
    return DissentResponse(round=len(entry.answers) + 1, outcome="", **_hangs_on(entry.id))


def _hangs_on(dissent_id: DissentId) -> dict[str, Any]:
    return {"view_id" if isinstance(dissent_id, int) else "note_id": dissent_id}
