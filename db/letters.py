"""From rows to messages: what the outbox holds about invitations and accounts."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from convening import mail, outbox, settings
from convening.accounts import LINK_DAYS
from convening.convenings import Convening
from convening.exports import calendar
from convening.vocabulary import InvitationStatus, Language, MailKind, MailState, Part
from db import tokens
from db.base import now
from db.commands.personal_links import personal_salts
from db.queries import convenings
from db.tables import work
from db.tables.accounts import User
from db.tables.community import Stakeholder
from db.tables.mail import OutboxEmail

INVITATION_PATH = "/rsvp/"
CHECK_IN_PATH = "/check-in/"
ACCOUNT_PATH = "/?link="


def address(link_path: str, link_salt: str, base: str = "") -> str:
    """The address that stands in place of the mark; "" for a message without a link."""
    if not link_salt:
        return ""
    return f"{base or settings.current().address}{link_path}{tokens.of(link_salt)}"


def check_in_address(link_salt: str, base: str = "") -> str:
    """What the QR code at the door says."""
    return address(CHECK_IN_PATH, link_salt, base)


def write(
    session: Session,
    meeting: work.Convening,
    wanted: Sequence[tuple[work.Invitation, MailKind]],
) -> list[OutboxEmail]:
    """Adds one message for each invitation whose person is there, and returns those.

    They wait to be sent where a mail server is set and the person has an address; otherwise
    somebody hands them over. Nothing of a sample initiative is ever sent.
    """
    if not wanted:
        return []
    _give_uid(session, meeting)
    initiative = session.get_one(work.Initiative, meeting.initiative_id)
    people = invited(session, [invitation for invitation, _ in wanted])
    linked = [each for each, kind in wanted if kind is not MailKind.CANCELLATION]
    salts = personal_salts(session, linked) if linked else {}
    record = convenings.record(meeting)
    rows = []
    for invitation, kind in wanted:
        person = people.get(invitation.stakeholder_id or 0)
        if person is None:
            continue
        row = _letter(initiative, meeting, record, invitation, person, kind)
        row.link_salt = salts.get(invitation.key, "") if kind is not MailKind.CANCELLATION else ""
        row.link_path = INVITATION_PATH if row.link_salt else ""
        rows.append(row)
    session.add_all(rows)
    session.flush()
    return rows


def leave_by_mail(sample: bool) -> bool:
    """Whether messages of an initiative go by e-mail: never those of a sample."""
    return settings.current().smtp is not None and not sample


def write_account(session: Session, user: User, kind: MailKind, salt: str) -> OutboxEmail | None:
    """Adds the message with a user's single-use link; None where no mail server is set: the
    administrator sees the link and hands it over."""
    if settings.current().smtp is None:
        return None
    written = mail.compose(
        mail.AccountLetter(kind, user.name, user.email, LINK_DAYS), [Language(user.language)]
    )
    row = OutboxEmail(
        kind=kind.value,
        state=MailState.WAITING.value,
        user_id=user.key,
        recipient=user.email,
        recipient_name=user.name,
        language=user.language,
        subject=written.subject,
        text=written.text,
        html=written.html,
        link_path=ACCOUNT_PATH,
        link_salt=salt,
    )
    session.add(row)
    session.flush()
    return row


def raise_sequence(session: Session, meeting: work.Convening) -> None:
    """The next sequence for calendars. Past the journal: taking an edit back never lowers it."""
    session.execute(
        update(work.Convening)
        .where(col(work.Convening.id) == meeting.key)
        .values(sequence=meeting.sequence + 1)
    )


def _give_uid(session: Session, meeting: work.Convening) -> None:
    """Past the journal too: a calendar knows the convening by this for ever."""
    if not meeting.calendar_uid:
        session.execute(
            update(work.Convening)
            .where(col(work.Convening.id) == meeting.key)
            .values(calendar_uid=str(uuid4()))
        )


def invited(session: Session, invitations: Sequence[work.Invitation]) -> dict[int, Stakeholder]:
    """The people behind invitations, by their ids; those who were erased are missing."""
    ids = [each.stakeholder_id for each in invitations if each.stakeholder_id is not None]
    rows = session.exec(select(Stakeholder).where(col(Stakeholder.id).in_(ids)))
    return {row.key: row for row in rows}


def _letter(
    initiative: work.Initiative,
    meeting: work.Convening,
    record: Convening,
    invitation: work.Invitation,
    person: Stakeholder,
    kind: MailKind,
) -> OutboxEmail:
    status = InvitationStatus(invitation.status)
    because = outbox.because(status, record)
    cancelled = kind is MailKind.CANCELLATION
    sends = leave_by_mail(initiative.sample) and bool(person.email)
    attached = sends and record.starts_local is not None and kind is not MailKind.REMINDER
    languages = [Language(person.language)] if person.language else []
    written = mail.compose(
        mail.Letter(
            kind=kind,
            name=person.name,
            inviter=initiative.name,
            title=record.title,
            zone=record.zone,
            starts_local=record.starts_local,
            ends_local=record.ends_local,
            place=record.place,
            link=record.link,
            purpose=record.purpose,
            promise=record.promise,
            promise_by=record.promise_by,
            part=Part(invitation.part),
            because=because,
            attached=attached,
        ),
        languages,
    )
    return OutboxEmail(
        kind=kind.value,
        state=(MailState.WAITING if sends else MailState.BY_HAND).value,
        initiative_id=initiative.key,
        convening_id=meeting.key,
        invitation_id=invitation.key,
        recipient=person.email,
        recipient_name=person.name,
        language=person.language,
        subject=written.subject,
        text=written.text,
        html=written.html,
        calendar=_calendar(meeting, initiative, person, status, kind, written) if attached else "",
        facts={"because": because} if cancelled else outbox.facts(record),
    )


def _calendar(
    meeting: work.Convening,
    initiative: work.Initiative,
    person: Stakeholder,
    status: InvitationStatus,
    kind: MailKind,
    written: mail.Written,
) -> str:
    """The attachment; not while no date is set, nor with a reminder, which changes nothing."""
    assert meeting.starts_local is not None
    event = calendar.Event(
        uid=meeting.calendar_uid,
        sequence=meeting.sequence,
        stamp=now(),
        title=meeting.title,
        zone=meeting.zone,
        starts_local=meeting.starts_local,
        ends_local=meeting.ends_local,
        place=meeting.place,
        link=meeting.link,
        description=written.description,
        organiser=calendar.Party(initiative.name, settings.current().mail_from),
    )
    attendee = calendar.Party(person.name, person.email)
    build = calendar.cancel if kind is MailKind.CANCELLATION else calendar.request
    return build(event, attendee, status).decode()
