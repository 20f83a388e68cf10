"""After the room: reviewing it, keeping what was promised, and hearing back from who was there."""

from sqlmodel import Session, col, select

from convening import after
from convening.after import CommitmentDraft, PulseDraft, ReviewDraft
from convening.answers import Named
from convening.problems import ChangedMeanwhile, ConveningError, Invalid, NotFound
from convening.roles import Action, Actor
from convening.text import fold
from convening.vocabulary import PulseAnswer, PulseQuestion
from db import journal, summaries, tokens
from db.base import now
from db.commands import noting, versions
from db.queries import after as reading
from db.queries import convenings
from db.tables import room as table
from db.tables import work
from db.tables.community import Nomination


def write_review(session: Session, actor: Actor, draft: ReviewDraft) -> int:
    """What was expected, what happened, why, and what changes; returns the convening's id.

    What is expected can be written before the convening is held.
    """
    meeting = convenings.row(session, actor, draft.convening_id, Action.RUN_ROOM, for_update=True)
    draft, problems = after.cleaned_review(draft)
    if problems:
        raise Invalid(problems)
    row = session.exec(
        select(table.ConveningReview).where(table.ConveningReview.convening_id == meeting.key)
    ).first()
    if row is None:
        row = table.ConveningReview(convening_id=meeting.key)
    elif row.version != draft.version:
        raise ChangedMeanwhile("convening_review", meeting.key)
    else:
        versions.check(row, draft.version)
    row.expected, row.happened = draft.expected, draft.happened
    row.why, row.change = draft.why, draft.change
    session.add(row)
    return noting.noted_row(session, actor, "write_review", meeting)


def add_commitment(session: Session, actor: Actor, draft: CommitmentDraft) -> int:
    meeting = convenings.row(session, actor, draft.convening_id, Action.RUN_ROOM)
    row = table.Commitment(convening_id=meeting.key, what="")
    _fill(row, draft)
    session.add(row)
    return _noted(session, actor, "add_commitment", meeting, row)


def edit_commitment(session: Session, actor: Actor, draft: CommitmentDraft) -> int:
    meeting, row = reading.commitment_row(session, actor, draft.id or 0)
    versions.check(row, draft.version)
    _fill(row, draft)
    return _noted(session, actor, "edit_commitment", meeting, row)


def tick_commitment(
    session: Session, actor: Actor, commitment_id: int, *, done: bool, version: int | None = None
) -> int:
    """Notes that a commitment was kept, or takes that back."""
    meeting, row = reading.commitment_row(session, actor, commitment_id)
    versions.check(row, version)
    row.done_at = now() if done else None
    return _noted(session, actor, "tick_commitment", meeting, row)


def remove_commitment(
    session: Session, actor: Actor, commitment_id: int, version: int | None = None
) -> int:
    meeting, row = reading.commitment_row(session, actor, commitment_id)
    versions.check(row, version)
    _noted(session, actor, "remove_commitment", meeting, row)
    journal.remove(session, row)
    return commitment_id


def make_after_link(session: Session, actor: Actor, convening_id: int) -> str:
    """The token of the pages for everybody who was there, made on first use; the same ever after.

    Refused, code ``not_over_yet``, before the room is over.
    """
    meeting = convenings.row(session, actor, convening_id, Action.RUN_ROOM, for_update=True)
    _check_over(session, meeting)
    known = reading.link_row(session, convening_id)
    if known is not None:
        return tokens.of(known.salt)
    token = tokens.of(after_link(session, convening_id).salt)
    noting.noted_row(session, actor, "make_after_link", meeting)
    return token


def after_link(session: Session, convening_id: int) -> table.AfterLink:
    """The link of a convening, made where there is none; for commands that have checked, with the
    convening's row locked."""
    known = reading.link_row(session, convening_id)
    if known is not None:
        return known
    link = tokens.new()
    row = table.AfterLink(convening_id=convening_id, salt=link.salt, token_hash=link.token_hash)
    session.add(row)
    session.flush()
    return row


def send_summary(session: Session, actor: Actor, convening_id: int) -> int:
    """Writes to everybody who was in the room and has no summary yet; returns to how many.

    Refused: not_over_yet, nobody_to_tell.
    """
    meeting = convenings.row(session, actor, convening_id, Action.INVITE, for_update=True)
    _check_over(session, meeting)
    invitations = reading.without_summary(session, convening_id)
    if not invitations:
        raise ConveningError("nobody_to_tell")
    link = after_link(session, convening_id)
    written = summaries.write(session, actor, meeting, invitations, link.salt)
    noting.noted_row(session, actor, "send_summary", meeting, count=len(written))
    return len(written)


def answer_pulse(session: Session, token: str, draft: PulseDraft) -> int:
    """Counts the answers of somebody who holds the link, and nothing of who they are.

    No event is logged for the answers, only for people they name. Returns the convening's id.
    Raises NotFound for a token that nobody was given, ``pulse_closed`` when it is not asked.
    """
    link = reading.link_of(session, token)
    if link is None:
        raise NotFound("link")
    meeting = session.get(work.Convening, link.convening_id, with_for_update=True)
    if meeting is None:
        raise NotFound("link")
    record, closed = convenings.record(meeting), reading.closed_at(session, meeting.key)
    if not after.pulse_open(record, closed, now()):
        raise ConveningError("pulse_closed")
    draft, problems = after.cleaned_pulse(draft)
    if problems:
        raise Invalid(problems)
    for question, answer in draft.answers.items():
        _count(session, meeting.key, question, answer)
    for each in draft.others:
        _nominate(session, meeting, each)
    return meeting.key


def _check_over(session: Session, meeting: work.Convening) -> None:
    record, closed = convenings.record(meeting), reading.closed_at(session, meeting.key)
    if after.over_since(record, closed, now()) is None:
        raise ConveningError("not_over_yet")


def _fill(row: table.Commitment, draft: CommitmentDraft) -> None:
    draft, problems = after.cleaned_commitment(draft)
    if problems:
        raise Invalid(problems)
    row.what, row.owner, row.due_on = draft.what, draft.owner, draft.due_on


def _count(
    session: Session, convening_id: int, question: PulseQuestion, answer: PulseAnswer
) -> None:
    key = (convening_id, question.value, answer.value)
    row = session.get(table.PulseCount, key, with_for_update=True)
    if row is None:
        row = table.PulseCount(
            convening_id=convening_id, question=question.value, answer=answer.value
        )
    row.people += 1
    session.add(row)


def _nominate(session: Session, meeting: work.Convening, named: Named) -> None:
    """One more name for the team's list, unless the very same was given before."""
    known = session.exec(
        select(Nomination).where(
            Nomination.initiative_id == meeting.initiative_id,
            col(Nomination.reason) == named.reason,
        )
    )
    if any(fold(each.name) == fold(named.name) for each in known):
        return
    row = Nomination(
        initiative_id=meeting.initiative_id,
        name=named.name,
        organisation=named.organisation,
        reason=named.reason,
    )
    session.add(row)
    noting.noted_row(session, None, "nominate_after", row)


def _noted(
    session: Session,
    actor: Actor,
    command: str,
    meeting: work.Convening,
    row: table.Commitment,
) -> int:
    session.flush()
    noting.noted(
        session,
        actor,
        command,
        meeting.initiative_id,
        subject="commitment",
        subject_id=row.key,
        worded={"convening_id": meeting.key},
    )
    return row.key
