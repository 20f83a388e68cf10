"""Reading messages: what was sent, what failed and why, what somebody has to hand over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from convening import outbox
from convening.community import search_terms
from convening.mail import LINK
from convening.outbox import HELD_BACK, OF_THE_ORGANISER, Known, Listed, Mailbox, Message, Wanted
from convening.problems import NotFound
from convening.roles import Action, Actor, may, require
from convening.vocabulary import InvitationStatus, MailKind, MailState
from db import letters
from db.base import now
from db.queries import convenings
from db.tables import work
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail

PAGE_SIZE = 50


def mailbox(
    session: Session, actor: Actor, wanted: Wanted, page: int = 0, size: int = PAGE_SIZE
) -> Mailbox:
    """The messages of an initiative or one of its convenings, the newest first; ``page`` from 0.

    The counts are those of the whole initiative or convening, whatever else is asked for.
    """
    require(actor, Action.SEE_MAIL, wanted.initiative_id)
    scope: list[ColumnElement[bool]] = [col(OutboxEmail.initiative_id) == wanted.initiative_id]
    if wanted.convening_id is not None:
        scope.append(col(OutboxEmail.convening_id) == wanted.convening_id)
    conditions = [*scope, *_narrowed(wanted)]
    total: int = session.scalars(_joined(select(func.count()), conditions)).one()
    rows = session.exec(
        _joined(select(OutboxEmail, work.Convening.title), conditions)
        .order_by(col(OutboxEmail.id).desc())
        .offset(page * size)
        .limit(size)
    )
    shown = tuple(_listed(row, title or "") for row, title in rows)
    return Mailbox(shown, total, _counts(session, scope))


def message(session: Session, actor: Actor, message_id: int, base: str = "") -> Message:
    """One message about an invitation, with its real link under the address ``base``; those to
    accounts are nobody's to read."""
    row = session.get(OutboxEmail, message_id)
    if row is None or row.initiative_id is None:
        raise NotFound("message")
    if not may(actor, Action.SEE_MAIL, row.initiative_id):
        raise NotFound("message")
    initiative = session.get_one(work.Initiative, row.initiative_id)
    meeting = session.get(work.Convening, row.convening_id or 0)
    invitation = session.get(work.Invitation, row.invitation_id or 0)
    person = session.get(Stakeholder, invitation.stakeholder_id or 0) if invitation else None
    return Message(
        listed=_listed(row, meeting.title if meeting else ""),
        subject=row.subject,
        text=row.text.replace(LINK, letters.address(row.link_path, row.link_salt, base)),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at if row.state == MailState.WAITING else None,
        can_be_sent=letters.leave_by_mail(initiative.sample) and bool(person and person.email),
    )


def mail_states(session: Session, actor: Actor, convening_id: int) -> Mapping[int, MailState]:
    """How the newest message about each invitation stands, by the invitation's id."""
    meeting = convenings.row(session, actor, convening_id, Action.SEE_PEOPLE)
    newest = (
        select(func.max(OutboxEmail.id))
        .where(
            OutboxEmail.convening_id == meeting.key,
            col(OutboxEmail.invitation_id).is_not(None),
            OutboxEmail.state != MailState.CANCELLED.value,
        )
        .group_by(col(OutboxEmail.invitation_id))
    )
    rows = session.exec(
        select(OutboxEmail.invitation_id, OutboxEmail.state).where(col(OutboxEmail.id).in_(newest))
    )
    return {invitation_id or 0: MailState(state) for invitation_id, state in rows}


def without_answer(session: Session, actor: Actor, convening_id: int) -> frozenset[int]:
    """The invitations of those to whom a reminder would be written."""
    meeting = convenings.row(session, actor, convening_id, Action.SEE_MAIL)
    return frozenset(each.key for each in to_remind(session, meeting))


