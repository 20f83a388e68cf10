"""Planning talks with single people before a convening, and ticking them off.

Who is approached, by whom and when is decided by those who invite, so that nobody is called twice.
Whoever facilitates ticks off a talk and notes what came of it.
"""

from sqlmodel import Session

from convening.problems import ConveningError, Invalid
from convening.roles import Action, Actor
from convening.visits import VisitDraft, cleaned
from convening.vocabulary import ConveningState
from db import journal
from db.base import now
from db.commands import noting, versions
from db.queries import convenings
from db.queries import visits as reading
from db.tables import work


def plan_visit(session: Session, actor: Actor, draft: VisitDraft) -> int:
    """A talk with one invited person before the convening."""
    meeting, invitation = reading.invitation_row(session, actor, draft.invitation_id, Action.INVITE)
    if meeting.state in (ConveningState.HELD, ConveningState.CANCELLED):
        raise ConveningError("convening_is_over")
    row = work.PreparationVisit(invitation_id=invitation.key)
    _write(row, meeting, draft)
    session.add(row)
    return _noted(session, actor, "plan_visit", meeting, row)


def edit_visit(session: Session, actor: Actor, draft: VisitDraft) -> int:
    """Changes who goes, when, and what to think of; with whom it is stays."""
    meeting, row = reading.row(session, actor, draft.id or 0, Action.INVITE)
    versions.check(row, draft.version)
    _write(row, meeting, draft)
    return _noted(session, actor, "edit_visit", meeting, row)


def tick_visit(
    session: Session,
    actor: Actor,
    visit_id: int,
    *,
    done: bool,
    note: str | None = None,
    version: int | None = None,
) -> int:
    """Notes that the talk was held, or takes that back; a ``note`` replaces the one there was."""
    meeting, row = reading.row(session, actor, visit_id, Action.CHECK_IN)
    versions.check(row, version)
    if note is not None:
        _write(row, meeting, VisitDraft(row.invitation_id, row.visitor, row.planned_on, note))
    row.done_at = now() if done else None
    return _noted(session, actor, "tick_visit", meeting, row)


def remove_visit(session: Session, actor: Actor, visit_id: int, version: int | None = None) -> int:
    """Takes a talk out of the list."""
    meeting, row = reading.row(session, actor, visit_id, Action.INVITE)
    versions.check(row, version)
    _noted(session, actor, "remove_visit", meeting, row)
    journal.remove(session, row)
    return visit_id


def _write(row: work.PreparationVisit, meeting: work.Convening, draft: VisitDraft) -> None:
    draft, problems = cleaned(draft, convenings.record(meeting))
    if problems:
        raise Invalid(problems)
    row.visitor, row.planned_on, row.note = draft.visitor, draft.planned_on, draft.note


def _noted(
    session: Session,
    actor: Actor,
    command: str,
    meeting: work.Convening,
    row: work.PreparationVisit,
) -> int:
    session.flush()
    noting.noted(
        session,
        actor,
        command,
        meeting.initiative_id,
        subject="visit",
        subject_id=row.key,
        invitation=row.invitation_id,
    )
    return row.key
