"""The worker that sends what waits in the outbox, in the server or from a scheduler.

A message is claimed in a transaction of its own before the mail server hears of it, and marked
after it has answered. Whatever is found claimed and not marked may have arrived: it is uncertain,
and no worker sends it again by itself.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from convening import outbox, settings
from convening.i18n import Translator
from convening.vocabulary import InvitationStatus, Language, MailKind, MailState
from db import letters, smtp, tokens, transaction
from db.base import now
from db.commands import outbox as messages
from db.engine import Engines
from db.queries import convenings
from db.smtp import Result
from db.tables import work
from db.tables.accounts import AccountLink, User
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail

CLAIM_LIMIT = timedelta(minutes=15)  # longer than a connection with all its time-outs can take
REMIND_EVERY = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)  # after a mail server could not be reached at all

_LOG = logging.getLogger("halqa")


@dataclass(frozen=True)
class Claimed:
    """A message that is this worker's alone to send; ``claimed_at`` marks the claim as its own."""

    letter: smtp.Letter
    id: int
    attempts: int
    claimed_at: datetime


class Worker:
    """Looks after the outbox for as long as a server runs; ``tend`` is called every few seconds."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._stop = threading.Event()
        self._found = False
        self._paused_until = datetime.min.replace(tzinfo=now().tzinfo)
        self._remind_at = self._paused_until

    def stop(self) -> None:
        """Ends a running ``tend`` after the message that is under way."""
        self._stop.set()

    def tend(self) -> int:
        """Sends what is due; returns how many messages left."""
        if not self._found:
            recover(self._engines)
            self._found = True
        moment = now()
        if moment >= self._remind_at:
            self._remind_at = moment + REMIND_EVERY
            recover(self._engines, older_than=CLAIM_LIMIT)
            remind(self._engines)
        if settings.current().smtp is None or moment < self._paused_until:
            return 0
        if not something_due(self._engines):
            return 0
        sent, reached = drain(self._engines, self._stop)
        if not reached:
            self._paused_until = now() + PAUSE
        return sent


def send_all(engines: Engines) -> tuple[int, bool]:
    """One round for a scheduler: how many messages left, and whether the server was reached."""
    recover(engines)
    remind(engines)
    return drain(engines, threading.Event())


def recover(engines: Engines, *, older_than: timedelta = timedelta(0)) -> int:
    """Marks as uncertain what a worker claimed that long ago and never came back to."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        done = session.execute(
            update(OutboxEmail)
            .where(
                col(OutboxEmail.state) == MailState.SENDING.value,
                col(OutboxEmail.claimed_at) <= now() - older_than,
            )
            .values(state=MailState.UNCERTAIN.value, problem="mail_interrupted")
        )
    return int(done.rowcount)  # type: ignore[attr-defined]


def remind(engines: Engines) -> int:
    """Writes the reminders that are due by themselves."""
    with transaction.writing(engines, actor_id=None, command="queue_reminder") as session:
        return messages.remind_when_due(session)


def something_due(engines: Engines) -> bool:
    with transaction.reading(engines) as session:
        return session.exec(_due().limit(1)).first() is not None


def drain(engines: Engines, stop: threading.Event) -> tuple[int, bool]:
    """Sends until nothing is due; ends where the mail server itself cannot be worked with."""
    sent = 0
    with smtp.Connection(settings.current()) as connection:
        while not stop.is_set():
            claimed = claim(engines)
            if claimed is None:
                break
            result = connection.send(claimed.letter)
            finish(engines, claimed, result)
            sent += result.outcome == "sent"
            if result.outcome == "unreachable":
                return sent, False
    return sent, True


def claim(engines: Engines) -> Claimed | None:
    """The next message that is due and still true, claimed; None when there is none left."""
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        for row in _waiting(session):
            row.claimed_at = now()
            if not _still_true(session, row):
                row.state = MailState.CANCELLED
                session.add(row)
                session.flush()
                continue
            row.state = MailState.SENDING
            row.attempts += 1
            session.add(row)
            session.flush()
            return Claimed(_letter(session, row), row.key, row.attempts, row.claimed_at)
    return None