def of_account(session: Session, actor: Actor, user_id: int) -> Listed | None:
    """The newest message with a link to a user, None where there is none."""
    require(actor, Action.MANAGE_ACCOUNTS)
    row = session.exec(
        select(OutboxEmail)
        .where(OutboxEmail.user_id == user_id, OutboxEmail.state != MailState.CANCELLED.value)
        .order_by(col(OutboxEmail.id).desc())
        .limit(1)
    ).first()
    return _listed(row, "") if row else None


def to_remind(
    session: Session, meeting: work.Convening, invited_until: timedelta | None = None
) -> list[work.Invitation]:
    """Whoever was invited, has not answered and was never reminded; for callers that have checked.

    Not those whose invitation is still held back, nor, with ``invited_until``, those who were
    invited later than that before the convening starts.
    """
    record, moment = convenings.record(meeting), now()
    if outbox.stand(InvitationStatus.INVITED, record, moment) != "come":
        return []
    waiting = {
        invitation_id
        for invitation_id, each in known(session, meeting).items()
        if any(m.state in HELD_BACK for m in each)
    }
    rows = session.exec(
        select(work.Invitation)
        .where(
            work.Invitation.convening_id == meeting.key,
            work.Invitation.status == InvitationStatus.INVITED.value,
            col(work.Invitation.reminded_at).is_(None),
            col(work.Invitation.stakeholder_id).is_not(None),
        )
        .order_by(col(work.Invitation.id))
    )
    latest = meeting.starts_at - invited_until if invited_until and meeting.starts_at else None
    return [
        row
        for row in rows
        if row.key not in waiting and (latest is None or row.status_at <= latest)
    ]


def known(
    session: Session, meeting: work.Convening, *, for_update: bool = False
) -> defaultdict[int, list[Known]]:
    """The messages about each invitation, oldest first; what was written to people who have no
    invitation any more stands under 0."""
    query = (
        select(  # type: ignore[call-overload]
            OutboxEmail.id,
            OutboxEmail.invitation_id,
            OutboxEmail.kind,
            OutboxEmail.state,
            OutboxEmail.facts,
        )
        .where(OutboxEmail.convening_id == meeting.key)
        .order_by(col(OutboxEmail.id))
    )
    found: defaultdict[int, list[Known]] = defaultdict(list)
    for row_id, invitation_id, kind, state, facts in session.exec(
        query.with_for_update() if for_update else query
    ):
        found[invitation_id or 0].append(Known(row_id, MailKind(kind), MailState(state), facts))
    return found


def _counts(session: Session, scope: Sequence[ColumnElement[bool]]) -> dict[MailState, int]:
    rows = session.exec(
        select(OutboxEmail.state, func.count()).where(*scope).group_by(col(OutboxEmail.state))
    )
    return dict.fromkeys(MailState, 0) | {MailState(state): count for state, count in rows}


def _joined(query: Any, conditions: Sequence[ColumnElement[bool]]) -> Any:
    return (
        query.select_from(OutboxEmail)
        .join(work.Convening, col(work.Convening.id) == col(OutboxEmail.convening_id), isouter=True)
        .join(
            work.Invitation, col(work.Invitation.id) == col(OutboxEmail.invitation_id), isouter=True
        )
        .join(Stakeholder, col(Stakeholder.id) == col(work.Invitation.stakeholder_id), isouter=True)
        .where(*conditions)
    )


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [
        col(Stakeholder.folded).contains(term, autoescape=True)
        for term in search_terms(wanted.search)
    ]
    if wanted.state is not None:
        conditions.append(col(OutboxEmail.state) == wanted.state.value)
    if wanted.kind is not None:
        conditions.append(col(OutboxEmail.kind) == wanted.kind.value)
    return conditions


def _listed(row: OutboxEmail, title: str) -> Listed:
    state = MailState(row.state)
    return Listed(
        id=row.key,
        kind=MailKind(row.kind),
        state=state,
        name=row.recipient_name,
        recipient=row.recipient,
        title=title,
        at=row.sent_at or row.created_at,
        problem=row.problem if state in OF_THE_ORGANISER | {MailState.WAITING} else "",
        handed_over=state is MailState.SENT and row.attempts == 0,
    )
