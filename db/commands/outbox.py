"""Messages to invited people: written in the transaction of what causes them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from convening import outbox, settings
from convening.outbox import HELD_BACK, LEFT, OF_THE_ORGANISER, Known
from convening.problems import ConveningError, NotFound
from convening.roles import Action, Actor, may, require
from convening.vocabulary import ConveningState, InvitationStatus, MailKind, MailState
from db import audit, journal, letters
from db.base import now
from db.commands import noting
from db.queries import convenings
from db.queries.outbox import known, to_remind
from db.tables import work
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail

_HELD_BACK = [each.value for each in HELD_BACK]


def follow(
    session: Session,
    meeting: work.Convening,
    *,
    asked: Collection[int] = (),
    before: Mapping[str, str] | None = None,
) -> int:
    """Brings all messages about a convening in line with how it and its invitations stand now.

    Called after every change of either, with the convening's row locked. ``asked`` are the
    invitations whose people were asked to come just now; ``before`` are the facts before an edit.
    What is held back and overtaken is dropped; returns how many messages were written.
    """
    record, moment = convenings.record(meeting), now()
    messages = known(session, meeting, for_update=True)
    wanted: list[tuple[work.Invitation, MailKind]] = []
    dropped: list[int] = []
    if messages or asked:
        for invitation in _invitations(session, meeting):
            status = InvitationStatus(invitation.status)
            step = outbox.step(
                messages[invitation.key], status, record, moment, asked=invitation.key in asked
            )
            dropped += step.drop
            if step.write is not None:
                wanted.append((invitation, step.write))
    _drop(session, dropped)
    changed = before is not None and not outbox.same_for_calendars(before, outbox.facts(record))
    if changed or _news(wanted, messages):
        letters.raise_sequence(session, meeting)
    written = letters.write(session, meeting, wanted)
    if written:
        journal.concerns(
            session,
            initiative_id=meeting.initiative_id,
            subject="convening",
            subject_id=meeting.key,
            outbox_email=[each.key for each in written],
        )
    return len(written)


def before_deletion(session: Session, meeting: work.Convening) -> None:
    """Refuses, code ``cancel_first``, while people expect the convening to take place; drops what
    is held back otherwise, except the news that it does not."""
    record, moment = convenings.record(meeting), now()
    messages = known(session, meeting, for_update=True)
    for invitation in _invitations(session, meeting):
        status = InvitationStatus(invitation.status)
        told = [m for m in messages[invitation.key] if m.state in LEFT]
        if told and outbox.stand(status, record, moment) == "come":
            raise ConveningError("cancel_first")
    session.execute(
        delete(OutboxEmail).where(
            col(OutboxEmail.convening_id) == meeting.key,
            col(OutboxEmail.state).in_(_HELD_BACK),
            col(OutboxEmail.kind) != MailKind.CANCELLATION.value,
        )
    )


def queue_reminder(
    session: Session, actor: Actor, convening_id: int, invitation_ids: Collection[int]
) -> int:
    """Asks those of these again who have not answered, each of them once; returns how many."""
    meeting = convenings.row(session, actor, convening_id, Action.INVITE, for_update=True)
    if meeting.state == ConveningState.CANCELLED:
        raise ConveningError("convening_is_over")
    due = [each for each in to_remind(session, meeting) if each.key in invitation_ids]
    rows = _remind(session, meeting, due)
    if not rows:
        raise ConveningError("nobody_to_remind")
    noting.noted_row(session, actor, "queue_reminder", meeting, count=rows)
    return rows


def _remind(session: Session, meeting: work.Convening, due: Sequence[work.Invitation]) -> int:
    """Writes these reminders; the convening's row is locked."""
    for each in due:
        each.reminded_at = now()
    session.flush()
    return len(letters.write(session, meeting, [(each, MailKind.REMINDER) for each in due]))


def remind_when_due(session: Session) -> int:
    """What happens three days before by itself, where a convening has it so."""
    found = session.exec(
        select(work.Convening)
        .join(work.Initiative, col(work.Initiative.id) == work.Convening.initiative_id)
        .where(
            col(work.Convening.state) == ConveningState.PLANNED.value,
            col(work.Initiative.archived_at).is_(None),
            col(work.Initiative.sample).is_(False),
            *_due(),
        )
        .order_by(col(work.Convening.id))
        .with_for_update(of=work.Convening)
    ).all()
    count = 0
    for meeting in found:
        written = _remind(session, meeting, to_remind(session, meeting, outbox.REMIND_BEFORE))
        if written:
            audit.record(
                session,
                None,
                "queue_reminder",
                subject="convening",
                subject_id=meeting.key,
                initiative_id=meeting.initiative_id,
                count=written,
            )
        count += written
    return count


def hand_over(session: Session, actor: Actor, message_id: int) -> int:
    """Notes that somebody has passed a message on, or that one in doubt has arrived."""
    row = _row(session, actor, message_id)
    row.state, row.problem = MailState.SENT, ""
    row.attempts, row.sent_at, row.next_attempt_at = 0, now(), None
    session.add(row)
    _audited_message(session, actor, "hand_over", row)
    return row.key


