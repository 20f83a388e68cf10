"""Saying what one expected of a screen, and noting what was tried because of it."""

from sqlmodel import Session

from convening import feedback
from convening.feedback import FeedbackDraft, FollowUpDraft
from convening.problems import Invalid
from convening.roles import Action, Actor, require
from db import audit
from db.commands import versions
from db.queries import feedback as reading
from db.tables.mail import Feedback


def give_feedback(session: Session, actor: Actor, draft: FeedbackDraft) -> int:
    """Keeps what somebody expected, with the screen and its language, and nothing else."""
    require(actor, Action.GIVE_FEEDBACK)
    draft, problems = feedback.cleaned(draft)
    if problems:
        raise Invalid(problems)
    row = Feedback(
        user_id=actor.user_id,
        screen=draft.screen,
        language=draft.language.value,
        expected=draft.expected,
    )
    session.add(row)
    session.flush()
    return _noted(session, actor, "give_feedback", row.key)


def follow_up(session: Session, actor: Actor, draft: FollowUpDraft) -> int:
    """Notes what was tried because of a remark, and whether it helped."""
    row = reading.row(session, actor, draft.id)
    draft, problems = feedback.cleaned_follow_up(draft)
    if problems:
        raise Invalid(problems)
    versions.check(row, draft.version)
    row.state, row.tried = draft.state.value, draft.tried
    return _noted(session, actor, "follow_up", row.key)


def delete_remark(
    session: Session, actor: Actor, remark_id: int, version: int | None = None
) -> int:
    """Deletes a remark for good: it may name somebody who should not stand there."""
    row = reading.row(session, actor, remark_id)
    versions.check(row, version)
    session.delete(row)
    return _noted(session, actor, "delete_remark", remark_id)


def _noted(session: Session, actor: Actor, command: str, remark_id: int) -> int:
    session.flush()
    audit.record(session, actor.user_id, command, subject="feedback", subject_id=remark_id)
    return remark_id
