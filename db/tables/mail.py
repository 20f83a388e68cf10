"""Messages that leave the application, calendar feeds, and remarks about the product."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from sqlalchemy import Index
from sqlmodel import AutoString, Field

from db.base import Edited, Table, UtcDateTime, json_field


class OutboxEmail(Table, table=True):
    """One message, written in the transaction of what caused it.

    ``text`` and ``html`` hold a mark where the personal link belongs: the link's token follows from
    ``link_salt`` and the server's secret when the message is sent, and is never stored.
    ``calendar`` is the iCalendar attachment, with the same mark. ``facts`` are what the message
    tells about the convening, so that it shows whether its reader knows how things stand.
    """

    __tablename__ = "outbox_email"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)
    remembered: ClassVar[bool] = True

    kind: str = Field(sa_type=AutoString)
    state: str = Field(default="waiting", sa_type=AutoString)
    message_id: str = Field(default_factory=lambda: str(uuid4()), unique=True)
    initiative_id: int | None = Field(
        default=None, foreign_key="initiative.id", ondelete="CASCADE", index=True
    )
    convening_id: int | None = Field(
        default=None, foreign_key="convening.id", ondelete="CASCADE", index=True
    )
    invitation_id: int | None = Field(
        default=None, foreign_key="invitation.id", ondelete="CASCADE", index=True
    )
    user_id: int | None = Field(default=None, foreign_key="user.id", ondelete="CASCADE", index=True)
    recipient: str = ""
    recipient_name: str = ""
    language: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    calendar: str = ""
    facts: dict[str, str] = json_field(default_factory=dict)
    link_path: str = ""
    link_salt: str = ""
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = ""


class CalendarFeed(Table, table=True):
    """The address under which a user's calendar reads the convenings of their teams."""

    __tablename__ = "calendar_feed"

    user_id: int = Field(foreign_key="user.id", ondelete="CASCADE", unique=True)
    salt: str
    token_hash: str = Field(unique=True)


class Feedback(Edited, table=True):
    """What somebody expected of a screen, what was tried because of it, and whether it helped."""

    user_id: int | None = Field(
        default=None, foreign_key="user.id", ondelete="SET NULL", index=True
    )
    screen: str = Field(sa_type=AutoString)
    language: str = Field(sa_type=AutoString)
    expected: str
    state: str = Field(default="open", sa_type=AutoString)
    tried: str = ""