def send_again(session: Session, actor: Actor, message_id: int) -> int:
    """Has a message sent that failed, is in doubt, or was to be handed over to somebody who has
    an address by now; it goes under the same Message-ID. Returns the id of the waiting message.
    """
    row = _row(session, actor, message_id)
    if settings.current().smtp is None:
        raise ConveningError("no_mail_server")
    if _overtaken(session, row):
        raise ConveningError("message_overtaken")
    if row.state == MailState.BY_HAND:
        row = _written_anew(session, row)
    row.state, row.problem = MailState.WAITING, ""
    row.attempts, row.next_attempt_at, row.claimed_at = 0, None, None
    session.add(row)
    _audited_message(session, actor, "send_again", row)
    return row.key


def forget_invitations(session: Session, invitation_ids: Sequence[int]) -> None:
    """Takes everything out of the outbox that was written to these people (erasure)."""
    session.execute(delete(OutboxEmail).where(col(OutboxEmail.invitation_id).in_(invitation_ids)))


def _written_anew(session: Session, row: OutboxEmail) -> OutboxEmail:
    """A message by hand has no attachment: it is composed afresh, with the address of today."""
    invitation = session.get(work.Invitation, row.invitation_id or 0)
    meeting = session.get(work.Convening, row.convening_id or 0)
    if invitation is None or meeting is None:
        raise ConveningError("message_overtaken")
    person = session.get(Stakeholder, invitation.stakeholder_id or 0)
    if person is None or not person.email:
        raise ConveningError("no_address")
    if row.kind == MailKind.SUMMARY:
        return _addressed(session, row, meeting, person)
    written = letters.write(session, meeting, [(invitation, MailKind(row.kind))])
    if written[0].state != MailState.WAITING:
        raise ConveningError("sample_not_sent")
    row.state = MailState.CANCELLED
    session.add(row)
    return written[0]


def _addressed(
    session: Session, row: OutboxEmail, meeting: work.Convening, person: Stakeholder
) -> OutboxEmail:
    """A summary has no attachment: it goes as it is, to the address that there is by now."""
    if session.get_one(work.Initiative, meeting.initiative_id).sample:
        raise ConveningError("sample_not_sent")
    row.recipient, row.recipient_name = person.email, person.name
    return row


def _overtaken(session: Session, row: OutboxEmail) -> bool:
    """Whether its reader has been told something else since, or is about to be."""
    later = select(OutboxEmail.id).where(
        OutboxEmail.invitation_id == row.invitation_id,
        col(OutboxEmail.invitation_id).is_not(None),
        col(OutboxEmail.id) > row.key,
        col(OutboxEmail.state) != MailState.CANCELLED.value,
        col(OutboxEmail.kind).not_in([MailKind.REMINDER.value, MailKind.SUMMARY.value]),
    )
    return session.exec(later.limit(1)).first() is not None


def _row(session: Session, actor: Actor, message_id: int) -> OutboxEmail:
    """A message about an invitation that needs a person; others answer as if they were not there"""
    row = session.get(OutboxEmail, message_id, with_for_update=True)
    if row is None or row.initiative_id is None:
        raise NotFound("message")
    if not may(actor, Action.SEE_MAIL, row.initiative_id):
        raise NotFound("message")
    require(actor, Action.INVITE, row.initiative_id)
    if row.state not in OF_THE_ORGANISER:
        raise ConveningError("message_is_on_its_way")
    return row


def _news(
    wanted: Sequence[tuple[work.Invitation, MailKind]], messages: Mapping[int, Sequence[Known]]
) -> bool:
    """Whether a calendar must take a message for newer than one that it may have."""
    cancelled = any(
        m.kind is MailKind.CANCELLATION and m.state in LEFT for of in messages.values() for m in of
    )
    return any(kind is not MailKind.INVITATION or cancelled for _, kind in wanted)


def _invitations(session: Session, meeting: work.Convening) -> Sequence[work.Invitation]:
    return session.exec(
        select(work.Invitation)
        .where(work.Invitation.convening_id == meeting.key)
        .order_by(col(work.Invitation.id))
    ).all()


def _drop(session: Session, ids: Sequence[int]) -> None:
    if ids:
        session.execute(
            update(OutboxEmail)
            .where(col(OutboxEmail.id).in_(ids), col(OutboxEmail.state).in_(_HELD_BACK))
            .values(state=MailState.CANCELLED.value)
        )


def _due() -> tuple[ColumnElement[bool], ...]:
    moment, starts = now(), col(work.Convening.starts_at)
    return (
        starts > moment,
        starts <= moment + outbox.REMIND_BEFORE,
        col(work.Convening.remind).is_(True),
    )


def _audited_message(session: Session, actor: Actor, command: str, row: OutboxEmail) -> None:
    session.flush()
    audit.record(
        session,
        actor.user_id,
        command,
        subject="convening",
        subject_id=row.convening_id,
        initiative_id=row.initiative_id,
        message=row.key,
    )
