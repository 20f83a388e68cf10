"""Reading what people expected of the product, for administrators."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from convening.feedback import Remark, RemarkFilter, RemarkPage
from convening.problems import NotFound
from convening.roles import Action, Actor, require
from convening.vocabulary import FeedbackState, Language
from db.tables.accounts import User
from db.tables.mail import Feedback

PAGE_SIZE = 20
_ALL = RemarkFilter()


def page(
    session: Session,
    actor: Actor,
    wanted: RemarkFilter = _ALL,
    page: int = 0,
    size: int = PAGE_SIZE,
) -> RemarkPage:
    """One page of the remarks that the filter finds, the newest first; ``page`` counts from 0."""
    require(actor, Action.SEE_FEEDBACK)
    total = session.exec(select(func.count()).select_from(Feedback).where(*_narrowed(wanted))).one()
    rows = session.exec(_listed(wanted).offset(page * size).limit(size))
    return RemarkPage([_record(*row) for row in rows], total)


def everything(session: Session, actor: Actor, wanted: RemarkFilter = _ALL) -> list[Remark]:
    """All remarks that the filter finds, the newest first, for the export."""
    require(actor, Action.SEE_FEEDBACK)
    return [_record(*row) for row in session.exec(_listed(wanted))]


def by_state(session: Session, actor: Actor) -> Mapping[FeedbackState, int]:
    """How many remarks stand in each state; every state has its key."""
    require(actor, Action.SEE_FEEDBACK)
    rows = session.exec(select(Feedback.state, func.count()).group_by(col(Feedback.state)))
    return dict.fromkeys(FeedbackState, 0) | {FeedbackState(state): n for state, n in rows}


def screens(session: Session, actor: Actor) -> list[str]:
    """The names of the screens that remarks are about."""
    require(actor, Action.SEE_FEEDBACK)
    return list(session.exec(select(Feedback.screen).distinct().order_by(Feedback.screen)))


def row(session: Session, actor: Actor, remark_id: int) -> Feedback:
    """The row, locked, for a command on it."""
    require(actor, Action.SEE_FEEDBACK)
    found = session.get(Feedback, remark_id, with_for_update=True)
    if found is None:
        raise NotFound("feedback")
    return found


def _listed(wanted: RemarkFilter) -> Any:
    return (
        select(Feedback, User.name)
        .join(User, col(User.id) == col(Feedback.user_id), isouter=True)
        .where(*_narrowed(wanted))
        .order_by(col(Feedback.id).desc())
    )


def _narrowed(wanted: RemarkFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.screen is not None:
        conditions.append(col(Feedback.screen) == wanted.screen)
    if wanted.state is not None:
        conditions.append(col(Feedback.state) == wanted.state.value)
    return conditions


def _record(row: Feedback, who: str | None) -> Remark:
    return Remark(
        id=row.key,
        at=row.created_at,
        who=who or "",
        screen=row.screen,
        language=Language(row.language),
        expected=row.expected,
        state=FeedbackState(row.state),
        tried=row.tried,
        version=row.version,
    )