def finish(engines: Engines, claimed: Claimed, result: Result) -> None:
    """Marks what became of a message, unless somebody has taken it in hand since."""
    values = _marks(claimed, result)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        session.execute(
            update(OutboxEmail)
            .where(
                col(OutboxEmail.id) == claimed.id,
                col(OutboxEmail.claimed_at) == claimed.claimed_at,
                col(OutboxEmail.state).in_([MailState.SENDING.value, MailState.UNCERTAIN.value]),
            )
            .values(**values)
        )
    if result.outcome != "sent":
        _LOG.warning("message %s: %s (%s)", claimed.id, result.outcome, result.problem)


def _marks(claimed: Claimed, result: Result) -> dict[str, object]:
    match result.outcome:
        case "sent":
            return {"state": MailState.SENT.value, "sent_at": now(), "problem": ""}
        case "refused":
            return {"state": MailState.FAILED.value, "problem": result.problem}
        case "unknown":
            return {"state": MailState.UNCERTAIN.value, "problem": result.problem}
    wait = outbox.retry_after(claimed.attempts)
    if wait is None:
        return {"state": MailState.FAILED.value, "problem": result.problem}
    return {
        "state": MailState.WAITING.value,
        "next_attempt_at": now() + wait,
        "problem": result.problem,
    }


def _waiting(session: Session) -> Iterator[OutboxEmail]:
    """One after the other, each locked; another worker's are passed over."""
    while True:
        row = session.exec(_due().limit(1).with_for_update(skip_locked=True)).first()
        if row is None:
            return
        yield row


def _due() -> SelectOfScalar[OutboxEmail]:
    return (
        select(OutboxEmail)
        .where(
            col(OutboxEmail.state) == MailState.WAITING.value,
            or_(
                col(OutboxEmail.next_attempt_at).is_(None),
                col(OutboxEmail.next_attempt_at) <= now(),
            ),
        )
        .order_by(col(OutboxEmail.id))
    )


def _still_true(session: Session, row: OutboxEmail) -> bool:
    """Whether nothing has happened since that makes the message wrong; its reader's address of
    today is taken along."""
    if row.user_id is not None:
        return _link_works(session, row)
    invitation = session.get(work.Invitation, row.invitation_id or 0)
    meeting = session.get(work.Convening, row.convening_id or 0)
    person = session.get(Stakeholder, invitation.stakeholder_id or 0) if invitation else None
    if person is not None and person.email:
        row.recipient, row.recipient_name = person.email, person.name
    return outbox.may_leave(
        MailKind(row.kind),
        InvitationStatus(invitation.status) if invitation and person else None,
        convenings.record(meeting) if meeting else None,
        now(),
    )


def _link_works(session: Session, row: OutboxEmail) -> bool:
    user = session.get(User, row.user_id)
    link = session.exec(
        select(AccountLink).where(
            AccountLink.token_hash == tokens.hashed(tokens.of(row.link_salt)),
            col(AccountLink.used_at).is_(None),
            col(AccountLink.expires_at) > now(),
        )
    ).first()
    if user is None or link is None:
        return False
    row.recipient, row.recipient_name = user.email, user.name
    return user.active


def _letter(session: Session, row: OutboxEmail) -> smtp.Letter:
    language = Language(row.language or Language.ENGLISH)
    initiative = session.get(work.Initiative, row.initiative_id or 0)
    with_code = row.kind in (MailKind.INVITATION, MailKind.UPDATE)
    return smtp.Letter(
        message_id=row.message_id,
        date=now(),
        from_name=initiative.name if initiative else Translator(language)("app.name"),
        recipient=row.recipient,
        name=row.recipient_name,
        languages=(row.language,) if row.language else tuple(Language),
        subject=row.subject,
        text=row.text,
        html=row.html,
        calendar=row.calendar,
        address=letters.address(row.link_path, row.link_salt),
        check_in=letters.check_in_address(row.link_salt) if with_code else "",
    )
