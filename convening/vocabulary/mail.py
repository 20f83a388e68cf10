"""Messages to people and users."""

from enum import StrEnum


class MailKind(StrEnum):
    """What a message of the outbox is about."""

    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    SUMMARY = "summary"
    ACCOUNT = "account"
    PASSWORD = "password"  # nosec B105 # a word, no secret


class MailState(StrEnum):
    """Where a message stands.

    BY_HAND has no address, or no mail server is set: somebody copies its text. UNCERTAIN was found
    in SENDING after a crash, and is not sent again by itself.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    BY_HAND = "by_hand"
