"""Messages to invited people: who has to be told what, and when sending is tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from convening.convenings import Convening, end_of
from convening.mail import Because
from convening.vocabulary import ConveningState, InvitationStatus, MailKind, MailState

REMIND_BEFORE = timedelta(days=3)
# Doubling would ask a server that is down for an hour too often, and give up too early
_RETRY_AFTER = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 480))

# What a reader knows, or may know already; and what can still be held back
LEFT = frozenset({MailState.SENDING, MailState.SENT, MailState.UNCERTAIN})
HELD_BACK = frozenset({MailState.WAITING, MailState.BY_HAND, MailState.FAILED})
OF_THE_ORGANISER = frozenset({MailState.FAILED, MailState.UNCERTAIN, MailState.BY_HAND})

# The facts whose change calendars and invited people have to learn of
TOLD = ("title", "starts", "ends", "zone", "place", "link")

Stand = Literal["come", "off", "past"]


@dataclass(frozen=True)
class Known:
    """A message about one invitation, in any state."""

    id: int
    kind: MailKind
    state: MailState
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What is to be done for one invitation: messages to drop, and one to write."""

    drop: tuple[int, ...] = ()
    write: MailKind | None = None


@dataclass(frozen=True)
class Listed:
    """A message as one line of the list; ``at`` is when it was sent, or else written (UTC).

    ``handed_over``: a person passed it on, no server did.
    """

    id: int
    kind: MailKind
    state: MailState
    name: str
    recipient: str
    title: str
    at: datetime
    problem: str = ""
    handed_over: bool = False


@dataclass(frozen=True)
class Message:
    """A message to read and copy, with its real link."""

    listed: Listed
    subject: str
    text: str
    attempts: int
    next_attempt_at: datetime | None
    can_be_sent: bool


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; no ``convening_id`` is the whole initiative."""

    initiative_id: int
    convening_id: int | None = None
    state: MailState | None = None
    kind: MailKind | None = None
    search: str = ""


@dataclass(frozen=True)
class Mailbox:
    """One page of the list, how many it has in all, and how many messages are in each state."""

    rows: tuple[Listed, ...]
    total: int
    counts: Mapping[MailState, int]


def facts(meeting: Convening) -> dict[str, str]:
    """What a message tells about a convening, as texts that can be compared."""
    return {
        "title": meeting.title,
        "starts": meeting.starts_local.isoformat() if meeting.starts_local else "",
        "ends": meeting.ends_local.isoformat() if meeting.ends_local else "",
        "zone": meeting.zone,
        "place": meeting.place,
        "link": meeting.link,
        "purpose": meeting.purpose,
        "promise": meeting.promise,
        "promise_by": meeting.promise_by.isoformat() if meeting.promise_by else "",
    }


def same_for_calendars(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two states of a convening are alike in all that people have to be told."""
    return all(one.get(name, "") == other.get(name, "") for name in TOLD)


def stand(status: InvitationStatus, meeting: Convening, now: datetime) -> Stand:
    """What an invited person should believe: to come, not to come, or that it is over for them."""
    end = end_of(meeting)
    if meeting.state is ConveningState.HELD or (end is not None and end < now):
        return "past"
    if status in (
        InvitationStatus.DECLINED,
        InvitationStatus.ATTENDED,
        InvitationStatus.ABSENT,
    ):
        return "past"
    if meeting.state is ConveningState.CANCELLED:
        return "off"
    coming = status in (InvitationStatus.INVITED, InvitationStatus.ACCEPTED)
    return "come" if coming else "off"


def because(status: InvitationStatus, meeting: Convening) -> Because:
    """Why somebody is told not to come."""
    if meeting.state is ConveningState.CANCELLED:
        return "called_off"
    return "waitlisted" if status is InvitationStatus.WAITLISTED else "withdrawn"


def step(
    messages: Sequence[Known],
    status: InvitationStatus,
    meeting: Convening,
    now: datetime,
    *,
    asked: bool = False,
) -> Step:
    """Brings what one invited person is told in line with how things stand.

    ``messages`` are those about the invitation, oldest first, the dropped ones too. ``asked``: the
    person was asked to come just now. Somebody who was invited by word of mouth, and by no message,
    gets none. What is held back and overtaken is dropped; what is held back and still right stays.
    """
    told = next((m for m in reversed(messages) if _tells(m) and m.state in LEFT), None)
    pending = [
        m
        for m in messages
        if m.kind is not MailKind.SUMMARY
        and m.state in HELD_BACK
        and (told is None or m.id > told.id)
    ]
    expects = told is not None and told.kind is not MailKind.CANCELLATION
    match stand(status, meeting, now):
        case "past":
            return _settle(pending, None, {})
        case "off":
            wanted = {"because": because(status, meeting)}
            return _settle(pending, MailKind.CANCELLATION if expects else None, wanted)
    current = facts(meeting)
    if told is not None and expects:
        if not same_for_calendars(told.facts, current):
            return _settle(pending, MailKind.UPDATE, current)
        keeps_reminder = status is InvitationStatus.INVITED
        return _settle(pending, None, current, reminders=keeps_reminder)
    invited = asked or told is not None or any(m.kind is MailKind.INVITATION for m in messages)
    return _settle(pending, MailKind.INVITATION if invited else None, current)


def may_leave(
    kind: MailKind, status: InvitationStatus | None, meeting: Convening | None, now: datetime
) -> bool:
    """Whether a waiting message is still true at the moment when it would be sent.

    ``status`` is None where the invitation or its person is gone.
    """
    if kind is MailKind.SUMMARY:
        return meeting is not None and status is InvitationStatus.ATTENDED
    if kind is MailKind.CANCELLATION:
        return meeting is None or status is None or stand(status, meeting, now) != "come"
    if meeting is None or status is None or stand(status, meeting, now) != "come":
        return False
    return kind is not MailKind.REMINDER or status is InvitationStatus.INVITED


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after that many failed attempts; None when it is time to give up."""
    return _RETRY_AFTER[attempts - 1] if attempts <= len(_RETRY_AFTER) else None


def _tells(message: Known) -> bool:
    """A reminder too says when and where, and may be all that somebody asked in person has."""
    return message.kind in (
        MailKind.INVITATION,
        MailKind.UPDATE,
        MailKind.CANCELLATION,
        MailKind.REMINDER,
    )


def _settle(
    pending: Sequence[Known],
    kind: MailKind | None,
    wanted: Mapping[str, str],
    *,
    reminders: bool = False,
) -> Step:
    """Keeps the one pending message that says what is wanted, drops the rest, or has one written.

    A message that failed is written anew when somebody has to be told something else.
    """
    right = next((m for m in reversed(pending) if m.kind is kind and m.facts == wanted), None)
    kept = {right.id} if right else set()
    if reminders:
        kept |= {
            m.id
            for m in pending
            if m.kind is MailKind.REMINDER and same_for_calendars(m.facts, wanted)
        }
    drop = tuple(m.id for m in pending if m.id not in kept)
    return Step(drop, kind if right is None else None)
