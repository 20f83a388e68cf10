"""Reading what comes after a room: its pulse, its review, and what was promised in it."""

from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from convening import after
from convening.after import (
    After,
    Commitment,
    DueCommitment,
    OpenPulse,
    QuestionCount,
    Review,
    SummaryState,
)
from convening.problems import NotFound
from convening.roles import Action, Actor, visible
from convening.vocabulary import (
    InvitationStatus,
    MailKind,
    MailState,
    PulseAnswer,
    PulseQuestion,
)
from db import tokens
from db.base import now
from db.queries import convenings
from db.tables import room as table
from db.tables import work
from db.tables.mail import OutboxEmail


def facts(session: Session, actor: Actor, convening_id: int) -> After:
    """Everything of one convening, for those who run its room; NotFound for everybody else."""
    row = convenings.row(session, actor, convening_id, Action.RUN_ROOM)
    meeting = convenings.record(row)
    since = after.over_since(meeting, closed_at(session, convening_id), now())
    state = summary_state(session, convening_id)
    link = link_row(session, convening_id)
    return After(
        meeting=meeting,
        initiative=session.get_one(work.Initiative, row.initiative_id).name,
        over_since=since,
        present=state.people,
        pulse=pulse(session, convening_id),
        review=review_of(session, convening_id),
        commitments=tuple(_commitments(session, convening_id)),
        summary=state,
        token=tokens.of(link.salt) if link else "",
    )


def review(session: Session, actor: Actor, convening_id: int) -> Review:
    """The review of a convening, empty while nobody has written one."""
    convenings.row(session, actor, convening_id, Action.RUN_ROOM)
    return review_of(session, convening_id)


def commitments(session: Session, actor: Actor, convening_id: int) -> list[Commitment]:
    """What was promised: open ones by their day, then those that are done, the latest last."""
    convenings.row(session, actor, convening_id, Action.RUN_ROOM)
    return _commitments(session, convening_id)


def due(session: Session, actor: Actor, until: date) -> list[DueCommitment]:
    """What is not done and due by that day, over all the initiatives of the viewer's teams."""
    ids = visible(actor, Action.RUN_ROOM)
    if ids is not None and not ids:
        return []
    query = (
        select(table.Commitment, work.Convening.title, work.Initiative.id, work.Initiative.name)
        .join(work.Convening, col(work.Convening.id) == col(table.Commitment.convening_id))
        .join(work.Initiative, col(work.Initiative.id) == col(work.Convening.initiative_id))
        .where(
            col(table.Commitment.done_at).is_(None),
            col(table.Commitment.due_on) <= until,
            col(work.Initiative.archived_at).is_(None),
        )
        .order_by(col(table.Commitment.due_on), col(table.Commitment.id))
    )
    if ids is not None:
        query = query.where(col(work.Initiative.id).in_(ids))
    return [
        DueCommitment(_commitment(row), initiative_id or 0, name, row.convening_id, title)
        for row, title, initiative_id, name in session.exec(query)
    ]


def open_pulse(session: Session, token: str) -> OpenPulse | None:
    """What the link after a room opens; None for a token that nobody was given."""
    link = link_of(session, token)
    if link is None:
        return None
    row = session.get_one(work.Convening, link.convening_id)
    closed = closed_at(session, row.key)
    return OpenPulse(
        convening_id=row.key,
        title=row.title,
        initiative=session.get_one(work.Initiative, row.initiative_id).name,
        open=after.pulse_open(convenings.record(row), closed, now()),
    )


def pulse(session: Session, convening_id: int) -> tuple[QuestionCount, ...]:
    """How the three questions were answered; for callers that have checked."""
    rows = session.exec(
        select(table.PulseCount).where(table.PulseCount.convening_id == convening_id)
    )
    found = {(PulseQuestion(row.question), PulseAnswer(row.answer)): row.people for row in rows}
    return after.counted(found)


def closed_at(session: Session, convening_id: int) -> datetime | None:
    """When the room of a convening was closed by hand."""
    return session.exec(
        select(table.Room.closed_at).where(table.Room.convening_id == convening_id)
    ).first()


def link_row(session: Session, convening_id: int) -> table.AfterLink | None:
    """The link for everybody who was there, where it is made."""
    return session.exec(
        select(table.AfterLink).where(table.AfterLink.convening_id == convening_id)
    ).first()


def link_of(session: Session, token: str) -> table.AfterLink | None:
    """The link that has this token."""
    return session.exec(
        select(table.AfterLink).where(table.AfterLink.token_hash == tokens.hashed(token))
    ).first()


def review_of(session: Session, convening_id: int) -> Review:
    """The review of a convening; for callers that have checked."""
    row = session.exec(
        select(table.ConveningReview).where(table.ConveningReview.convening_id == convening_id)
    ).first()
    if row is None:
        return Review(convening_id)
    return Review(convening_id, row.expected, row.happened, row.why, row.change, row.version)


def summary_state(session: Session, convening_id: int) -> SummaryState:
    """Who was there, and how the summaries written to them stand."""
    rows = session.exec(
        select(OutboxEmail.state, func.count())
        .where(
            OutboxEmail.convening_id == convening_id,
            OutboxEmail.kind == MailKind.SUMMARY.value,
            OutboxEmail.state != MailState.CANCELLED.value,
        )
        .group_by(col(OutboxEmail.state))
    )
    counts = {MailState(state): count for state, count in rows}
    people = session.scalar(
        select(func.count())
        .select_from(work.Invitation)
        .where(
            work.Invitation.convening_id == convening_id,
            work.Invitation.status == InvitationStatus.ATTENDED.value,
        )
    )
    return SummaryState(people or 0, len(without_summary(session, convening_id)), counts)


def without_summary(session: Session, convening_id: int) -> list[work.Invitation]:
    """The invitations of those who were there and to whom no summary was written yet."""
    written = select(OutboxEmail.invitation_id).where(
        OutboxEmail.convening_id == convening_id,
        OutboxEmail.kind == MailKind.SUMMARY.value,
        OutboxEmail.state != MailState.CANCELLED.value,
        col(OutboxEmail.invitation_id).is_not(None),
    )
    return list(
        session.exec(
            select(work.Invitation)
            .where(
                work.Invitation.convening_id == convening_id,
                work.Invitation.status == InvitationStatus.ATTENDED.value,
                col(work.Invitation.stakeholder_id).is_not(None),
                col(work.Invitation.id).not_in(written),
            )
            .order_by(col(work.Invitation.id))
        )
    )


def commitment_row(
    session: Session, actor: Actor, commitment_id: int
) -> tuple[work.Convening, table.Commitment]:
    """A commitment, locked, with its convening; a foreign id answers as a missing one."""
    found = session.get(table.Commitment, commitment_id, with_for_update=True)
    if found is None:
        raise NotFound("commitment")
    try:
        meeting = convenings.row(session, actor, found.convening_id, Action.RUN_ROOM)
    except NotFound:
        raise NotFound("commitment") from None
    return meeting, found


def _commitments(session: Session, convening_id: int) -> list[Commitment]:
    rows = session.exec(
        select(table.Commitment)
        .where(table.Commitment.convening_id == convening_id)
        .order_by(
            col(table.Commitment.done_at).is_not(None),
            col(table.Commitment.done_at),
            col(table.Commitment.due_on).is_(None),
            col(table.Commitment.due_on),
            col(table.Commitment.id),
        )
    )
    return [_commitment(row) for row in rows]


def _commitment(row: table.Commitment) -> Commitment:
    return Commitment(row.key, row.what, row.owner, row.due_on, row.done_at, row.version)
